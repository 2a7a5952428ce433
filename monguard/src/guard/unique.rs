use mongodb::bson::{Bson, Document, doc};

use crate::document::{Meta, Place, names};
use crate::error::{DuplicateKey, InvalidReason, InvalidUpdate};
use crate::filter::old_places;
use crate::index::WantedIndex;

/// A value that no other document has, by which a create finds the one that has it.
#[derive(Clone)]
pub(crate) struct UniqueValue {
    /// The stored path.
    path: String,
    value: Bson,
    /// Where old documents have it.
    old_paths: Vec<String>,
    /// The fields of the shard key, where the value is an id: of another shard key it is another
    /// document's.
    shard_key: Document,
    /// Whether soft-deleted documents do not count.
    among_live: bool,
}

impl UniqueValue {
    /// The value of the field at `path` in `request`, and the index that makes it unique; none for
    /// the id, which is unique anyway.
    pub(crate) fn of(
        meta: &Meta,
        path: String,
        request: &Document,
        indexes: Vec<WantedIndex>,
    ) -> Result<(Self, Option<WantedIndex>), InvalidUpdate> {
        let refuse = |reason| Err(InvalidUpdate::new(path.clone(), reason));
        let mut unique = indexes
            .into_iter()
            .filter(|index| index.makes_unique(&path));
        let index = match unique.next() {
            // What is unique among all documents is so among the live ones.
            Some(index) if index.is_among_live() => {
                Some(unique.find(|other| !other.is_among_live()).unwrap_or(index))
            }
            other => other,
        };
        if index.is_none() && path != names::ID {
            return refuse(InvalidReason::NotUnique);
        }
        match at(request, &path) {
            None | Some(Bson::Null) => refuse(InvalidReason::NoUniqueValue),
            Some(Bson::Array(_)) => refuse(InvalidReason::UniqueValueIsList),
            Some(value) => {
                let value = value.clone();
                let among_live = index.as_ref().is_some_and(WantedIndex::is_among_live);
                let shard_key = if path == names::ID {
                    Place::of(meta, request).shard_key_filter()
                } else {
                    Document::new()
                };
                let unique = UniqueValue {
                    old_paths: old_places(meta, &path),
                    path,
                    value,
                    shard_key,
                    among_live,
                };
                Ok((unique, index))
            }
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Matches the document that has the value.
    pub(crate) fn filter(&self) -> Document {
        let at = |path: &str| doc! { path: { "$eq": self.value.clone() } };
        let mut filter = if self.old_paths.is_empty() {
            at(&self.path)
        } else {
            let paths = std::iter::once(&self.path).chain(&self.old_paths);
            doc! { "$or": paths.map(|path| at(path)).collect::<Vec<_>>() }
        };
        filter.extend(self.shard_key.clone());
        if self.among_live {
            // As the index has it, null is the same as absent.
            filter.insert(names::DELETED_AT, Bson::Null);
        }
        filter
    }

    /// Whether this is the value that another document has.
    pub(super) fn is_taken_by(&self, error: &DuplicateKey) -> bool {
        match error.fields() {
            [field] => *field == self.path,
            [field, second] => {
                self.among_live && *field == self.path && second == names::DELETED_AT
            }
            _ => false,
        }
    }
}

fn at<'a>(document: &'a Document, path: &str) -> Option<&'a Bson> {
    match path.split_once('.') {
        None => document.get(path),
        Some((first, rest)) => at(document.get_document(first).ok()?, rest),
    }
}
