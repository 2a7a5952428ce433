use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::Visibility;

use super::naming::{self, Rule};
use super::{Encoder, Kind, MANAGED, Reader, Role};
use crate::attr::{
    Attributes, Key, Place, Renames, SerdeContainer, SerdeField, Value, parse_monguard,
    parse_serde_field,
};
use crate::diag::{Diagnostics, Message};
use crate::syntax::{mentions, name_self, unraw};

/// How the names begin that generated items use themselves.
pub(crate) const RESERVED: &str = "__mg_";

/// One field of a model or of a nested struct.
pub(crate) struct Field {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// The ident without `r#`.
    pub(crate) name: String,
    /// The type, with the struct's name for `Self`.
    pub(crate) ty: TokenStream,
    pub(crate) stored: StoredName,
    pub(crate) aliases: Vec<StoredName>,
    pub(crate) role: Role,
    pub(crate) audit: Audit,
    pub(crate) encoder: Option<Encoder>,
    pub(crate) reader: Option<Reader>,
    /// Whether the type mentions the struct itself, as in `Vec<Self>`.
    pub(crate) recursive: bool,
    pub(crate) attributes: Attributes,
    pub(crate) serde: SerdeField,
}

/// A name in the document, and the place that decided it.
#[derive(Clone, Debug)]
pub(crate) struct StoredName {
    pub(crate) name: String,
    /// The literal of serde's `rename` or `alias`, else the field's ident.
    pub(crate) span: Span,
}

/// What serde's `flatten` makes of a field: it has no name in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flat {
    /// A nested struct: its fields are stored among those of the struct around it.
    Inline,
    /// A map that takes the fields which the model does not know.
    Unknown,
}

/// What the audit trail may show of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audit {
    Log,
    Skip,
    Redact,
}

pub(super) fn resolve_field(
    field: &syn::Field,
    ident: &Ident,
    owner: &Ident,
    kind: Kind,
    container: &SerdeContainer,
    diagnostics: &Diagnostics,
) -> Field {
    let place = Place::field_of(kind);
    let attributes = parse_monguard(&field.attrs, place, owner, diagnostics);
    let serde = parse_serde_field(&field.attrs);
    let name = unraw(ident);
    let (stored, mut aliases) =
        resolve_names(ident, &name, &serde, &container.rename_all, diagnostics);
    aliases.extend(serde.aliases.iter().map(StoredName::of));
    let ty = name_self(field.ty.to_token_stream(), owner);
    Field {
        vis: field.vis.clone(),
        ident: ident.clone(),
        name,
        recursive: mentions(&ty, owner),
        ty,
        stored,
        aliases,
        role: resolve_role(&attributes),
        audit: resolve_audit(&attributes),
        encoder: Encoder::of(&serde),
        reader: Reader::of(&serde, container),
        attributes,
        serde,
    }
}

impl StoredName {
    fn of(literal: &syn::LitStr) -> Self {
        StoredName {
            name: literal.value(),
            span: literal.span(),
        }
    }
}

/// The name that serde writes, and those beside it under which it also reads.
fn resolve_names(
    ident: &Ident,
    name: &str,
    serde: &SerdeField,
    rename_all: &Renames,
    diagnostics: &Diagnostics,
) -> (StoredName, Vec<StoredName>) {
    let ruled = |literal: Option<&syn::LitStr>| {
        let rule = literal.and_then(Rule::named);
        let name = rule.map_or_else(|| name.to_owned(), |rule| rule.apply(name));
        StoredName {
            name,
            span: ident.span(),
        }
    };
    let Renames {
        serialize,
        deserialize,
    } = &serde.rename;
    let written = serialize
        .as_ref()
        .map_or_else(|| ruled(rename_all.serialize.as_ref()), StoredName::of);
    let read = deserialize
        .first()
        .map_or_else(|| ruled(rename_all.deserialize.first()), StoredName::of);
    let is_skipped = serde.skip.is_some()
        || serde.skip_serializing.is_some()
        || serde.skip_deserializing.is_some();
    // A `rename_all` with two rules is one mistake, reported once for the struct.
    let own = serialize.is_some() || !deserialize.is_empty();
    if own && written.name != read.name && !is_skipped {
        let span = if serialize.is_some() {
            written.span
        } else {
            read.span
        };
        let (written, read) = (&written.name, &read.name);
        diagnostics.report(
            Message::new(span, format!("field `{name}` is written as `{written}` and read as `{read}`"))
                .help(format!("write `#[serde(rename = \"{written}\")]`, with `alias = \"{read}\"` for old documents"))
                .note("a document that monguard writes must be readable under the same names"),
        );
    }
    let others = deserialize.iter().skip(1).map(StoredName::of).collect();
    (written, others)
}

