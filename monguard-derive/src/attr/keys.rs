//! The table of attribute keys. The parser, the messages, the suggestions and the test of the
//! documentation pages all read it; a key exists if and only if it has a row here.

/// A key of `#[monguard(...)]`.
#[allow(clippy::enum_variant_names)] // The variants are the keys' own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Collection,
    IdempotencyKey,
    Crate,
    Id,
    Version,
    VersionName,
    ShardKey,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
    UpdatedBy,
    DeletedAt,
    DeletedBy,
    Plain,
    Nested,
    Idempotency,
    Audit,
    Model,
    Path,
    Index,
}

/// What kind of item a derive stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A document of its own.
    Model,
    /// A part of a document.
    Nested,
    /// Some fields of a document, to be read.
    Projection,
}

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a struct that derives `Versioned`.
    Model,
    /// On a struct that derives `Nested`.
    NestedStruct,
    /// On a struct that derives `Projection`.
    Projection,
    ModelField,
    NestedField,
    ProjectionField,
}

impl Place {
    pub(crate) fn is_struct(self) -> bool {
        match self {
            Place::Model | Place::NestedStruct | Place::Projection => true,
            Place::ModelField | Place::NestedField | Place::ProjectionField => false,
        }
    }

    /// What the item is that the attribute belongs to.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Place::Model | Place::ModelField => Kind::Model,
            Place::NestedStruct | Place::NestedField => Kind::Nested,
            Place::Projection | Place::ProjectionField => Kind::Projection,
        }
    }

    /// On an item of this kind.
    pub(crate) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Model => Place::Model,
            Kind::Nested => Place::NestedStruct,
            Kind::Projection => Place::Projection,
        }
    }

    /// On a field of an item of this kind.
    pub(crate) fn field_of(kind: Kind) -> Self {
        match kind {
            Kind::Model => Place::ModelField,
            Kind::Nested => Place::NestedField,
            Kind::Projection => Place::ProjectionField,
        }
    }
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `key`
    Flag,
    /// `key = "any text"`
    Text,
    /// `key = "a::path"`
    Path,
    /// `key = "one of these"`
    Choice(&'static [&'static str]),
    /// `key`, or `key = "one of these"`
    FlagOrChoice(&'static [&'static str]),
    /// `index`, or `index(unique, …)`: its options have a table of their own (`index.rs`).
    Index,
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) key: Key,
    pub(crate) name: &'static str,
    pub(crate) places: &'static [Place],
    pub(crate) form: Form,
    /// The key as it is written correctly.
    pub(crate) correct: &'static str,
}

/// Where the roles of a model's fields stand.
const FIELD_OF_MODEL: &[Place] = &[Place::ModelField];
const ANY_STRUCT: &[Place] = &[Place::Model, Place::NestedStruct, Place::Projection];
const ANY_FIELD: &[Place] = &[Place::ModelField, Place::NestedField];

pub(crate) const KEYS: &[Row] = &[
    row(
        Key::Collection,
        "collection",
        &[Place::Model],
        Form::Text,
        r#"collection = "orders""#,
    ),
    row(
        Key::IdempotencyKey,
        "idempotency_key",
        &[Place::Model, Place::ModelField],
        Form::Flag,
        "idempotency_key",
    ),
    row(
        Key::Crate,
        "crate",
        ANY_STRUCT,
        Form::Path,
        r#"crate = "path::to::monguard""#,
    ),
    row(Key::Id, "id", FIELD_OF_MODEL, Form::Flag, "id"),
    row(
        Key::Version,
        "version",
        &[Place::Model, Place::ModelField],
        Form::FlagOrChoice(&["counter", "uuid"]),
        r#"version = "uuid""#,
    ),
    row(
        Key::VersionName,
        "version_name",
        &[Place::Model],
        Form::Text,
        r#"version_name = "rowVersion""#,
    ),
    row(
        Key::ShardKey,
        "shard_key",
        FIELD_OF_MODEL,
        Form::Flag,
        "shard_key",
    ),
    row(
        Key::CreatedAt,
        "created_at",
        FIELD_OF_MODEL,
        Form::Flag,
        "created_at",
    ),
    row(
        Key::UpdatedAt,
        "updated_at",
        FIELD_OF_MODEL,
        Form::Flag,
        "updated_at",
    ),
    row(
        Key::CreatedBy,
        "created_by",
        FIELD_OF_MODEL,
        Form::Flag,
        "created_by",
    ),
    row(
        Key::UpdatedBy,
        "updated_by",
        FIELD_OF_MODEL,
        Form::Flag,
        "updated_by",
    ),
    row(
        Key::DeletedAt,
        "deleted_at",
        FIELD_OF_MODEL,
        Form::Flag,
        "deleted_at",
    ),
    row(
        Key::DeletedBy,
        "deleted_by",
        FIELD_OF_MODEL,
        Form::Flag,
        "deleted_by",
    ),
    row(Key::Plain, "plain", FIELD_OF_MODEL, Form::Flag, "plain"),
    row(Key::Nested, "nested", ANY_FIELD, Form::Flag, "nested"),
    row(
        Key::Idempotency,
        "idempotency",
        FIELD_OF_MODEL,
        Form::Choice(&["ignore"]),
        r#"idempotency = "ignore""#,
    ),
    row(
        Key::Audit,
        "audit",
        ANY_FIELD,
        Form::Choice(&["skip", "redact"]),
        r#"audit = "skip""#,
    ),
    row(
        Key::Model,
        "model",
        &[Place::Projection],
        Form::Path,
        r#"model = "Order""#,
    ),
    row(
        Key::Path,
        "path",
        &[Place::ProjectionField],
        Form::Text,
        r#"path = "fulfilment.tracking""#,
    ),
    row(
        Key::Index,
        "index",
        &[Place::Model, Place::ModelField],
        Form::Index,
        "index(unique)",
    ),
];

pub(super) const fn row(
    key: Key,
    name: &'static str,
    places: &'static [Place],
    form: Form,
    correct: &'static str,
) -> Row {
    Row {
        key,
        name,
        places,
        form,
        correct,
    }
}

impl Row {
    /// Whether the key may be given more than once at `place`: a model may have several compound
    /// indexes.
    pub(super) fn may_repeat(&self, place: Place) -> bool {
        self.key == Key::Index && place.is_struct()
    }
}

impl Key {
    pub(crate) fn row(self) -> &'static Row {
        KEYS.iter().find(|row| row.key == self).unwrap_or(&KEYS[0])
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }
}

/// The rows of the keys that may stand at `place`.
pub(crate) fn keys_at(place: Place) -> impl Iterator<Item = &'static Row> {
    KEYS.iter().filter(move |row| row.places.contains(&place))
}

pub(crate) fn row_named(name: &str) -> Option<&'static Row> {
    KEYS.iter().find(|row| row.name == name)
}
