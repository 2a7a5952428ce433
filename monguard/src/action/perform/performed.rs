use std::sync::Arc;

use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use crate::audit::Recorded;
use crate::client::Store;
use crate::document::{Outcome, Snapshot, Stored, Version, Versioned};
use crate::error::{Error, Result};
use crate::guard::Proof;

/// What a write came to.
#[derive(Debug)]
pub(crate) struct Performed {
    pub(super) document: Snapshot,
    pub(super) outcome: Outcome,
    /// The operation and the version that it made, where something was written.
    pub(super) written: Option<(ObjectId, Version)>,
}

impl From<Recorded> for Performed {
    fn from(recorded: Recorded) -> Self {
        let outcome = match (recorded.unwritten, recorded.landed.proof) {
            (Some(cause), _) => Outcome::WrittenWithoutEntry(cause),
            (None, Proof::Answered | Proof::Recorded) => Outcome::Written,
            (None, Proof::Read) => Outcome::Settled { overtaken: false },
            (None, Proof::Overtaken) => Outcome::Settled { overtaken: true },
        };
        Performed {
            document: recorded.landed.document,
            outcome,
            written: Some((recorded.operation, recorded.version)),
        }
    }
}

impl Performed {
    /// The document for the caller. Where it does not decode, the write has been made all the
    /// same, and the error says so.
    pub(crate) fn into_stored<T: Versioned>(self, store: &Store) -> Result<Stored<T>> {
        let decoded = Stored::<T>::read(self.document, store.name());
        told(decoded, self.outcome, self.written)
    }

    /// The same, of the document as it was decoded.
    pub(super) fn stored_as<T: Versioned>(self, decoded: Result<Stored<T>>) -> Result<Stored<T>> {
        told(decoded, self.outcome, self.written)
    }

    pub(crate) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    pub(crate) fn document(&self) -> &Arc<RawDocumentBuf> {
        self.document.document()
    }

    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.document
    }

    pub(crate) fn written(&self) -> Option<(ObjectId, Version)> {
        self.written
    }
}

fn told<T: Versioned>(
    decoded: Result<Stored<T>>,
    outcome: Outcome,
    written: Option<(ObjectId, Version)>,
) -> Result<Stored<T>> {
    match decoded {
        Ok(stored) => Ok(stored.with_outcome(outcome)),
        Err(Error::Decode(error)) => Err(match written {
            Some((operation, version)) => error.after_write(operation, version).into(),
            None => Error::Decode(error),
        }),
        Err(error) => Err(error),
    }
}
