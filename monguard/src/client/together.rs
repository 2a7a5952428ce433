//! A write and its audit entry in one command: `bulkWrite`, of MongoDB 8.0.

use std::time::Duration;

use mongodb::bson::{Bson, Document, RawDocumentBuf, doc, oid::ObjectId, rawdoc};
use mongodb::error::ErrorKind;
use mongodb::options::WriteConcern;
use mongodb::{ClientSession, Namespace};

use super::command::append_terms;
use super::statements::{count, write_concern_error};
use super::{Failure, LogStore, PartError, Store, Topology, WriteCommand, Written};
use crate::document::names;
use crate::error::Result;
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
        let (documents, log) = (self.of.0.to_string(), self.of.1.to_string());
        let mut command = rawdoc! {
            "bulkWrite": 1,
            "ops": [self.write()?, { "insert": 1, "document": self.entry.clone() }],
            "nsInfo": [{ "ns": documents }, { "ns": log }],
            "ordered": true,
            "errorsOnly": true,
        };
        append_terms(&mut command, self.limit, self.alone)?;
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
        // Only what failed was asked for, and only that has a code.
        if let Some(part) = parts.find(|part| part.contains_key("code")) {
            let at = part.get("idx").and_then(count);
            return match (at, PartError::read(part)) {
                (Some(0), Ok(error)) if self.alone.is_some() && error.code() == OTHER_ID => {
                    Answered::NoMatch
                }
                (Some(0), Ok(error)) => Answered::Write(error),
                (Some(1), Ok(error)) => Answered::Entry(error),
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
