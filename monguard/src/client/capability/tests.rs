//! Each kind of server, by the answers that it or its vendor gives to `hello` and `buildInfo`.

use mongodb::bson::{Document, doc};

use super::Capabilities;

/// What is read of a server: topology, product, and what it has.
fn read(hello: &Document, build_info: &Document) -> String {
    let capabilities = Capabilities::read(hello, build_info);
    let has = [
        ("transactions", capabilities.has_transactions()),
        ("pipelines", capabilities.has_pipeline_updates()),
        ("bulk", capabilities.has_bulk_write()),
        ("linearizable", capabilities.has_linearizable_reads()),
        ("causal", capabilities.has_causal_sessions()),
    ];
    let mut read = format!("{:?} {:?}", capabilities.topology(), capabilities.product());
    for (name, _) in has.into_iter().filter(|(_, has)| *has) {
        read.push(' ');
        read.push_str(name);
    }
    read
}

fn mongod(wire: i32) -> Document {
    doc! {
        "isWritablePrimary": true,
        "maxBsonObjectSize": 16_777_216,
        "maxMessageSizeBytes": 48_000_000,
        "maxWriteBatchSize": 100_000,
        "logicalSessionTimeoutMinutes": 30,
        "minWireVersion": 0,
        "maxWireVersion": wire,
        "readOnly": false,
        "ok": 1.0,
    }
}

fn replica_set(wire: i32) -> Document {
    let mut hello = mongod(wire);
    hello.insert("hosts", ["a.example:27017", "b.example:27017"]);
    hello.insert("setName", "rs0");
    hello.insert("primary", "a.example:27017");
    hello.insert("me", "a.example:27017");
    hello
}

fn mongos(wire: i32) -> Document {
    let mut hello = mongod(wire);
    hello.insert("msg", "isdbgrid");
    hello
}

fn at(mut hello: Document, host: &str) -> Document {
    hello.insert("hosts", [host]);
    hello.insert("me", host);
    hello
}

fn without(mut hello: Document, name: &str) -> Document {
    hello.remove(name);
    hello
}

fn with(mut hello: Document, more: Document) -> Document {
    hello.extend(more);
    hello
}

/// As a `mongod` answers `buildInfo`, in the parts that tell.
fn built() -> Document {
    doc! { "version": "8.0.4", "gitVersion": "bc35ab4305d9920d9d0491c1c9ef9b72383d31f9", "modules": [], "bits": 64, "ok": 1.0 }
}

/// As Azure Cosmos DB answers it.
fn cosmos() -> Document {
    doc! { "version": "4.0.0", "versionArray": [4, 0, 0, 0], "bits": 64, "maxBsonObjectSize": 16_777_216, "ok": 1.0 }
}

const EVERYTHING: &str = "ReplicaSet MongoDb transactions pipelines bulk linearizable causal";

#[test]
fn a_mongodb_has_what_its_topology_and_its_age_allow() {
    let is = |hello: Document, expected: &str| assert_eq!(read(&hello, &built()), expected);
    is(mongod(25), "Standalone MongoDb pipelines bulk");
    is(replica_set(25), EVERYTHING);
    is(
        replica_set(21),
        "ReplicaSet MongoDb transactions pipelines linearizable causal",
    );
    is(
        replica_set(7),
        "ReplicaSet MongoDb transactions linearizable causal",
    );
    is(replica_set(6), "ReplicaSet MongoDb linearizable causal");
    is(
        mongos(25),
        "Sharded MongoDb transactions pipelines bulk linearizable causal",
    );
    is(mongos(7), "Sharded MongoDb linearizable causal");
    is(
        at(replica_set(25), "s-shard-00-00.abcde.mongodb.net:27017"),
        EVERYTHING,
    );
    let no_sessions = without(replica_set(25), "logicalSessionTimeoutMinutes");
    is(
        no_sessions,
        "ReplicaSet MongoDb pipelines bulk linearizable",
    );
    // An account that may not ask for `buildInfo`.
    assert_eq!(read(&replica_set(25), &doc! {}), EVERYTHING);
}

