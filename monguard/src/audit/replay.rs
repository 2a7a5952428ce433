//! A delta applied to the document that it starts from.

use mongodb::bson::{Bson, Document};

use super::delta::{Delta, PathChange};

/// A delta does not belong to the document that it was applied to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The path leads through something that is not there, or that has no inside.
    #[error("the document has no place `{path}`")]
    NoSuchPlace {
        /// The path of the change.
        path: String,
    },
    /// The change replaces or removes a value where there is none, or adds one where there is.
    #[error("the document and the change disagree on whether there is a value at `{path}`")]
    Presence {
        /// The path of the change.
        path: String,
    },
    /// The entry says that the value changed, and not to what.
    #[error("the values at `{path}` are not known")]
    Unrecoverable {
        /// The path of the change.
        path: String,
    },
}

/// The document after the changes of `delta`. Redacted values are replaced by their markers.
///
/// # Errors
/// [`ReplayError`] where a path does not fit the document.
pub(crate) fn replay(delta: &Delta, document: Document) -> Result<Document, ReplayError> {
    let mut document = document;
    // Elements go from an array's end, so that those before them keep their index.
    let mut shortened = Vec::new();
    for change in delta {
        if change.unrecoverable {
            let path = change.path.clone();
            return Err(ReplayError::Unrecoverable { path });
        }
        if change.path.is_empty() {
            replace_root(&mut document, change);
            continue;
        }
        match place(&mut document, &change.path).ok_or_else(|| no_such_place(change))? {
            Place::Field(parent, name) => set_field(parent, name, change)?,
            Place::Element(_, _) if change.new.is_none() => shortened.push(change),
            Place::Element(items, index) => set_element(items, index, change)?,
        }
    }
    for change in shortened.into_iter().rev() {
        match place(&mut document, &change.path) {
            Some(Place::Element(items, index)) if items.len().checked_sub(1) == Some(index) => {
                items.pop()
            }
            _ => return Err(no_such_place(change)),
        };
    }
    Ok(document)
}

