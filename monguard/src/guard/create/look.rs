//! What became of a create, by the documents and the log.

use mongodb::bson::{Document, RawDocumentBuf, doc};

use super::{CreateWrite, Fate, KnownBy, Sent};
use crate::audit::{Comparison, Trail, compare};
use crate::document::names;
use crate::error::{DuplicateKey, Error, IdempotencyMismatch, Result};
use crate::guard::verdict::{is_operation, successor_of};
use crate::guard::{IdempotencyKey, Landed, Proof, finish_tombstone, is_tombstone};
use crate::index::key_fields;

impl CreateWrite {
    /// Finds out what became of the command. The server names one violated index, not the one
    /// hoped for: after any duplicate key, the idempotency key is looked up first.
    ///
    /// `is_over`: nothing that was sent could take effect any more even before this look.
    pub(super) async fn look(&self, sent: &mut Sent, is_over: bool) -> Result<Fate> {
        let by_id = self.store.read_settled(&self.place, self.limit).await?;
        let by_id = self.seen(by_id)?;
        if let Some((raw, document)) = &by_id
            && is_operation(document, self.operation)
        {
            return Ok(landed(raw.clone(), Proof::Read));
        }
        let holds = |(_, document): &(_, Document)| self.is_held_by(document);
        let is_ours = by_id
            .as_ref()
            .is_some_and(|seen| self.id_is_fresh || holds(seen));
        if sent.may_have_landed && (is_ours || self.left_a_trace().await?) {
            return Ok(landed(self.raw.clone(), Proof::Overtaken));
        }
        if let Some(fate) = self.look_up(sent, is_over).await? {
            return Ok(fate);
        }
        match by_id {
            Some((_, document)) if is_tombstone(&document) => {
                self.clear(&document, sent, is_over).await
            }
            // Ours may be what it was made of, by a writer whose entry is yet to come.
            Some((_, document)) if sent.may_have_landed => {
                if !is_over || self.may_be_ours(&document) {
                    return Ok(Fate::Open);
                }
                let duplicate = sent.duplicate.take();
                Err(Error::DuplicateKey(
                    duplicate.unwrap_or_else(|| self.id_is_taken()),
                ))
            }
            by_id => match sent.duplicate.take() {
                // The one in the way is gone again.
                Some(error) if self.was_looked_for(&error, by_id.is_some()) => {
                    sent.duplicate = Some(error);
                    Ok(Fate::SendAgain)
                }
                Some(error) => Err(Error::DuplicateKey(error)),
                None if is_over => Ok(Fate::SendAgain),
                None => Ok(Fate::Open),
            },
        }
    }

    /// Finishes the hard delete of a document that is in the way. It may have been ours: then its
    /// entry, which is in the log now, tells.
    pub(super) async fn clear(
        &self,
        tombstone: &Document,
        sent: &Sent,
        is_over: bool,
    ) -> Result<Fate> {
        // Not in a transaction, whose state of the data may have the tombstone for good.
        finish_tombstone(&self.store.outside(), tombstone, self.limit).await?;
        if sent.may_have_landed && !is_over {
            return Ok(Fate::Open);
        }
        let is_ours = sent.may_have_landed && self.left_a_trace().await?;
        Ok(if is_ours {
            landed(self.raw.clone(), Proof::Overtaken)
        } else {
            Fate::SendAgain
        })
    }

    /// Whether this document, which another write has come to since, may be the one that was
    /// created here. The stamp of a creation stays.
    ///
    /// Where the entry is never apart from its write, it would have been found by now.
    fn may_be_ours(&self, document: &Document) -> bool {
        if self.route.is_atomic() {
            return false;
        }
        let created_at = self.raw.get_datetime(names::CREATED_AT).ok();
        document.get_datetime(names::CREATED_AT).ok() == created_at.as_ref()
    }

    /// Whether the document carries the entry of this create.
    fn is_held_by(&self, document: &Document) -> bool {
        Trail::document_holds(document, self.operation)
    }

    /// That another document has the id, found out by reading.
    pub(super) fn id_is_taken(&self) -> Box<DuplicateKey> {
        let subject = self.store.subject(Some(&self.place.id));
        let fields = vec![names::ID.to_owned()];
        Box::new(DuplicateKey::new(subject, "_id_".to_owned(), fields, None))
    }

