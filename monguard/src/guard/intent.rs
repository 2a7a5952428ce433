use mongodb::bson::{Bson, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};

use super::versions::StoredVersion;
use super::{Base, Kind, Versions};
use crate::audit::{Trail, stamps_of};
use crate::client::Actor;
use crate::document::{Excerpt, Snapshot, names};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::update::{FieldWrites, check_names, field_writes};
use crate::value::Measure;

/// A write of one document, worked out: the command, and what the document will be.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) kind: Kind,
    pub(crate) operation: ObjectId,
    pub(crate) base: Base,
    pub(crate) before: Excerpt,
    /// As far as that was parsed, and without what it is to carry.
    pub(crate) after: Document,
    pub(crate) at: DateTime,
    pub(crate) version: StoredVersion,
    pub(crate) filter: Document,
    /// Without what the document is to carry.
    pub(crate) update: Document,
    /// That, where the write changes it.
    pub(crate) trail: Option<Trail>,
}

impl Intent {
    /// Works out the write that turns what was parsed of `before`, in the state `base`, into `fields`
    /// as far as they are the model's; monguard's own are added here, as of the moment `at`. `None`
    /// where it would change nothing.
    pub(crate) fn work_out(
        kind: Kind,
        (base, before): (Base, Excerpt),
        fields: Document,
        condition: Option<&Document>,
        (actor, at): (&Actor, DateTime),
        versions: Versions,
    ) -> Result<Option<Self>, InvalidUpdate> {
        if let Some(name) = base.place.differing_field(&fields) {
            return Err(InvalidUpdate::new(name, InvalidReason::ShardKey));
        }
        let writes = field_writes(before.fields(), &fields)?;
        writes
            .set
            .iter()
            .try_for_each(|(path, value)| check_names(path, value))?;
        if kind.is_update() && writes.is_empty() {
            return Ok(None);
        }
        let version = versions
            .next(base.version.as_ref())
            .ok_or_else(|| InvalidUpdate::new(versions.field(), InvalidReason::VersionsUsedUp))?;
        let operation = ObjectId::new();
        let mut stamps = stamps(kind, versions.field(), &version, operation, at, actor);
        if kind == Kind::Tombstone {
            // For whoever finishes it, so that the entry is the one that the deleter would have
            // written.
            let replaced = stamps_of(before.fields(), versions.field());
            stamps.set.insert(names::REPLACED, replaced);
        }
        let filter = filter(kind, &base, condition);
        let after = apply(fields, &stamps);
        let update = command(writes, stamps);
        Ok(Some(Intent {
            kind,
            operation,
            base,
            before,
            after,
            at,
            version,
            filter,
            update,
            trail: None,
        }))
    }
}

impl Intent {
    /// Makes what the document carries a part of the write.
    pub(crate) fn carry(&mut self, trail: Trail) {
        self.trail = Some(trail);
    }

    /// What the document is to carry, where the write changes that.
    pub(crate) fn trail(&self) -> Option<&Trail> {
        self.trail.as_ref()
    }

    /// The update as it is sent.
    pub(crate) fn command(&self) -> Document {
        let mut update = self.update.clone();
        let Some(trail) = self.trail() else {
            return update;
        };
        match self.added(trail) {
            Some(added) => {
                update.insert("$push", doc! { names::AUDIT: added.clone() });
            }
            None => {
                if let Ok(set) = update.get_document_mut(SET) {
                    set.insert(names::AUDIT, trail.to_bson());
                }
            }
        }
        update
    }

    /// What the write adds to what the document carries, where that is all that it changes of it.
    fn added<'a>(&self, trail: &'a Trail) -> Option<&'a Bson> {
        let before = self.before.trail().ok().filter(|before| !before.is_empty());
        trail.added_to(before?)
    }

    /// How large the document is as the write leaves it.
    pub(crate) fn measure(&self) -> Measure {
        self.before.measure_with(&self.after, self.trail())
    }

    /// The document as the write leaves it, and what it is to carry apart from it, where the write
    /// changes that.
    pub(crate) fn left_apart(&self) -> mongodb::bson::error::Result<Snapshot> {
        match self.trail() {
            Some(trail) => {
                let bare = self.before.bare_with(&self.after)?;
                Ok(Snapshot::apart(bare, trail.clone()))
            }
            None => self.left().map(Snapshot::from),
        }
    }

    /// The document as the write leaves it.
    pub(crate) fn left(&self) -> mongodb::bson::error::Result<RawDocumentBuf> {
        self.before.with(&self.after, self.trail())
    }
}

