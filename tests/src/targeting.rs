//! Whether commands would reach one shard alone.

use mongodb::bson::{Bson, Document};

use crate::proxy::WireCommand;

/// Commands that are about a collection as a whole.
const OF_COLLECTIONS: [&str; 3] = ["listIndexes", "createIndexes", "listCollections"];

/// Asserts that each command on documents of this collection compares each of these fields with
/// its value by equality.
///
/// # Panics
/// If one does not, or there is none.
#[track_caller]
pub fn assert_targeted(commands: &[WireCommand], collection: &str, shard_key: &[(&str, Bson)]) {
    let mut seen = 0;
    for command in commands {
        let is_on_documents = command.collections.iter().any(|of| of == collection)
            && !OF_COLLECTIONS.contains(&command.name.as_str());
        if !is_on_documents {
            continue;
        }
        seen += 1;
        let body = &command.body;
        let filter = match command.name.as_str() {
            "find" => body.get_document("filter").ok(),
            "findAndModify" => body.get_document("query").ok(),
            "update" => only(body, "updates").and_then(|update| update.get_document("q").ok()),
            other => panic!("no command on one document: {other}"),
        };
        let filter = filter.expect("it has a filter");
        for (field, value) in shard_key {
            assert!(equals(filter, field, value), "no `{field}` in {filter}");
        }
    }
    assert!(seen > 0, "no command on `{collection}`");
}

/// The part of the command that is about documents, which is one.
fn only<'a>(body: &'a Document, name: &str) -> Option<&'a Document> {
    match body.get_array(name).ok()?.as_slice() {
        [part] => part.as_document(),
        _ => None,
    }
}

/// Whether a filter, or a condition that all of it depends on, is an equality of the field.
fn equals(filter: &Document, field: &str, value: &Bson) -> bool {
    let is_equality = |condition: &Bson| {
        condition == value
            || condition
                .as_document()
                .is_some_and(|condition| condition.get("$eq") == Some(value))
    };
    let own = filter.get(field).is_some_and(is_equality);
    let all = filter.get_array("$and").into_iter().flatten();
    let mut all = all.filter_map(Bson::as_document);
    own || all.any(|condition| equals(condition, field, value))
}