    /// Whether the log has this create's entry, or the entry of a write that replaced it.
    async fn left_a_trace(&self) -> Result<bool> {
        let own = self.store.entry_of(self.operation, self.limit).await?;
        if own.is_some() || self.route.is_atomic() {
            return Ok(own.is_some());
        }
        let successor = successor_of(self.operation);
        let successor = self
            .store
            .entry_where(&self.place.id, successor, self.limit);
        Ok(successor.await?.is_some())
    }

    /// Finds the document that has the unique value, or the idempotency key.
    pub(super) async fn look_up(&self, sent: &Sent, is_over: bool) -> Result<Option<Fate>> {
        let KnownBy { key, unique } = &self.known_by;
        if let Some(unique) = unique {
            match self.holder(unique.filter(), sent, is_over).await? {
                Holder::Nobody => {}
                Holder::Decided(fate) => return Ok(Some(fate)),
                Holder::Another(document, _) => {
                    let compared = false;
                    return Ok(Some(Fate::Existing { document, compared }));
                }
            }
        }
        let Some(key) = key else {
            return Ok(None);
        };
        // Within the shard key, as its unique index is.
        let mut filter = self.place.shard_key_filter();
        filter.insert(key.field, doc! { "$eq": key.value.clone() });
        match self.holder(filter, sent, is_over).await? {
            Holder::Nobody => Ok(None),
            Holder::Decided(fate) => Ok(Some(fate)),
            Holder::Another(document, parsed) => self.compare(key, document, &parsed).map(Some),
        }
    }

    /// Who has what was to be this document's alone.
    async fn holder(&self, filter: Document, sent: &Sent, is_over: bool) -> Result<Holder> {
        let found = self.store.find_settled(filter, self.limit).await?;
        let Some((document, parsed)) = self.seen(found)? else {
            return Ok(Holder::Nobody);
        };
        if is_operation(&parsed, self.operation) {
            return Ok(Holder::Decided(landed(document, Proof::Read)));
        }
        if self.is_held_by(&parsed) {
            let created = landed(self.raw.clone(), Proof::Overtaken);
            return Ok(Holder::Decided(created));
        }
        if is_tombstone(&parsed) {
            return self
                .clear(&parsed, sent, is_over)
                .await
                .map(Holder::Decided);
        }
        let has_own_id = parsed.get(names::ID) == Some(&self.place.id);
        if sent.may_have_landed && has_own_id && self.may_be_ours(&parsed) {
            return Ok(Holder::Decided(Fate::Open));
        }
        Ok(Holder::Another(document, parsed))
    }

    /// Whether the holder of the key was created by the same request.
    fn compare(
        &self,
        key: &IdempotencyKey,
        document: RawDocumentBuf,
        parsed: &Document,
    ) -> Result<Fate> {
        let compared = match compare(parsed.get(names::IDEMPOTENT_HASH), &key.fingerprint) {
            Comparison::Same => true,
            Comparison::NotCompared => false,
            Comparison::Different => {
                let subject = self.store.subject(parsed.get(names::ID));
                return Err(IdempotencyMismatch::new(subject, key.field.to_owned()).into());
            }
        };
        Ok(Fate::Existing { document, compared })
    }

    /// Whether the violated index is one whose holder was looked for, and not found.
    pub(super) fn was_looked_for(&self, error: &DuplicateKey, id_is_taken: bool) -> bool {
        let fields = error.fields();
        let is_id = matches!(fields, [field] if field == names::ID);
        let is_key = |key: &IdempotencyKey| *fields == key_fields(self.store.meta(), key.field);
        let KnownBy { key, unique } = &self.known_by;
        (is_id && !id_is_taken)
            || key.as_ref().is_some_and(is_key)
            || unique
                .as_ref()
                .is_some_and(|unique| unique.is_taken_by(error))
    }
}

/// Who has a key or a unique value.
enum Holder {
    Nobody,
    /// This create itself, or a document that is on its way out.
    Decided(Fate),
    Another(RawDocumentBuf, Document),
}

fn landed(document: RawDocumentBuf, proof: Proof) -> Fate {
    let document = document.into();
    Fate::Landed(Landed { document, proof })
}
