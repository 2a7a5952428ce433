//! Which commands a rule is about.

use std::fmt;
use std::sync::Arc;

use mongodb::bson::Document;

use super::wire_command::WireCommand;

/// Commands that change data, or decide whether a change of data stays.
const WRITES: [&str; 7] = [
    "insert",
    "update",
    "delete",
    "findAndModify",
    "bulkWrite",
    "commitTransaction",
    "abortTransaction",
];

/// Which commands a rule is about; every condition must hold.
///
/// ```
/// # use monguard_tests::proxy::Command;
/// let creates = Command::named("findAndModify")
///     .on_collection("orders")
///     .matching(|body| body.get_bool("upsert").unwrap_or(false));
/// ```
#[derive(Clone)]
pub struct Command {
    names: Names,
    collection: Option<String>,
    database: Option<String>,
    predicates: Vec<Predicate>,
}

type Predicate = Arc<dyn Fn(&Document) -> bool + Send + Sync>;

#[derive(Clone, Debug)]
enum Names {
    Any,
    OneOf(Vec<String>),
}

impl Command {
    /// Every command of the application: handshake, monitoring and sign-in are left alone.
    #[must_use]
    pub fn any() -> Self {
        Self::of(Names::Any)
    }

    /// Commands of this name, as the server knows it: `findAndModify`, not `findOneAndUpdate`.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::of(Names::OneOf(vec![name.to_owned()]))
    }

    /// Commands that change data, and the commit or abort of a transaction.
    #[must_use]
    pub fn writes() -> Self {
        Self::of(Names::OneOf(WRITES.map(str::to_owned).to_vec()))
    }

    fn of(names: Names) -> Self {
        Self {
            names,
            collection: None,
            database: None,
            predicates: Vec::new(),
        }
    }

    /// Only those that work on this collection.
    #[must_use]
    pub fn on_collection(mut self, name: &str) -> Self {
        self.collection = Some(name.to_owned());
        self
    }

    /// Only those that work on this database.
    #[must_use]
    pub fn in_database(mut self, name: &str) -> Self {
        self.database = Some(name.to_owned());
        self
    }

    /// Only those whose command document is as `predicate` says.
    #[must_use]
    pub fn matching(
        mut self,
        predicate: impl Fn(&Document) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.predicates.push(Arc::new(predicate));
        self
    }

    pub(super) fn matches(&self, command: &WireCommand) -> bool {
        let named = match &self.names {
            Names::Any => !command.serves_connection(),
            Names::OneOf(names) => names.contains(&command.name),
        };
        named
            && self
                .collection
                .as_ref()
                .is_none_or(|name| command.collections.contains(name))
            && self
                .database
                .as_ref()
                .is_none_or(|name| command.database == *name)
            && self
                .predicates
                .iter()
                .all(|predicate| predicate(&command.body))
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Command")
            .field("names", &self.names)
            .field("collection", &self.collection)
            .field("database", &self.database)
            .field("predicates", &self.predicates.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn sent(body: Document) -> WireCommand {
        WireCommand::from_document(body).unwrap()
    }

    #[test]
    fn every_condition_must_hold() {
        let command = sent(doc! { "update": "orders", "ordered": true, "$db": "shop" });
        let update = || {
            Command::named("update")
                .on_collection("orders")
                .in_database("shop")
        };
        assert!(update().matches(&command));
        assert!(
            update()
                .matching(|body| body.contains_key("ordered"))
                .matches(&command)
        );
        assert!(
            !update()
                .matching(|body| body.contains_key("upsert"))
                .matches(&command)
        );
        assert!(!update().on_collection("invoices").matches(&command));
        assert!(!update().in_database("test").matches(&command));
        assert!(
            !Command::named("insert")
                .on_collection("orders")
                .matches(&command)
        );
    }

    #[test]
    fn any_leaves_the_handshake_alone() {
        assert!(Command::any().matches(&sent(doc! { "find": "orders" })));
        assert!(!Command::any().matches(&sent(doc! { "hello": 1 })));
        assert!(Command::named("hello").matches(&sent(doc! { "hello": 1 })));
    }

    #[test]
    fn reads_are_not_writes() {
        assert!(Command::writes().matches(&sent(doc! { "findAndModify": "orders" })));
        assert!(Command::writes().matches(&sent(doc! { "commitTransaction": 1 })));
        assert!(!Command::writes().matches(&sent(doc! { "find": "orders" })));
    }
}
