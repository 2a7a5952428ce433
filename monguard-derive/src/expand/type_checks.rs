use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::flatten::expand_depth;
use crate::model::{Audit, Field, Managed, Model, Role};
use crate::syntax::{across, at, unasked_types};

/// What the types of the fields must be, asked of the types themselves: one constant for each
/// field, placed at its type, so that rustc's words point there.
pub(super) fn expand_type_checks(model: &Model) -> TokenStream {
    model
        .stored_fields()
        .filter(|field| !field.is_misunderstood())
        .filter_map(|field| expand_type_check(model, field))
        .collect()
}

fn expand_type_check(model: &Model, field: &Field) -> Option<TokenStream> {
    let ty = &field.ty;
    let check = match field.role {
        // A version can be read into the field.
        Role::Managed(Managed::Version, _) => {
            let kind = format_ident!("{}", model.version_kind().type_name());
            quote!(__mg::assert_version_field::<#ty, __mg::#kind>())
        }
        Role::Managed(..) => return None,
        // Every path inside has a length that paths can have. Of nested structs the document
        // around them asks.
        Role::Data if field.is_nested() => {
            let depth = expand_depth(field);
            let assert = at(ty, quote!(__mg::assert_depth));
            return model
                .is_document()
                .then(|| expand_check(ty, quote!(#assert(#depth))));
        }
        // A struct that redacts inside is not logged whole.
        Role::Data | Role::IdempotencyKey => match field.audit {
            Audit::Log => return Some(expand_opaque_checks(ty)),
            Audit::Skip | Audit::Redact => return None,
        },
    };
    Some(expand_check(ty, check))
}

/// `const _: () = __mg::opaque(__mg::Probe::<OrderStatus>::REDACTS);`, for the type of a field and
/// for the types inside it that it does not ask about itself.
fn expand_opaque_checks(ty: &TokenStream) -> TokenStream {
    let asked = [ty.clone()].into_iter().chain(unasked_types(ty));
    asked
        .map(|ty| {
            let check = at(&ty, quote!(__mg::opaque(__mg::Probe::<#ty>::REDACTS)));
            expand_check(&ty, check)
        })
        .collect()
}

fn expand_check(ty: &TokenStream, check: TokenStream) -> TokenStream {
    let check = across(ty, check);
    quote!(const _: () = #check;)
}
