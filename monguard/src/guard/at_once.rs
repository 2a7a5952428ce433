//! A write of many documents in one command, each with its own next version and its own entry,
//! worked out by the server.

use mongodb::bson::{Bson, DateTime, Document, bson, doc, oid::ObjectId};

use super::written::ManyOperation;
use crate::audit::{
    CARRIED_OPERATION, Form, Guarantee, ManyChange, ManyHeader, field, has_room, is_of, kind,
    literal, moment, trail,
};
use crate::client::{Author, Store};
use crate::document::names;
use crate::update::{Becomes, Operation, PlainChange, Sum, is_identifier, plain_changes};

/// Such a command: which documents it looks at, and what it makes of them.
///
/// It leaves as it is what it cannot decide exactly as one write of one document would be decided.
#[derive(Clone, Debug)]
pub(crate) struct AtOnce {
    pub(crate) operation: ManyOperation,
    pub(crate) filter: Document,
    pub(crate) pipeline: Vec<Document>,
    /// What the documents match afterwards, too, as far as this command goes.
    pub(crate) lasting: Option<Document>,
}

/// The kinds of values that server and client compare alike.
const COMPARABLE: [&str; 9] = [
    "missing", "null", "bool", "int", "long", "double", "string", "date", "objectId",
];

impl AtOnce {
    /// The command that makes these operations on what the filter matches; `None` where they are
    /// not for the server to work out.
    pub(crate) fn of(
        store: &Store,
        author: &Author,
        mut filter: Document,
        operations: &[Operation],
    ) -> Option<Self> {
        let (audit, meta) = (store.audit(), store.meta());
        let is_possible = audit.guarantee() == Guarantee::Carried
            && store.transaction().is_none()
            && audit.form() == Form::Delta
            && store.versions().is_ordered()
            && meta.shard_key().next().is_none()
            && is_identifier(store.versions().field())
            && store.shared().capabilities.has_pipeline_updates();
        if !is_possible {
            return None;
        }
        let changes = plain_changes(meta, operations)?;
        let lasting = lasting(&filter, store.versions().field(), &changes);
        let (operation, at) = (ObjectId::new(), DateTime::now());
        // Once it has written a document, it does not match it again, whoever has come since.
        filter.insert(names::OPERATION, doc! { "$ne": operation });
        let carried = format!("{}.{CARRIED_OPERATION}", names::AUDIT);
        filter.insert(carried, doc! { "$ne": operation });
        let header = ManyHeader {
            operation,
            at,
            by: author.actor.id().clone(),
            trace_id: author.trace_id.clone(),
            custom_data: author.custom_data.clone(),
        };
        let most = store.shared().settings.carried_entries;
        let may_be_written = may_be_written(store.versions().field(), &changes);
        let differs: Vec<Bson> = changes.iter().map(is_changed).collect();
        let is_written = bson!({ "$and": [
            { "$and": may_be_written },
            has_room(meta, most),
            { "$or": differs },
        ] });
        let written = written(store, &header, &changes);
        let replaced = bson!({ "$cond": [is_written, written, "$$ROOT"] });
        Some(AtOnce {
            operation: ManyOperation { id: operation, at },
            filter,
            pipeline: vec![doc! { "$replaceWith": replaced }],
            lasting,
        })
    }
}

/// The filter, where it is not about what the command writes.
fn lasting(filter: &Document, version_field: &str, changes: &[PlainChange]) -> Option<Document> {
    let stamped = [version_field, names::UPDATED_AT, names::UPDATED_BY];
    let heads = changes.iter().filter_map(|change| change.path.first());
    let written: Vec<&str> = heads.copied().chain(stamped).collect();
    (!is_about(filter, &written)).then(|| filter.clone())
}

/// Whether a filter may be about one of these fields.
fn is_about(filter: &Document, fields: &[&str]) -> bool {
    filter
        .iter()
        .any(|(key, value)| match (key.as_str(), value) {
            ("$and" | "$or" | "$nor", Bson::Array(conditions)) => {
                conditions.iter().any(|condition| {
                    condition
                        .as_document()
                        .is_none_or(|inside| is_about(inside, fields))
                })
            }
            (operator, _) if operator.starts_with('$') => true,
            (path, _) => {
                let field = path.split_once('.').map_or(path, |(field, _)| field);
                fields.contains(&field)
            }
        })
}

/// What must hold of a document beside that it matches.
fn may_be_written(version_field: &str, changes: &[PlainChange]) -> Vec<Bson> {
    /// Versions beyond this are not counted by a server, which would make doubles of them.
    const LAST: i64 = 1 << 60;
    let version = field(version_field);
    let mut conditions = vec![
        is_of(&version, &["missing", "int", "long"]),
        bson!({ "$lt": [{ "$ifNull": [version, 0] }, literal(LAST)] }),
        is_of(&field(names::OPERATION), &["missing", "objectId"]),
        is_of(&field(names::UPDATED_AT), &["missing", "date"]),
    ];
    for change in changes {
        let mut path = change.path.as_slice();
        while let Some((_, holder)) = path.split_last().filter(|(_, rest)| !rest.is_empty()) {
            conditions.push(is_of(&field(&holder.join(".")), &["object"]));
            path = holder;
        }
        let old = old(change);
        match &change.becomes {
            Becomes::Value(_) => conditions.push(is_of(&old, &COMPARABLE)),
            Becomes::Sum(sum) => {
                let Sum { by, least, most } = &**sum;
                let is_wide = matches!(by, Bson::Int64(_));
                let stored = if is_wide { "long" } else { "int" };
                conditions.push(is_of(&old, &[stored]));
                conditions.push(bson!({ "$gte": [old.clone(), literal(least.clone())] }));
                conditions.push(bson!({ "$lte": [old, literal(most.clone())] }));
            }
        }
    }
    conditions
}

