//! One write as a part of a batch.

use std::sync::Arc;

use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use super::{Sent, VersionedWrite};
use crate::client::{Failure, Statement};
use crate::document::Version;
use crate::error::{Error, InvalidUpdate, Result};
use crate::guard::batch::Met;
use crate::guard::turns::Turns;
use crate::guard::{Landed, Proof};

impl VersionedWrite {
    pub(in crate::guard) fn statement(&self) -> Result<Statement, InvalidUpdate> {
        let intent = &self.intent;
        let id = intent.base.place.id.clone();
        Statement::update(id, intent.filter.clone(), intent.command())
            .map_err(|error| InvalidUpdate::encode("", error.into()))
    }

    /// The operation, and the version that it makes.
    pub(in crate::guard) fn makes(&self) -> (ObjectId, Version) {
        (self.intent.operation, self.intent.version.shown)
    }

    pub(in crate::guard) fn entry(&self) -> &RawDocumentBuf {
        &self.entry
    }

    /// The command of the batch is about to be sent.
    pub(in crate::guard) fn sending(&self) {
        self.patience().sending();
    }

    /// Goes on from what the command of the batch met.
    pub(in crate::guard) async fn land_from(
        self: &Arc<Self>,
        met: Met,
        turns: &Turns,
    ) -> Result<Landed> {
        let mut sent = Sent {
            count: 1,
            ..Sent::default()
        };
        match met {
            Met::Written => return self.landed(Proof::Answered, None),
            Met::NotSent => {
                let turn = turns.take().await;
                return Box::pin(self.land_after(Sent::default(), true, turn)).await;
            }
            Met::NotMatched => {}
            Met::Uncertain => sent.may_have_landed = true,
            Met::Failed(Failure::Refused(error)) => return Err(error),
            Met::Failed(Failure::Duplicate(error)) => {
                sent.rejected = Some(Error::DuplicateKey(error));
            }
            Met::Failed(Failure::Unknown(error)) => {
                self.patience().lost();
                sent.may_have_landed = true;
                sent.cause = Some(error);
            }
        }
        Box::pin(self.land_after(sent, false, turns.take().await)).await
    }
}
