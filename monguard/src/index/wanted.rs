use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use crate::document::{FieldMeta, Meta, names};

/// An index that a promise rests on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WantedIndex {
    pub(crate) name: String,
    pub(crate) keys: Document,
    pub(crate) unique: bool,
    /// Only documents that match are in it.
    pub(crate) partial: Option<Document>,
}

impl WantedIndex {
    pub(crate) fn model(&self) -> IndexModel {
        let options = IndexOptions::builder()
            .name(self.name.clone())
            .unique(self.unique.then_some(true))
            .partial_filter_expression(self.partial.clone())
            .build();
        IndexModel::builder()
            .keys(self.keys.clone())
            .options(options)
            .build()
    }
}

/// The unique indexes that make creates of a model idempotent.
pub(crate) fn key_indexes(meta: &Meta) -> Vec<WantedIndex> {
    let field = meta.idempotency_key().map(FieldMeta::stored_name);
    let own = meta.has_request_keys().then_some(names::IDEMPOTENT_KEY);
    field.into_iter().chain(own).map(key_index).collect()
}

/// Documents without the key, made by other means, are left out: two of them are no duplicates.
pub(crate) fn key_index(field: &'static str) -> WantedIndex {
    WantedIndex {
        name: format!("monguard_key_{field}"),
        keys: doc! { field: 1 },
        unique: true,
        partial: Some(doc! { field: { "$exists": true } }),
    }
}

/// The index of the audit log that `history`, and the settling of lost answers, read by.
pub(crate) fn history_index() -> WantedIndex {
    WantedIndex {
        name: "monguard_history".to_owned(),
        keys: doc! { "ref.collection": 1, "ref.id": 1, "metadata.version": 1 },
        unique: false,
        partial: None,
    }
}
