//! The way of one derive: attributes, model, checks, expansion; and the smallest implementation
//! that stops follow-on errors where the item has no shape to expand.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::check::{check_model, check_projection, check_shape};
use crate::diag::Diagnostics;
use crate::expand;
use crate::model::{Kind, resolve_header, resolve_model, resolve_projection};

/// One of the macros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derive {
    Versioned,
    Auditable,
    Nested,
    Projection,
}

impl Derive {
    fn kind(self) -> Kind {
        match self {
            Derive::Versioned | Derive::Auditable => Kind::Model,
            Derive::Nested => Kind::Nested,
            Derive::Projection => Kind::Projection,
        }
    }
}

/// What the macro generates: errors first, and an expansion whatever the errors are.
pub(crate) fn derive(derive: Derive, input: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let expansion = collect(derive, input, &diagnostics);
    let errors = diagnostics.finish();
    let output = match derive {
        Derive::Versioned | Derive::Nested | Derive::Projection => quote!(#errors #expansion),
        // `Versioned`, which every auditable model derives too, has shown them.
        Derive::Auditable => expansion,
    };
    if std::env::var_os("MONGUARD_DERIVE_DEBUG").is_some_and(|value| value == "1") {
        eprintln!("{output}");
    }
    output
}

/// The expansion, with the errors set aside.
pub(crate) fn collect(
    derive: Derive,
    input: TokenStream,
    diagnostics: &Diagnostics,
) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => expand(derive, &input, diagnostics),
        Err(error) => error.to_compile_error(),
    }
}

fn expand(derive: Derive, input: &DeriveInput, diagnostics: &Diagnostics) -> TokenStream {
    let header = resolve_header(input, derive.kind(), diagnostics);
    let Some(fields) = check_shape(input, header.kind, diagnostics) else {
        // Serde writes no union, so that an implementation could only be wrong a second time.
        if matches!(input.data, syn::Data::Union(_)) {
            return TokenStream::new();
        }
        return match derive {
            Derive::Versioned => expand::expand_versioned_fallback(&header, &input.generics),
            Derive::Auditable => expand::expand_auditable_fallback(&header, &input.generics),
            Derive::Nested => expand::expand_nested_fallback(&header, &input.generics),
            Derive::Projection => expand::expand_projection_fallback(&header, &input.generics),
        };
    };
    if derive == Derive::Projection {
        let projection = resolve_projection(header, fields, diagnostics);
        check_projection(&projection, diagnostics);
        return expand::expand_projection(&projection);
    }
    let model = resolve_model(header, fields, diagnostics);
    check_model(&model, diagnostics);
    match derive {
        Derive::Versioned => expand::expand_versioned(&model),
        Derive::Auditable => expand::expand_auditable(&model),
        // A projection has had its own way.
        Derive::Nested | Derive::Projection => expand::expand_nested(&model),
    }
}
