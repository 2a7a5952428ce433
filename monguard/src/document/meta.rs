//! What the derive macros tell the runtime about a model: one constant table.

use super::reading::{Missing, ReadWith, Reading};
use super::{ManagedField, Shape, names};

/// One field of a model or of a nested struct.
#[derive(Clone, Copy, Debug)]
pub struct FieldMeta {
    rust: &'static str,
    stored: &'static str,
    aliases: &'static [&'static str],
    audit: AuditPolicy,
    nested: Option<fn() -> Shape>,
    inside: Option<&'static [FieldMeta]>,
    is_inside: bool,
    managed: Option<ManagedField>,
    idempotency: Idempotency,
    reading: Reading,
    shard_key: bool,
}

/// What a field is to the comparison of two create requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idempotency {
    Compared,
    Ignored,
    /// It says which requests are compared.
    Key,
}

impl FieldMeta {
    /// A plain field, called `rust` in the struct and `stored` in the document.
    #[must_use]
    pub const fn new(rust: &'static str, stored: &'static str) -> Self {
        Self {
            rust,
            stored,
            aliases: &[],
            audit: AuditPolicy::Log,
            nested: None,
            inside: None,
            is_inside: false,
            managed: None,
            idempotency: Idempotency::Compared,
            reading: Reading::PLAIN,
            shard_key: false,
        }
    }

    /// Makes it the field that identifies a create.
    #[must_use]
    pub const fn idempotency_key(mut self) -> Self {
        self.idempotency = Idempotency::Key;
        self
    }

    /// Leaves it out when two create requests are compared.
    #[must_use]
    pub const fn idempotency_ignore(mut self) -> Self {
        self.idempotency = Idempotency::Ignored;
        self
    }

    /// Makes it a part of the shard key.
    #[must_use]
    pub const fn shard_key(mut self) -> Self {
        self.shard_key = true;
        self
    }

    /// Leaves it out of the audit log.
    #[must_use]
    pub const fn audit_skip(mut self) -> Self {
        self.audit = AuditPolicy::Skip;
        self
    }

    /// Shows in the audit log that it changed, never its values.
    #[must_use]
    pub const fn audit_redact(mut self) -> Self {
        self.audit = AuditPolicy::Redact;
        self
    }

    /// Says that its value is of a shape of its own.
    #[must_use]
    pub const fn nested(mut self, shape: fn() -> Shape) -> Self {
        self.nested = Some(shape);
        self
    }

    /// Says that it is a flattened struct of these fields, which are stored in its place.
    #[must_use]
    pub const fn flattened(mut self, inside: &'static [FieldMeta]) -> Self {
        self.inside = Some(inside);
        self
    }

    /// The field as one of a flattened struct, with what holds for that struct.
    pub(super) const fn within(mut self, holder: &FieldMeta) -> Self {
        self.audit = match (holder.audit, self.audit) {
            (AuditPolicy::Skip, _) | (_, AuditPolicy::Skip) => AuditPolicy::Skip,
            (AuditPolicy::Redact, _) | (_, AuditPolicy::Redact) => AuditPolicy::Redact,
            (AuditPolicy::Log, AuditPolicy::Log) => AuditPolicy::Log,
        };
        if holder.is_idempotency_ignored() {
            self.idempotency = Idempotency::Ignored;
        }
        self.is_inside = true;
        self
    }

    /// The fields that are stored in its place, of a flattened struct. None of a model's table is
    /// one: its fields are listed instead.
    pub(super) const fn inside(&self) -> Option<&'static [FieldMeta]> {
        self.inside
    }

    /// Whether it came into the table with a flattened struct.
    pub(super) const fn is_inside(&self) -> bool {
        self.is_inside
    }

    /// Names under which it may be stored besides its own.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Makes it a field that monguard writes.
    #[must_use]
    pub const fn managed(mut self, managed: ManagedField) -> Self {
        self.managed = Some(managed);
        self
    }

    /// Says that serde reads it in a way of its own.
    #[must_use]
    pub const fn read_with(mut self, read: ReadWith) -> Self {
        self.reading.with = Some(read);
        self
    }

    /// Says what serde puts in its place where a document does not have it.
    #[must_use]
    pub const fn or_default(mut self, missing: Missing) -> Self {
        self.reading.missing = Some(missing);
        self
    }

    /// How serde reads it.
    pub(crate) const fn reading(&self) -> Reading {
        self.reading
    }

    /// Its name in the struct.
    #[must_use]
    pub const fn rust_name(&self) -> &'static str {
        self.rust
    }

    /// Its name in the document.
    #[must_use]
    pub const fn stored_name(&self) -> &'static str {
        self.stored
    }

    /// Other names under which it may be stored.
    #[must_use]
    pub const fn other_names(&self) -> &'static [&'static str] {
        self.aliases
    }

    /// What the audit log shows of it.
    #[must_use]
    pub const fn audit_policy(&self) -> AuditPolicy {
        self.audit
    }

    /// The shape of its value, for a nested field.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        self.nested.map(|shape| shape())
    }

    /// Which field of monguard's own it is, if any.
    #[must_use]
    pub const fn managed_as(&self) -> Option<ManagedField> {
        self.managed
    }

    /// Whether it identifies a create.
    #[must_use]
    pub const fn is_idempotency_key(&self) -> bool {
        matches!(self.idempotency, Idempotency::Key)
    }

    /// Whether it is left out when two create requests are compared.
    #[must_use]
    pub const fn is_idempotency_ignored(&self) -> bool {
        matches!(self.idempotency, Idempotency::Ignored)
    }

    /// Whether it is a part of the shard key.
    #[must_use]
    pub const fn is_shard_key(&self) -> bool {
        self.shard_key
    }

    /// Whether a document may hold it under `name`.
    #[must_use]
    pub fn is_stored_as(&self, name: &str) -> bool {
        self.stored == name || self.aliases.contains(&name)
    }
}

