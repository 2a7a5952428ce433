use std::sync::Arc;

use mongodb::bson::{self, Document, oid::ObjectId};
use monguard::{__bench as internals, Stored};
use serde_json::Value;

use monguard_benches::Outcome;
use monguard_benches::models::Order;

/// Two states of a document, in every form that a subject takes.
pub(super) struct Data {
    /// Of the document in BSON.
    pub(super) bytes: usize,
    documents: [Document; 2],
    stored: [Stored<Order>; 2],
    values: [Value; 2],
}

impl Data {
    pub(super) fn of(old: &Order, new: &Order) -> Outcome<Self> {
        let id = ObjectId::from_bytes([7; 12]);
        let document = |order: &Order, version: i32| -> Outcome<Document> {
            let mut document = bson::doc! { "_id": id };
            document.extend(bson::serialize_to_document(order)?);
            document.insert("__v", version);
            document.insert("updatedAt", bson::DateTime::from_millis(version.into()));
            Ok(document)
        };
        let documents = [document(old, 1)?, document(new, 2)?];
        let stored = |document: &Document| -> Outcome<Stored<Order>> {
            Ok(internals::read(Arc::new(document.try_into()?))?)
        };
        let value = |order: &Order| -> Outcome<Value> {
            let document = bson::serialize_to_document(order)?;
            Ok(serde_json::to_value(document)?)
        };
        Ok(Data {
            bytes: documents[0].to_vec()?.len(),
            stored: [stored(&documents[0])?, stored(&documents[1])?],
            documents,
            values: [value(old)?, value(new)?],
        })
    }
}

/// What makes a diff. A run says how many changes it found.
pub(super) struct Subject {
    pub(super) name: &'static str,
    run: for<'a> fn(&'a Data) -> Run<'a>,
}

/// One run, with whatever it consumes.
pub(super) type Run<'a> = Box<dyn FnOnce() -> usize + 'a>;

impl Subject {
    pub(super) fn prepare<'a>(&self, data: &'a Data) -> Run<'a> {
        (self.run)(data)
    }

    pub(super) const ALL: [Subject; 8] = [
        Subject {
            name: "equality of bson",
            run: |data| {
                let [old, new] = &data.documents;
                Box::new(move || usize::from(old != new))
            },
        },
        Subject {
            name: "monguard, delta of an entry",
            run: |data| {
                let [old, new] = &data.documents;
                Box::new(move || internals::delta::<Order>(old, new).changes().len())
            },
        },
        Subject {
            name: "monguard, paths of an update",
            run: |data| {
                let [old, new] = &data.documents;
                Box::new(move || {
                    internals::writes(old, new).map_or(0, |(set, unset)| set.len() + unset.len())
                })
            },
        },
        Subject {
            name: "equality of the model",
            run: |data| {
                let [old, new] = &data.stored;
                Box::new(move || usize::from(**old != **new))
            },
        },
        Subject {
            name: "monguard, typed",
            run: |data| {
                let [old, new] = &data.stored;
                Box::new(move || new.changes_since(old).map_or(0, |changes| changes.len()))
            },
        },
        Subject {
            name: "json-patch",
            run: |data| {
                let [old, new] = &data.values;
                Box::new(move || json_patch::diff(old, new).len())
            },
        },
        Subject {
            name: "treediff",
            run: |data| {
                let [old, new] = &data.values;
                Box::new(move || {
                    let mut changes = treediff::tools::Recorder::default();
                    treediff::diff(old, new, &mut changes);
                    let is_change = |call: &&treediff::tools::ChangeType<'_, _, _>| {
                        !matches!(call, treediff::tools::ChangeType::Unchanged(..))
                    };
                    changes.calls.iter().filter(is_change).count()
                })
            },
        },
        Subject {
            name: "serde_json_diff",
            run: |data| {
                let [old, new] = data.values.clone();
                Box::new(move || usize::from(serde_json_diff::values(old, new).is_some()))
            },
        },
    ];
}
