use std::fmt;

use mongodb::bson::Bson;
use serde::Serialize;

use super::{Operation, Operator};
use crate::audit::{Change, Part, Sealed};
use crate::document::Nested;
use crate::field::{Encode, Keyed, MapKey, Path, Step, dotted};
use crate::value::{EncodeError, document_of, encode, encode_value};

/// A value as it is stored; `None` where serde leaves the field out.
type Encoded = Result<Option<Bson>, EncodeError>;

/// The stored name of a field.
type Name = &'static str;

/// The place of a nested value of type `T`.
pub struct WholeAt<'a, T> {
    path: Vec<Step>,
    /// Writes the whole that a value makes there.
    write: &'a dyn Fn(T) -> Encoded,
}

impl<T> fmt::Debug for WholeAt<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WholeAt").field(&self.path).finish()
    }
}

impl<'a, T> WholeAt<'a, T> {
    pub(crate) fn new(path: Vec<Step>, write: &'a dyn Fn(T) -> Encoded) -> Self {
        WholeAt { path, write }
    }

    /// That of a flattened struct, which is never written as a whole.
    pub(crate) fn nowhere() -> Self {
        let write = &|_| {
            Err(EncodeError::refused(
                "a flattened struct has no place of its own",
            ))
        };
        WholeAt::new(Vec::new(), write)
    }

    pub(crate) fn path(&self) -> Vec<Step> {
        self.path.clone()
    }

    pub(crate) fn encode(&self, value: T) -> Encoded {
        (self.write)(value)
    }

    pub(crate) fn set(&self, value: T, to: &mut Replay) {
        to.set(self.path(), self.encode(value));
    }
}

/// Why what is inside a field is not replayed that a function of the model's writes.
const UNDIVIDED: &str =
    "the model writes this list or map in a way of its own, and its elements not: set the whole";

/// Collects the operators that repeat typed changes on another document.
#[derive(Default)]
pub struct Replay {
    operations: Vec<Operation>,
}

/// Shows no values: some may be redacted.
impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("operations", &self.operations.len())
            .finish()
    }
}

impl Replay {
    pub(crate) fn into_operations(self) -> Vec<Operation> {
        self.operations
    }

    /// A field of one value, inside of what is at `around`.
    pub fn field<V: Serialize, P: Path>(&mut self, around: &P, name: Name, change: &Change<V>) {
        self.field_with(around, name, encode, change);
    }

    /// The same, which the model writes in a way of its own.
    pub fn field_with<V, P: Path>(
        &mut self,
        around: &P,
        name: Name,
        encode: Encode<V>,
        change: &Change<V>,
    ) {
        self.set(around.name(name).steps(), encode(&change.new));
    }

    /// A field whose values are hidden.
    pub fn sealed<V: Serialize, P: Path>(&mut self, around: &P, name: Name, change: &Sealed<V>) {
        self.field(around, name, change.hidden());
    }

    /// The same, which the model writes in a way of its own.
    pub fn sealed_with<V, P: Path>(
        &mut self,
        around: &P,
        name: Name,
        encode: Encode<V>,
        change: &Sealed<V>,
    ) {
        self.field_with(around, name, encode, change.hidden());
    }

    /// A field that never changes.
    pub fn held<V: Serialize, P: Path>(&mut self, around: &P, name: Name, change: &Change<V>) {
        self.held_with(around, name, encode, change);
    }

    /// The same, which the model writes in a way of its own.
    pub fn held_with<V, P: Path>(
        &mut self,
        around: &P,
        name: Name,
        encode: Encode<V>,
        change: &Change<V>,
    ) {
        let encoded = encode(&change.new);
        self.push(around.name(name).steps(), encoded.map(Operator::Hold));
    }

    /// A field that never changes, whose values are hidden.
    pub fn held_sealed<V: Serialize, P: Path>(
        &mut self,
        around: &P,
        name: Name,
        change: &Sealed<V>,
    ) {
        self.held(around, name, change.hidden());
    }

    /// The same, which the model writes in a way of its own.
    pub fn held_sealed_with<V, P: Path>(
        &mut self,
        around: &P,
        name: Name,
        encode: Encode<V>,
        change: &Sealed<V>,
    ) {
        self.held_with(around, name, encode, change.hidden());
    }

    /// The map of the fields that the model does not declare.
    pub fn unknown<V: Serialize>(&mut self, change: &Change<V>) {
        let Change { old, new } = change;
        let (old, new) = match (document_of(old), document_of(new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(error), _) | (_, Err(error)) => return self.push(Vec::new(), Err(error)),
        };
        let place = |name: &String| vec![Step::Key(MapKey::of(name))];
        for name in old.keys().filter(|name| !new.contains_key(name)) {
            self.push(place(name), Ok(Operator::Unset));
        }
        for (name, value) in &new {
            if old.get(name) != Some(value) {
                self.push(place(name), Ok(Operator::Set(value.clone())));
            }
        }
    }

