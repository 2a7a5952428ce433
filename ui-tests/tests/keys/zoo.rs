use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Item, ItemStruct, Meta, Token, parse_quote};

use super::mistake::Mistake;
use super::program::Module;
use super::table::{Kind, Place};

/// The models of `zoo/models.rs`.
pub(crate) struct Zoo {
    pub(crate) file: syn::File,
}

impl Zoo {
    pub(crate) fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("zoo/models.rs");
        let source = fs::read_to_string(file).unwrap();
        Self {
            file: syn::parse_file(&source).unwrap(),
        }
    }

    /// The correct use of `key` at `place`, as it is written.
    pub(crate) fn find(&self, key: &str, place: Place) -> Option<String> {
        self.structs()
            .flat_map(|item| attributes_at(item, place))
            .flat_map(entries)
            .find(|entry| is(entry, key))
            .map(|entry| entry.to_token_stream().to_string())
    }

    /// Every use of `key`, as it is written.
    pub(crate) fn all(&self, key: &str) -> Vec<String> {
        let places = |item: &ItemStruct| [Place::of(kind(item)), Place::field_of(kind(item))];
        self.structs()
            .flat_map(|item| places(item).map(|place| (item, place)))
            .flat_map(|(item, place)| attributes_at(item, place))
            .flat_map(entries)
            .filter(|entry| is(entry, key))
            .map(|entry| entry.to_token_stream().to_string())
            .collect()
    }

    fn structs(&self) -> impl Iterator<Item = &ItemStruct> {
        self.file.items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item),
            _ => None,
        })
    }

    /// A struct of the zoo with the mistake in it.
    pub(crate) fn module(&self, mistake: &Mistake) -> Module {
        let of_kind = |item: &&ItemStruct| kind(item) == mistake.place.kind();
        let uses = |item: &&ItemStruct| {
            attributes_at(item, mistake.place)
                .flat_map(entries)
                .any(|entry| is(&entry, mistake.key))
        };
        let chosen = self.structs().filter(of_kind).find(uses);
        let mut item = chosen
            .or_else(|| self.structs().find(of_kind))
            .unwrap()
            .clone();
        put(&mut item, mistake);
        Module {
            kind: mistake.place.kind(),
            item,
        }
    }
}

/// What the struct derives.
fn kind(item: &ItemStruct) -> Kind {
    let derives = |name: &str| {
        let mut derives = item
            .attrs
            .iter()
            .filter(|own| own.path().is_ident("derive"));
        derives.any(|derive| derive.meta.to_token_stream().to_string().contains(name))
    };
    if derives("Nested") {
        Kind::Nested
    } else if derives("Projection") {
        Kind::Projection
    } else {
        Kind::Model
    }
}

/// The attributes of `item` that stand at a place of this kind.
fn attributes_at(item: &ItemStruct, place: Place) -> impl Iterator<Item = &Attribute> {
    let here = kind(item) == place.kind();
    let own = item.attrs.iter().filter(move |_| here && place.is_struct());
    let of_fields = item.fields.iter().flat_map(|field| &field.attrs);
    own.chain(of_fields.filter(move |_| here && !place.is_struct()))
}

/// What stands in a `#[monguard(...)]`; nothing for another attribute.
fn entries(attribute: &Attribute) -> Vec<Meta> {
    if !attribute.path().is_ident("monguard") {
        return Vec::new();
    }
    let list = attribute.parse_args_with(parse_entries).unwrap();
    list.into_iter().collect()
}

/// `crate` is no identifier to syn, and a key to us.
fn parse_entries(input: syn::parse::ParseStream<'_>) -> syn::Result<Punctuated<Meta, Token![,]>> {
    Punctuated::parse_terminated_with(input, |input| {
        if input.peek(Token![crate]) {
            let key: Token![crate] = input.parse()?;
            let (equals, value): (Token![=], syn::Expr) = (input.parse()?, input.parse()?);
            return Ok(Meta::NameValue(syn::MetaNameValue {
                path: syn::Ident::new("crate", key.span).into(),
                eq_token: equals,
                value,
            }));
        }
        input.parse()
    })
}

fn is(entry: &Meta, key: &str) -> bool {
    entry
        .path()
        .segments
        .last()
        .is_some_and(|last| last.ident == key)
}

/// Puts the mistake where the correct use stands, else on the struct or its last field.
fn put(item: &mut ItemStruct, mistake: &Mistake) {
    let tokens: proc_macro2::TokenStream = mistake.written.parse().unwrap();
    let wrong: Attribute = parse_quote!(#[monguard(#tokens)]);
    let hosts: Vec<&mut Vec<Attribute>> = if mistake.place.is_struct() {
        vec![&mut item.attrs]
    } else {
        let Fields::Named(fields) = &mut item.fields else {
            panic!("the zoo has named fields")
        };
        fields
            .named
            .iter_mut()
            .map(|field| &mut field.attrs)
            .collect()
    };
    let uses = |host: &[Attribute]| {
        host.iter()
            .flat_map(entries)
            .any(|entry| is(&entry, mistake.key))
    };
    let at = hosts
        .iter()
        .position(|host| uses(host))
        .unwrap_or(hosts.len() - 1);
    let host = hosts.into_iter().nth(at).unwrap();
    let kept: Vec<Meta> = host
        .iter()
        .flat_map(entries)
        .filter(|entry| !is(entry, mistake.key))
        .collect();
    host.retain(|attribute| !attribute.path().is_ident("monguard"));
    if !kept.is_empty() {
        host.push(parse_quote!(#[monguard(#(#kept),*)]));
    }
    host.push(wrong);
}