#[test]
fn the_embedded_server_has_what_it_announces_not_what_it_accepts() {
    let built = doc! { "version": "8.2.11", "secantusVersion": "0.5.3-beta.196", "gitVersion": "0".repeat(40) };
    assert_eq!(read(&replica_set(27), &built), EVERYTHING);
    assert_eq!(
        read(&mongod(27), &built),
        "Standalone MongoDb pipelines bulk"
    );
}

#[test]
fn azure_is_known_by_its_hosts_or_its_names() {
    let named = |hello| with(hello, doc! { "setName": "globaldb" });
    let is = |hello: Document, expected: &str| assert_eq!(read(&hello, &cosmos()), expected);
    for (wire, host) in [
        (7, "shop-westeurope.mongo.cosmos.azure.com:10255"),
        (21, "shop.mongo.cosmos.azure.cn:10255"),
        (6, "shop.documents.azure.com:10255"),
    ] {
        is(at(named(replica_set(wire)), host), "ReplicaSet CosmosDb");
    }
    // Behind a private name.
    is(named(replica_set(21)), "ReplicaSet CosmosDb");
    assert_eq!(read(&named(replica_set(25)), &built()), EVERYTHING);

    let engine = |name: &str| doc! { "internal": { name: ["1.104-1", "1.105.0"] } };
    for name in ["cosmos_versions", "documentdb_versions"] {
        is(with(named(mongos(21)), engine(name)), "Sharded DocumentDb");
    }
    let cluster = "shop.mongocluster.cosmos.azure.com:10260";
    is(at(mongos(21), cluster), "Sharded DocumentDb");
}

#[test]
fn others_have_what_their_vendors_document() {
    let docdb = |wire| {
        at(
            replica_set(wire),
            "c.node.us-east-1.docdb.amazonaws.com:27017",
        )
    };
    assert_eq!(
        read(&docdb(13), &built()),
        "ReplicaSet AmazonDocumentDb transactions"
    );
    assert_eq!(read(&docdb(6), &built()), "ReplicaSet AmazonDocumentDb");
    let ferret = with(built(), doc! { "ferretdb": { "version": "v2.7.0" } });
    assert_eq!(read(&mongod(21), &ferret), "Standalone FerretDb");
    assert_eq!(read(&replica_set(21), &ferret), "ReplicaSet FerretDb");
}

#[test]
fn a_host_is_known_by_its_domain_alone() {
    for host in [
        "cosmos.example:27017",
        "docdb.example",
        "azure.cosmos.example:1",
        "documents:27017",
    ] {
        assert_eq!(
            read(&at(replica_set(25), host), &built()),
            EVERYTHING,
            "{host}"
        );
    }
}

#[test]
fn why_there_are_no_transactions_is_said() {
    let why = |hello: Document, build_info: Document| {
        let why = Capabilities::read(&hello, &build_info).without_transactions();
        why.unwrap_or_default()
    };
    assert_eq!(why(replica_set(25), built()), "");
    assert_eq!(why(mongod(25), built()), "a standalone server has none");
    assert!(why(mongos(7), built()).contains("wire version 7, and they need 8"));
    let no_sessions = without(replica_set(25), "logicalSessionTimeoutMinutes");
    assert_eq!(why(no_sessions, built()), "the server has no sessions");
    let cosmos = at(replica_set(7), "shop.mongo.cosmos.azure.com:10255");
    assert!(why(cosmos, built()).starts_with("Azure Cosmos DB for MongoDB has them within"));
    let ferret = with(built(), doc! { "ferretdb": {} });
    assert!(why(replica_set(25), ferret).starts_with("FerretDB is not known"));
}

#[test]
fn limits_default_to_those_of_every_server() {
    let of = |hello: Document| Capabilities::read(&hello, &doc! {}).document_bytes();
    assert_eq!(of(doc! { "maxBsonObjectSize": 1000 }), 1000);
    assert_eq!(of(doc! {}), 16 * 1024 * 1024);
}