    fn set(&mut self, path: Vec<Step>, encoded: Encoded) {
        self.push(
            path,
            encoded.map(|value| value.map_or(Operator::Unset, Operator::Set)),
        );
    }

    fn push(&mut self, path: Vec<Step>, operator: Result<Operator, EncodeError>) {
        let operator = operator.unwrap_or_else(Operator::Invalid);
        self.operations.push(Operation {
            path,
            operator,
            is_raw: false,
        });
    }

    /// A part of a list, told by its index.
    pub(crate) fn element<T, P>(&mut self, list: P, part: &Part<usize, T>)
    where
        T: Nested + Serialize,
        P: Path,
    {
        let place = |index| inside(&list, Step::Index(index));
        match part {
            Part::Appeared(index, item) => self.appear(&place(*index), item),
            Part::Vanished(index, _) => self.vanish(&place(*index), Operator::Vanish),
            Part::Inside(index, change) => self.inside::<T>(&place(*index), change),
        }
    }

    /// A part of a map, told by its key.
    pub(crate) fn value<K, T, P>(&mut self, map: P, part: &Part<K, T>)
    where
        K: Serialize,
        T: Nested + Serialize,
        P: Path,
    {
        let place = |key: &K| inside(&map, Step::Key(MapKey::of(key)));
        match part {
            Part::Appeared(key, item) => self.appear(&place(key), item),
            Part::Vanished(key, _) => self.vanish(&place(key), Operator::Unset),
            Part::Inside(key, change) => self.inside::<T>(&place(key), change),
        }
    }

    /// A part of a set, told by what it is.
    pub(crate) fn member<T, P>(&mut self, set: P, part: &Part<(), T>)
    where
        T: Nested + Serialize,
        P: Path,
    {
        let (item, is_gone) = match part {
            Part::Appeared((), item) => (item, false),
            Part::Vanished((), item) => (item, true),
            // An element of a set that changed is another one.
            Part::Inside((), _) => return,
        };
        let item = match divided::<P>().and_then(|()| encode_value(item)) {
            Ok(item) => item,
            Err(error) => return self.push(set.steps(), Err(error)),
        };
        let path = set.steps();
        let is_there = |last: &Operation| dotted(&last.path) == dotted(&path);
        let (mut gone, mut added) = (Vec::new(), Vec::new());
        // The parts of one set are one operator: two on one path would overlap.
        if let Some(last) = self.operations.pop_if(|last| is_there(last)) {
            match last.operator {
                Operator::EditSet { gone: g, added: a } => (gone, added) = (g, a),
                _ => self.operations.push(last),
            }
        }
        if is_gone { &mut gone } else { &mut added }.push(item);
        self.push(path, Ok(Operator::EditSet { gone, added }));
    }

    fn appear<T: Serialize>(&mut self, place: &Result<Keyed, Refused>, item: &T) {
        match place {
            Ok(path) => self.push(path.steps(), encode_value(item).map(Operator::Appear)),
            Err(refused) => self.refuse(refused),
        }
    }

    fn vanish(&mut self, place: &Result<Keyed, Refused>, operator: Operator) {
        match place {
            Ok(path) => self.push(path.steps(), Ok(operator)),
            Err(refused) => self.refuse(refused),
        }
    }

    fn inside<T>(&mut self, place: &Result<Keyed, Refused>, change: &T::Change)
    where
        T: Nested + Serialize,
    {
        match place {
            Ok(path) => {
                T::replay_inside(change, path.clone(), encode::<T>, self);
            }
            Err(refused) => self.refuse(refused),
        }
    }

    fn refuse(&mut self, refused: &Refused) {
        let (path, error) = &**refused;
        self.push(path.clone(), Err(error.clone()));
    }
}

/// A path inside of which nothing can be addressed, and why.
type Refused = Box<(Vec<Step>, EncodeError)>;

fn inside<P: Path>(whole: &P, step: Step) -> Result<Keyed, Refused> {
    let path = whole.steps();
    match divided::<P>() {
        Ok(()) => Ok(Keyed::of(path.into_iter().chain([step]))),
        Err(error) => Err(Box::new((path, error))),
    }
}

fn divided<P: Path>() -> Result<(), EncodeError> {
    if P::DIVIDED {
        Ok(())
    } else {
        Err(EncodeError::refused(UNDIVIDED))
    }
}
