use mongodb::bson::{Bson, Document};

use super::{
    DeltaOptions, PathChange,
    place::{Place, is_addressable},
};
use crate::{
    audit::mask::{self, Treatment},
    document::{Meta, Shape, names},
    value::{Pair, Pairs, equal},
};

/// The comparison of two documents. It looks at each value once, wherever it may find a difference
/// by itself, and clones only those that differ.
pub(super) struct Walk {
    options: DeltaOptions,
    changes: Vec<PathChange>,
}

impl Walk {
    pub(super) fn changes(
        meta: &Meta,
        before: &Document,
        after: &Document,
        options: DeltaOptions,
    ) -> Vec<PathChange> {
        let mut walk = Self {
            options,
            changes: Vec::new(),
        };
        let is_left_out = |name: &str| names::is_left_out_of_deltas(name, meta.version_name());
        let addressable = walk.children(
            &Place::ROOT,
            Pairs::of(before, after).filter(|(name, _, _)| !is_left_out(name)),
            mask::hiding(Some(meta.shape())),
        );
        let too_deep = options.max_depth == 0 && !walk.changes.is_empty();
        if too_deep || addressable.is_err() {
            let image = |document| Bson::Document(mask::image_without(meta, document, is_left_out));
            walk.changes.clear();
            walk.push(&Place::ROOT, Some(image(before)), Some(image(after)), true);
        }
        walk.changes
    }

    /// Goes into the fields of a document. Stops at one that differs and that a path cannot name.
    fn children<'a>(
        &mut self,
        place: &Place<'_>,
        fields: impl Iterator<Item = Pair<'a>>,
        shape: Option<Shape>,
    ) -> Result<(), Unaddressable> {
        for (key, old, new) in fields {
            let known = self.changes.len();
            let treatment =
                shape.map_or(Treatment::Show(None), |shape| mask::treatment(shape, key));
            match treatment {
                Treatment::Show(shape) => self.value(&place.key(key), old, new, shape),
                Treatment::Redact if are_equal(old, new) => {}
                Treatment::Redact => {
                    let (old, new) = (old.map(|_| mask::marker()), new.map(|_| mask::marker()));
                    self.push(&place.key(key), old, new, false);
                }
                Treatment::LeaveOut => {}
            }
            if self.changes.len() > known && !is_addressable(key) {
                return Err(Unaddressable);
            }
        }
        Ok(())
    }

    /// Compares two values. Those that are held as a whole are compared as a whole, all others by
    /// what is inside of them.
    fn value(
        &mut self,
        place: &Place<'_>,
        old: Option<&Bson>,
        new: Option<&Bson>,
        shape: Option<Shape>,
    ) {
        let shape = mask::hiding(shape);
        let fits = |value: Option<&Bson>| match (value, shape) {
            (Some(value), Some(shape)) => mask::fits(value, shape),
            _ => true,
        };
        let is_deep = place.depth >= self.options.max_depth;
        match (old, new) {
            // By far the most values are scalars, and equal.
            (Some(old), Some(new)) if !is_container(old) && equal(old, new) => {}
            _ if !fits(old) || !fits(new) => self.leaf(place, old, new, shape, false),
            (Some(Bson::Array(old)), Some(Bson::Array(new))) if self.by_element(old, new) => {
                self.elements(place, old, new, shape);
            }
            // Element by element, an array against nothing, null, a scalar or an empty array
            // would all look alike.
            (Some(Bson::Array(_)), _) | (_, Some(Bson::Array(_))) => {
                self.leaf(place, old, new, shape, true);
            }
            (Some(Bson::Document(before)), Some(Bson::Document(after))) if !is_deep => {
                let known = self.changes.len();
                if self
                    .children(place, Pairs::of(before, after), shape)
                    .is_err()
                {
                    self.changes.truncate(known);
                    self.leaf(place, old, new, shape, true);
                }
            }
            _ => {
                let is_object = |value: Option<&Bson>| value.is_some_and(is_javascript_object);
                let whole = is_deep && (is_object(old) || is_object(new));
                self.leaf(place, old, new, shape, whole);
            }
        }
    }

    /// Compares two arrays index by index: one may be longer, neither is empty.
    fn elements(&mut self, place: &Place<'_>, old: &[Bson], new: &[Bson], shape: Option<Shape>) {
        let item = match shape {
            Some(Shape::List(item)) => Some(item()),
            // Where a shape hides something, only a list's own arrays get here.
            Some(Shape::Struct(_) | Shape::Map(_)) | None => None,
        };
        for index in 0..old.len().max(new.len()) {
            self.value(&place.index(index), old.get(index), new.get(index), item);
        }
    }

    fn by_element(&self, old: &[Bson], new: &[Bson]) -> bool {
        let longer = old.len().max(new.len());
        !old.is_empty() && !new.is_empty() && longer <= self.options.array_diff_max_size
    }

    /// Holds two values as they are, masked, if they differ where the log shows it.
    fn leaf(
        &mut self,
        place: &Place<'_>,
        old: Option<&Bson>,
        new: Option<&Bson>,
        shape: Option<Shape>,
        whole: bool,
    ) {
        if matches!((old, new), (Some(old), Some(new)) if mask::equal_where_logged(old, new, shape))
        {
            return;
        }
        let masked = |value: Option<&Bson>| value.map(|value| mask::masked(value, shape));
        self.push(place, masked(old), masked(new), whole);
    }

    fn push(&mut self, place: &Place<'_>, old: Option<Bson>, new: Option<Bson>, whole: bool) {
        self.changes
            .push(PathChange::new(place.path(), old, new, whole));
    }
}

fn are_equal(old: Option<&Bson>, new: Option<&Bson>) -> bool {
    matches!((old, new), (Some(old), Some(new)) if equal(old, new))
}

fn is_container(value: &Bson) -> bool {
    matches!(value, Bson::Document(_) | Bson::Array(_))
}

/// A field changed whose name cannot be part of a path.
struct Unaddressable;

/// What TypeScript's driver gives as an object other than an array or a date: deep inside, such a
/// value carries the flag.
fn is_javascript_object(value: &Bson) -> bool {
    // No catch-all: a new kind of value must decide.
    match value {
        Bson::Document(_)
        | Bson::RegularExpression(_)
        | Bson::JavaScriptCode(_)
        | Bson::JavaScriptCodeWithScope(_)
        | Bson::Timestamp(_)
        | Bson::Binary(_)
        | Bson::ObjectId(_)
        | Bson::Decimal128(_)
        | Bson::MaxKey
        | Bson::MinKey
        | Bson::DbPointer(_) => true,
        Bson::Double(_)
        | Bson::String(_)
        | Bson::Array(_)
        | Bson::Boolean(_)
        | Bson::Null
        | Bson::Int32(_)
        | Bson::Int64(_)
        | Bson::DateTime(_)
        | Bson::Symbol(_)
        | Bson::Undefined => false,
    }
}