fn old(change: &PlainChange) -> Bson {
    field(&change.path.join("."))
}

/// Whether the change makes another value of what is stored: the one equality, on the server.
fn is_changed(change: &PlainChange) -> Bson {
    let old = old(change);
    match &change.becomes {
        // A collation would make equal what is not: texts are compared by their bytes.
        Becomes::Value(Bson::String(text)) => {
            let bytes = i64::try_from(text.len()).unwrap_or(i64::MAX);
            let is_equal = bson!({ "$and": [
                { "$eq": [{ "$strLenBytes": old.clone() }, literal(bytes)] },
                { "$eq": [{ "$indexOfBytes": [old.clone(), literal(text.clone())] }, literal(0)] },
            ] });
            let is_text = bson!({ "$eq": [kind(&old), literal("string")] });
            bson!({ "$not": [{ "$cond": [is_text, is_equal, false] }] })
        }
        Becomes::Value(value) => bson!({ "$ne": [old, literal(value.clone())] }),
        Becomes::Sum(_) => literal(true),
    }
}

fn new(change: &PlainChange) -> Bson {
    match &change.becomes {
        Becomes::Value(value) => literal(value.clone()),
        Becomes::Sum(sum) => bson!({ "$add": [old(change), literal(sum.by.clone())] }),
    }
}

/// The document after the write.
fn written(store: &Store, header: &ManyHeader, changes: &[PlainChange]) -> Bson {
    let version_field = store.versions().field();
    let stored_version = field(version_field);
    let version = bson!({ "$cond": [
        { "$eq": [kind(&stored_version), literal("missing")] },
        literal(1),
        { "$add": [stored_version, literal(1)] },
    ] });
    let at = moment(header.at);
    // Something changes, or nothing is written: where it is one place, it is this one.
    let is_changed = |change| (changes.len() > 1).then(|| is_changed(change));
    let shown: Vec<ManyChange> = changes
        .iter()
        .map(|change| ManyChange {
            path: change.path.join("."),
            is_changed: is_changed(change),
            old: old(change),
            new: new(change),
            policy: change.policy,
        })
        .collect();
    let trail = trail(store.meta(), version_field, header, (&version, &at), &shown);
    let values: Vec<(&[&str], Bson)> = changes
        .iter()
        .map(|change| (change.path.as_slice(), value(change, is_changed(change))))
        .collect();
    let own = doc! {
        version_field: version,
        names::UPDATED_AT: at,
        names::UPDATED_BY: literal(header.by.clone()),
        names::OPERATION: literal(header.operation),
        names::AUDIT: trail,
    };
    bson!({ "$mergeObjects": [merged("", &values), own] })
}

/// What is stored in the field: what is equal stays as it is, in its width.
fn value(change: &PlainChange, is_changed: Option<Bson>) -> Bson {
    let new = new(change);
    match is_changed {
        None => new,
        Some(is_changed) => bson!({ "$cond": [is_changed, new, old(change)] }),
    }
}

/// The object at a path, with these values at the paths below.
fn merged(path: &str, values: &[(&[&str], Bson)]) -> Bson {
    let mut fields = Document::new();
    for (below, value) in values {
        let Some((name, rest)) = below.split_first() else {
            continue;
        };
        if fields.contains_key(*name) {
            continue;
        }
        if rest.is_empty() {
            fields.insert(*name, value.clone());
            continue;
        }
        let siblings: Vec<(&[&str], Bson)> = values
            .iter()
            .filter_map(|(path, value)| {
                let (first, rest) = path.split_first()?;
                (first == name).then(|| (rest, value.clone()))
            })
            .collect();
        let inside = if path.is_empty() {
            (*name).to_owned()
        } else {
            format!("{path}.{name}")
        };
        fields.insert(*name, merged(&inside, &siblings));
    }
    let object = if path.is_empty() {
        Bson::String("$$ROOT".to_owned())
    } else {
        field(path)
    };
    bson!({ "$mergeObjects": [object, fields] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_lasts_unless_it_may_be_about_what_is_written() {
        for lasting in [
            doc! {},
            doc! { "_id": { "$in": [1] }, "deletedAt": { "$exists": false } },
            doc! { "$and": [{ "owner.name": "x" }, { "$or": [{ "statuses": 1 }] }] },
        ] {
            assert!(!is_about(&lasting, &["status", "updatedAt"]), "{lasting}");
        }
        for passing in [
            doc! { "status": "open" },
            doc! { "status.code": 1 },
            doc! { "owner": 1, "updatedAt": { "$lt": 1 } },
            doc! { "$and": [{ "owner": 1 }, { "$nor": [{ "status": 1 }] }] },
            doc! { "$expr": { "$eq": ["$status", 1] } },
        ] {
            assert!(is_about(&passing, &["status", "updatedAt"]), "{passing}");
        }
    }
}
