//! One place of a stored document.

use std::fmt::Write;

use mongodb::bson::{Bson, Document};

use crate::document::{FieldMeta, Meta, Shape};
use crate::error::InvalidReason;
use crate::value::kind_name;

/// One step from a value of the stored document to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn<'o> {
    Name(&'o str),
    Index(usize),
}

/// The path as errors show it.
pub(super) fn shown(turns: &[Turn<'_>]) -> String {
    let mut path = String::new();
    for turn in turns {
        if !path.is_empty() {
            path.push('.');
        }
        match turn {
            Turn::Name(name) => path.push_str(name),
            // Writing to a string does not fail.
            Turn::Index(index) => drop(write!(path, "{index}")),
        }
    }
    path
}

/// What the model says about a value inside one of this shape.
pub(super) fn inside(shape: Option<Shape>, turn: Turn<'_>) -> Option<Shape> {
    match (shape?, turn) {
        (Shape::Struct(fields), Turn::Name(name)) => field(Some(fields), name)?.shape(),
        (Shape::Map(item), Turn::Name(_)) | (Shape::List(item), Turn::Index(_)) => Some(item()),
        (Shape::Struct(_) | Shape::Map(_), Turn::Index(_)) | (Shape::List(_), Turn::Name(_)) => {
            None
        }
    }
}

/// The fields of a struct.
pub(super) fn fields_of(shape: Option<Shape>) -> Option<&'static [FieldMeta]> {
    match shape? {
        Shape::Struct(fields) => Some(fields),
        Shape::List(_) | Shape::Map(_) => None,
    }
}

fn field<'f>(fields: Option<&'f [FieldMeta]>, name: &str) -> Option<&'f FieldMeta> {
    fields?.iter().find(|field| field.stored_name() == name)
}

/// The aliases of the field that is stored under this name.
pub(in crate::update) fn other_names(
    fields: Option<&[FieldMeta]>,
    name: &str,
) -> &'static [&'static str] {
    field(fields, name).map_or(&[][..], FieldMeta::other_names)
}

/// The shape of the elements of the list at the end of a path.
pub(super) fn element_shape(meta: &Meta, turns: &[Turn<'_>]) -> Option<Shape> {
    let turns = turns.iter().copied().chain([Turn::Index(0)]);
    turns.fold(Some(meta.shape()), inside)
}

/// The value of a field, which may be stored under an alias.
pub(super) fn stored_in<'d>(
    document: &'d Document,
    fields: Option<&[FieldMeta]>,
    name: &str,
) -> Option<&'d Bson> {
    let mut aliases = other_names(fields, name).iter();
    document
        .get(name)
        .or_else(|| aliases.find_map(|alias| document.get(alias)))
}

/// A field that was stored under an alias moves to its current name when it is written: under both
/// names, the document would no longer decode.
fn use_current_name(fields: Option<&[FieldMeta]>, place: &mut Document, name: &str) {
    for alias in other_names(fields, name) {
        if let Some(value) = place.remove(alias) {
            place.entry(name.to_owned()).or_insert(value);
        }
    }
}

