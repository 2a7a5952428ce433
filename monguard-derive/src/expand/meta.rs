use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::flatten::expand_inside;
use super::handles::expand_nested_item;
use super::readers::expand_reading;
use crate::model::{Audit, Field, Flat, Managed, Model, Role, StoredName};

/// `__mg::Meta::new("Order", &[…]).version_field("rowVersion")`
pub(super) fn expand_meta(model: &Model) -> TokenStream {
    let name = crate::syntax::unraw(&model.header.ident);
    let fields = expand_field_table(model);
    let version = model
        .version_name()
        .map(|stored| quote!(.version_field(#stored)));
    let accepts = model
        .accepts_idempotency_keys()
        .then(|| quote!(.accepts_idempotency_keys()));
    let keeps = model
        .unknown_fields()
        .map(|_| quote!(.keeps_unknown_fields()));
    quote!(__mg::Meta::new(#name, #fields) #version #accepts #keeps)
}

/// `&[__mg::FieldMeta::new("checkout_id", "checkoutId").idempotency_key(), …]`, or the table of
/// `expand_flat_table`.
pub(super) fn expand_field_table(model: &Model) -> TokenStream {
    if model.flattens() {
        return quote!(&__MG_FLAT);
    }
    let metas = expand_field_metas(model);
    quote!(&[#metas])
}

pub(super) fn expand_field_metas(model: &Model) -> TokenStream {
    let metas = model.listed_fields().map(expand_field_meta);
    quote!(#(#metas),*)
}

fn expand_field_meta(field: &Field) -> TokenStream {
    let (rust, StoredName { name: stored, .. }) = (&field.name, &field.stored);
    let role = match field.role {
        Role::Data => None,
        Role::IdempotencyKey => Some(quote!(.idempotency_key())),
        Role::Managed(managed, _) => {
            let variant = managed_variant(managed);
            Some(quote!(.managed(__mg::ManagedField::#variant)))
        }
    };
    let audit = match field.audit {
        Audit::Log => None,
        Audit::Skip => Some(quote!(.audit_skip())),
        Audit::Redact => Some(quote!(.audit_redact())),
    };
    let shard_key = field.is_shard_key().then(|| quote!(.shard_key()));
    let ignored = field
        .is_ignored_by_fingerprint()
        .then(|| quote!(.idempotency_ignore()));
    let nested = field.has_inner_handles().then(|| {
        if field.flat() == Some(Flat::Inline) {
            return expand_inside(field);
        }
        let shape = expand_nested_item(field, "shape");
        quote!(.nested(#shape))
    });
    let names = field
        .aliases
        .iter()
        .map(|alias| &alias.name)
        .filter(|name| *name != stored);
    let aliases = names.collect::<Vec<_>>();
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])));
    let reading = expand_reading(field);
    quote!(__mg::FieldMeta::new(#rust, #stored) #role #shard_key #audit #ignored #nested #aliases #reading)
}

fn managed_variant(managed: Managed) -> Ident {
    format_ident!("{}", managed.variant())
}
