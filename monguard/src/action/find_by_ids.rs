use std::collections::{HashMap, HashSet};
use std::future::IntoFuture;

use futures_util::TryStreamExt;
use mongodb::bson::{self, Bson, Document, RawDocumentBuf, doc};
use tracing::Instrument;

use super::ActionFuture;
use super::options::Searched;
use super::perform::{encoded, refused};
use super::query::{DocumentsKind, Query, QueryKind, Sealed};
use super::read::{read_filter, read_span, refused_read};
use crate::client::Collection;
use crate::document::{Place, Versioned, names};
use crate::error::Result;
use crate::filter::Node;
use crate::select::{Selector, Whole};
use crate::value::{EncodeError, write_canonical};

/// A search for documents by their ids, started with [`Collection::find_by_ids`].
pub type FindByIds<'a, T, S = Whole> = Query<'a, T, ByIds<S>>;

/// The kind of a [`FindByIds`]: the documents of these ids.
#[derive(Debug)]
pub struct ByIds<S = Whole> {
    places: Result<Vec<Place>, EncodeError>,
    select: S,
}

impl<S> Sealed for ByIds<S> {}

impl<S> QueryKind for ByIds<S> {
    const NAME: &'static str = "FindByIds";
}

impl<O> DocumentsKind for ByIds<O> {
    type Select = O;
    type With<S> = ByIds<S>;
    fn map<S>(self, select: impl FnOnce(O) -> S) -> ByIds<S> {
        ByIds {
            places: self.places,
            select: select(self.select),
        }
    }
}

impl<T: Versioned> Collection<T> {
    /// Finds the documents of these ids. `await` returns those that there are, in the order of the
    /// ids; one that is asked for twice is there once. [`each`](FindByIds::each) says which are
    /// missing.
    ///
    /// Of a model with a shard key, each id comes with the values of the shard key, as for
    /// [`find_by_id`](Collection::find_by_id), and those of one shard key are asked for together.
    ///
    /// Any number of ids may be asked for: they are sent in lists of at most 1000 ids, one after
    /// the other, so that the documents are not all of one moment.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # use mongodb::bson::oid::ObjectId;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(orders: Collection<Order>, ids: [ObjectId; 3]) -> monguard::Result<()> {
    /// let found: Vec<Stored<Order>> = orders.find_by_ids(ids).await?;
    /// let amounts: Vec<Option<i64>> = orders.find_by_ids(ids).select(|o| o.amount).each().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Collection::find_by_id`]: a document that is not as the model says fails the whole
    /// search.
    pub fn find_by_ids(&self, ids: impl IntoIterator<Item = T::Locator>) -> FindByIds<'_, T> {
        let kind = ByIds {
            places: ids.into_iter().map(|id| T::place(&id)).collect(),
            select: Whole,
        };
        Query::new(self, Node::All(Vec::new()), kind)
    }
}

impl<'a, T, S> Query<'a, T, ByIds<S>>
where
    T: Versioned,
    S: Selector<T> + Send + Sync + 'a,
    S::Item: Send,
{
    /// One answer for each id, in the order of the ids: the document, or `None` where there is none.
    /// One that is asked for twice is there twice.
    ///
    /// # Errors
    /// As [`Collection::find_by_ids`].
    pub fn each(self) -> ActionFuture<'a, Result<Vec<Option<S::Item>>>> {
        let span = read_span(self.collection.store(), "find_by_ids");
        let each = async move {
            let found = self.found().await?;
            let name = self.store().name();
            let read = |key| {
                let document: Option<&RawDocumentBuf> = found.documents.get(&key);
                let read = document.map(|raw| self.kind.select.read(raw.clone(), name));
                read.transpose()
            };
            found.keys.into_iter().map(read).collect()
        };
        ActionFuture::new(each.instrument(span))
    }

    /// The documents as they are stored, by the canonical bytes of their ids.
    async fn found(&self) -> Result<Found> {
        let store = self.collection.store();
        let places = match &self.kind.places {
            Ok(places) => places,
            Err(error) => return Err(refused(store, None, encoded(error.clone()))),
        };
        let shard_key = store.meta().shard_key();
        let also: Vec<String> = shard_key.map(|key| key.stored_name().to_owned()).collect();
        let projection = self.kind.select.projection(&also);
        let projection = projection.map_err(|error| refused_read(store, error))?;
        let (keys, lists) = lists(places);
        let mut documents = HashMap::new();
        let limit = self.patience();
        for list in lists {
            let mut filter = read_filter(store, &self.condition, self.options.shown)?;
            filter.insert(names::ID, doc! { "$in": list.ids });
            filter.extend(list.shard_key);
            let searched = Searched {
                projection: projection.clone(),
                ..Searched::default()
            };
            let options = self.options.find(limit, searched);
            let found = store.read_many("find_by_ids", filter, options, limit);
            let mut found = found.await?;
            while let Some(raw) = found.try_next().await? {
                let place = Place::from_fields(store.meta(), |name| {
                    let value = raw.get(name).ok().flatten();
                    value.and_then(|value| Bson::try_from(value).ok())
                });
                documents.insert(key(&place), raw);
            }
        }
        Ok(Found { keys, documents })
    }
}

