use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::docs::doc_change;
use super::header::{expand_block, expand_impl, expand_lints};
use crate::check::is_second_of_variant;
use crate::model::{Audit, Field, Model};
use crate::syntax::{at, ends};

/// Everything that `#[derive(Auditable)]` generates: the change enum, and the marker.
pub(crate) fn expand_auditable(model: &Model) -> TokenStream {
    let header = &model.header;
    let (changes, impls) = (expand_change_enum(model), expand_change_impls(model));
    let marker = expand_impl(&quote!(Auditable), &header.ident, &TokenStream::new());
    let block = expand_block(&header.door, &[], &quote!(#marker #impls));
    quote!(#changes #block)
}

/// ```text
/// pub enum OrderChange { Status(Change<OrderStatus>), Fulfilment(NestedChange<Fulfilment>), CardToken(Sealed<Option<String>>) }
/// ```
pub(super) fn expand_change_enum(model: &Model) -> TokenStream {
    let header = &model.header;
    let (vis, change) = (&header.vis, header.change_ident());
    let (doc, lints) = (doc_change(header), expand_lints());
    let variants = shown_fields(model).map(|field| expand_variant(&header.door, field));
    quote! {
        #[doc = #doc]
        #lints
        #[derive(::core::clone::Clone)]
        #[non_exhaustive]
        #vis enum #change { #(#variants,)* }
    }
}

/// Of two fields with one variant, which `check` has reported, the first has it.
fn shown_fields(model: &Model) -> impl Iterator<Item = &Field> {
    model
        .tracked_fields()
        .filter(|field| !is_second_of_variant(model, field))
}

fn expand_variant(door: &TokenStream, field: &Field) -> TokenStream {
    let (variant, ty) = (field.variant(), &field.ty);
    match (field.audit, field.has_inner_handles()) {
        (Audit::Redact, _) => quote!(#variant(#door::Sealed<#ty>)),
        (Audit::Log | Audit::Skip, false) => quote!(#variant(#door::Change<#ty>)),
        (Audit::Log | Audit::Skip, true) => {
            let change = at(ty, quote!(#door::NestedChange<#ty>));
            // A struct that holds a list of itself would make a change that holds itself.
            let change = if field.recursive {
                quote!(#door::Box<#change>)
            } else {
                change
            };
            quote!(#variant(#change))
        }
    }
}

/// The impls that belong to the change enum.
pub(super) fn expand_change_impls(model: &Model) -> TokenStream {
    let (diff, debug) = (expand_diff(model), expand_debug(model));
    quote!(#diff #debug)
}

/// ```text
/// fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<OrderChange>) {
///     __mg_diff.field(&self.status, &__mg_new.status, OrderChange::Status);
/// }
/// ```
fn expand_diff(model: &Model) -> TokenStream {
    let change = model.header.change_ident();
    let steps = shown_fields(model).map(|field| {
        let (ident, variant) = (&field.ident, field.variant());
        // At the type, where rustc says what it lacks; a local never resolves at the user's place.
        let here = Span::call_site().located_at(ends(&field.ty).0);
        let method = match (field.audit, field.has_inner_handles()) {
            (Audit::Redact, _) => quote_spanned!(here=> redacted),
            (Audit::Log | Audit::Skip, true) => quote_spanned!(here=> nested),
            (Audit::Log | Audit::Skip, false) => quote_spanned!(here=> field),
        };
        let make = if field.has_inner_handles() && field.recursive && field.audit != Audit::Redact {
            quote!(|__mg_inside| #change::#variant(__mg::Box::new(__mg_inside)))
        } else {
            quote_spanned!(here=> #change::#variant)
        };
        quote_spanned!(here=> __mg_diff.#method(&self.#ident, &__mg_new.#ident, #make);)
    });
    let items = quote! {
        type Change = #change;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<#change>) { #(#steps)* }
    };
    expand_impl(&quote!(Diff), &model.header.ident, &items)
}

/// ```text
/// fn fmt(&self, __mg_to: &mut __mg::Formatter<'_>) -> __mg::Shown {
///     match *self { Self::Status(ref __mg_in) => __mg::show(__mg_to, "Status", __mg_in) }
/// }
/// ```
/// What std's derive generates would be three times as long.
fn expand_debug(model: &Model) -> TokenStream {
    let arms = shown_fields(model).map(|field| {
        let (variant, name) = (field.variant(), field.variant().to_string());
        let here = Span::call_site().located_at(ends(&field.ty).0);
        let show = quote_spanned!(here=> __mg::show(__mg_to, #name, __mg_in));
        quote!(Self::#variant(ref __mg_in) => #show)
    });
    let items = quote! {
        fn fmt(&self, __mg_to: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self { #(#arms,)* }
        }
    };
    expand_impl(&quote!(Debug), &model.header.change_ident(), &items)
}