/// The moment of a write: now, and never before the state that is replaced, because clocks differ
/// between machines. Where versions have no order, it is that of the stamps, and each is later than
/// the one before.
pub(crate) fn moment(base: &Base, versions: Versions) -> DateTime {
    let now = DateTime::now();
    let state = base.state.as_ref();
    let Some(Bson::DateTime(before)) = state.and_then(|state| state.updated_at.as_ref()) else {
        return now;
    };
    let step = i64::from(!versions.is_ordered());
    let least = before.timestamp_millis().saturating_add(step);
    now.max(DateTime::from_millis(least))
}

const SET: &str = "$set";

/// Where the filter of a write has the caller's own condition.
pub(crate) const CONDITION: &str = "$and";

/// Matches the document in the state of the base, if this kind of write may be made to it.
pub(crate) fn filter(kind: Kind, base: &Base, condition: Option<&Document>) -> Document {
    let mut filter = base.filter();
    filter.insert(names::TOMBSTONE, doc! { "$exists": false });
    if let Some(liveness) = kind.liveness() {
        filter.insert(names::DELETED_AT, liveness);
    }
    if let Some(condition) = condition {
        filter.insert(CONDITION, vec![condition.clone()]);
    }
    filter
}

/// What monguard writes itself, as field writes.
fn stamps(
    kind: Kind,
    version_field: &str,
    version: &StoredVersion,
    operation: ObjectId,
    at: DateTime,
    actor: &Actor,
) -> FieldWrites {
    let mut set = Document::new();
    let mut unset = Document::new();
    match kind {
        Kind::Update | Kind::UpdateAny => {}
        // A tombstone is soft-deleted as well, so that readers who do not know it leave it out.
        Kind::SoftDelete | Kind::Tombstone => {
            set.insert(names::DELETED_AT, at);
            set.insert(names::DELETED_BY, actor.id().clone());
        }
        Kind::Restore => {
            unset.insert(names::DELETED_AT, "");
            unset.insert(names::DELETED_BY, "");
        }
    }
    if kind == Kind::Tombstone {
        set.insert(names::TOMBSTONE, true);
    }
    set.insert(version_field, version.stored.clone());
    set.insert(names::UPDATED_AT, at);
    set.insert(names::UPDATED_BY, actor.id().clone());
    set.insert(names::OPERATION, operation);
    FieldWrites { set, unset }
}

fn apply(mut document: Document, writes: &FieldWrites) -> Document {
    for name in writes.unset.keys() {
        document.remove(name);
    }
    for (name, value) in &writes.set {
        document.insert(name.clone(), value.clone());
    }
    document
}