/// What the audit log shows of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditPolicy {
    /// Its values.
    Log,
    /// Nothing.
    Skip,
    /// That it changed.
    Redact,
}

/// A model.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    name: &'static str,
    fields: &'static [FieldMeta],
    version_field: &'static str,
    accepts_idempotency_keys: bool,
    keeps_unknown_fields: bool,
}

impl Meta {
    /// A model called `name` with these fields, its version stored as `__v`.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [FieldMeta]) -> Self {
        Self {
            name,
            fields,
            version_field: names::VERSION,
            accepts_idempotency_keys: false,
            keeps_unknown_fields: false,
        }
    }

    /// Says that the model's value has the fields too that it does not declare.
    #[must_use]
    pub const fn keeps_unknown_fields(mut self) -> Self {
        self.keeps_unknown_fields = true;
        self
    }

    /// Whether the model's value has the fields too that it does not declare.
    #[must_use]
    pub const fn has_unknown_fields(&self) -> bool {
        self.keeps_unknown_fields
    }

    /// Whether `name` is taken at the top level: by a field of the model, or by what monguard owns.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.declares(name) || names::is_owned(name, self.version_field)
    }

    /// Whether a field of the model is stored under `name`, or may be.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.is_stored_as(name))
    }

    /// Stores the version under another name.
    #[must_use]
    pub const fn version_field(mut self, stored: &'static str) -> Self {
        self.version_field = stored;
        self
    }

    /// Lets creates carry an idempotency key of their own.
    #[must_use]
    pub const fn accepts_idempotency_keys(mut self) -> Self {
        self.accepts_idempotency_keys = true;
        self
    }

    /// The model's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its fields, in the order of the struct.
    #[must_use]
    pub const fn fields(&self) -> &'static [FieldMeta] {
        self.fields
    }

    /// The name under which the version is stored.
    #[must_use]
    pub const fn version_name(&self) -> &'static str {
        self.version_field
    }

    /// Whether creates may carry an idempotency key of their own.
    #[must_use]
    pub const fn has_request_keys(&self) -> bool {
        self.accepts_idempotency_keys
    }

    /// The field called `name` in the struct or in the document.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldMeta> {
        self.fields
            .iter()
            .find(|field| field.rust == name || field.stored == name)
    }

    /// The field that identifies a create.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&'static FieldMeta> {
        self.fields.iter().find(|field| field.is_idempotency_key())
    }

    /// The fields of the shard key, in its order; none where the collection is not sharded.
    pub fn shard_key(&self) -> impl Iterator<Item = &'static FieldMeta> + use<> {
        self.fields.iter().filter(|field| field.shard_key)
    }

    /// The shape of the whole document.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        Shape::Struct(self.fields)
    }

    /// Whether any field, at any depth, is redacted or skipped.
    #[must_use]
    pub fn redacts(&self) -> bool {
        self.shape().hides()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static MODEL: [FieldMeta; 2] = [
        FieldMeta::new("request", "requestId").idempotency_key(),
        FieldMeta::new("by_name", "byName").aliases(&["names"]),
    ];

    #[test]
    fn a_field_is_found_by_either_name() {
        let meta = Meta::new("Model", &MODEL).version_field("rowVersion");
        assert_eq!(
            meta.field("by_name").map(FieldMeta::stored_name),
            Some("byName")
        );
        assert_eq!(
            meta.field("byName").map(FieldMeta::rust_name),
            Some("by_name")
        );
        assert_eq!(
            meta.idempotency_key().map(FieldMeta::stored_name),
            Some("requestId")
        );
        assert_eq!(meta.version_name(), "rowVersion");
    }

    #[test]
    fn names_of_the_model_and_of_monguard_are_taken() {
        let meta = Meta::new("Model", &MODEL).version_field("rowVersion");
        for name in [
            "requestId",
            "byName",
            "names",
            "_id",
            "rowVersion",
            "__w",
            "updatedAt",
        ] {
            assert!(meta.is_taken(name), "{name}");
        }
        assert!(!meta.is_taken("by_name") && !meta.is_taken("__v"));
    }
}
