//! A command as it was sent to the server.

use mongodb::bson::{Bson, Document};

use super::frame::Frame;

/// Connections are made, kept and ended with these; no application asked for them.
const CONNECTION_COMMANDS: [&str; 8] = [
    "hello",
    "isMaster",
    "ismaster",
    "ping",
    "saslStart",
    "saslContinue",
    "authenticate",
    "endSessions",
];

/// A command as it was sent to the server: its name, what it works on, and the whole document.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WireCommand {
    /// The name, as in `findAndModify`.
    pub name: String,
    /// The database that it works on.
    pub database: String,
    /// The collections that it works on. Only a client-level `bulkWrite` has more than one.
    pub collections: Vec<String>,
    /// The command document, with all its arguments.
    pub body: Document,
}

impl WireCommand {
    pub(super) fn read(frame: &Frame) -> Option<Self> {
        Self::from_document(frame.command_document()?)
    }

    pub(crate) fn from_document(body: Document) -> Option<Self> {
        let (name, target) = body.iter().next()?;
        let name = name.clone();
        let mut database = body.get_str("$db").unwrap_or_default().to_owned();
        let mut collections = Vec::new();
        if let Some(collection) = target.as_str() {
            collections.push(collection.to_owned());
        } else if name == "getMore" {
            collections.extend(body.get_str("collection").map(str::to_owned));
        } else if name == "bulkWrite" {
            let namespaces = body.get_array("nsInfo").into_iter().flatten();
            for (of, collection) in namespaces.filter_map(namespace) {
                of.clone_into(&mut database);
                collections.push(collection.to_owned());
            }
        }
        Some(Self {
            name,
            database,
            collections,
            body,
        })
    }

    /// Whether it serves the connection (handshake, monitoring, sign-in), not the application.
    #[must_use]
    pub fn serves_connection(&self) -> bool {
        CONNECTION_COMMANDS.contains(&self.name.as_str())
    }
}

fn namespace(entry: &Bson) -> Option<(&str, &str)> {
    entry.as_document()?.get_str("ns").ok()?.split_once('.')
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    #[test]
    fn a_command_says_what_it_works_on() {
        let command = WireCommand::from_document(doc! { "find": "orders", "$db": "shop" }).unwrap();
        assert_eq!(
            (command.name.as_str(), command.database.as_str()),
            ("find", "shop")
        );
        assert_eq!(command.collections, ["orders"]);
        assert!(!command.serves_connection());
    }

    #[test]
    fn the_collection_of_a_get_more_is_its_field() {
        let body = doc! { "getMore": 5_i64, "collection": "orders", "$db": "shop" };
        assert_eq!(
            WireCommand::from_document(body).unwrap().collections,
            ["orders"]
        );
    }

    #[test]
    fn a_client_bulk_write_works_on_all_its_namespaces() {
        let body = doc! {
            "bulkWrite": 1, "nsInfo": [{ "ns": "shop.orders" }, { "ns": "shop.audit.logs" }],
            "$db": "admin",
        };
        let command = WireCommand::from_document(body).unwrap();
        assert_eq!(command.database, "shop");
        assert_eq!(command.collections, ["orders", "audit.logs"]);
    }

    #[test]
    fn a_handshake_serves_the_connection() {
        let command = WireCommand::from_document(doc! { "hello": 1, "$db": "admin" }).unwrap();
        assert!(command.serves_connection());
        assert!(command.collections.is_empty());
    }

    #[test]
    fn an_empty_document_is_no_command() {
        assert_eq!(WireCommand::from_document(Document::new()), None);
    }
}
