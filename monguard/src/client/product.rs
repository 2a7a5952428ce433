use mongodb::bson::{Bson, Document};

/// Whose server it is, as far as it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Product {
    /// MongoDB, or a server that does not say that it is another one.
    MongoDb,
    /// Azure Cosmos DB for MongoDB, by request units.
    CosmosDb,
    /// The DocumentDB engine on `PostgreSQL`: Azure `DocumentDB`, which was Azure Cosmos DB for
    /// MongoDB vCore.
    DocumentDb,
    /// Amazon `DocumentDB`.
    AmazonDocumentDb,
    /// `FerretDB`.
    FerretDb,
}

impl Product {
    /// By what its vendor documents of the answers to `hello` and `buildInfo`.
    pub(super) fn read(hello: &Document, build_info: &Document) -> Self {
        if build_info.contains_key("ferretdb") {
            return Product::FerretDb;
        }
        let internal = hello.get_document("internal");
        let is_engine = |internal: &Document| {
            internal.contains_key("documentdb_versions") || internal.contains_key("cosmos_versions")
        };
        if internal.is_ok_and(is_engine) {
            return Product::DocumentDb;
        }
        if let Some(product) = hosts(hello).into_iter().find_map(of_host) {
            return product;
        }
        // The name that each account's connection string has. Anyone may give it to a replica set;
        // but a `mongod` says from which sources it was built.
        let is_named_so = hello
            .get_str("setName")
            .is_ok_and(|name| name == "globaldb");
        if is_named_so && !build_info.contains_key("gitVersion") {
            return Product::CosmosDb;
        }
        Product::MongoDb
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Product::MongoDb => "MongoDB",
            Product::CosmosDb => "Azure Cosmos DB for MongoDB",
            Product::DocumentDb => "the DocumentDB engine",
            Product::AmazonDocumentDb => "Amazon DocumentDB",
            Product::FerretDb => "FerretDB",
        }
    }
}

/// The host names under which the server knows itself and its peers.
fn hosts(hello: &Document) -> Vec<String> {
    let single = ["me", "primary"].into_iter();
    let single = single.filter_map(|name| hello.get_str(name).ok());
    let listed = hello.get_array("hosts").into_iter().flatten();
    let listed = listed.filter_map(Bson::as_str);
    let host = |address: &str| {
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        host.to_ascii_lowercase()
    };
    single.chain(listed).map(host).collect()
}

fn of_host(host: String) -> Option<Product> {
    let has_label = |label: &str| host.split('.').any(|own| own == label);
    let is_below = |domain: &str| has_label(domain) && host.contains(&format!("{domain}.azure."));
    if is_below("cosmos") {
        return Some(if has_label("mongocluster") {
            Product::DocumentDb
        } else {
            Product::CosmosDb
        });
    }
    if is_below("documents") {
        return Some(Product::CosmosDb);
    }
    let is_amazon = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
    let is_docdb = has_label("docdb") || has_label("docdb-elastic");
    (is_amazon && is_docdb).then_some(Product::AmazonDocumentDb)
}
