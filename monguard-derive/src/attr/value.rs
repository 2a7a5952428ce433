use proc_macro2::{Delimiter, Span, TokenStream};
use syn::LitStr;

use super::index::{IndexWords, parse_index};
use super::keys::{Form, Place, Row};
use crate::diag::{Message, nearest};
use crate::syntax::{EntryValue, string_literal};

/// The value of a key, in the form that its row of the table asks for.
#[derive(Clone)]
pub(crate) enum Value {
    Flag,
    Text(LitStr),
    Path(syn::Path),
    Choice(&'static str),
    Index(Box<IndexWords>),
}

/// Reads what was given to the key of `row`, which stands at `key`; `place` is where the attribute
/// stands.
///
/// # Errors
/// Every mistake in it.
pub(super) fn parse_value(
    row: &Row,
    place: Place,
    key: Span,
    given: &EntryValue,
) -> Result<Value, Vec<Message>> {
    match (row.form, given) {
        // `index(unique, …)`
        (Form::Index, EntryValue::List(list)) if !list.stream().is_empty() => {
            parse_index(list.stream(), place, key).map(|words| Value::Index(Box::new(words)))
        }
        _ => Ok(parse_single(row, key, given)?),
    }
}

/// Reads a value that is no list.
pub(super) fn parse_single(row: &Row, key: Span, given: &EntryValue) -> Result<Value, Message> {
    let Row { name, form, .. } = row;
    let given = match given {
        EntryValue::List(list) => {
            debug_assert_eq!(list.delimiter(), Delimiter::Parenthesis);
            let headline = if list.stream().is_empty() {
                format!("`{name}()` is empty")
            } else {
                format!("`{name}` takes no list")
            };
            return Err(Message::new(list.span(), headline).help(correct(row)));
        }
        EntryValue::Assigned(value) => Some(value),
        EntryValue::None => None,
    };
    match (form, given) {
        // `key`
        (Form::Flag | Form::FlagOrChoice(_), None) => Ok(Value::Flag),
        (Form::Index, None) => Ok(Value::Index(Box::new(IndexWords::bare(key)))),
        // `key = …`
        (Form::Flag | Form::Index, Some(value)) => {
            Err(pointing(value, key, format!("`{name}` takes no value")).help(correct(row)))
        }
        (Form::Text | Form::Path | Form::Choice(_), None) => Err(no_string(row, key, None)),
        (Form::Text, Some(value)) => string(row, key, value).map(Value::Text),
        (Form::Path, Some(value)) => path(row, &string(row, key, value)?),
        (Form::Choice(choices) | Form::FlagOrChoice(choices), Some(value)) => {
            choice(row, choices, &string(row, key, value)?)
        }
    }
}

fn string(row: &Row, key: Span, value: &TokenStream) -> Result<LitStr, Message> {
    string_literal(value).ok_or_else(|| no_string(row, key, Some(value)))
}

fn no_string(row: &Row, key: Span, value: Option<&TokenStream>) -> Message {
    let headline = format!("`{}` expects a string", row.name);
    let message = match value {
        Some(value) => pointing(value, key, headline),
        None => Message::new(key, headline),
    };
    message.help(correct(row))
}

/// At the value, or at the key where there is none.
fn pointing(value: &TokenStream, key: Span, headline: String) -> Message {
    if value.is_empty() {
        Message::new(key, headline)
    } else {
        Message::over(value, headline)
    }
}

fn path(row: &Row, text: &LitStr) -> Result<Value, Message> {
    text.parse_with(syn::Path::parse_mod_style)
        .map(Value::Path)
        .map_err(|_| {
            Message::new(text.span(), format!("`{}` expects a path", row.name)).help(correct(row))
        })
}

fn choice(row: &Row, choices: &'static [&'static str], text: &LitStr) -> Result<Value, Message> {
    let written = text.value();
    if let Some(choice) = choices.iter().find(|choice| **choice == written) {
        return Ok(Value::Choice(choice));
    }
    let message = Message::new(
        text.span(),
        format!("unknown value `{written}` of `{}`", row.name),
    );
    Err(match nearest(&written, choices.iter().copied()) {
        Some(near) => message.help(format!("did you mean `{} = \"{near}\"`?", row.name)),
        None => message.note(format!("expected {}", one_of(choices.iter().copied()))),
    })
}

pub(super) fn correct(row: &Row) -> String {
    format!("the correct form is `#[monguard({})]`", row.correct)
}

/// "`a`", or "one of `a`, `b`".
pub(super) fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let before = if names.len() > 1 { "one of " } else { "" };
    format!("{before}{}", names.join(", "))
}
