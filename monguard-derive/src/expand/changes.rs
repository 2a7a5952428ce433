use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::docs::doc_change;
use super::handles::expand_nested_item;
use super::header::{expand_block, expand_impl, expand_lints};
use crate::check::is_second_of_variant;
use crate::model::{Audit, Field, Flat, Model};
use crate::syntax::{across, at, ends};

/// Everything that `#[derive(Auditable)]` generates: the change enum, and the marker.
pub(crate) fn expand_auditable(model: &Model) -> TokenStream {
    let header = &model.header;
    let (changes, impls) = (expand_change_enum(model), expand_change_impls(model));
    let (name, replay) = (expand_change_name(model), expand_replay(model));
    let marker = expand_impl(&quote!(Auditable), &header.ident, &replay);
    let diff = expand_impl(&quote!(Diff), &header.ident, &expand_diff(model));
    let block = expand_block(&header.door, &[], &quote!(#name #marker #diff #impls));
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
        #[non_exhaustive]
        #vis enum #change { #(#variants,)* }
    }
}

/// `type __C = OrderChange;`: a short name for what is named often.
pub(super) fn expand_change_name(model: &Model) -> TokenStream {
    let change = model.header.change_ident();
    quote!(type __C = #change;)
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

/// The comparison of two values, as items of `Diff` or `Nested`:
///
/// ```text
/// type Change = OrderChange;
/// fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) {
///     __mg_diff.field(&self.status, &__mg_new.status, __C::Status);
/// }
/// ```
pub(super) fn expand_diff(model: &Model) -> TokenStream {
    let change = model.header.change_ident();
    let steps = shown_fields(model).map(expand_step);
    quote! {
        type Change = #change;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) { #(#steps)* }
    }
}

fn expand_step(field: &Field) -> TokenStream {
    let (ident, variant) = (&field.ident, field.variant());
    // At the type, where rustc says what it lacks; a local never resolves at the user's place.
    let here = Span::call_site().located_at(ends(&field.ty).0);
    let method = match (field.audit, field.has_inner_handles()) {
        (Audit::Redact, _) => quote_spanned!(here=> redacted),
        (Audit::Log | Audit::Skip, false) => quote_spanned!(here=> field),
        (Audit::Log | Audit::Skip, true) => {
            let diff = expand_nested_item(field, "diff_inside");
            let make = if field.recursive {
                quote!(|__mg_v| __C::#variant(__mg::Box::new(__mg_v)))
            } else {
                at(&field.ty, quote!(__C::#variant))
            };
            let call = quote!(#diff(&self.#ident, &__mg_new.#ident, __mg_diff, #make));
            let call = across(&field.ty, call);
            return quote!(#call;);
        }
    };
    quote_spanned!(here=> __mg_diff.#method(&self.#ident, &__mg_new.#ident, __C::#variant);)
}

/// What repeats a change elsewhere, as an item of `Auditable` or `Nested`:
///
/// ```text
/// fn replay(__mg_v: __C, __mg_f: &Self::Fields, __mg_to: &mut __mg::Replay) {
///     match __mg_v {
///         __C::Status(__mg_v) => __mg_to.field(&__mg_f.status, __mg_v),
///     }
/// }
/// ```
pub(super) fn expand_replay(model: &Model) -> TokenStream {
    let arms = shown_fields(model).map(|field| {
        let (variant, repeat) = (field.variant(), expand_repeat(field));
        quote!(__C::#variant(__mg_v) => #repeat)
    });
    let body = quote!(match __mg_v { #(#arms,)* });
    if model.is_document() {
        quote! {
            fn replay(__mg_v: __C, __mg_f: &Self::Fields, __mg_to: &mut __mg::Replay) {
                #body
            }
        }
    } else {
        let fields = model.header.fields_ident();
        quote! {
            fn replay<__R, __V, __P: __mg::Path>(
                __mg_v: __C,
                __mg_f: &#fields<__R, __V, __P>,
                _: &__mg::WholeAt<'_, Self>,
                __mg_to: &mut __mg::Replay
            ) {
                #body
            }
        }
    }
}

fn expand_repeat(field: &Field) -> TokenStream {
    let ident = &field.ident;
    if let Some(flat) = field.flat() {
        return expand_flat_repeat(field, flat);
    }
    let method = match (field.audit, field.has_inner_handles(), field.is_read_only()) {
        (Audit::Redact, _, false) => quote!(sealed),
        (Audit::Redact, _, true) => quote!(held_sealed),
        (Audit::Log | Audit::Skip, false, false) => quote!(field),
        (Audit::Log | Audit::Skip, false, true) => quote!(held),
        (Audit::Log | Audit::Skip, true, _) => {
            let replay = expand_nested_item(field, "replay_inside");
            let change = if field.recursive {
                quote!(*__mg_v)
            } else {
                quote!(__mg_v)
            };
            let handles = quote!(&__mg_f.#ident);
            return across(
                &field.ty,
                quote!(#replay(#change, #handles, #handles, __mg_to)),
            );
        }
    };
    quote!(__mg_to.#method(&__mg_f.#ident, __mg_v))
}

/// What has no place of its own is repeated field by field.
fn expand_flat_repeat(field: &Field, flat: Flat) -> TokenStream {
    let ident = &field.ident;
    let item = match (flat, field.audit) {
        // `check` has reported that these cannot be hidden.
        (Flat::Unknown, Audit::Redact) => return quote!(_ = __mg_v),
        (Flat::Unknown, Audit::Log | Audit::Skip) => {
            return quote!(__mg_to.unknown(&__mg_f.#ident, __mg_v));
        }
        (Flat::Inline, Audit::Redact) => "replay_flat_sealed",
        (Flat::Inline, Audit::Log | Audit::Skip) => "replay_flat",
    };
    let replay = expand_nested_item(field, item);
    across(&field.ty, quote!(#replay(__mg_v, &__mg_f.#ident, __mg_to)))
}

/// What a change enum can do. Written out, because what std's derives generate is three times as
/// long, and says once more what is wrong with a field's type.
pub(super) fn expand_change_impls(model: &Model) -> TokenStream {
    let (debug, clone) = (expand_debug(model), expand_clone(model));
    quote!(#debug #clone)
}

/// `Self::Status(ref __mg_v) => __mg::show(__mg_f, "Status", &*__mg_v),`
fn expand_debug(model: &Model) -> TokenStream {
    let arms = shown_fields(model).map(|field| {
        let Arm {
            variant,
            pattern,
            inside,
        } = expand_arm(field);
        let (name, show) = (variant.to_string(), at(&field.ty, quote!(__mg::show)));
        let shown = across(&field.ty, quote!(#show(__mg_f, #name, #inside)));
        quote!(Self::#variant(#pattern) => #shown)
    });
    let items = quote! {
        fn fmt(&self, __mg_f: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self { #(#arms,)* }
        }
    };
    expand_impl(&quote!(Debug), &model.header.change_ident(), &items)
}

/// `Self::Status(ref __mg_v) => Self::Status(__mg::copy(&*__mg_v)),`
fn expand_clone(model: &Model) -> TokenStream {
    let arms = shown_fields(model).map(|field| {
        let Arm {
            variant,
            pattern,
            inside,
        } = expand_arm(field);
        let (copy, make) = (quote!(__mg::copy), quote!(Self::#variant));
        let (copy, make) = (at(&field.ty, copy), at(&field.ty, make));
        let copied = across(&field.ty, quote!(#copy(#inside)));
        let copied = across(&field.ty, quote!(#make(#copied)));
        quote!(Self::#variant(#pattern) => #copied)
    });
    let items = quote! {
        fn clone(&self) -> Self {
            match *self { #(#arms,)* }
        }
    };
    expand_impl(&quote!(Clone), &model.header.change_ident(), &items)
}

/// The parts of a match arm, at the place of the field's type.
struct Arm {
    variant: Ident,
    /// `ref __mg_v`
    pattern: TokenStream,
    /// `&*__mg_v`: of several tokens, so that it can be underlined as the type is.
    inside: TokenStream,
}

fn expand_arm(field: &Field) -> Arm {
    Arm {
        variant: field.variant(),
        pattern: at(&field.ty, quote!(ref __mg_v)),
        inside: at(&field.ty, quote!(&*__mg_v)),
    }
}
