//! A create in a transaction. A duplicate key would abort the transaction, so what may be there
//! already is looked up first.

use mongodb::bson::{Document, RawDocumentBuf};

use super::{CreateWrite, Creation, Fate, Sent};
use crate::audit::{Recorded, complete_creation};
use crate::client::{Failure, WriteCommand};
use crate::document::names;
use crate::error::{Error, Result};
use crate::guard::{Landed, Proof, is_tombstone};
use crate::transaction::Tx;

impl CreateWrite {
    pub(in crate::guard) async fn commit_within(&self, tx: &Tx) -> Result<Creation> {
        if let Some((document, compared)) = self.existing_within(tx).await? {
            self.complete_creation_of(tx, &document).await?;
            return Ok(Creation::Existing { document, compared });
        }
        let command = WriteCommand::create(&self.raw, self.operation, &self.place);
        let entry = (self.operation, self.entry.clone());
        tracing::debug!(operation_id = %self.operation, "sending in a transaction");
        let created = self
            .store
            .write_within(tx, command, entry, self.limit, &self.place.id)
            .await;
        match created {
            Ok(Some(document)) => {
                let landed = Landed {
                    document: document.into(),
                    proof: Proof::Answered,
                };
                let of = (self.operation, self.version());
                Ok(Creation::New(Recorded::with_entry(landed, of)))
            }
            // The server always returns what it upserted.
            Ok(None) => Err(self.store.no_answer("create", &self.place.id)),
            Err(Failure::Refused(error) | Failure::Unknown(error)) => Err(error),
            Err(Failure::Duplicate(error)) => {
                if self.was_looked_for(&error, self.id_is_fresh) {
                    // It has come since, and another transaction sees it.
                    tx.starts_over();
                }
                Err(Error::DuplicateKey(error))
            }
        }
    }

    /// The document of an earlier request, or that has the unique value.
    async fn existing_within(&self, tx: &Tx) -> Result<Option<(RawDocumentBuf, bool)>> {
        let nothing_sent = Sent::default();
        match self.look_up(&nothing_sent, true).await? {
            Some(Fate::Existing { document, compared }) => return Ok(Some((document, compared))),
            // A hard delete was in the way, and is finished.
            Some(Fate::SendAgain | Fate::Open | Fate::Landed(_)) => return Err(self.again(tx)),
            None => {}
        }
        if self.id_is_fresh {
            return Ok(None);
        }
        let found = self.store.read_settled(&self.place, self.limit).await?;
        match self.seen(found)? {
            None => Ok(None),
            Some((_, document)) if is_tombstone(&document) => {
                self.clear(&document, &nothing_sent, true).await?;
                Err(self.again(tx))
            }
            Some(_) => Err(Error::DuplicateKey(self.id_is_taken())),
        }
    }

    fn again(&self, tx: &Tx) -> Error {
        self.store.starts_over(tx, "create", &self.place.id)
    }

    /// Writes the create entry that an earlier request may owe, unless it is of this transaction.
    async fn complete_creation_of(&self, tx: &Tx, document: &RawDocumentBuf) -> Result<()> {
        let found: Document = self.parse(document)?;
        let operation = found.get_object_id(names::OPERATION).ok();
        let is_own = match operation {
            Some(operation) => tx.has_made(operation).await,
            None => false,
        };
        if !is_own {
            complete_creation(&self.store.outside(), &found, self.limit).await;
        }
        Ok(())
    }
}
