use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use mongodb::bson::{Document, RawDocumentBuf};

use super::{Column, Columns, Projection, Selection, Unreadable, Values, projection_of};
use crate::document::{FieldMeta, Revision, Stored, Versioned, names};
use crate::error::{InvalidRead, Result};

/// What a read makes of each document of the model `T`.
pub trait Selector<T: Versioned> {
    /// What it makes of one.
    type Item;
    /// Which fields it needs, and those at the paths `also`; `None` for all.
    #[doc(hidden)]
    fn projection(&self, also: &[String]) -> Result<Option<Document>, InvalidRead>;
    #[doc(hidden)]
    fn read(&self, document: RawDocumentBuf, collection: &str) -> Result<Self::Item>;
}

/// Reads whole documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole;

impl<T: Versioned> Selector<T> for Whole {
    type Item = Stored<T>;
    fn projection(&self, _: &[String]) -> Result<Option<Document>, InvalidRead> {
        Ok(None)
    }
    fn read(&self, document: RawDocumentBuf, collection: &str) -> Result<Stored<T>> {
        Stored::read(Arc::new(document), collection)
    }
}

/// Reads some fields of a document of `T` into an `O`.
pub struct Selected<T, O> {
    columns: Result<Vec<Column>, InvalidRead>,
    read: fn(&mut Values<'_>) -> Result<O, Unreadable>,
    document: PhantomData<fn() -> T>,
}

impl<T: Versioned, O> Selected<T, O> {
    /// What a closure selected.
    pub(crate) fn of<C: Selection<T, M, Output = O>, M>(selection: C) -> Self {
        let mut columns = Columns::new();
        selection.columns(&mut columns);
        Selected::new(columns, C::read)
    }

    /// What a struct holds.
    pub(crate) fn projection() -> Self
    where
        O: Projection<T>,
    {
        let mut columns = Columns::new();
        O::columns(&mut columns);
        Selected::new(columns, O::read)
    }

    fn new(columns: Columns<T>, read: fn(&mut Values<'_>) -> Result<O, Unreadable>) -> Self {
        Selected {
            columns: columns.resolve(),
            read,
            document: PhantomData,
        }
    }
}

impl<T: Versioned, O> Selector<T> for Selected<T, O> {
    type Item = O;

    fn projection(&self, also: &[String]) -> Result<Option<Document>, InvalidRead> {
        match &self.columns {
            Ok(columns) => Ok(Some(projection_of(columns, also))),
            Err(error) => Err(error.clone()),
        }
    }

    fn read(&self, document: RawDocumentBuf, collection: &str) -> Result<O> {
        let columns = self.columns.as_deref().unwrap_or_default();
        (self.read)(&mut Values::new(&document, columns)).map_err(|Unreadable { path, error }| {
            Revision::<T>::undecodable(&document, collection, error, Some(path))
        })
    }
}

/// Shows no paths: one may hold a key of a redacted map.
impl<T, O> fmt::Debug for Selected<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Selected")
    }
}

/// Reads the revision of a document beside what `S` reads.
#[derive(Clone, Copy, Debug)]
pub struct WithRevision<S> {
    pub(crate) select: S,
}

impl<T: Versioned, S: Selector<T>> Selector<T> for WithRevision<S> {
    type Item = (Revision<T>, S::Item);

    fn projection(&self, also: &[String]) -> Result<Option<Document>, InvalidRead> {
        let version = T::META.version_name();
        let state = [names::ID, version, names::OPERATION, names::UPDATED_AT];
        let shard_key = T::META.shard_key().map(FieldMeta::stored_name);
        let mut paths: Vec<String> = state.map(str::to_owned).to_vec();
        let others = shard_key.map(str::to_owned).chain(also.iter().cloned());
        others.for_each(|path| {
            if !paths.contains(&path) {
                paths.push(path);
            }
        });
        self.select.projection(&paths)
    }

    fn read(&self, document: RawDocumentBuf, collection: &str) -> Result<Self::Item> {
        let revision = Revision::read(&document, collection)?;
        Ok((revision, self.select.read(document, collection)?))
    }
}
