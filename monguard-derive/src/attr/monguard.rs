use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Meta};

use super::keys::{Key, Kind, Place, Row, keys_at, row_named};
use super::value::{Value, one_of, parse_value};
use crate::diag::{Diagnostics, Message, nearest};
use crate::syntax::{Entry, NoEntry, entries};

/// One key as the user gave it.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) key: Key,
    /// The key's own span.
    pub(crate) span: Span,
    pub(crate) value: Value,
}

impl Given {
    /// As it was written: `audit = "skip"`.
    pub(crate) fn written(&self) -> String {
        match &self.value {
            Value::Choice(choice) => format!("{} = \"{choice}\"", self.key.name()),
            Value::Flag | Value::Text(_) | Value::Path(_) | Value::Index(_) => {
                self.key.name().to_owned()
            }
        }
    }
}

/// The keys given at one place, each at most once, in the order in which they were written.
#[derive(Clone, Default)]
pub(crate) struct Attributes {
    given: Vec<Given>,
    /// The keys that were meant and not understood. Their absence is no further mistake.
    meant: Vec<Key>,
    has_errors: bool,
}

impl Attributes {
    pub(crate) fn get(&self, key: Key) -> Option<&Given> {
        self.given.iter().find(|given| given.key == key)
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.get(key).is_some()
    }

    /// Whether `key` was given, rightly or not.
    pub(crate) fn means(&self, key: Key) -> bool {
        self.has(key) || self.meant.contains(&key)
    }

    /// Whether anything here was reported already.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Given> {
        self.given.iter()
    }
}

/// Reads every `#[monguard(...)]` among `attributes`. `owner` is the struct that they belong to.
pub(crate) fn parse_monguard(
    attributes: &[Attribute],
    place: Place,
    owner: &Ident,
    diagnostics: &Diagnostics,
) -> Attributes {
    let mut read = Attributes::default();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("monguard"))
    {
        let Some(list) = list_of(&attribute.meta, place, diagnostics) else {
            read.has_errors = true;
            continue;
        };
        for entry in entries(list) {
            let taken = match entry {
                Ok(entry) => take(&mut read, &entry, place, owner),
                Err(error) => {
                    read.meant.extend(
                        error
                            .key()
                            .and_then(|key| row_named(&key))
                            .map(|row| row.key),
                    );
                    Err(no_entry(error, place).into())
                }
            };
            for message in taken.err().into_iter().flatten() {
                read.has_errors = true;
                diagnostics.report(message);
            }
        }
    }
    read
}

fn list_of(meta: &Meta, place: Place, diagnostics: &Diagnostics) -> Option<TokenStream> {
    let example = match place {
        Place::Model => r#"collection = "orders""#,
        Place::NestedStruct => r#"crate = "path::to::monguard""#,
        Place::ModelField | Place::NestedField => "nested",
        Place::Projection => r#"model = "Order""#,
        Place::ProjectionField => r#"path = "fulfilment.tracking""#,
    };
    let help = format!("the correct form is `#[monguard({example})]`");
    match meta {
        Meta::List(list) if !list.tokens.is_empty() => return Some(list.tokens.clone()),
        Meta::List(list) => {
            let span = list.delimiter.span().join();
            diagnostics.report(Message::new(span, "`monguard()` is empty").help(help));
        }
        // `#[monguard]` and `#[monguard = …]`
        Meta::Path(_) | Meta::NameValue(_) => {
            diagnostics.report(Message::over(meta, "`monguard` expects a list").help(help));
        }
    }
    None
}

fn no_entry(error: NoEntry, place: Place) -> Message {
    match error {
        NoEntry::Key(tokens) => Message::over(
            &tokens,
            format!("expected a {} attribute, found `{tokens}`", noun(place)),
        )
        .note(format!(
            "expected {}",
            one_of(keys_at(place).map(|row| row.name))
        )),
        NoEntry::Trailing { key, from } => {
            Message::new(from, format!("expected a comma after `{key}`"))
                .help("separate the attributes with commas")
        }
    }
}

