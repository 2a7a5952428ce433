//! What stands in `index(...)`: a table of options, and how each is read.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::LitStr;

use super::duration::seconds;
use super::keys::{Form, Key, Place, Row, row};
use super::value::{Value, correct, one_of, parse_single};
use crate::diag::{Message, nearest};
use crate::syntax::{Entry, EntryValue, NoEntry, entries, strip_invisible_groups};

/// One `index`, as it was written.
#[derive(Clone)]
pub(crate) struct IndexWords {
    /// The word `index`.
    pub(crate) span: Span,
    /// What `fields(...)` lists; `None` where it is not given.
    pub(crate) fields: Option<Vec<IndexField>>,
    pub(crate) unique: Option<(Unique, Span)>,
    pub(crate) descending: Option<Span>,
    pub(crate) sparse: Option<Span>,
    /// In seconds.
    pub(crate) expire_after: Option<(u32, Span)>,
    pub(crate) partial: Option<(syn::Path, Span)>,
    pub(crate) name: Option<LitStr>,
}

/// One element of `fields(...)`: `status`, `-created_at`, `fulfilment.tracking`.
#[derive(Clone)]
pub(crate) struct IndexField {
    pub(crate) descending: bool,
    /// At least one name.
    pub(crate) path: Vec<Ident>,
}

/// Among which documents a value must be the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    /// `unique`
    All,
    /// `unique = "live"`: those that are not soft-deleted.
    Live,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Fields,
    Unique,
    Descending,
    Sparse,
    ExpireAfter,
    Partial,
    Name,
}

const ON_FIELDS: &[Place] = &[Place::ModelField];
const ON_STRUCTS: &[Place] = &[Place::Model];
const ON_BOTH: &[Place] = &[Place::Model, Place::ModelField];

const OPTIONS: [(Choice, Row); 7] = [
    // `fields(…)` is a list, which `read_fields` reads.
    option(
        Choice::Fields,
        "fields",
        ON_STRUCTS,
        Form::Flag,
        "index(fields(status, -created_at))",
    ),
    option(
        Choice::Unique,
        "unique",
        ON_BOTH,
        Form::FlagOrChoice(&["live"]),
        "index(unique)",
    ),
    option(
        Choice::Descending,
        "descending",
        ON_FIELDS,
        Form::Flag,
        "index(descending)",
    ),
    option(
        Choice::Sparse,
        "sparse",
        ON_BOTH,
        Form::Flag,
        "index(sparse)",
    ),
    option(
        Choice::ExpireAfter,
        "expire_after",
        ON_BOTH,
        Form::Text,
        r#"index(expire_after = "30 days")"#,
    ),
    option(
        Choice::Partial,
        "partial",
        ON_BOTH,
        Form::Path,
        r#"index(partial = "path::to::function")"#,
    ),
    option(
        Choice::Name,
        "name",
        ON_BOTH,
        Form::Text,
        r#"index(name = "by_email")"#,
    ),
];

const fn option(
    choice: Choice,
    name: &'static str,
    places: &'static [Place],
    form: Form,
    correct: &'static str,
) -> (Choice, Row) {
    (choice, row(Key::Index, name, places, form, correct))
}

impl IndexWords {
    /// `index`, without options.
    pub(super) fn bare(span: Span) -> Self {
        IndexWords {
            span,
            fields: None,
            unique: None,
            descending: None,
            sparse: None,
            expire_after: None,
            partial: None,
            name: None,
        }
    }
}

/// Reads `unique, name = "…"`: what stands between the parentheses.
///
/// # Errors
/// Every mistake in it.
pub(super) fn parse_index(
    list: TokenStream,
    place: Place,
    key: Span,
) -> Result<IndexWords, Vec<Message>> {
    let mut words = IndexWords::bare(key);
    let (mut given, mut mistakes) = (Vec::new(), Vec::new());
    for entry in entries(list) {
        let read = match entry {
            Ok(entry) => read_option(&mut words, &mut given, &entry, place),
            Err(error) => Err(no_option(error, place).into()),
        };
        mistakes.extend(read.err().into_iter().flatten());
    }
    if place.is_struct() && !given.contains(&Choice::Fields) && mistakes.is_empty() {
        mistakes.push(without_fields(key));
    }
    if mistakes.is_empty() {
        Ok(words)
    } else {
        Err(mistakes)
    }
}

/// That an index of a struct does not say of which fields.
pub(crate) fn without_fields(key: Span) -> Message {
    Message::new(key, "an `index` on the struct must list its fields")
        .help("write `#[monguard(index(fields(status, -created_at)))]`")
        .note("an index on one field can also stand above that field")
}

