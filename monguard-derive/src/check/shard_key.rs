use crate::attr::Key;
use crate::diag::{Diagnostics, Message};
use crate::model::{IndexKey, Model};

/// A field of the shard key has one stored name: the server knows it by that alone, and a document
/// that holds it under another would have none.
pub(super) fn check_shard_key(model: &Model, diagnostics: &Diagnostics) {
    for field in model.shard_key() {
        if let Some(alias) = field.aliases.first() {
            let headline = format!(
                "field `{}` of the shard key has a second stored name",
                field.name
            );
            diagnostics.report(
                Message::new(alias.span, headline)
                    .help("remove the alias")
                    .note("the server finds a document's shard by the first name alone"),
            );
        }
    }
    check_against_idempotency(model, diagnostics);
    check_unique_indexes(model, diagnostics);
}

/// The server takes a unique index in a sharded collection only if it begins with the shard key,
/// whose fields it keeps in their order, ascending: else two shards could hold one value.
fn check_unique_indexes(model: &Model, diagnostics: &Diagnostics) {
    let shard_key: Vec<&str> = model.shard_key().map(|field| field.name.as_str()).collect();
    for index in &model.indexes {
        let Some((_, span)) = index.unique else {
            continue;
        };
        let begins = shard_key.iter().enumerate().all(|(place, name)| {
            let key = index.keys.get(place);
            key.is_some_and(|key| !key.descending && key.rust_path() == *name)
        });
        if begins || index.keys.is_empty() {
            continue;
        }
        let is_other = |key: &&IndexKey| !shard_key.contains(&key.rust_path().as_str());
        let others = index.keys.iter().filter(is_other).map(IndexKey::written);
        let fields: Vec<String> = shard_key
            .iter()
            .map(|name| (*name).to_owned())
            .chain(others)
            .collect();
        diagnostics.report(
            Message::new(span, "a unique index in a sharded collection begins with the shard key")
                .help(format!(
                    "list the fields above the struct: `index(unique, fields({}))`",
                    fields.join(", ")
                ))
                .note("the server keeps values unique on one shard alone, and documents of one shard key are on one shard"),
        );
    }
}

/// The server keeps a unique index only if it begins with the shard key. With the id in it, the
/// index of an idempotency key would never find a request that is repeated.
fn check_against_idempotency(model: &Model, diagnostics: &Diagnostics) {
    let has_key = model.accepts_idempotency_keys()
        || model
            .fields
            .iter()
            .any(|field| field.attributes.has(Key::IdempotencyKey));
    let sharded_by_id = model
        .id_field()
        .and_then(|field| field.attributes.get(Key::ShardKey));
    if let (true, Some(given)) = (has_key, sharded_by_id) {
        diagnostics.report(
            Message::new(given.span, "an idempotency key cannot be kept in a collection that is sharded by the id")
                .help("shard by other fields, for instance by the idempotency key itself, or remove the idempotency key")
                .note("every unique index begins with the shard key, and with the id in it no repeated request would be found"),
        );
    }
}
