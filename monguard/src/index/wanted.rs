use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
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
    let fields = field.into_iter().chain(own);
    fields.map(|field| key_index(meta, field)).collect()
}

/// The fields of the unique index of an idempotency key. In a sharded collection it begins with the
/// shard key, as the server demands of every unique index: a key is then unique among the documents
/// of one shard key.
pub(crate) fn key_fields(meta: &Meta, field: &'static str) -> Vec<&'static str> {
    let shard_key = meta.shard_key().map(FieldMeta::stored_name);
    let mut fields: Vec<_> = shard_key.collect();
    if !fields.contains(&field) {
        fields.push(field);
    }
    fields
}

/// Documents without the key, made by other means, are left out: two of them are no duplicates.
pub(crate) fn key_index(meta: &Meta, field: &'static str) -> WantedIndex {
    let keys = key_fields(meta, field).into_iter();
    WantedIndex {
        name: format!("monguard_key_{field}"),
        keys: keys.map(|name| (name.to_owned(), Bson::Int32(1))).collect(),
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
