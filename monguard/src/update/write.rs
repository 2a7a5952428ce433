use std::fmt::Write as _;

use mongodb::bson::{Bson, Document};

use super::names::is_reachable;
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::{Pairs, equal};

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
    let mut walk = Walk::default();
    if let Err(Unreachable(name)) = walk.documents(old, new) {
        return Err(InvalidUpdate::new(name, InvalidReason::Name));
    }
    let mut writes = FieldWrites::default();
    for (path, value) in walk.writes {
        match value {
            Some(value) => writes.set.insert(path, value.clone()),
            None => writes.unset.insert(path, ""),
        };
    }
    Ok(writes)
}

/// The comparison of two documents. It looks at most values once, and makes a path only where
/// something is to be written.
#[derive(Default)]
struct Walk<'a> {
    /// The names and indexes to here.
    steps: Vec<Step<'a>>,
    /// What to set, or `None` to unset, by its path.
    writes: Vec<(String, Option<&'a Bson>)>,
}

enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

/// Something changed under a name that no path can hold.
struct Unreachable<'a>(&'a str);

impl<'a> Walk<'a> {
    /// Goes into the fields of two documents, the new one's first, in their order.
    fn documents(&mut self, old: &'a Document, new: &'a Document) -> Result<(), Unreachable<'a>> {
        for (name, new, old) in Pairs::of(new, old) {
            let known = self.writes.len();
            self.steps.push(Step::Name(name));
            match (old, new) {
                (Some(old), Some(new)) => self.values(old, new),
                (_, new) => self.write(new),
            }
            self.steps.pop();
            if self.writes.len() > known && (name.is_empty() || !is_reachable(name)) {
                return Err(Unreachable(name));
            }
        }
        Ok(())
    }

    fn values(&mut self, old: &'a Bson, new: &'a Bson) {
        match (old, new) {
            (Bson::Document(before), Bson::Document(after))
                if !after.is_empty() || before.is_empty() =>
            {
                let known = self.writes.len();
                if self.documents(before, after).is_err() {
                    self.writes.truncate(known);
                    self.write(Some(new));
                }
            }
            (Bson::Array(before), Bson::Array(after)) => match edits(before, after) {
                Some(edits) => self.elements(before, after, &edits),
                None => self.write(Some(new)),
            },
            _ if equal(old, new) => {}
            _ => self.write(Some(new)),
        }
    }

    /// Goes into the elements of a list that changed, and writes those that were appended.
    fn elements(&mut self, old: &'a [Bson], new: &'a [Bson], changed: &[usize]) {
        let appended = old.len()..new.len();
        for index in changed.iter().copied().chain(appended) {
            self.steps.push(Step::Index(index));
            match (old.get(index), new.get(index)) {
                (Some(old), Some(new)) => self.values(old, new),
                (_, new) => self.write(new),
            }
            self.steps.pop();
        }
    }

    fn write(&mut self, value: Option<&'a Bson>) {
        let mut path = String::new();
        for step in &self.steps {
            if !path.is_empty() {
                path.push('.');
            }
            match step {
                Step::Name(name) => path.push_str(name),
                // Writing to a string does not fail.
                Step::Index(index) => drop(write!(path, "{index}")),
            }
        }
        self.writes.push((path, value));
    }
}

/// The elements of a list that changed, where few did or were appended: then they are written, else
/// the list.
fn edits(old: &[Bson], new: &[Bson]) -> Option<Vec<usize>> {
    /// More changed elements than this are written as one list: a command of many paths is larger.
    const FEW: usize = 8;
    let appended = new.len().checked_sub(old.len())?;
    if old.is_empty() && appended > 0 {
        return None;
    }
    let mut pairs = old.iter().zip(new).enumerate();
    let mut changed = Vec::new();
    while changed.len() + appended <= FEW {
        match pairs.find(|(_, (old, new))| !equal(old, new)) {
            Some((index, _)) => changed.push(index),
            None => return Some(changed),
        }
    }
    None
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
    fn what_was_found_before_an_unreachable_name_is_not_written_twice() {
        let old = doc! { "a": { "b": 1, "c": { "d": 1, "$e": 1 }, "f": 1 } };
        let new = doc! { "a": { "b": 2, "c": { "d": 2, "$e": 2 }, "f": 2 } };
        let set = doc! { "a.b": 2, "a.c": { "d": 2, "$e": 2 }, "a.f": 2 };
        assert_eq!(writes(&old, &new).0, set);
    }

    #[test]
    fn a_list_with_many_changes_is_written_as_one() {
        let list =
            |changed: i32| doc! { "l": (0..20).map(|at| at.max(changed)).collect::<Vec<_>>() };
        assert_eq!(writes(&list(0), &list(8)).0.len(), 8);
        assert_eq!(writes(&list(0), &list(9)).0, list(9));
    }

    #[test]
    fn an_emptied_document_stays_a_document() {
        assert_eq!(
            writes(&doc! { "a": { "b": 1 } }, &doc! { "a": {} }).0,
            doc! { "a": {} }
        );
    }
}
