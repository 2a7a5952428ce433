//! A write and its audit entry in one command: `bulkWrite`, of MongoDB 8.0.

use std::time::Duration;

use mongodb::bson::{
    Bson, Document, RawDocumentBuf, cstr, deserialize_from_document, doc, oid::ObjectId, rawdoc,
    serialize_to_raw_document_buf,
};
use mongodb::error::{ErrorKind, WriteError, WriteFailure};
use mongodb::options::WriteConcern;
use mongodb::{ClientSession, Namespace};

use super::failure::{duplicate_key, duplicate_key_by};
use super::statements::{count, write_concern_error};
use super::{Failure, LogStore, Store, Topology, WriteCommand, Written};
use crate::document::names;
use crate::error::{Result, code_of};
use crate::guard::CONDITION;

/// A write of one document and the entry that goes with it, as they are sent together.
pub(crate) struct Together<'a> {
    command: &'a WriteCommand,
    of: (Namespace, Namespace),
    entry: &'a RawDocumentBuf,
    limit: Duration,
    /// Outside of a transaction, the concern of both. Within one, its commit has it.
    alone: Option<&'a WriteConcern>,
}

/// What the server said of both.
#[derive(Debug)]
pub(crate) enum Answered {
    /// It made the write and inserted the entry.
    Both,
    /// No document matched. The entry is inserted all the same where both are in a transaction,
    /// and never otherwise.
    NoMatch,
    /// It made neither, because of the document.
    Write(PartError),
    /// It made the write, and did not insert the entry.
    Entry(PartError),
    /// What it made may be rolled back.
    Unconfirmed(mongodb::error::Error),
    /// Not what such a command is answered with.
    Unreadable,
}

/// Why the server did not do one part of a command.
#[derive(Debug)]
pub(crate) struct PartError {
    pub(crate) error: mongodb::error::Error,
    /// The violated index and its fields, where it is a duplicate key.
    pub(crate) duplicate: Option<(String, Vec<String>)>,
    code: i32,
}

impl PartError {
    /// Whether another transaction came first, so that this one may succeed when it is done again.
    pub(crate) fn is_conflict(&self) -> bool {
        /// `WriteConflict`, without the label that it has as the answer to a whole command.
        const CONFLICT: i32 = 112;
        self.code == CONFLICT
    }

    /// The same of a command that did one part only.
    pub(crate) fn of(error: mongodb::error::Error) -> Self {
        let (duplicate, code) = (duplicate_key(&error), code_of(&error).0);
        PartError {
            error,
            duplicate,
            code: code.unwrap_or_default(),
        }
    }

    fn read(part: &Document) -> Option<Self> {
        let error = deserialize_from_document::<WriteError>(part.clone()).ok()?;
        let code = error.code;
        let error = ErrorKind::Write(WriteFailure::WriteError(error)).into();
        let duplicate = duplicate_key_by(&error, Some(part));
        Some(PartError {
            error,
            duplicate,
            code,
        })
    }
}

impl<'a> Together<'a> {
    /// Within a transaction, which comes to nothing where only one of both can be done.
    pub(crate) fn within(
        documents: &mongodb::Collection<RawDocumentBuf>,
        log: &LogStore,
        command: &'a WriteCommand,
        entry: &'a RawDocumentBuf,
        limit: Duration,
    ) -> Self {
        Together {
            command,
            of: (documents.namespace(), log.entries().namespace()),
            entry,
            limit,
            alone: None,
        }
    }

    /// Without a transaction: the entry is inserted after the write, and only if a document matched.
    /// `None` where this cannot be had of the write.
    pub(super) fn alone(
        store: &'a Store,
        command: &'a WriteCommand,
        entry: &'a RawDocumentBuf,
        limit: Duration,
    ) -> Option<Self> {
        let can_be_had = match command {
            // What a caller's own condition has might not be taken where a document may be made, and
            // a null may stand for no id at all.
            WriteCommand::Update { filter, .. } => {
                !filter.contains_key(CONDITION)
                    && !matches!(filter.get(names::ID), Some(Bson::Null))
            }
            // The driver would not send it again by itself after a network error, and monguard not
            // before its time is over.
            WriteCommand::Create { .. } | WriteCommand::Remove { .. } => false,
        };
        can_be_had.then(|| Together {
            alone: Some(&store.shared().settings.write_concern),
            ..Together::within(store.documents(), store.log(), command, entry, limit)
        })
    }

    /// Sends both.
    pub(crate) async fn send(
        &self,
        client: &mongodb::Client,
        session: Option<&mut ClientSession>,
    ) -> mongodb::error::Result<Answered> {
        let command = self.command()?;
        let admin = client.database("admin");
        let command = admin.run_raw_command(command);
        let reply = match session {
            Some(session) => command.session(session).await?,
            None => command.await?,
        };
        Ok(self.read(&reply))
    }

    fn command(&self) -> Result<RawDocumentBuf, mongodb::bson::error::Error> {
        let milliseconds = i64::try_from(self.limit.as_millis()).unwrap_or(i64::MAX);
        let (documents, log) = (self.of.0.to_string(), self.of.1.to_string());
        let mut command = rawdoc! {
            "bulkWrite": 1,
            "ops": [self.write()?, { "insert": 1, "document": self.entry.clone() }],
            "nsInfo": [{ "ns": documents }, { "ns": log }],
            "ordered": true,
            "errorsOnly": true,
            "maxTimeMS": milliseconds,
        };
        if let Some(concern) = self.alone {
            let concern = serialize_to_raw_document_buf(concern)?;
            if !concern.is_empty() {
                command.append(cstr!("writeConcern"), concern);
            }
        }
        Ok(command)
    }

