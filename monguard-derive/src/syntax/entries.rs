use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::{ends, strip_invisible_groups};

/// One element of an attribute's list: `key`, `key = value` or `key(list)`.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: EntryValue,
}

#[derive(Debug)]
pub(crate) enum EntryValue {
    None,
    /// What stands behind `=`; empty if nothing does.
    Assigned(TokenStream),
    List(Group),
}

/// What is not an [`Entry`], and where.
#[derive(Debug)]
pub(crate) enum NoEntry {
    /// The element does not begin with a name, or its name is a path.
    Key(TokenStream),
    /// Something follows the entry where a comma should.
    Trailing { key: Ident, from: Span },
}

impl NoEntry {
    /// The name that it begins with, if it is one.
    pub(crate) fn key(&self) -> Option<String> {
        match self {
            NoEntry::Trailing { key, .. } => Some(key.to_string()),
            NoEntry::Key(_) => None,
        }
    }
}

/// The elements of a comma-separated list. Each is read for itself, so that a mistake in one
/// hides nothing about the others.
pub(crate) fn entries(list: TokenStream) -> Vec<Result<Entry, NoEntry>> {
    let tokens: Vec<TokenTree> = strip_invisible_groups(list).into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .filter(|tokens| !tokens.is_empty())
        .map(entry)
        .collect()
}

fn entry(tokens: &[TokenTree]) -> Result<Entry, NoEntry> {
    let whole = || NoEntry::Key(tokens.iter().cloned().collect());
    let (Some(TokenTree::Ident(key)), rest) = (tokens.first(), tokens.get(1..).unwrap_or_default())
    else {
        return Err(whole());
    };
    let key = key.clone();
    let trailing = |from: Span| NoEntry::Trailing {
        key: key.clone(),
        from,
    };
    let value = match rest {
        [] => EntryValue::None,
        [TokenTree::Punct(punct), value @ ..] if punct.as_char() == '=' => {
            EntryValue::Assigned(value.iter().cloned().collect())
        }
        [TokenTree::Punct(punct), ..] if punct.as_char() == ':' => return Err(whole()),
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            EntryValue::List(group.clone())
        }
        [TokenTree::Group(group), next, ..] if group.delimiter() == Delimiter::Parenthesis => {
            return Err(trailing(next.span()));
        }
        [next, ..] => return Err(trailing(ends(&next.clone().into()).0)),
    };
    Ok(Entry { key, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> Vec<String> {
        entries(list.parse().unwrap())
            .into_iter()
            .map(|entry| match entry {
                Ok(Entry {
                    key,
                    value: EntryValue::None,
                }) => format!("{key}"),
                Ok(Entry {
                    key,
                    value: EntryValue::Assigned(value),
                }) => format!("{key}={value}"),
                Ok(Entry {
                    key,
                    value: EntryValue::List(list),
                }) => format!("{key}{list}"),
                Err(NoEntry::Key(tokens)) => format!("?{tokens}"),
                Err(NoEntry::Trailing { key, .. }) => format!("{key}…"),
            })
            .collect()
    }

    #[test]
    fn each_element_is_read_for_itself() {
        assert_eq!(
            read(r#"id, audit = "skip", index(), "x", a::b, crate = "y", id id,"#),
            [
                "id",
                "audit=\"skip\"",
                "index()",
                "?\"x\"",
                "?a :: b",
                "crate=\"y\"",
                "id…"
            ]
        );
    }
}