/// Where a value is, or would be.
pub(super) enum Slot<'d, 'o> {
    Field(&'d mut Document, &'o str),
    Element(&'d mut Vec<Bson>, usize),
    /// Inside of nothing, and why nothing can be written there.
    Nowhere(InvalidReason),
}

impl<'d, 'o> Slot<'d, 'o> {
    /// The place at the end of a path. Nothing is made on the way there: a sub-document that is
    /// not there would be one without its other fields.
    pub(super) fn reach(
        meta: &Meta,
        document: &'d mut Document,
        turns: &[Turn<'o>],
    ) -> Result<Self, InvalidReason> {
        let Some((last, way)) = turns.split_last() else {
            return Err(InvalidReason::Name);
        };
        let mut shape = Some(meta.shape());
        let mut place = Container::Document(document);
        for turn in way {
            let fields = fields_of(shape);
            shape = inside(shape, *turn);
            place = match (place, *turn) {
                (Container::Document(document), Turn::Name(name)) => {
                    use_current_name(fields, document, name);
                    Container::of(document.get_mut(name))
                }
                (Container::List(items), Turn::Index(index)) => {
                    in_bounds(items, index)?;
                    Container::of(items.get_mut(index))
                }
                (place, turn) => return place.refuse(turn),
            };
        }
        match (place, *last) {
            (Container::Document(document), Turn::Name(name)) => {
                use_current_name(fields_of(shape), document, name);
                Ok(Slot::Field(document, name))
            }
            (Container::List(items), Turn::Index(index)) => Ok(Slot::Element(items, index)),
            (place, turn) => place.refuse(turn),
        }
    }
}

fn in_bounds(items: &[Bson], index: usize) -> Result<(), InvalidReason> {
    if index < items.len() {
        Ok(())
    } else {
        Err(InvalidReason::BeyondTheEnd(index, items.len()))
    }
}

/// What a path leads through.
enum Container<'d> {
    Document(&'d mut Document),
    List(&'d mut Vec<Bson>),
    Other(&'static str),
    Nothing(&'static str),
}

impl<'d> Container<'d> {
    fn of(value: Option<&'d mut Bson>) -> Self {
        match value {
            Some(Bson::Document(document)) => Container::Document(document),
            Some(Bson::Array(items)) => Container::List(items),
            Some(value @ Bson::Null) => Container::Nothing(kind_name(value)),
            Some(other) => Container::Other(kind_name(other)),
            None => Container::Nothing("nothing"),
        }
    }

    /// What stands in the way of a step from here.
    fn refuse<'o>(self, turn: Turn<'_>) -> Result<Slot<'d, 'o>, InvalidReason> {
        let (found, is_nothing) = match self {
            Container::Document(_) => ("a document", false),
            Container::List(_) => ("an array", false),
            Container::Other(found) => (found, false),
            Container::Nothing(found) => (found, true),
        };
        let reason = match turn {
            Turn::Name(_) => InvalidReason::NotADocument(found),
            Turn::Index(_) => InvalidReason::NoElements(found),
        };
        if is_nothing {
            Ok(Slot::Nowhere(reason))
        } else {
            Err(reason)
        }
    }
}

impl<'d> Slot<'d, '_> {
    /// The value that is stored there.
    fn value(&self) -> Result<Option<&Bson>, InvalidReason> {
        match self {
            Slot::Field(document, name) => Ok(document.get(name)),
            Slot::Element(items, index) => {
                in_bounds(items, *index)?;
                Ok(items.get(*index))
            }
            Slot::Nowhere(reason) => Err(reason.clone()),
        }
    }

    /// Writes what `change` makes of the stored value; nothing where it makes nothing.
    pub(super) fn change(
        self,
        change: impl FnOnce(Option<&Bson>) -> Result<Option<Bson>, InvalidReason>,
    ) -> Result<(), InvalidReason> {
        let Some(value) = change(self.value()?)? else {
            return Ok(());
        };
        match self {
            Slot::Field(document, name) => {
                document.insert(name, value);
            }
            Slot::Element(items, index) => {
                if let Some(place) = items.get_mut(index) {
                    *place = value;
                }
            }
            Slot::Nowhere(_) => {}
        }
        Ok(())
    }

    /// Removes a field; an element would leave a hole.
    pub(super) fn remove(self) -> Result<(), InvalidReason> {
        match self {
            Slot::Field(document, name) => {
                document.remove(name);
                Ok(())
            }
            Slot::Element(..) => Err(InvalidReason::NotAField),
            // There is nothing to remove inside of nothing.
            Slot::Nowhere(_) => Ok(()),
        }
    }

    /// Puts the next element into the list here, or a value into the map. One that is not there
    /// counts as empty.
    pub(super) fn appear(self, part: Option<Turn<'_>>, value: Bson) -> Result<(), InvalidReason> {
        let empty = match part {
            Some(Turn::Name(_)) => Bson::Document(Document::new()),
            Some(Turn::Index(_)) | None => Bson::Array(Vec::new()),
        };
        match (self.whole(Some(empty))?, part) {
            (Bson::Array(items), Some(Turn::Index(index))) if index == items.len() => {
                items.push(value);
            }
            (Bson::Array(items), Some(Turn::Index(index))) => {
                return Err(InvalidReason::BeyondTheEnd(index, items.len()));
            }
            (Bson::Document(map), Some(Turn::Name(key))) => {
                map.insert(key, value);
            }
            (other, Some(Turn::Name(_))) => {
                return Err(InvalidReason::NotADocument(kind_name(other)));
            }
            (other, _) => return Err(InvalidReason::NoElements(kind_name(other))),
        }
        Ok(())
    }

    /// Takes an element out of the list here.
    pub(super) fn vanish(self, part: Option<Turn<'_>>) -> Result<(), InvalidReason> {
        match (self.whole(None)?, part) {
            (Bson::Array(items), Some(Turn::Index(index))) => {
                in_bounds(items, index)?;
                items.remove(index);
                Ok(())
            }
            (other, _) => Err(InvalidReason::NoElements(kind_name(other))),
        }
    }

    /// The value here; `empty` is put where there is none.
    fn whole(self, empty: Option<Bson>) -> Result<&'d mut Bson, InvalidReason> {
        match self {
            Slot::Field(document, name) => {
                if let (Some(empty), false) = (empty, document.contains_key(name)) {
                    document.insert(name, empty);
                }
                document
                    .get_mut(name)
                    .ok_or(InvalidReason::NoElements("nothing"))
            }
            Slot::Element(items, index) => {
                in_bounds(items, index)?;
                items
                    .get_mut(index)
                    .ok_or(InvalidReason::NoElements("nothing"))
            }
            Slot::Nowhere(reason) => Err(reason),
        }
    }
}