fn read_option(
    words: &mut IndexWords,
    given: &mut Vec<Choice>,
    entry: &Entry,
    place: Place,
) -> Result<(), Vec<Message>> {
    let (name, span) = (entry.key.to_string(), entry.key.span());
    let Some((choice, row)) = OPTIONS.iter().find(|(_, row)| row.name == name) else {
        return Err(unknown(&name, span, place).into());
    };
    if !row.places.contains(&place) {
        return Err(misplaced(*choice, row, span).into());
    }
    if given.contains(choice) {
        let message = Message::new(span, format!("duplicate option `{name}` of `index`"));
        return Err(message.help("remove one of the two").into());
    }
    given.push(*choice);
    if *choice == Choice::Fields {
        words.fields = Some(read_fields(row, span, &entry.value)?);
        return Ok(());
    }
    let value = parse_single(row, span, &entry.value)?;
    // No catch-all: a new option must say where its value goes.
    match (choice, value) {
        (Choice::Unique, Value::Choice(_)) => words.unique = Some((Unique::Live, span)),
        (Choice::Unique, _) => words.unique = Some((Unique::All, span)),
        (Choice::Descending, _) => words.descending = Some(span),
        (Choice::Sparse, _) => words.sparse = Some(span),
        (Choice::ExpireAfter, Value::Text(text)) => {
            words.expire_after = Some((seconds(&text)?, span));
        }
        (Choice::Partial, Value::Path(path)) => words.partial = Some((path, span)),
        (Choice::Name, Value::Text(text)) => words.name = Some(text),
        (Choice::Fields | Choice::ExpireAfter | Choice::Partial | Choice::Name, _) => {}
    }
    Ok(())
}

/// Reads `(status, -created_at, fulfilment.tracking)`.
fn read_fields(row: &Row, key: Span, value: &EntryValue) -> Result<Vec<IndexField>, Vec<Message>> {
    let list = match value {
        EntryValue::List(list) => list,
        EntryValue::None => {
            return Err(Message::new(key, "`fields` expects a list")
                .help(correct(row))
                .into());
        }
        EntryValue::Assigned(value) => {
            let at = if value.is_empty() {
                Message::new(key, "`fields` expects a list")
            } else {
                Message::over(value, "`fields` expects a list")
            };
            return Err(at.help(correct(row)).into());
        }
    };
    let (mut fields, mut mistakes) = (Vec::new(), Vec::new());
    let tokens: Vec<TokenTree> = strip_invisible_groups(list.stream()).into_iter().collect();
    let elements = tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .filter(|tokens| !tokens.is_empty());
    for element in elements {
        match read_field(element) {
            Some(field) => fields.push(field),
            None => mistakes.push(no_field(element)),
        }
    }
    if fields.is_empty() && mistakes.is_empty() {
        mistakes.push(Message::new(list.span(), "`fields()` is empty").help(correct(row)));
    }
    if mistakes.is_empty() {
        Ok(fields)
    } else {
        Err(mistakes)
    }
}

/// `status`, `-created_at` or `fulfilment.tracking`.
fn read_field(tokens: &[TokenTree]) -> Option<IndexField> {
    let (descending, mut rest) = match tokens {
        [TokenTree::Punct(minus), rest @ ..] if minus.as_char() == '-' => (true, rest),
        _ => (false, tokens),
    };
    let mut path = Vec::new();
    loop {
        let [TokenTree::Ident(name), after @ ..] = rest else {
            return None;
        };
        // A keyword is no name of a field.
        path.push(syn::parse2::<Ident>(TokenTree::from(name.clone()).into()).ok()?);
        match after {
            [] => return Some(IndexField { descending, path }),
            [TokenTree::Punct(dot), after @ ..] if dot.as_char() == '.' => rest = after,
            _ => return None,
        }
    }
}

fn no_field(tokens: &[TokenTree]) -> Message {
    let is_string =
        matches!(tokens, [TokenTree::Literal(literal)] if literal.to_string().starts_with('"'));
    let written: TokenStream = tokens.iter().cloned().collect();
    let message = Message::over(&written, format!("expected a field, found `{written}`"));
    if is_string {
        message
            .help("write the field's name in Rust, without quotes")
            .note("monguard knows the names under which fields are stored")
    } else {
        message.help("write `status`, `-created_at` for descending, or `fulfilment.tracking` for a field inside")
    }
}

fn names_at(place: Place) -> impl Iterator<Item = &'static str> {
    OPTIONS
        .iter()
        .filter(move |(_, row)| row.places.contains(&place))
        .map(|(_, row)| row.name)
}

fn unknown(name: &str, span: Span, place: Place) -> Message {
    let message = Message::new(span, format!("unknown option `{name}` of `index`"));
    match nearest(name, names_at(place)) {
        Some(near) => message.help(format!("did you mean `{near}`?")),
        None => message.note(format!("expected {}", one_of(names_at(place)))),
    }
}

fn misplaced(choice: Choice, row: &Row, span: Span) -> Message {
    if choice == Choice::Descending {
        return Message::new(
            span,
            "`descending` belongs on a field, not in a list of fields",
        )
        .help("write `-` before the field, as in `index(fields(-created_at))`");
    }
    let name = row.name;
    Message::new(
        span,
        format!("`{name}` belongs on the struct, not on a field"),
    )
    .help(format!(
        "move it to `#[monguard({})]` above the struct",
        row.correct
    ))
    .note("above a field, `index` is of that field alone")
}

fn no_option(error: NoEntry, place: Place) -> Message {
    match error {
        NoEntry::Key(tokens) => Message::over(
            &tokens,
            format!("expected an option of `index`, found `{tokens}`"),
        )
        .note(format!("expected {}", one_of(names_at(place)))),
        NoEntry::Trailing { key, from } => {
            Message::new(from, format!("expected a comma after `{key}`"))
                .help("separate the options with commas")
        }
    }
}
