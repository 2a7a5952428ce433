use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::handles::expand_nested_item;
use crate::model::{Audit, Field, Managed, Model, Role, StoredName};

/// `__mg::Meta::new("Order", &[…]).version_field("rowVersion")`
pub(super) fn expand_meta(model: &Model) -> TokenStream {
    let name = crate::syntax::unraw(&model.header.ident);
    let fields = expand_field_metas(model);
    let version = model
        .version_name()
        .map(|stored| quote!(.version_field(#stored)));
    let accepts = model
        .accepts_idempotency_keys()
        .then(|| quote!(.accepts_idempotency_keys()));
    quote!(__mg::Meta::new(#name, &[#fields]) #version #accepts)
}

/// `__mg::FieldMeta::new("checkout_id", "checkoutId").idempotency_key(), …`
pub(super) fn expand_field_metas(model: &Model) -> TokenStream {
    let metas = model.stored_fields().map(expand_field_meta);
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
    quote!(__mg::FieldMeta::new(#rust, #stored) #role #shard_key #audit #ignored #nested #aliases)
}

fn managed_variant(managed: Managed) -> Ident {
    format_ident!("{}", managed.variant())
}