/// Where a change applies: a container that is there, and a place in it.
enum Place<'d, 'p> {
    Field(&'d mut Document, &'p str),
    Element(&'d mut Vec<Bson>, usize),
}

fn place<'d, 'p>(document: &'d mut Document, path: &'p str) -> Option<Place<'d, 'p>> {
    let mut rest = path;
    let mut here = Place::Field(document, "");
    loop {
        let (name, deeper) = match rest.split_once('.') {
            Some((name, deeper)) => (name, Some(deeper)),
            None => (rest, None),
        };
        here = match here {
            Place::Field(parent, _) => Place::Field(parent, name),
            Place::Element(items, _) => Place::Element(items, index(name)?),
        };
        let Some(deeper) = deeper else {
            return Some(here);
        };
        rest = deeper;
        let inner = match here {
            Place::Field(parent, name) => parent.get_mut(name)?,
            Place::Element(items, index) => items.get_mut(index)?,
        };
        here = match inner {
            Bson::Document(inner) => Place::Field(inner, ""),
            Bson::Array(items) => Place::Element(items, 0),
            _ => return None,
        };
    }
}

/// An index as a delta writes it: `01` is none.
fn index(name: &str) -> Option<usize> {
    let index: usize = name.parse().ok()?;
    (index.to_string() == name).then_some(index)
}

fn set_field(parent: &mut Document, name: &str, change: &PathChange) -> Result<(), ReplayError> {
    if parent.contains_key(name) != change.old.is_some() {
        return Err(presence(change));
    }
    match &change.new {
        Some(new) => parent.insert(name, new.clone()),
        None => parent.remove(name),
    };
    Ok(())
}

fn set_element(
    items: &mut Vec<Bson>,
    index: usize,
    change: &PathChange,
) -> Result<(), ReplayError> {
    let new = change.new.clone().unwrap_or(Bson::Null);
    let len = items.len();
    match (items.get_mut(index), &change.old) {
        (Some(item), Some(_)) => *item = new,
        (None, None) if index == len => items.push(new),
        (Some(_), None) | (None, Some(_)) => return Err(presence(change)),
        (None, None) => return Err(no_such_place(change)),
    }
    Ok(())
}

/// A change of the whole document: what neither side holds (the fields that monguard owns, for
/// one) stays as it is.
fn replace_root(document: &mut Document, change: &PathChange) {
    let fields = |side: &Option<Bson>| match side {
        Some(Bson::Document(fields)) => fields.clone(),
        _ => Document::new(),
    };
    let new = fields(&change.new);
    for (name, _) in fields(&change.old) {
        if !new.contains_key(&name) {
            document.remove(&name);
        }
    }
    document.extend(new);
}

fn no_such_place(change: &PathChange) -> ReplayError {
    let path = change.path.clone();
    ReplayError::NoSuchPlace { path }
}

fn presence(change: &PathChange) -> ReplayError {
    let path = change.path.clone();
    ReplayError::Presence { path }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{bson, doc};

    use super::*;

    fn delta(document: Document) -> Delta {
        Delta::from_document(document).unwrap()
    }

    #[test]
    fn changes_of_every_kind_are_applied() {
        let before = doc! { "a": 1, "gone": 1, "list": [1, { "x": 1 }, 3, 4], "map": { "0": 1 } };
        let changes = delta(doc! {
            "a": { "old": 1, "new": 2 },
            "gone": { "old": 1 },
            "list.0": { "old": 1, "new": 9 },
            "list.1.x": { "old": 1, "new": null },
            "list.2": { "old": 3 },
            "list.3": { "old": 4 },
            "map.0": { "old": 1 },
            "map.1": { "new": 5 },
        });
        let after = doc! { "a": 2, "list": [9, { "x": null }], "map": { "1": 5 } };
        assert_eq!(replay(&changes, before), Ok(after));
    }

    #[test]
    fn elements_are_appended_in_order() {
        let changes = delta(doc! { "l.1": { "new": 2 }, "l.2": { "new": 3 } });
        assert_eq!(
            replay(&changes, doc! { "l": [1] }),
            Ok(doc! { "l": [1, 2, 3] })
        );
    }

    #[test]
    fn a_change_of_the_root_keeps_what_it_does_not_mention() {
        let changes = delta(
            doc! { "": { "old": { "a.b": 1, "c": 1 }, "new": { "a.b": 2 }, "fullDocument": true } },
        );
        let before = doc! { "a.b": 1, "c": 1, "__v": 7 };
        assert_eq!(replay(&changes, before), Ok(doc! { "a.b": 2, "__v": 7 }));
    }

    #[test]
    fn a_path_that_does_not_fit_is_an_error() {
        let change = bson!({ "old": 1, "new": 2 });
        for (path, change, document) in [
            ("a.b", change.clone(), doc! {}),
            ("a.b", change.clone(), doc! { "a": 1 }),
            ("a.x", change.clone(), doc! { "a": [1] }),
            ("a.01", change.clone(), doc! { "a": [1, 1] }),
            ("a.3", bson!({ "new": 2 }), doc! { "a": [1] }),
            ("a.0", bson!({ "old": 2 }), doc! { "a": [1, 2] }),
            (
                "a.18446744073709551615",
                bson!({ "old": 2 }),
                doc! { "a": [1] },
            ),
        ] {
            let error = replay(&delta(doc! { path: change }), document).unwrap_err();
            assert_eq!(
                error,
                ReplayError::NoSuchPlace {
                    path: path.to_owned()
                }
            );
        }
        for (path, change, document) in [
            ("a", change.clone(), doc! {}),
            ("a", bson!({ "new": 1 }), doc! { "a": 1 }),
            ("a.0", bson!({ "new": 1 }), doc! { "a": [1] }),
            ("a.1", change, doc! { "a": [1] }),
        ] {
            let error = replay(&delta(doc! { path: change }), document).unwrap_err();
            assert_eq!(
                error,
                ReplayError::Presence {
                    path: path.to_owned()
                }
            );
        }
    }
}
