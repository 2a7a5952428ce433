//! One create as a part of a batch.

use std::sync::Arc;

use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use super::{CreateWrite, Landing, Sent};
use crate::client::{Failure, Statement, created_by};
use crate::document::Version;
use crate::error::{InvalidUpdate, Result};
use crate::guard::batch::Met;
use crate::guard::turns::Turns;
use crate::guard::{Landed, Proof};

impl CreateWrite {
    pub(in crate::guard) fn statement(&self) -> Result<Statement, InvalidUpdate> {
        let own = created_by(&self.place, self.operation);
        Statement::create(self.place.id.clone(), &own, &self.raw)
            .map_err(|error| InvalidUpdate::encode("", error.into()))
    }

    /// The operation, and the version that it makes.
    pub(in crate::guard) fn makes(&self) -> (ObjectId, Version) {
        (self.operation, self.version.shown)
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
    ) -> Result<Landing> {
        let mut sent = Sent {
            count: 1,
            ..Sent::default()
        };
        match met {
            Met::Written => {
                return Ok(Landing::Here(Landed {
                    document: self.raw.clone().into(),
                    proof: Proof::Answered,
                }));
            }
            Met::NotSent => {
                let turn = turns.take().await;
                return Box::pin(self.land_after(Sent::default(), true, turn)).await;
            }
            // The server creates, or says what is in the way; if it said neither, reading tells.
            Met::NotMatched | Met::Uncertain => sent.may_have_landed = true,
            Met::Failed(Failure::Refused(error)) => return Err(error),
            Met::Failed(Failure::Duplicate(error)) => sent.duplicate = Some(error),
            Met::Failed(Failure::Unknown(error)) => {
                self.patience().lost();
                sent.may_have_landed = true;
                sent.cause = Some(error);
            }
        }
        Box::pin(self.land_after(sent, false, turns.take().await)).await
    }
}