fn resolve_role(attributes: &Attributes) -> Role {
    let managed = MANAGED
        .iter()
        .find_map(|(managed, key, _)| Some(Role::Managed(*managed, attributes.get(*key)?.span)));
    match managed {
        Some(role) => role,
        None if attributes.has(Key::IdempotencyKey) => Role::IdempotencyKey,
        None => Role::Data,
    }
}

fn resolve_audit(attributes: &Attributes) -> Audit {
    match attributes.get(Key::Audit).map(|given| &given.value) {
        Some(Value::Choice("skip")) => Audit::Skip,
        Some(Value::Choice("redact")) => Audit::Redact,
        Some(_) | None => Audit::Log,
    }
}

impl Field {
    /// Whether the field is part of the stored document.
    pub(crate) fn is_stored(&self) -> bool {
        let SerdeField {
            skip,
            skip_serializing,
            skip_deserializing,
            ..
        } = &self.serde;
        skip.is_none() && (skip_serializing.is_none() || skip_deserializing.is_none())
    }

    /// Whether the name is one that generated code uses.
    pub(crate) fn is_reserved(&self) -> bool {
        self.name.starts_with(RESERVED)
    }

    /// Whether the field has no name in the document. A role rules it out (`check` reports the pair).
    pub(crate) fn flat(&self) -> Option<Flat> {
        self.serde
            .flatten
            .filter(|_| !self.is_read_only())
            .map(|_| {
                if self.is_nested() {
                    Flat::Inline
                } else {
                    Flat::Unknown
                }
            })
    }

    /// Whether the field is marked `nested`; rightly or not, because its uses are then those of a
    /// nested struct.
    pub(crate) fn is_nested(&self) -> bool {
        self.attributes.means(Key::Nested)
    }

    /// Whether an attribute of the field was not understood, so that nothing is asked of its type.
    pub(crate) fn is_misunderstood(&self) -> bool {
        self.attributes.has_errors()
    }

    /// Whether a function writes the field as a whole, so that what is inside may not be as its own
    /// type writes it.
    pub(crate) fn is_written_whole(&self) -> bool {
        let writes = |encoder: &Encoder| encoder.serialize.is_some();
        self.flat().is_none() && self.encoder.as_ref().is_some_and(writes)
    }

    pub(crate) fn is_managed(&self) -> bool {
        matches!(self.role, Role::Managed(..))
    }

    /// Whether the field has a handle that filters and sorts, and cannot be set.
    pub(crate) fn is_read_only(&self) -> bool {
        match self.role {
            Role::Data => self.is_shard_key(),
            Role::IdempotencyKey | Role::Managed(..) => true,
        }
    }

    /// Whether the field is a part of the collection's shard key.
    pub(crate) fn is_shard_key(&self) -> bool {
        self.attributes.has(Key::ShardKey)
    }

    /// Whether the field is a struct with handles of its own. A role rules it out (`check`
    /// reports the pair).
    pub(crate) fn has_inner_handles(&self) -> bool {
        self.is_nested() && !self.is_read_only()
    }

    /// Whether two requests with one idempotency key may differ in the field.
    pub(crate) fn is_ignored_by_fingerprint(&self) -> bool {
        self.attributes.has(Key::Idempotency)
    }

    /// The name of the field's variant in the change enum.
    pub(crate) fn variant(&self) -> Ident {
        Ident::new(&naming::variant(&self.name), self.ident.span())
    }
}
