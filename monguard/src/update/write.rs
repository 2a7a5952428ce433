use mongodb::bson::{Bson, Document};

use super::names::is_reachable;
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::equal;

/// What turns one document into another: values to set and paths to unset.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FieldWrites {
    pub(crate) set: Document,
    pub(crate) unset: Document,
}

impl FieldWrites {
    pub(crate) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.unset.is_empty()
    }
}

/// The writes that turn `old` into `new`, each at the innermost path that can hold it. Values that
/// are equal are not written, whatever their width.
pub(crate) fn field_writes(old: &Document, new: &Document) -> Result<FieldWrites, InvalidUpdate> {
    let mut writes = FieldWrites::default();
    let mut path = String::new();
    if let Some(name) = unreachable_change(old, new) {
        return Err(InvalidUpdate::new(name, InvalidReason::Name));
    }
    between_documents(old, new, &mut path, &mut writes);
    Ok(writes)
}

/// A name with a difference under it that no path can reach.
fn unreachable_change<'a>(old: &'a Document, new: &'a Document) -> Option<&'a str> {
    let differs = |name: &str| match (old.get(name), new.get(name)) {
        (Some(old), Some(new)) => !equal(old, new),
        (old, new) => old.is_some() != new.is_some(),
    };
    let names = old.keys().chain(new.keys()).map(String::as_str);
    names
        .filter(|name| !is_reachable(name) || name.is_empty())
        .find(|name| differs(name))
}

fn between_documents(old: &Document, new: &Document, path: &mut String, writes: &mut FieldWrites) {
    for (name, new) in new {
        within(path, name, |path| match old.get(name) {
            Some(old) => between_values(old, new, path, writes),
            None => {
                writes.set.insert(path.as_str(), new.clone());
            }
        });
    }
    for name in old.keys().filter(|name| !new.contains_key(name)) {
        within(path, name, |path| {
            writes.unset.insert(path.as_str(), "");
        });
    }
}

fn between_values(old: &Bson, new: &Bson, path: &mut String, writes: &mut FieldWrites) {
    if equal(old, new) {
        return;
    }
    match (old, new) {
        (Bson::Document(old), Bson::Document(new))
            if !new.is_empty() && unreachable_change(old, new).is_none() =>
        {
            between_documents(old, new, path, writes);
        }
        (Bson::Array(old), Bson::Array(new)) if is_edited_in_place(old, new) => {
            for (index, new) in new.iter().enumerate() {
                within(path, &index.to_string(), |path| match old.get(index) {
                    Some(old) => between_values(old, new, path, writes),
                    None => {
                        writes.set.insert(path.as_str(), new.clone());
                    }
                });
            }
        }
        _ => {
            writes.set.insert(path.as_str(), new.clone());
        }
    }
}

/// Whether few elements of a list changed or were appended: then they are written, else the list.
fn is_edited_in_place(old: &[Bson], new: &[Bson]) -> bool {
    /// More changed elements than this are written as one list: a command of many paths is larger.
    const FEW: usize = 8;
    if old.is_empty() || new.len() < old.len() {
        return false;
    }
    let changed = old
        .iter()
        .zip(new)
        .filter(|(old, new)| !equal(old, new))
        .count();
    changed + (new.len() - old.len()) <= FEW
}

/// Extends the path for the time of one call.
fn within(path: &mut String, step: &str, visit: impl FnOnce(&mut String)) {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(step);
    visit(path);
    path.truncate(length);
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn writes(old: &Document, new: &Document) -> (Document, Document) {
        let writes = field_writes(old, new).unwrap();
        (writes.set, writes.unset)
    }

    #[test]
    fn values_are_written_at_the_innermost_path() {
        let old = doc! { "a": { "b": 1, "c": 2, "d": 3 }, "e": 1 };
        let new = doc! { "a": { "b": 1, "c": 5 }, "f": { "g": 1 } };
        let set = doc! { "a.c": 5, "f": { "g": 1 } };
        assert_eq!(writes(&old, &new), (set, doc! { "a.d": "", "e": "" }));
    }

    #[test]
    fn equal_values_are_not_written() {
        let old = doc! { "n": 1_i32, "m": { "x": 1, "y": 2 }, "f": f64::NAN };
        let new = doc! { "n": 1.0, "m": { "y": 2, "x": 1 }, "f": f64::NAN };
        assert!(field_writes(&old, &new).unwrap().is_empty());
    }

    #[test]
    fn lists_are_edited_in_place_where_few_elements_differ() {
        let old = doc! { "l": [1, { "x": 1, "y": 1 }, 3] };
        let new = doc! { "l": [1, { "x": 2, "y": 1 }, 3, 4] };
        assert_eq!(writes(&old, &new).0, doc! { "l.1.x": 2, "l.3": 4 });
        assert_eq!(writes(&old, &doc! { "l": [1] }).0, doc! { "l": [1] });
        assert_eq!(
            writes(&doc! { "l": [] }, &doc! { "l": [1] }).0,
            doc! { "l": [1] }
        );
    }

    #[test]
    fn what_no_path_reaches_is_written_with_its_parent() {
        let old = doc! { "a": { "x.y": 1, "b": 1 } };
        let new = doc! { "a": { "x.y": 2, "b": 1 } };
        assert_eq!(writes(&old, &new).0, new);
        let kept = doc! { "a": { "x.y": 1, "b": 2 } };
        assert_eq!(writes(&old, &kept).0, doc! { "a.b": 2 });
        assert!(field_writes(&doc! { "x.y": 1 }, &doc! {}).is_err());
    }

    #[test]
    fn an_emptied_document_stays_a_document() {
        assert_eq!(
            writes(&doc! { "a": { "b": 1 } }, &doc! { "a": {} }).0,
            doc! { "a": {} }
        );
    }
}