    fn write(&self) -> Result<RawDocumentBuf, mongodb::bson::error::Error> {
        match self.command {
            WriteCommand::Update { filter, update } => {
                let mut update = update.clone();
                let mut op = doc! { "update": 0, "filter": filter.clone(), "multi": false };
                if self.alone.is_some() {
                    // Where no document matches, one is to be made that cannot be: its id would be
                    // another one than the filter's. That is an error, after which the entry is not
                    // inserted; matching none would be a success.
                    update.insert("$setOnInsert", doc! { names::ID: ObjectId::new() });
                    op.insert("upsert", true);
                }
                op.insert("updateMods", update);
                RawDocumentBuf::try_from(&op)
            }
            WriteCommand::Create { own, document } => Ok(rawdoc! {
                "update": 0,
                "filter": RawDocumentBuf::try_from(own)?,
                "updateMods": document.clone(),
                "multi": false,
                "upsert": true,
            }),
            WriteCommand::Remove { filter } => Ok(rawdoc! {
                "delete": 0,
                "filter": RawDocumentBuf::try_from(filter)?,
                "multi": false,
            }),
        }
    }

    fn read(&self, reply: &Document) -> Answered {
        /// `ImmutableField`.
        const OTHER_ID: i32 = 66;
        let counted = |name: &str| reply.get(name).and_then(count).unwrap_or_default();
        if let Ok(error) = reply.get_document("writeConcernError") {
            return Answered::Unconfirmed(write_concern_error(error));
        }
        let cursor = reply.get_document("cursor");
        let parts = cursor.and_then(|cursor| cursor.get_array("firstBatch"));
        let mut parts = parts.into_iter().flatten().filter_map(Bson::as_document);
        let failed = parts.find(|part| part.get("ok").and_then(number) != Some(1));
        if let Some(part) = failed {
            let at = part.get("idx").and_then(count);
            return match (at, PartError::read(part)) {
                (Some(0), Some(error)) if self.alone.is_some() && error.code == OTHER_ID => {
                    Answered::NoMatch
                }
                (Some(0), Some(error)) => Answered::Write(error),
                (Some(1), Some(error)) => Answered::Entry(error),
                _ => Answered::Unreadable,
            };
        }
        let made = match self.command {
            WriteCommand::Update { .. } => counted("nMatched"),
            WriteCommand::Create { .. } => counted("nMatched") + counted("nUpserted"),
            WriteCommand::Remove { .. } => counted("nDeleted"),
        };
        match (counted("nErrors"), made, counted("nInserted")) {
            (0, 1, 1) => Answered::Both,
            (0, 0, 1) if self.alone.is_none() => Answered::NoMatch,
            _ => Answered::Unreadable,
        }
    }
}

impl Store {
    /// Makes a write of one document, whose entry is inserted after it: by the same command, where
    /// that can be had.
    pub(crate) async fn write_before_entry(
        &self,
        command: WriteCommand,
        entry: &RawDocumentBuf,
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<Written>, Failure> {
        if let Some(both) = self.together(&command, entry, limit) {
            let name = command.operation();
            let sent = both.send(self.shared().database.client(), None);
            match self.bounded(limit, sent).await {
                Some(Err(error)) if is_not_taken(&error) => self.shared().sends_apart(&error),
                Some(Ok(answered)) => return self.written(name, id, answered),
                Some(Err(error)) => return Err(self.classify(name, id, error)),
                None => return Err(self.timed_out(name, id)),
            }
        }
        let written = self.write(command, limit, id).await?;
        Ok(written.map(Written::answered))
    }

    /// The write and its entry, where one command can have both without a transaction. On a sharded
    /// cluster they may be on two shards: there the entry waits for what its write's shard confirms.
    fn together<'a>(
        &'a self,
        command: &'a WriteCommand,
        entry: &'a RawDocumentBuf,
        limit: Duration,
    ) -> Option<Together<'a>> {
        let shared = self.shared();
        let can_be_had =
            shared.sends_together() && shared.capabilities.topology() != Topology::Sharded;
        can_be_had
            .then(|| Together::alone(self, command, entry, limit))
            .flatten()
    }

    fn written(
        &self,
        name: &'static str,
        id: &Bson,
        answered: Answered,
    ) -> Result<Option<Written>, Failure> {
        match answered {
            Answered::Both => Ok(Some(Written::as_computed(true))),
            // It is inserted as any other entry that could not be at first.
            Answered::Entry(_) => Ok(Some(Written::as_computed(false))),
            Answered::NoMatch => Ok(None),
            Answered::Write(part) => Err(self.failure_of(name, id, part)),
            Answered::Unconfirmed(error) => Err(self.classify(name, id, error)),
            Answered::Unreadable => Err(self.timed_out(name, id)),
        }
    }

    pub(super) fn failure_of(
        &self,
        operation: &'static str,
        id: &Bson,
        part: PartError,
    ) -> Failure {
        self.failure(operation, id, part.error, part.duplicate)
    }
}

fn number(value: &Bson) -> Option<i64> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "it is 0 or 1")]
        Bson::Double(number) => Some(*number as i64),
        value => count(value).and_then(|number| i64::try_from(number).ok()),
    }
}

/// Whether the server, or a role on it, does not take such a command, so that both are to be sent
/// apart. Nothing was done then.
pub(crate) fn is_not_taken(error: &mongodb::error::Error) -> bool {
    /// `Unauthorized` (roles may allow the two commands and not this one), `CommandNotFound`,
    /// `CommandNotSupported`, `IDLUnknownField`, and what a stable API version does not have.
    const NOT_TAKEN: [i32; 5] = [13, 59, 115, 40415, 323];
    matches!(&*error.kind, ErrorKind::Command(error) if NOT_TAKEN.contains(&error.code))
}

#[cfg(test)]
mod tests;
