use crate::document::{FieldMeta, Meta, Missing, ReadWith, Reading, Shape};
use crate::error::{InvalidRead, InvalidReadReason};
use crate::field::{Step, dotted};

/// One field that is asked for: where it is stored, and how it is read.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// In stored names, as errors name it.
    pub(crate) path: String,
    pub(crate) places: Vec<Place>,
    pub(crate) read: Option<ReadWith>,
}

/// One step of the way to a field.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The names under which it may be stored, its own first.
    pub(crate) names: Vec<&'static str>,
    pub(crate) missing: Option<Missing>,
}

impl Column {
    /// The field at the end of `steps`. What lies inside of a field that is read in a way of its
    /// own has no place that could be relied on.
    pub(crate) fn resolve(meta: &Meta, steps: &[Step]) -> Result<Self, InvalidRead> {
        let path = dotted(steps);
        let mut shape = Some(meta.shape());
        let mut reading = Reading::PLAIN;
        let mut places = Vec::with_capacity(steps.len());
        for Step::Name(name) in steps {
            if reading.with.is_some() {
                return Err(InvalidRead::new(path, InvalidReadReason::ReadAsAWhole));
            }
            let field = field(shape, name);
            places.push(Place {
                names: names(field, name),
                missing: field.and_then(|field| field.reading().missing),
            });
            reading = field.map_or(Reading::PLAIN, FieldMeta::reading);
            shape = field.and_then(FieldMeta::shape);
        }
        Ok(Column {
            path,
            places,
            read: reading.with,
        })
    }

    /// Every path under which it may be stored.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths = vec![String::new()];
        for place in &self.places {
            let longer = paths.iter().flat_map(|path| {
                place.names.iter().map(move |name| match path.as_str() {
                    "" => (*name).to_owned(),
                    path => format!("{path}.{name}"),
                })
            });
            paths = longer.collect();
        }
        paths
    }
}

fn field(shape: Option<Shape>, name: &str) -> Option<&'static FieldMeta> {
    match shape? {
        Shape::Struct(fields) => fields.iter().find(|field| field.stored_name() == name),
        Shape::List(_) | Shape::Map(_) => None,
    }
}

fn names(field: Option<&'static FieldMeta>, name: &'static str) -> Vec<&'static str> {
    let others = field.map_or(&[] as &[_], FieldMeta::other_names);
    let mut names = vec![name];
    names.extend(others.iter().filter(|other| **other != name));
    names
}
