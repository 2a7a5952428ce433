use proc_macro2::{Group, Ident, Span, TokenStream};
use syn::{Attribute, ExprPath, LitStr, Meta};

use crate::syntax::{Entry, EntryValue, entries, string_literal};

/// A word of serde's that stands somewhere, and where.
#[derive(Clone)]
pub(crate) struct Word {
    pub(crate) name: String,
    pub(crate) span: Span,
}

/// The two names of one thing: `rename = "both"`, `rename(serialize = "…", deserialize = "…")`.
#[derive(Clone, Default)]
pub(crate) struct Renames {
    pub(crate) serialize: Option<LitStr>,
    /// The first is the name, the others are further aliases.
    pub(crate) deserialize: Vec<LitStr>,
}

/// What serde is told about a struct.
#[derive(Clone, Default)]
pub(crate) struct SerdeContainer {
    pub(crate) rename_all: Renames,
    pub(crate) default: Option<SerdeDefault>,
    /// Every other word, for the rules about words that monguard cannot support.
    pub(crate) words: Vec<Word>,
}

/// What serde is told about a field.
#[derive(Clone, Default)]
pub(crate) struct SerdeField {
    pub(crate) rename: Renames,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) skip: Option<Span>,
    pub(crate) skip_serializing: Option<Span>,
    pub(crate) skip_deserializing: Option<Span>,
    pub(crate) skip_serializing_if: Option<ExprPath>,
    /// The module of `with`, or the function of `serialize_with`.
    pub(crate) serialize: Option<SerdeFunction>,
    /// The module of `with`, or the function of `deserialize_with`.
    pub(crate) deserialize: Option<SerdeFunction>,
    pub(crate) default: Option<SerdeDefault>,
    pub(crate) flatten: Option<Span>,
    /// Every word, for the rules about words that exclude each other.
    pub(crate) words: Vec<Word>,
}

/// What serde puts in the place of what it does not find.
#[derive(Clone)]
pub(crate) enum SerdeDefault {
    /// `default`: the type's own.
    OfType,
    /// `default = "function"`
    From(ExprPath),
}

/// The function that writes or reads a field.
#[derive(Clone)]
pub(crate) enum SerdeFunction {
    /// `with = "module"`: the function is `module::serialize` or `module::deserialize`.
    In(ExprPath),
    /// `serialize_with = "function"`, `deserialize_with = "function"`
    Is(ExprPath),
}

// What serde itself refuses (an unknown word, a missing value) is passed over here: serde's derive
// reports it, and one mistake is one error.

pub(crate) fn parse_serde_container(attributes: &[Attribute]) -> SerdeContainer {
    let mut read = SerdeContainer::default();
    for Entry { key, value } in serde_entries(attributes) {
        if key == "rename_all" {
            read_renames(&mut read.rename_all, &value);
        } else if key == "default" {
            read.default = default(&value);
        } else {
            read.words.push(Word {
                name: key.to_string(),
                span: key.span(),
            });
        }
    }
    read
}

pub(crate) fn parse_serde_field(attributes: &[Attribute]) -> SerdeField {
    let mut read = SerdeField::default();
    for Entry { key, value } in serde_entries(attributes) {
        let name = key.to_string();
        match name.as_str() {
            "rename" => read_renames(&mut read.rename, &value),
            "alias" => read.aliases.extend(text(&value)),
            "skip" => read.skip = Some(key.span()),
            "skip_serializing" => read.skip_serializing = Some(key.span()),
            "skip_deserializing" => read.skip_deserializing = Some(key.span()),
            "skip_serializing_if" => read.skip_serializing_if = path(&value),
            "with" => {
                read.serialize = path(&value).map(SerdeFunction::In);
                read.deserialize.clone_from(&read.serialize);
            }
            "serialize_with" => read.serialize = path(&value).map(SerdeFunction::Is),
            "deserialize_with" => read.deserialize = path(&value).map(SerdeFunction::Is),
            "default" => read.default = default(&value),
            "flatten" => read.flatten = Some(key.span()),
            // `bound`, `borrow`, `getter`: nothing that is stored depends on them.
            _ => {}
        }
        read.words.push(Word {
            name,
            span: key.span(),
        });
    }
    read
}

fn serde_entries(attributes: &[Attribute]) -> Vec<Entry> {
    let lists = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"));
    lists
        .filter_map(|attribute| match &attribute.meta {
            Meta::List(list) => Some(list.tokens.clone()),
            Meta::Path(_) | Meta::NameValue(_) => None,
        })
        .flat_map(entries)
        .filter_map(Result::ok)
        .collect()
}

/// `= "x"`, `(serialize = "x")`, `(serialize = "x", deserialize = "y")`
fn read_renames(read: &mut Renames, value: &EntryValue) {
    if let Some(both) = text(value) {
        read.serialize = Some(both.clone());
        read.deserialize.push(both);
    } else if let EntryValue::List(list) = value {
        for Entry { key, value } in parts(list) {
            if key == "serialize" {
                read.serialize = text(&value);
            } else if key == "deserialize" {
                read.deserialize.extend(text(&value));
            }
        }
    }
}

fn parts(list: &Group) -> Vec<Entry> {
    entries(list.stream())
        .into_iter()
        .filter_map(Result::ok)
        .collect()
}

fn text(value: &EntryValue) -> Option<LitStr> {
    match value {
        EntryValue::Assigned(tokens) => string_literal(tokens),
        EntryValue::None | EntryValue::List(_) => None,
    }
}

fn path(value: &EntryValue) -> Option<ExprPath> {
    text(value)?.parse().ok()
}

fn default(value: &EntryValue) -> Option<SerdeDefault> {
    match value {
        EntryValue::None => Some(SerdeDefault::OfType),
        EntryValue::Assigned(_) | EntryValue::List(_) => path(value).map(SerdeDefault::From),
    }
}

impl SerdeFunction {
    /// The path of the function itself, which a module has under `name`.
    pub(crate) fn path(&self, name: &str) -> ExprPath {
        match self {
            SerdeFunction::Is(function) => function.clone(),
            SerdeFunction::In(module) => {
                let mut function = module.clone();
                let span = crate::syntax::ends(&tokens(module)).1;
                function.path.segments.push(Ident::new(name, span).into());
                function
            }
        }
    }
}

fn tokens(path: &ExprPath) -> TokenStream {
    quote::ToTokens::to_token_stream(path)
}
