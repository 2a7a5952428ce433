use crate::attr::{Given, Key};
use crate::diag::{Diagnostics, Message};
use crate::model::Field;

/// Two attributes of a field must make sense together. Each that does not is reported once, with
/// the first one before it that it excludes.
pub(super) fn check_conflicts(field: &Field, diagnostics: &Diagnostics) {
    let given: Vec<&Given> = field.attributes.iter().collect();
    for (index, later) in given.iter().enumerate() {
        let excluded = given[..index]
            .iter()
            .find_map(|earlier| Some((earlier, why(earlier.key, later.key)?)));
        if let Some((earlier, why)) = excluded {
            let headline = format!(
                "`{}` cannot be combined with `{}`",
                earlier.written(),
                later.written()
            );
            diagnostics.report(
                Message::new(later.span, headline)
                    .help("keep one of the two")
                    .note(why),
            );
        }
    }
}

/// Whether the attributes of a field exclude each other, so that none of them says what it is.
pub(super) fn is_in_conflict(field: &Field) -> bool {
    let given = || field.attributes.iter();
    given()
        .any(|one| given().any(|other| one.key != other.key && why(one.key, other.key).is_some()))
}

enum Part {
    /// Monguard writes the field.
    Managed,
    ShardKey,
    IdempotencyKey,
    Plain,
    Nested,
    Idempotency,
    Audit,
    Index,
    /// Not an attribute of fields of a document.
    Struct,
}

fn part(key: Key) -> Part {
    // No catch-all: a new key must decide what it excludes.
    match key {
        Key::Collection | Key::Crate | Key::Model | Key::Path | Key::VersionName => Part::Struct,
        Key::Id
        | Key::Version
        | Key::CreatedAt
        | Key::UpdatedAt
        | Key::CreatedBy
        | Key::UpdatedBy
        | Key::DeletedAt
        | Key::DeletedBy => Part::Managed,
        Key::IdempotencyKey => Part::IdempotencyKey,
        Key::ShardKey => Part::ShardKey,
        Key::Plain => Part::Plain,
        Key::Nested => Part::Nested,
        Key::Idempotency => Part::Idempotency,
        Key::Audit => Part::Audit,
        Key::Index => Part::Index,
    }
}

/// Why this is nothing to say of a field that monguard writes.
fn why_not_managed(part: &Part) -> Option<&'static str> {
    match part {
        Part::Managed => Some("a field has one part to play"),
        Part::IdempotencyKey => {
            Some("monguard writes the field itself, so no request can be known by it")
        }
        Part::ShardKey => Some("a shard key is what the model says and never changes"),
        Part::Plain => Some("a plain field is data, and monguard writes the other itself"),
        Part::Nested => Some("monguard writes the field itself, and as a whole"),
        Part::Idempotency => {
            Some("fields that monguard writes are never compared between requests")
        }
        Part::Audit => Some("fields that monguard writes are no part of a change"),
        // A stamp can be indexed.
        Part::Index | Part::Struct => None,
    }
}

/// Why the two exclude each other, if they do.
fn why(one: Key, other: Key) -> Option<&'static str> {
    // A collection may be sharded by the id, or by the id among others.
    if matches!(
        (one, other),
        (Key::Id, Key::ShardKey) | (Key::ShardKey, Key::Id)
    ) {
        return None;
    }
    match (one, other) {
        (Key::Id, Key::Index) | (Key::Index, Key::Id) => {
            return Some("MongoDB keeps a unique index on `_id` in every collection");
        }
        (Key::IdempotencyKey, Key::Index) | (Key::Index, Key::IdempotencyKey) => {
            return Some("monguard keeps a unique index on the idempotency key");
        }
        _ => {}
    }
    match (part(one), part(other)) {
        (Part::Managed, other) => why_not_managed(&other),
        (one, Part::Managed) => why_not_managed(&one),
        (Part::IdempotencyKey, Part::Nested) | (Part::Nested, Part::IdempotencyKey) => {
            Some("an idempotency key is one value")
        }
        (Part::ShardKey, Part::Nested) | (Part::Nested, Part::ShardKey) => {
            Some("each field of a shard key is one value")
        }
        (Part::ShardKey, Part::Audit) | (Part::Audit, Part::ShardKey) => {
            Some("the shard key is in every revision, which clients hold: it cannot be hidden")
        }
        (Part::IdempotencyKey, Part::Idempotency) | (Part::Idempotency, Part::IdempotencyKey) => {
            Some("the key is what tells two requests apart")
        }
        // A nested struct may be redacted or skipped as a whole.
        (
            Part::IdempotencyKey
            | Part::ShardKey
            | Part::Plain
            | Part::Nested
            | Part::Idempotency
            | Part::Audit
            | Part::Index
            | Part::Struct,
            Part::IdempotencyKey
            | Part::ShardKey
            | Part::Plain
            | Part::Nested
            | Part::Idempotency
            | Part::Audit
            | Part::Index
            | Part::Struct,
        ) => None,
    }
}
