//! Which documents match, and what they are by now.

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};
use mongodb::options::{FindOptions, Hint, ReadPreference, SelectionCriteria};

use super::Sweep;
use crate::action::read::{Shown, read_filter};
use crate::client::Documents;
use crate::document::{FieldMeta, Place, names};
use crate::error::Result;
use crate::guard::Kind;
use crate::value::parse_some;

impl Sweep<'_> {
    /// Matches the documents that are meant.
    pub(super) fn filter(&self) -> Result<Document> {
        let shown = match self.request.kind {
            Kind::Update | Kind::SoftDelete => Shown::Live,
            Kind::UpdateAny | Kind::Restore | Kind::Tombstone => Shown::Deleted,
        };
        let mut filter = read_filter(self.store, &self.condition, shown)?;
        if self.request.kind == Kind::Restore {
            filter.insert(names::DELETED_AT, doc! { "$exists": true });
        }
        Ok(filter)
    }

    /// Where the documents are that match now.
    pub(super) async fn places(&self, filter: Document) -> Result<Vec<Place>> {
        let meta = self.store.meta();
        let mut projection = doc! { names::ID: 1 };
        for name in meta.shard_key().map(FieldMeta::stored_name) {
            projection.insert(name, 1);
        }
        let mut options = self.options_of_a_read();
        options.projection = Some(projection);
        let found = self.store.read_many("find", filter, options, self.limit);
        let found: Vec<RawDocumentBuf> = found.await?.try_collect().await?;
        found.iter().map(|raw| self.place_of(raw)).collect()
    }

    /// Where a document is that was read.
    pub(super) fn place_of(&self, raw: &RawDocumentBuf) -> Result<Place> {
        let meta = self.store.meta();
        let of_place: Vec<&str> = Place::fields(meta).collect();
        let fields = parse_some(raw, |name| of_place.contains(&name));
        let fields = fields.map_err(|error| self.store.undecodable(None, error))?;
        Ok(Place::of(meta, &fields))
    }

    /// The documents at these places that match.
    pub(super) async fn documents(&self, filter: &Document, places: &[Place]) -> Result<Documents> {
        let mut filter = filter.clone();
        let ids: Vec<Bson> = places.iter().map(|place| place.id.clone()).collect();
        filter.insert(names::ID, doc! { "$in": ids });
        if places.iter().any(|place| !place.shard_key.is_empty()) {
            let places: Vec<_> = places.iter().map(Place::filter).collect();
            filter.insert("$or", places);
        }
        let mut options = self.options_of_a_read();
        // By the index of the ids, which do not change, no document is read again after it was
        // written.
        options.hint = Some(Hint::Keys(doc! { names::ID: 1 }));
        self.store
            .read_many("find", filter, options, self.limit)
            .await
    }

    /// On the primary, where writes go; a transaction is there already.
    fn options_of_a_read(&self) -> FindOptions {
        let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
        let is_outside = self.store.transaction().is_none();
        FindOptions::builder()
            .selection_criteria(is_outside.then_some(primary))
            .max_time(self.limit)
            .build()
    }
}
