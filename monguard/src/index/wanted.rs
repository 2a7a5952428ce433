use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::IndexOptions;

use super::declare::{Index, Uniqueness};
use crate::document::{FieldMeta, Meta, Versioned, names};
use crate::error::InvalidFilter;
use crate::filter::{Filter, render};

/// An index that shall be there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WantedIndex {
    pub(crate) origin: Origin,
    pub(crate) name: String,
    pub(crate) keys: Document,
    pub(crate) unique: bool,
    /// Documents without the fields are not in it.
    pub(crate) sparse: bool,
    /// In seconds.
    pub(crate) expire_after: Option<u32>,
    /// Only documents that match are in it.
    pub(crate) partial: Option<Document>,
}

/// Who wants an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A promise rests on it: one that keeps the promise serves, whatever else it does.
    Promise,
    /// The model declares it: exactly this one serves.
    Model,
}

impl WantedIndex {
    fn promised(name: String, keys: Document) -> Self {
        WantedIndex {
            origin: Origin::Promise,
            name,
            keys,
            unique: false,
            sparse: false,
            expire_after: None,
            partial: None,
        }
    }

    pub(crate) fn model(&self) -> IndexModel {
        let expire_after = self.expire_after.map(u64::from);
        let options = IndexOptions::builder()
            .name(self.name.clone())
            .unique(self.unique.then_some(true))
            .sparse(self.sparse.then_some(true))
            .expire_after(expire_after.map(std::time::Duration::from_secs))
            .partial_filter_expression(self.partial.clone())
            .build();
        IndexModel::builder()
            .keys(self.keys.clone())
            .options(options)
            .build()
    }

    /// Whether no two documents, or no two live ones, can have the same value of `field`.
    pub(crate) fn makes_unique(&self, field: &str) -> bool {
        let mut keys = self.keys.keys();
        let is_first = keys.next().is_some_and(|key| key == field);
        // A model's own filter leaves out documents that may have the value.
        let covers = self.origin == Origin::Promise || self.partial.is_none();
        let is_alone = match (keys.next(), keys.next()) {
            (None, _) => true,
            (Some(second), None) => self.origin == Origin::Model && second == names::DELETED_AT,
            (Some(_), Some(_)) => false,
        };
        self.unique && is_first && covers && is_alone
    }

    /// Whether soft-deleted documents do not count.
    pub(crate) fn is_among_live(&self) -> bool {
        self.unique && self.keys.len() > 1 && self.keys.keys().last().is_some_and(is_deletion)
    }
}

fn is_deletion(key: &String) -> bool {
    key == names::DELETED_AT
}

/// The indexes of a model: those of its idempotency keys, then those that it declares.
///
/// # Errors
/// Where the filter of a partial index holds a value that cannot be written.
pub(crate) fn model_indexes<T: Versioned>() -> Result<Vec<WantedIndex>, InvalidFilter> {
    let mut wanted = key_indexes(&const { T::META });
    for index in T::indexes() {
        wanted.push(declared(index)?);
    }
    Ok(wanted)
}

fn declared<T>(index: Index<T>) -> Result<WantedIndex, InvalidFilter> {
    let Index {
        keys,
        unique,
        sparse,
        expire_after,
        partial,
        name,
    } = index;
    let mut pattern = Document::new();
    for key in keys {
        pattern.insert(key.path, if key.descending { -1 } else { 1 });
    }
    if unique == Uniqueness::Live {
        // Live documents have none, which counts as one value; deleted ones have times that differ.
        pattern.insert(names::DELETED_AT, 1);
    }
    let filter = partial.map(|filter| render(&Filter::into_node(filter())));
    Ok(WantedIndex {
        origin: Origin::Model,
        name: name.map_or_else(|| default_name(&pattern), str::to_owned),
        keys: pattern,
        unique: unique != Uniqueness::None,
        sparse,
        expire_after,
        partial: filter.transpose()?,
    })
}

/// The name that every driver gives: `status_1_createdAt_-1`.
fn default_name(keys: &Document) -> String {
    let parts: Vec<String> = keys
        .iter()
        .map(|(field, direction)| format!("{field}_{direction}"))
        .collect();
    parts.join("_")
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
    let keys = keys.map(|name| (name.to_owned(), Bson::Int32(1))).collect();
    WantedIndex {
        unique: true,
        partial: Some(doc! { field: { "$exists": true } }),
        ..WantedIndex::promised(format!("monguard_key_{field}"), keys)
    }
}

/// The index of the audit log that `history`, and the settling of lost answers, read by.
pub(crate) fn history_index() -> WantedIndex {
    WantedIndex::promised(
        "monguard_history".to_owned(),
        doc! { "ref.collection": 1, "ref.id": 1, "metadata.version": 1 },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(keys: Document, unique: Uniqueness) -> WantedIndex {
        let keys = keys
            .keys()
            .cloned()
            .map(super::super::IndexKey::<()>::ascending);
        declared(Index {
            keys: keys.collect(),
            unique,
            sparse: false,
            expire_after: None,
            partial: None,
            name: None,
        })
        .unwrap()
    }

    #[test]
    fn an_index_among_live_documents_ends_on_the_deletion() {
        let live = of(doc! { "email": 1 }, Uniqueness::Live);
        assert_eq!(live.name, "email_1_deletedAt_1");
        assert!(live.makes_unique("email") && live.is_among_live());
    }

    #[test]
    fn a_field_is_unique_by_an_index_on_it_alone() {
        let all = of(doc! { "email": 1 }, Uniqueness::All);
        assert!(all.makes_unique("email") && !all.is_among_live());
        assert!(!all.makes_unique("name"));
        assert!(!of(doc! { "email": 1 }, Uniqueness::None).makes_unique("email"));
        assert!(!of(doc! { "email": 1, "name": 1 }, Uniqueness::All).makes_unique("email"));
        let mut partial = all;
        partial.partial = Some(doc! { "paying": true });
        assert!(!partial.makes_unique("email"));
        assert!(key_index(&crate::audit::models::OPEN, "checkoutId").makes_unique("checkoutId"));
    }
}
