//! A write in a transaction: it is made there and nowhere else, so that there is nothing to settle.

use mongodb::bson::RawDocumentBuf;

use super::VersionedWrite;
use crate::audit::{Recorded, Trail};
use crate::client::{Failure, WriteCommand};
use crate::error::{Error, Result};
use crate::guard::{Intent, Kind, Landed, Proof, bring_all};
use crate::transaction::Tx;

impl VersionedWrite {
    pub(in crate::guard) async fn commit_within(&self, tx: &Tx) -> Result<Recorded> {
        let Intent {
            kind,
            operation,
            base,
            ..
        } = &self.intent;
        if *kind == Kind::Tombstone {
            self.bring_what_is_carried().await?;
        }
        let entry = (*operation, self.entry.clone());
        let id = &base.place.id;
        tracing::debug!(operation_id = %operation, "sending in a transaction");
        let written = self
            .store
            .write_within(tx, self.command(), entry, self.limit, id)
            .await;
        match written {
            Ok(Some(document)) => self.written_within(document),
            Ok(None) => {
                let found = self.store.read_settled(&base.place, self.limit).await?;
                Err(self.mismatch(found))
            }
            Err(Failure::Refused(error) | Failure::Unknown(error)) => Err(error),
            Err(Failure::Duplicate(error)) => {
                if kind.met_its_moment(&error) {
                    // The same deletion in another transaction is of another moment.
                    tx.starts_over();
                }
                Err(Error::DuplicateKey(error))
            }
        }
    }

    /// Brings what the document carries to the log, before it is gone. These are entries of writes
    /// before the transaction, so not a part of it.
    async fn bring_what_is_carried(&self) -> Result<()> {
        if self.intent.before.trail().is_ok_and(Trail::is_empty) {
            return Ok(());
        }
        let outside = self.store.outside();
        let place = &self.intent.base.place;
        if let Some(raw) = outside.read_settled(place, self.limit).await? {
            bring_all(&outside, &self.parse(&raw)?, self.limit).await?;
        }
        Ok(())
    }

    /// A hard delete needs no tombstone: document and entry go and come at once.
    fn command(&self) -> WriteCommand {
        let filter = self.intent.filter.clone();
        match self.intent.kind {
            Kind::Tombstone => WriteCommand::Remove { filter },
            Kind::Update | Kind::UpdateAny | Kind::SoftDelete | Kind::Restore => {
                let update = self.intent.command();
                WriteCommand::Update { filter, update }
            }
        }
    }

    fn written_within(&self, document: RawDocumentBuf) -> Result<Recorded> {
        let landed = match self.intent.kind {
            // The answer has the document as it was before.
            Kind::Tombstone => self.landed(Proof::Overtaken, None)?.document,
            Kind::Update | Kind::UpdateAny | Kind::SoftDelete | Kind::Restore => document.into(),
        };
        let landed = Landed {
            document: landed,
            proof: Proof::Answered,
        };
        let of = (self.intent.operation, self.intent.version.shown);
        Ok(Recorded::with_entry(landed, of))
    }
}