fn command(mut writes: FieldWrites, stamps: FieldWrites) -> Document {
    writes.set.extend(stamps.set);
    writes.unset.extend(stamps.unset);
    let mut command = doc! { SET: writes.set };
    // Older servers refuse an empty operator.
    if !writes.unset.is_empty() {
        command.insert("$unset", writes.unset);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Versioned;
    use crate::guard::samples::{Model, Sharded, Tokened};

    fn worked_out<T: Versioned>(
        kind: Kind,
        before: Document,
        fields: Document,
    ) -> Result<Option<Intent>, InvalidUpdate> {
        let versions = Versions::of::<T>();
        let subject = || crate::error::Subject::new("Model", "models".into(), None);
        let base = Base::of(&before, &T::META, versions, subject).unwrap();
        let at = moment(&base, versions);
        let actor = Actor::new("a");
        let state = (base, Excerpt::whole(before));
        Intent::work_out(kind, state, fields, None, (&actor, at), versions)
    }

    fn intent(kind: Kind, before: Document, fields: Document) -> Option<Intent> {
        worked_out::<Model>(kind, before, fields).unwrap()
    }

    #[test]
    fn a_write_matches_the_whole_state_that_it_is_based_on() {
        let before = doc! { "_id": 1, "__v": 3, "__w": ObjectId::new(), "updatedAt": null, "n": 1 };
        let mut fields = before.clone();
        fields.insert("n", 2);
        let intent = intent(Kind::Update, before.clone(), fields).unwrap();
        let operation = before.get("__w").unwrap();
        assert_eq!(
            intent.filter,
            doc! { "_id": 1, "__v": 3, "__w": operation,
            "updatedAt": { "$type": 10 }, "__tombstone": { "$exists": false },
            "deletedAt": { "$exists": false } }
        );
        let set = intent.update.get_document("$set").unwrap();
        assert_eq!(set.get("n"), Some(&Bson::Int32(2)));
        assert_eq!(set.get("__v"), Some(&Bson::Int32(4)));
        assert_eq!(intent.after.get("__v"), Some(&Bson::Int32(4)));
        assert!(!intent.update.contains_key("$unset"));
    }

    #[test]
    fn what_a_write_adds_to_what_the_document_carries_is_all_that_it_sends_of_it() {
        let carried = doc! { "__audit": [{ "f": 1, "o": ObjectId::new() }] };
        let mut before = doc! { "_id": 1, "__v": 1, "n": 1 };
        before.extend(carried.clone());
        let mut fields = before.clone();
        fields.insert("n", 2);
        fields.remove("__audit");
        let mut intent = intent(Kind::Update, before, fields).unwrap();
        let trail = |intent: &Intent| intent.before.trail().unwrap().clone();
        let (own, other) = (trail(&intent), Trail::of(&carried).unwrap());
        let set = |intent: &Intent| intent.command().get_document("$set").unwrap().clone();

        let grown = own.with_element(doc! { "f": 1, "o": ObjectId::new() });
        intent.carry(grown.clone());
        let added = grown.elements().last().unwrap();
        let push = intent.command().get_document("$push").unwrap().clone();
        assert_eq!(push, doc! { "__audit": added.clone() });
        assert!(!set(&intent).contains_key("__audit"));

        let grown = other.with_element(doc! { "f": 1, "o": ObjectId::new() });
        intent.carry(grown.clone());
        assert_eq!(set(&intent).get("__audit"), Some(&grown.to_bson()));
        assert!(!intent.command().contains_key("$push"));
    }

    #[test]
    fn a_legacy_document_is_matched_by_what_it_lacks() {
        let intent = intent(Kind::Update, doc! { "_id": 1 }, doc! { "_id": 1, "n": 1 }).unwrap();
        let absent = doc! { "$exists": false };
        assert_eq!(intent.filter.get_document("__v").unwrap(), &absent);
        assert_eq!(intent.filter.get_document("__w").unwrap(), &absent);
        assert_eq!(intent.version.shown, crate::Version::Number(1));
    }

    #[test]
    fn an_update_that_changes_nothing_is_no_write() {
        let before = doc! { "_id": 1, "n": 1_i32 };
        assert!(intent(Kind::Update, before.clone(), doc! { "_id": 1, "n": 1_i64 }).is_none());
        assert!(intent(Kind::SoftDelete, before.clone(), before).is_some());
    }

    #[test]
    fn stamps_never_go_back() {
        let ahead = DateTime::from_millis(DateTime::now().timestamp_millis() + 60_000);
        let before = doc! { "_id": 1, "updatedAt": ahead };
        let intent = intent(Kind::SoftDelete, before.clone(), before).unwrap();
        assert_eq!(intent.at, ahead);
    }

    #[test]
    fn stamps_go_on_where_versions_have_no_order() {
        let ahead = DateTime::from_millis(DateTime::now().timestamp_millis() + 60_000);
        for (before, least) in [
            (ahead, ahead.timestamp_millis() + 1),
            (DateTime::MAX, DateTime::MAX.timestamp_millis()),
        ] {
            let before = doc! { "_id": 1, "updatedAt": before };
            let intent = worked_out::<Tokened>(Kind::SoftDelete, before.clone(), before);
            let intent = intent.unwrap().unwrap();
            assert_eq!(intent.at.timestamp_millis(), least);
            assert!(intent.version.shown.as_token().is_some());
        }
    }

    #[test]
    fn an_update_of_any_document_does_not_ask_whether_it_is_deleted() {
        let before = doc! { "_id": 1, "deletedAt": DateTime::now(), "deletedBy": "b" };
        let mut fields = before.clone();
        fields.insert("n", 1);
        let intent = intent(Kind::UpdateAny, before.clone(), fields).unwrap();
        assert!(!intent.filter.contains_key("deletedAt"));
        assert_eq!(intent.after.get("deletedAt"), before.get("deletedAt"));
        let set = intent.update.get_document("$set").unwrap();
        assert!(!set.contains_key("deletedAt") && !set.contains_key("deletedBy"));
    }

    #[test]
    fn a_write_in_a_sharded_collection_matches_the_shard_key_and_never_changes_it() {
        let before = doc! { "_id": 1, "region": "eu", "n": 1 };
        let with = |name: &str, value: &str| {
            let mut fields = before.clone();
            fields.insert(name, value);
            worked_out::<Sharded>(Kind::Update, before.clone(), fields)
        };
        let intent = with("n", "2").unwrap().unwrap();
        let region = intent.filter.get_document("region").unwrap();
        assert_eq!(region, &doc! { "$eq": "eu" });
        let refused = with("region", "us").unwrap_err();
        assert_eq!(
            (refused.path(), refused.reason()),
            ("region", &InvalidReason::ShardKey)
        );
    }
}