fn take(
    read: &mut Attributes,
    entry: &Entry,
    place: Place,
    owner: &Ident,
) -> Result<(), Vec<Message>> {
    let (name, span) = (entry.key.to_string(), entry.key.span());
    let Some(row) = row_named(&name) else {
        let near = nearest(&name, keys_at(place).map(|row| row.name));
        read.meant
            .extend(near.and_then(row_named).map(|row| row.key));
        return Err(unknown(&entry.key, &name, near, place).into());
    };
    if !row.places.contains(&place) {
        read.meant.push(row.key);
        return Err(misplaced(row, span, place, owner).into());
    }
    if read.has(row.key) && !row.may_repeat(place) {
        let message = Message::new(span, format!("duplicate attribute `{name}`"));
        return Err(message.help("remove one of the two").into());
    }
    read.meant.push(row.key);
    let value = parse_value(row, place, span, &entry.value)?;
    read.given.push(Given {
        key: row.key,
        span,
        value,
    });
    Ok(())
}

/// Stored names are serde's business: its words are not taken over under our name.
const SERDE_WORDS: [&str; 8] = [
    "rename",
    "rename_all",
    "skip",
    "default",
    "alias",
    "with",
    "flatten",
    "skip_serializing_if",
];

fn unknown(key: &Ident, name: &str, near: Option<&str>, place: Place) -> Message {
    let message = Message::new(
        key.span(),
        format!("unknown {} attribute `{name}`", noun(place)),
    );
    if SERDE_WORDS.contains(&name) {
        return message.help(format!(
            "`{name}` is an attribute of serde: write it in `#[serde(...)]`"
        ));
    }
    match near {
        Some(near) => message.help(format!("did you mean `{near}`?")),
        None => message.note(format!(
            "expected {}",
            one_of(keys_at(place).map(|row| row.name))
        )),
    }
}

fn misplaced(row: &Row, span: Span, place: Place, owner: &Ident) -> Message {
    let Row {
        name,
        correct,
        places,
        ..
    } = row;
    let on_struct = places.iter().any(|place| place.is_struct());
    let kind = place.kind();
    if !places.iter().any(|place| place.kind() == kind) {
        return of_another_kind(row, span, kind, owner);
    }
    if on_struct && !place.is_struct() {
        Message::new(
            span,
            format!("`{name}` belongs on the struct, not on a field"),
        )
        .help(format!(
            "move it to `#[monguard({correct})]` above `struct {owner}`"
        ))
    } else {
        Message::new(
            span,
            format!("`{name}` belongs on a field, not on the struct"),
        )
        .help(format!(
            "write `#[monguard({correct})]` above the field of `{owner}` that it is about"
        ))
    }
}

/// A key that no item of this kind knows.
fn of_another_kind(row: &Row, span: Span, kind: Kind, owner: &Ident) -> Message {
    let Row { name, places, .. } = row;
    let right = if places.iter().any(|place| place.kind() == Kind::Model) {
        Kind::Model
    } else {
        Kind::Projection
    };
    let (article, _) = words(right);
    let message = Message::new(
        span,
        format!("`{name}` belongs on {article}, not on {}", words(kind).0),
    );
    let help = format!("remove it, or derive `{}` for `{owner}`", words(right).1);
    match (right, kind) {
        (Kind::Model, Kind::Nested) if row.key == Key::Index => message
            .help(format!(
                "index the field from the model, as in `#[monguard(index(fields({}.field)))]`",
                owner.to_string().to_lowercase()
            ))
            .note("an index belongs to a collection, and the struct may be part of several"),
        (Kind::Model, Kind::Nested) => message.help(help).note(
            "monguard owns fields at the top level of a document; inside a nested struct every field is data",
        ),
        (Kind::Model, Kind::Projection) => message
            .help("remove it")
            .note("a projection is read as its model says, and never written"),
        _ => message.help(help),
    }
}

/// What an item of this kind is called, and the derive that makes it one.
fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Model => ("a model", "Versioned"),
        Kind::Nested => ("a nested struct", "Nested"),
        Kind::Projection => ("a projection", "Projection"),
    }
}

fn noun(place: Place) -> &'static str {
    if place.is_struct() { "struct" } else { "field" }
}
