use mongodb::bson::{Bson, Document, RawBsonRef, RawDocument};

use crate::audit::{Lead, lead, shown_path};
use crate::document::{Meta, names};
use crate::error::{InvalidRead, InvalidReadReason};
use crate::filter::{Order, render_sort};

/// The keys of a sort that tells any two documents apart.
#[derive(Clone, Debug)]
pub(crate) struct Keys(Vec<(String, Order)>);

impl Keys {
    /// The keys of `sort`, and the id, which no two documents share.
    ///
    /// The id goes the way of the last key: then one index serves both directions.
    pub(crate) fn of(meta: &Meta, sort: &[(String, Order)]) -> Result<Self, InvalidRead> {
        let mut keys: Vec<(String, Order)> = Vec::new();
        for (path, order) in sort {
            if is_hidden(meta, path) {
                let shown = shown_path(meta, path);
                return Err(InvalidRead::new(shown, InvalidReadReason::HiddenSort));
            }
            // A second key on one path, or one after the id, never decides.
            let decides = keys.iter().all(|(key, _)| key != path && key != names::ID);
            if decides {
                keys.push((path.clone(), *order));
            }
        }
        if keys.iter().all(|(path, _)| path != names::ID) {
            let order = keys.last().map_or(Order::Ascending, |(_, order)| *order);
            keys.push((names::ID.to_owned(), order));
        }
        Ok(Keys(keys))
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (String, Order)> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.0.iter().map(|(path, _)| path.clone()).collect()
    }

    pub(crate) fn reversed(&self) -> Self {
        let reversed = self.0.iter();
        Keys(
            reversed
                .map(|(path, order)| (path.clone(), order.reversed()))
                .collect(),
        )
    }

    pub(crate) fn render(&self) -> Document {
        render_sort(&self.0)
    }

    /// Where a document stands in this sort, which takes a missing field for a null.
    pub(crate) fn values(&self, document: &RawDocument) -> Result<Vec<Bson>, InvalidRead> {
        let value = |(path, _): &(String, Order)| {
            value_at(document, path)
                .map_err(|_| InvalidRead::new(path.as_str(), InvalidReadReason::ListSort))
        };
        self.0.iter().map(value).collect()
    }
}

/// That a list is in the way, or at the end of it.
struct IsList;

fn value_at(document: &RawDocument, path: &str) -> Result<Bson, IsList> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    // What cannot be parsed is reported where the document is read.
    let value = document.get(name).ok().flatten();
    match (value, rest) {
        (Some(RawBsonRef::Array(_)), _) => Err(IsList),
        (Some(RawBsonRef::Document(inside)), Some(rest)) => value_at(inside, rest),
        (Some(value), None) => Ok(Bson::try_from(value).unwrap_or(Bson::Null)),
        (None, _) | (Some(_), Some(_)) => Ok(Bson::Null),
    }
}

/// Whether a value at `path` is, or has in it, what the model hides.
pub(crate) fn is_hidden(meta: &Meta, path: &str) -> bool {
    let top = path.split('.').next().unwrap_or(path);
    match lead(meta, path) {
        Lead::Shown(inside) => inside.is_some(),
        // Of a model that hides something, only monguard's own fields are known beside its own.
        Lead::Unknown(_) => !names::is_owned(top, meta.version_name()),
        Lead::Redacted(_) | Lead::LeftOut(_) => true,
    }
}
