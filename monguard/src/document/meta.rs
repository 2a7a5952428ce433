use super::names;

/// What a value looks like where handles go inside it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A struct with these fields.
    Struct(&'static [FieldMeta]),
    /// A list of such values. A function, because a struct may hold a list of itself.
    List(fn() -> Shape),
    /// A map from strings to such values.
    Map(fn() -> Shape),
}

/// What the audit trail may show of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditPolicy {
    /// Old and new values.
    Log,
    /// Nothing.
    Skip,
    /// That it changed, never its values.
    Redact,
}

/// The part that a declared field plays for monguard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedField {
    /// `_id`.
    Id,
    /// The version.
    Version,
    /// `createdAt`.
    CreatedAt,
    /// `updatedAt`.
    UpdatedAt,
    /// `createdBy`.
    CreatedBy,
    /// `updatedBy`.
    UpdatedBy,
    /// `deletedAt`.
    DeletedAt,
    /// `deletedBy`.
    DeletedBy,
}

/// What the runtime knows of one field of a model.
#[derive(Clone, Copy, Debug)]
pub struct FieldMeta {
    pub(crate) rust: &'static str,
    pub(crate) stored: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) audit: AuditPolicy,
    pub(crate) nested: Option<fn() -> Shape>,
    pub(crate) managed: Option<ManagedField>,
    pub(crate) idempotency_key: bool,
    pub(crate) idempotency_ignore: bool,
}

impl FieldMeta {
    /// A field that is called `rust` in the struct and `stored` in the document.
    #[must_use]
    pub const fn new(rust: &'static str, stored: &'static str) -> Self {
        FieldMeta {
            rust,
            stored,
            aliases: &[],
            audit: AuditPolicy::Log,
            nested: None,
            managed: None,
            idempotency_key: false,
            idempotency_ignore: false,
        }
    }

    /// Marks the field that makes a create idempotent.
    #[must_use]
    pub const fn idempotency_key(mut self) -> Self {
        self.idempotency_key = true;
        self
    }

    /// Leaves the field out of the comparison of two requests with one idempotency key.
    #[must_use]
    pub const fn idempotency_ignore(mut self) -> Self {
        self.idempotency_ignore = true;
        self
    }

    /// Leaves the field out of the audit trail.
    #[must_use]
    pub const fn audit_skip(mut self) -> Self {
        self.audit = AuditPolicy::Skip;
        self
    }

    /// Hides the field's values from the audit trail and from errors.
    #[must_use]
    pub const fn audit_redact(mut self) -> Self {
        self.audit = AuditPolicy::Redact;
        self
    }

    /// Says what the field looks like inside.
    #[must_use]
    pub const fn nested(mut self, shape: fn() -> Shape) -> Self {
        self.nested = Some(shape);
        self
    }

    /// Other names under which the field may have been stored.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Marks a declared field that monguard writes.
    #[must_use]
    pub const fn managed(mut self, role: ManagedField) -> Self {
        self.managed = Some(role);
        self
    }

    /// Whether the field is stored as `name`, now or under an alias.
    pub(crate) fn is_stored_as(&self, name: &str) -> bool {
        self.stored == name || self.aliases.contains(&name)
    }
}

/// What the runtime knows of a model.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [FieldMeta],
    pub(crate) version_field: &'static str,
    pub(crate) accepts_idempotency_keys: bool,
}

impl Meta {
    /// A model with these fields.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [FieldMeta]) -> Self {
        Meta {
            name,
            fields,
            version_field: names::VERSION,
            accepts_idempotency_keys: false,
        }
    }

    /// Stores the version under this name.
    #[must_use]
    pub const fn version_field(mut self, stored: &'static str) -> Self {
        self.version_field = stored;
        self
    }

    /// Lets a create carry an idempotency key of its own.
    #[must_use]
    pub const fn accepts_idempotency_keys(mut self) -> Self {
        self.accepts_idempotency_keys = true;
        self
    }

    /// Whether errors about documents of this model must not quote the server or serde, whose
    /// texts may show a value that the audit trail hides.
    pub(crate) fn hides_values(&self) -> bool {
        hides_inside(self.fields, &mut Vec::new())
    }

    /// The field that makes a create idempotent.
    pub(crate) fn idempotency_key(&self) -> Option<&'static FieldMeta> {
        self.fields.iter().find(|field| field.idempotency_key)
    }
}

/// `seen`: the structs on the way here, since a struct may hold a list of itself.
fn hides_inside(fields: &'static [FieldMeta], seen: &mut Vec<*const FieldMeta>) -> bool {
    if seen.contains(&fields.as_ptr()) {
        return false;
    }
    seen.push(fields.as_ptr());
    fields.iter().any(|field| {
        field.audit != AuditPolicy::Log
            || field.nested.is_some_and(|shape| match innermost(shape()) {
                Some(inner) => hides_inside(inner, seen),
                None => false,
            })
    })
}

/// The struct inside lists and maps.
fn innermost(mut shape: Shape) -> Option<&'static [FieldMeta]> {
    /// More wrappers than a type in use has.
    const WRAPPERS: usize = 32;
    for _ in 0..WRAPPERS {
        match shape {
            Shape::Struct(fields) => return Some(fields),
            Shape::List(item) | Shape::Map(item) => shape = item(),
        }
    }
    None
}
