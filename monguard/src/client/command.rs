use std::time::Duration;

use mongodb::bson::{
    Document, RawDocumentBuf, cstr, doc, oid::ObjectId, serialize_to_raw_document_buf,
};
use mongodb::options::{ReturnDocument, WriteConcern};
use mongodb::{ClientSession, Collection};

use crate::document::{Place, names};
use crate::guard::Proof;

/// A write of one document, as it is sent: in a session, where it belongs to a transaction.
#[derive(Clone, Debug)]
pub(crate) enum WriteCommand {
    Update {
        filter: Document,
        update: Document,
    },
    /// An upsert that matches nothing but itself: unlike an insert it has a time limit, repeated it
    /// changes nothing, and a foreign document of that id is a duplicate key.
    Create {
        own: Document,
        document: RawDocumentBuf,
    },
    Remove {
        filter: Document,
    },
}

impl WriteCommand {
    /// The create of this document by this operation.
    pub(crate) fn create(document: &RawDocumentBuf, operation: ObjectId, place: &Place) -> Self {
        let own = created_by(place, operation);
        let document = document.clone();
        WriteCommand::Create { own, document }
    }

    /// What it does, as errors name it.
    pub(super) fn operation(&self) -> &'static str {
        match self {
            WriteCommand::Update { .. } => "update",
            WriteCommand::Create { .. } => "create",
            WriteCommand::Remove { .. } => "removal",
        }
    }

    /// Sends it. Returns the document as it is afterwards, or was when it was removed; `None` where
    /// none matched.
    pub(crate) async fn send(
        self,
        documents: &Collection<RawDocumentBuf>,
        limit: Duration,
        session: Option<&mut ClientSession>,
    ) -> mongodb::error::Result<Option<RawDocumentBuf>> {
        /// Adds the session, if there is one: the driver takes no `None`.
        macro_rules! sent {
            ($command:expr) => {{
                let command = $command.max_time(limit);
                match session {
                    Some(session) => command.session(session).await,
                    None => command.await,
                }
            }};
        }
        match self {
            WriteCommand::Update { filter, update } => {
                let command = documents.find_one_and_update(filter, update);
                sent!(command.return_document(ReturnDocument::After))
            }
            WriteCommand::Create { own, document } => {
                let command = documents.find_one_and_replace(own, document).upsert(true);
                sent!(command.return_document(ReturnDocument::After))
            }
            WriteCommand::Remove { filter } => sent!(documents.find_one_and_delete(filter)),
        }
    }
}

/// A write that the server made.
#[derive(Debug)]
pub(crate) struct Written {
    /// The document as the server returned it; `None` where it is what was computed.
    pub(crate) document: Option<RawDocumentBuf>,
    /// The entry is in the log.
    pub(crate) is_recorded: bool,
}

impl Written {
    pub(crate) fn answered(document: RawDocumentBuf) -> Self {
        Written {
            document: Some(document),
            is_recorded: false,
        }
    }

    /// The answer is no document.
    pub(crate) fn as_computed(is_recorded: bool) -> Self {
        Written {
            document: None,
            is_recorded,
        }
    }

    /// How the caller knows of it.
    pub(crate) fn proof(&self) -> Proof {
        if self.is_recorded {
            Proof::Recorded
        } else {
            Proof::Answered
        }
    }
}

/// Adds for how long the server may work on a command, and its concern, unless that is its
/// transaction's.
pub(super) fn append_terms(
    command: &mut RawDocumentBuf,
    limit: Duration,
    concern: Option<&WriteConcern>,
) -> Result<(), mongodb::bson::error::Error> {
    let milliseconds = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
    command.append(cstr!("maxTimeMS"), milliseconds);
    let concern = concern.map(serialize_to_raw_document_buf).transpose()?;
    if let Some(concern) = concern.filter(|concern| !concern.is_empty()) {
        command.append(cstr!("writeConcern"), concern);
    }
    Ok(())
}

/// Matches the document that this operation created.
pub(crate) fn created_by(place: &Place, operation: ObjectId) -> Document {
    let mut own = doc! { names::ID: { "$eq": place.id.clone() }, names::OPERATION: operation };
    own.extend(place.shard_key_filter());
    own
}
