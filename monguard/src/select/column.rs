use crate::audit::shown_path;
use crate::document::{FieldMeta, Meta, Missing, ReadWith, Reading, Shape};
use crate::error::{InvalidRead, InvalidReadReason};
use crate::field::{Step, dotted, is_reachable};

/// One field that is asked for: where it is stored, and how it is read.
#[derive(Clone)]
pub(crate) struct Column {
    /// In stored names, as errors name it.
    pub(crate) path: String,
    pub(crate) places: Vec<Place>,
    pub(crate) read: Option<ReadWith>,
}

/// One step of the way to a field.
#[derive(Clone)]
pub(crate) enum Place {
    Name {
        /// The names under which it may be stored, its own first.
        names: Vec<String>,
        missing: Option<Missing>,
    },
    Index(usize),
}

impl Column {
    /// The field at the end of `steps`. What lies inside of a field that is read in a way of its
    /// own has no place that could be relied on.
    pub(crate) fn resolve(meta: &Meta, steps: &[Step]) -> Result<Self, InvalidRead> {
        let path = dotted(steps);
        let refused = |reason| InvalidRead::new(shown_path(meta, &path), reason);
        let (mut shape, mut reading) = (Some(meta.shape()), Reading::PLAIN);
        let mut places = Vec::with_capacity(steps.len());
        for step in steps {
            if reading.with.is_some() {
                return Err(refused(InvalidReadReason::ReadAsAWhole));
            }
            let field = field(shape, step);
            let place = Place::of(step, field);
            places.push(place.map_err(|()| refused(InvalidReadReason::NoPlace))?);
            reading = field.map_or(Reading::PLAIN, FieldMeta::reading);
            shape = match (shape, step) {
                (Some(Shape::List(item)), Step::Index(_))
                | (Some(Shape::Map(item)), Step::Key(_)) => Some(item()),
                _ => field.and_then(FieldMeta::shape),
            };
        }
        Ok(Column {
            read: reading.with,
            path,
            places,
        })
    }

    /// Every path under which it may be stored; those of the list or the map around it, where a
    /// projection cannot lead further.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths = vec![String::new()];
        for place in &self.places {
            let names = match place {
                Place::Name { names, .. } if names.iter().all(|name| is_reachable(name)) => names,
                Place::Name { .. } | Place::Index(_) => break,
            };
            let longer = paths.iter().flat_map(|path| {
                names.iter().map(move |name| match path.as_str() {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                })
            });
            paths = longer.collect();
        }
        paths
    }

    /// Every path under which it may be stored, whole.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let mut paths = vec![String::new()];
        for place in &self.places {
            let names = match place {
                Place::Name { names, .. } => names.clone(),
                Place::Index(index) => vec![index.to_string()],
            };
            let longer = names.iter().flat_map(|name| {
                paths.iter().map(move |path| match path.as_str() {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                })
            });
            paths = longer.collect();
        }
        paths
    }

    /// Whether paths lead to it, for an operator that takes a path and no projection.
    pub(crate) fn is_addressable(&self) -> bool {
        self.places.iter().all(|place| match place {
            Place::Name { names, .. } => names.iter().all(|name| is_reachable(name)),
            Place::Index(_) => true,
        })
    }

    /// The last step, for a person.
    pub(crate) fn name(&self) -> String {
        match self.places.last() {
            Some(Place::Name { names, .. }) => names.first().cloned().unwrap_or_default(),
            Some(Place::Index(index)) => index.to_string(),
            None => String::new(),
        }
    }
}

impl Place {
    /// Fails where the key of a map is none that a document could have, and where no read can tell
    /// which element is meant.
    fn of(step: &Step, field: Option<&'static FieldMeta>) -> Result<Self, ()> {
        let others = field.map_or(&[] as &[_], FieldMeta::other_names);
        let missing = field.and_then(|field| field.reading().missing);
        let own = match step {
            Step::Name(name) => (*name).to_owned(),
            Step::Key(key) => key.stored_name().ok_or(())?.to_owned(),
            Step::Index(index) => return Ok(Place::Index(*index)),
            Step::All | Step::FirstMatch(_) => return Err(()),
        };
        let others = others.iter().filter(|other| **other != own);
        let others: Vec<String> = others.map(|other| (*other).to_owned()).collect();
        let names = std::iter::once(own).chain(others).collect();
        Ok(Place::Name { names, missing })
    }
}

fn field(shape: Option<Shape>, step: &Step) -> Option<&'static FieldMeta> {
    match (shape?, step) {
        (Shape::Struct(fields), Step::Name(name)) => {
            fields.iter().find(|field| field.stored_name() == *name)
        }
        _ => None,
    }
}
