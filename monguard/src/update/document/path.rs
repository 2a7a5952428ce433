//! Paths in MongoDB's own words.

use crate::document::{FieldMeta, Meta, Scope, Shape, UnknownName, names};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::{MapKey, Step};

/// Where a path leads.
pub(super) struct Place<'m> {
    pub(super) steps: Vec<Step>,
    pub(super) scope: Scope<'m>,
}

impl Place<'_> {
    /// Whether the value here may be a map.
    pub(super) fn is_map(&self) -> bool {
        matches!(self.scope, Scope::Open | Scope::Shape(Shape::Map(_)))
    }
}

/// The place that a path leads to, if an update may write there.
pub(super) fn place_of<'m>(meta: &'m Meta, path: &str) -> Result<Place<'m>, InvalidUpdate> {
    refuse_owned(meta, path)?;
    let mut place = Place {
        steps: Vec::new(),
        scope: Scope::Document(meta),
    };
    let mut end = 0;
    for name in path.split('.') {
        end += name.len();
        let here = path.get(..end).unwrap_or(path);
        let step = step(place.scope, name).map_err(|reason| InvalidUpdate::new(here, reason))?;
        place.scope = place.scope.inside(name).map_err(|suggestion| {
            refuse_name(UnknownName {
                path: here.to_owned(),
                suggestion,
            })
        })?;
        place.steps.push(step);
        end += 1;
    }
    Ok(place)
}

fn step(scope: Scope<'_>, name: &str) -> Result<Step, InvalidReason> {
    if name == "$[]" {
        return Ok(Step::All);
    }
    if name.starts_with('$') {
        return Err(InvalidReason::Position);
    }
    match scope {
        Scope::Shape(Shape::List(_)) => match name.parse() {
            Ok(index) => Ok(Step::Index(index)),
            Err(_) => Err(InvalidReason::Position),
        },
        Scope::Document(_) | Scope::Shape(Shape::Struct(_)) => match scope.field(name) {
            Some(field) => Ok(Step::Name(field.stored_name())),
            // Refused with what was meant.
            None => Ok(Step::Key(MapKey::of(&name))),
        },
        // The index of a list, if that is what the document has there.
        Scope::Open | Scope::Shape(Shape::Map(_)) => Ok(Step::Key(MapKey::of(&name))),
    }
}

/// No update writes what monguard writes, nor what never changes.
fn refuse_owned(meta: &Meta, path: &str) -> Result<(), InvalidUpdate> {
    let name = path.split('.').next().unwrap_or_default();
    let refuse = |reason| Err(InvalidUpdate::new(name, reason));
    if name == names::ID {
        return refuse(InvalidReason::Immutable);
    }
    match meta.fields().iter().find(|field| field.is_stored_as(name)) {
        Some(field) if field.is_idempotency_key() => refuse(InvalidReason::Immutable),
        Some(field) if FieldMeta::managed_as(field).is_some() => refuse(InvalidReason::Owned),
        None if names::is_owned(name, meta.version_name()) => refuse(InvalidReason::Owned),
        Some(_) | None => Ok(()),
    }
}

pub(super) fn refuse_name(name: UnknownName) -> InvalidUpdate {
    InvalidUpdate::new(name.path, InvalidReason::UnknownField(name.suggestion))
}
