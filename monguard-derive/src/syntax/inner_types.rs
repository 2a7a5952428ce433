use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

/// Containers that say themselves whether what they hold hides anything.
const ASKED: [&str; 12] = [
    "Option",
    "Vec",
    "Box",
    "Rc",
    "Arc",
    "VecDeque",
    "LinkedList",
    "HashMap",
    "BTreeMap",
    "HashSet",
    "BTreeSet",
    "PhantomData",
];

/// The types inside `ty` that nobody asks about when `ty` itself is asked: the elements of tuples,
/// and the arguments of generic types that are not the standard library's.
///
/// By their spelling, which may only lead to a question too many.
pub(crate) fn unasked_types(ty: &TokenStream) -> Vec<TokenStream> {
    let mut found = Vec::new();
    if let Ok(ty) = syn::parse2(ty.clone()) {
        search(&ty, false, &mut found);
    }
    found
}

/// `is_unasked`: nobody asks about `ty` itself.
fn search(ty: &Type, is_unasked: bool, found: &mut Vec<TokenStream>) {
    match ty {
        Type::Path(path) => {
            if is_unasked {
                found.push(ty.to_token_stream());
            }
            let Some(last) = path.path.segments.last() else {
                return;
            };
            let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                return;
            };
            let asks = ASKED.iter().any(|name| last.ident == name);
            for argument in &arguments.args {
                if let GenericArgument::Type(inner) = argument {
                    search(inner, !asks, found);
                }
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| search(ty, true, found)),
        Type::Array(array) => search(&array.elem, is_unasked, found),
        Type::Slice(slice) => search(&slice.elem, true, found),
        Type::Paren(inner) => search(&inner.elem, is_unasked, found),
        Type::Group(inner) => search(&inner.elem, is_unasked, found),
        Type::Reference(reference) => search(&reference.elem, true, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn of(ty: TokenStream) -> Vec<String> {
        let types = unasked_types(&ty);
        types.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_a_container_of_the_standard_library_holds_is_asked_already() {
        assert!(of(quote!(Option<std::vec::Vec<Card>>)).is_empty());
        assert!(of(quote!(HashMap<String, [Card; 2]>)).is_empty());
        assert!(of(quote!(Card)).is_empty());
    }

    #[test]
    fn elements_of_tuples_and_arguments_of_other_generics_are_not() {
        assert_eq!(of(quote!((Card, i64))), ["Card", "i64"]);
        assert_eq!(of(quote!(Vec<(u8, Card)>)), ["u8", "Card"]);
        assert_eq!(of(quote!(Page<Card>)), ["Card"]);
        assert_eq!(
            of(quote!(Page<Option<(Card,)>>)),
            ["Option < (Card ,) >", "Card"]
        );
        assert_eq!(of(quote!(Cow<'static, [Card]>)), ["Card"]);
    }
}
