//! What the derive macros tell the runtime about a model: one constant table.

use super::names;

/// How a value is built, as far as the audit must know.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A struct with these fields.
    Struct(&'static [FieldMeta]),
    /// A list of values of one shape.
    List(fn() -> Shape),
    /// A map from strings to values of one shape.
    Map(fn() -> Shape),
}

impl Shape {
    /// Nested lists and maps beyond this many levels count as hiding something: a type that
    /// contains itself without a struct in between never ends.
    const MAX_LEVELS: usize = 100;

    /// Whether a value of this shape can hold a field that the log must not show, at any depth.
    #[must_use]
    pub fn hides(self) -> bool {
        self.hides_unseen(&mut Vec::new(), 0)
    }

    fn hides_unseen(self, seen: &mut Vec<*const FieldMeta>, level: usize) -> bool {
        if level > Self::MAX_LEVELS {
            return true;
        }
        match self {
            Shape::Struct(fields) => {
                if seen.contains(&fields.as_ptr()) {
                    return false;
                }
                seen.push(fields.as_ptr());
                fields.iter().any(|field| {
                    field.audit != AuditPolicy::Log
                        || field
                            .nested
                            .is_some_and(|nested| nested().hides_unseen(seen, level + 1))
                })
            }
            Shape::List(item) | Shape::Map(item) => item().hides_unseen(seen, level + 1),
        }
    }
}

/// One field of a model or of a nested struct.
#[derive(Clone, Copy, Debug)]
pub struct FieldMeta {
    rust: &'static str,
    stored: &'static str,
    aliases: &'static [&'static str],
    audit: AuditPolicy,
    nested: Option<fn() -> Shape>,
    managed: Option<ManagedField>,
    idempotency_key: bool,
    idempotency_ignore: bool,
    shard_key: bool,
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
            managed: None,
            idempotency_key: false,
            idempotency_ignore: false,
            shard_key: false,
        }
    }

    /// Makes it the field that identifies a create.
    #[must_use]
    pub const fn idempotency_key(mut self) -> Self {
        self.idempotency_key = true;
        self
    }

    /// Leaves it out when two create requests are compared.
    #[must_use]
    pub const fn idempotency_ignore(mut self) -> Self {
        self.idempotency_ignore = true;
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
        self.idempotency_key
    }

    /// Whether it is left out when two create requests are compared.
    #[must_use]
    pub const fn is_idempotency_ignored(&self) -> bool {
        self.idempotency_ignore
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

/// A field that monguard writes and a model may declare to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedField {
    /// The document's id.
    Id,
    /// Its version.
    Version,
    /// When it was created.
    CreatedAt,
    /// When it was last written.
    UpdatedAt,
    /// Who created it.
    CreatedBy,
    /// Who last wrote it.
    UpdatedBy,
    /// When it was soft-deleted.
    DeletedAt,
    /// Who soft-deleted it.
    DeletedBy,
}

/// A model.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    name: &'static str,
    fields: &'static [FieldMeta],
    version_field: &'static str,
    accepts_idempotency_keys: bool,
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
        }
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
        self.fields.iter().find(|field| field.idempotency_key)
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

    static LEAF: [FieldMeta; 1] = [FieldMeta::new("secret", "secret").audit_redact()];
    static TREE: [FieldMeta; 2] = [
        FieldMeta::new("label", "label"),
        FieldMeta::new("children", "children").nested(children),
    ];
    static MODEL: [FieldMeta; 3] = [
        FieldMeta::new("request", "requestId").idempotency_key(),
        FieldMeta::new("tree", "tree").nested(tree),
        FieldMeta::new("by_name", "byName").nested(leaves),
    ];

    fn leaf() -> Shape {
        Shape::Struct(&LEAF)
    }
    fn leaves() -> Shape {
        Shape::Map(leaf)
    }
    fn tree() -> Shape {
        Shape::Struct(&TREE)
    }
    fn children() -> Shape {
        Shape::List(tree)
    }
    fn endless() -> Shape {
        Shape::List(endless)
    }

    #[test]
    fn a_recursive_shape_has_an_answer() {
        assert!(!tree().hides());
        assert!(endless().hides());
    }

    #[test]
    fn a_redacted_field_is_found_in_a_map_of_structs() {
        assert!(Meta::new("Model", &MODEL).redacts());
        assert!(!Meta::new("Model", &TREE).redacts());
    }

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
}