/// What is there of what was asked for.
struct Found {
    /// Those of the ids, in their order.
    keys: Vec<Vec<u8>>,
    documents: HashMap<Vec<u8>, RawDocumentBuf>,
}

impl<'a, T, S> IntoFuture for Query<'a, T, ByIds<S>>
where
    T: Versioned,
    S: Selector<T> + Send + Sync + 'a,
    S::Item: Send,
{
    type Output = Result<Vec<S::Item>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let span = read_span(self.collection.store(), "find_by_ids");
        let all = async move {
            let mut found = self.found().await?;
            let name = self.store().name();
            let documents = &mut found.documents;
            let present = found.keys.iter().filter_map(|key| documents.remove(key));
            present
                .map(|raw| self.kind.select.read(raw, name))
                .collect()
        };
        ActionFuture::new(all.instrument(span))
    }
}

/// The same for places that are equal: a server takes 1 and 1.0 for one id.
fn key(place: &Place) -> Vec<u8> {
    let mut key = Vec::new();
    write_canonical(&place.id, &mut key);
    place
        .shard_key
        .values()
        .for_each(|value| write_canonical(value, &mut key));
    key
}

/// Ids that one command asks for.
#[derive(Debug, PartialEq)]
struct List {
    /// What their documents have in common.
    shard_key: Document,
    ids: Vec<Bson>,
    bytes: usize,
}

/// The keys of all places, and their ids in lists that a command can hold, each once.
fn lists(places: &[Place]) -> (Vec<Vec<u8>>, Vec<List>) {
    /// How many ids one command has.
    const IDS: usize = 1000;
    /// And how many bytes of them, but for one that is larger: far below what a command may have.
    const BYTES: usize = 4 * 1024 * 1024;
    let mut seen = HashSet::new();
    let mut lists: Vec<List> = Vec::new();
    // The list of each shard key that is not full yet.
    let mut open: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut keys = Vec::with_capacity(places.len());
    for place in places {
        let key = key(place);
        keys.push(key.clone());
        if !can_be_stored(&place.id) || !seen.insert(key) {
            continue;
        }
        let bytes = bson::serialize_to_vec(&doc! { "": &place.id }).map_or(0, |bytes| bytes.len());
        let mut shard = Vec::new();
        write_canonical(&Bson::Document(place.shard_key.clone()), &mut shard);
        let list = open.get(&shard).and_then(|index| lists.get_mut(*index));
        if let Some(list) = list.filter(|list| list.ids.len() < IDS && list.bytes + bytes <= BYTES)
        {
            list.ids.push(place.id.clone());
            list.bytes += bytes;
            continue;
        }
        open.insert(shard, lists.len());
        lists.push(List {
            shard_key: place.shard_key_filter(),
            ids: vec![place.id.clone()],
            bytes,
        });
    }
    (keys, lists)
}

/// No document has such an id; in a list of ids, a regular expression would match others by their
/// texts.
fn can_be_stored(id: &Bson) -> bool {
    !matches!(
        id,
        Bson::RegularExpression(_) | Bson::Array(_) | Bson::Undefined
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(ids: impl IntoIterator<Item = Bson>) -> Vec<Place> {
        ids.into_iter().map(Place::by_id).collect()
    }

    fn ids(places: &[Place]) -> Vec<Vec<Bson>> {
        let (_, lists) = lists(places);
        lists.into_iter().map(|list| list.ids).collect()
    }

    #[test]
    fn ids_are_asked_for_once_and_in_lists_that_a_command_can_hold() {
        let all = places((0..2500).chain(0..10).map(Bson::Int32));
        assert_eq!(lists(&all).0.len(), 2510);
        let lengths: Vec<usize> = ids(&all).iter().map(Vec::len).collect();
        assert_eq!(lengths, [1000, 1000, 500]);
        let long = "x".repeat(3 * 1024 * 1024);
        let long = places((0..3).map(|n| format!("{long}{n}").into()));
        assert_eq!(ids(&long).len(), 3);
    }

    #[test]
    fn equal_ids_are_one_and_impossible_ones_are_not_sent() {
        let equal = places([Bson::Int32(1), Bson::Int64(1), Bson::Double(1.0)]);
        assert_eq!(ids(&equal), [vec![Bson::Int32(1)]]);
        let regex = bson::Regex {
            pattern: bson::raw::cstr!("a").into(),
            options: bson::raw::cstr!("").into(),
        };
        let impossible = places([Bson::RegularExpression(regex), Bson::Array(vec![])]);
        assert!(ids(&impossible).is_empty());
    }

    #[test]
    fn ids_of_one_shard_key_are_asked_for_together() {
        let at = |id: i32, region: &str| Place {
            id: id.into(),
            shard_key: doc! { "region": region },
        };
        let places = [at(1, "eu"), at(1, "us"), at(2, "eu"), at(1, "eu")];
        let (keys, lists) = lists(&places);
        assert_eq!(keys.first(), keys.last());
        let ids: Vec<&[Bson]> = lists.iter().map(|list| list.ids.as_slice()).collect();
        assert_eq!(ids, [&[1.into(), 2.into()][..], &[1.into()][..]]);
    }
}
