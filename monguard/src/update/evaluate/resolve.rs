//! From the path of an operator to places of the stored document.

use mongodb::bson::{Bson, Document};

use super::place::{Turn, fields_of, inside, shown, stored_in};
use crate::document::{Meta, Shape};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::{ElementFilter, Step};
use crate::filter::matches;
use crate::update::{Operation, Operator};
use crate::value::kind_name;

/// The places that an operation writes: one, or one for each element.
pub(super) fn resolve<'o>(
    meta: &Meta,
    stored: &Document,
    operation: &'o Operation,
) -> Result<Vec<Vec<Turn<'o>>>, InvalidUpdate> {
    let mut search = Search {
        meta,
        removes: matches!(operation.operator, Operator::Unset),
        found: Vec::new(),
    };
    let root = At {
        value: Value::Document(stored),
        shape: Some(meta.shape()),
    };
    search.follow(root, &operation.path, Vec::new())?;
    Ok(search.found)
}

struct Search<'m, 'o> {
    meta: &'m Meta,
    /// There is nothing to remove inside of nothing.
    removes: bool,
    found: Vec<Vec<Turn<'o>>>,
}

/// A place of the stored document, and what the model says is there.
#[derive(Clone, Copy)]
struct At<'d> {
    value: Value<'d>,
    shape: Option<Shape>,
}

#[derive(Clone, Copy)]
enum Value<'d> {
    Document(&'d Document),
    Other(&'d Bson),
    Nothing,
}

impl<'d> Value<'d> {
    fn of(value: Option<&'d Bson>) -> Self {
        match value {
            None => Value::Nothing,
            Some(Bson::Document(document)) => Value::Document(document),
            Some(other) => Value::Other(other),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Value::Document(_) => "a document",
            Value::Other(value) => kind_name(value),
            Value::Nothing => "nothing",
        }
    }
}

impl<'o> Search<'_, 'o> {
    fn follow(
        &mut self,
        at: At<'_>,
        steps: &'o [Step],
        mut path: Vec<Turn<'o>>,
    ) -> Result<(), InvalidUpdate> {
        let Some((step, rest)) = steps.split_first() else {
            self.found.push(path);
            return Ok(());
        };
        let (turn, value) = match step {
            Step::Name(name) => (Turn::Name(name), named(at, name)),
            Step::Key(key) => {
                let name = key
                    .name()
                    .map_err(|_| InvalidUpdate::new(shown(&path), InvalidReason::Key))?;
                // A path in MongoDB's own words does not tell an index from a key.
                if let (Value::Other(Bson::Array(items)), Ok(index)) = (at.value, name.parse()) {
                    let shape = inside(at.shape, Turn::Index(index));
                    let value = Value::of(items.get(index));
                    path.push(Turn::Index(index));
                    return self.follow(At { value, shape }, rest, path);
                }
                if self.is_taken(at, name, path.is_empty()) {
                    path.push(Turn::Name(name));
                    return Err(InvalidUpdate::new(shown(&path), InvalidReason::NameTaken));
                }
                (Turn::Name(name), named(at, name))
            }
            Step::Index(index) => {
                let element = match at.value {
                    Value::Other(Bson::Array(items)) => items.get(*index),
                    _ => None,
                };
                (Turn::Index(*index), Value::of(element))
            }
            Step::All => return self.each(at, rest, &path, |items| Ok(0..items.len())),
            Step::FirstMatch(condition) => {
                let element = inside(at.shape, Turn::Index(0));
                let find = |items: &[Bson]| first_match(items, condition, element);
                return self.each(at, rest, &path, |items| find(items).map(|at| at..at + 1));
            }
        };
        let shape = inside(at.shape, turn);
        path.push(turn);
        self.follow(At { value, shape }, rest, path)
    }

    fn each(
        &mut self,
        at: At<'_>,
        rest: &'o [Step],
        path: &[Turn<'o>],
        choose: impl Fn(&[Bson]) -> Result<std::ops::Range<usize>, InvalidReason>,
    ) -> Result<(), InvalidUpdate> {
        let refuse = |reason| InvalidUpdate::new(shown(path), reason);
        let items = match at.value {
            Value::Other(Bson::Array(items)) => items,
            Value::Nothing | Value::Other(Bson::Null) if self.removes => return Ok(()),
            other => return Err(refuse(InvalidReason::NoElements(other.kind()))),
        };
        let shape = inside(at.shape, Turn::Index(0));
        for index in choose(items).map_err(refuse)? {
            let value = Value::of(items.get(index));
            let turns = path.iter().copied().chain([Turn::Index(index)]);
            self.follow(At { value, shape }, rest, turns.collect())?;
        }
        Ok(())
    }

    /// Whether the key of a map that is stored among other fields is the name of one of them.
    fn is_taken(&self, at: At<'_>, key: &str, is_top_level: bool) -> bool {
        let fields = fields_of(at.shape).unwrap_or_default();
        fields.iter().any(|field| field.is_stored_as(key))
            || is_top_level && crate::document::names::is_owned(key, self.meta.version_name())
    }
}

fn named<'d>(at: At<'d>, name: &str) -> Value<'d> {
    match at.value {
        Value::Document(document) => Value::of(stored_in(document, fields_of(at.shape), name)),
        Value::Other(_) | Value::Nothing => Value::Nothing,
    }
}

fn first_match(
    items: &[Bson],
    condition: &ElementFilter,
    element: Option<Shape>,
) -> Result<usize, InvalidReason> {
    let condition = condition.on(element);
    for (index, item) in items.iter().enumerate() {
        let meets = matches(&condition, item);
        if meets.map_err(|error| InvalidReason::Condition(error.reason().clone()))? {
            return Ok(index);
        }
    }
    Err(InvalidReason::NoMatch)
}
