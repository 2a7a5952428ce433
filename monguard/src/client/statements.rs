//! One command that writes many documents, each by a statement of its own.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{
    Bson, Document, RawArrayBuf, RawDocumentBuf, cstr, deserialize_from_document, doc,
    oid::ObjectId, rawdoc,
};
use mongodb::error::{ErrorKind, WriteConcernError, WriteFailure};
use mongodb::options::{ReadPreference, SelectionCriteria};

use super::command::append_terms;
use super::{Failure, PartError, Store, Written, was_refused};
use crate::document::names;
use crate::error::{DriverError, Result};

/// A write of one document, as a part of a command.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    id: Bson,
    raw: RawDocumentBuf,
}

/// What the server said of the statements of a command.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It went through all of them.
    Counted(Counts),
    /// It never began: nothing was sent, or the server refused the command as a whole.
    Refused,
    /// It may have been applied, or may yet be, as a whole or in part.
    Unknown(mongodb::error::Error),
    /// The same: no answer came in time.
    TimedOut,
}

/// What a command did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// How many documents it matched or created.
    pub(crate) written: usize,
    /// How many of those that it matched are otherwise now.
    pub(crate) modified: usize,
    /// The statements that created a document.
    pub(crate) created: Vec<usize>,
    /// The statements that failed, and how.
    pub(crate) failures: Vec<(usize, Failure)>,
    /// What it did may be rolled back.
    pub(crate) unconfirmed: Option<mongodb::error::Error>,
}

impl Statement {
    /// Changes the document that matches.
    pub(crate) fn update(
        id: Bson,
        filter: Document,
        update: Document,
    ) -> Result<Self, mongodb::bson::error::Error> {
        let raw = RawDocumentBuf::try_from(&doc! { "q": filter, "u": update })?;
        Ok(Statement { id, raw })
    }

    /// Makes of every document that matches what the pipeline makes of it.
    pub(crate) fn pipeline(
        filter: &Document,
        pipeline: &[Document],
    ) -> Result<Self, mongodb::bson::error::Error> {
        let raw = doc! { "q": filter.clone(), "u": pipeline.to_vec(), "multi": true };
        Ok(Statement {
            id: Bson::Null,
            raw: RawDocumentBuf::try_from(&raw)?,
        })
    }

    /// Creates the document, unless one matches.
    pub(crate) fn create(
        id: Bson,
        filter: &Document,
        document: &RawDocumentBuf,
    ) -> Result<Self, mongodb::bson::error::Error> {
        let filter = RawDocumentBuf::try_from(filter)?;
        let raw = rawdoc! { "q": filter, "u": document.clone(), "upsert": true };
        Ok(Statement { id, raw })
    }

    /// The id of its document.
    pub(crate) fn id(&self) -> &Bson {
        &self.id
    }

    /// How much of a command it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.raw.as_bytes().len()
    }
}

impl Store {
    /// Sends the statements as one command. One that fails does not hold up the others.
    ///
    /// The driver's own calls for this have no time limit, and may send the command again.
    pub(crate) async fn write_all(&self, statements: &[Statement], limit: Duration) -> Answer {
        let Ok(command) = self.command(statements, limit) else {
            return Answer::Refused;
        };
        let sent = self.shared().database.run_raw_command(command);
        match self.bounded(limit, sent).await {
            Some(Ok(reply)) => Answer::Counted(self.counts("write", statements, &reply)),
            Some(Err(error)) if was_refused(&error) => Answer::Refused,
            Some(Err(error)) => Answer::Unknown(error),
            None => Answer::TimedOut,
        }
    }

    /// Makes a change of one document, which is not returned. `None` where no document matched.
    pub(crate) async fn write_unseen(
        &self,
        statement: Result<Statement, mongodb::bson::error::Error>,
        limit: Duration,
        id: &Bson,
    ) -> Result<Option<Written>, Failure> {
        let unsendable = |error: mongodb::bson::error::Error| {
            Failure::Refused(self.driver_error(UPDATE, Some(id), error.into()))
        };
        let statement = statement.map_err(unsendable)?;
        let statements = std::slice::from_ref(&statement);
        let command = self.command(statements, limit).map_err(unsendable)?;
        let sent = self.shared().database.run_raw_command(command);
        let mut counts = match self.bounded(limit, sent).await {
            Some(Ok(reply)) => self.counts(UPDATE, statements, &reply),
            Some(Err(error)) => return Err(self.classify(UPDATE, id, error)),
            None => return Err(self.timed_out(UPDATE, id)),
        };
        match (counts.failures.pop(), counts.unconfirmed) {
            (Some((_, failure)), _) => Err(failure),
            (None, Some(error)) => Err(self.classify(UPDATE, id, error)),
            (None, None) => Ok((counts.written > 0).then(|| Written::as_computed(false))),
        }
    }

    fn command(
        &self,
        statements: &[Statement],
        limit: Duration,
    ) -> Result<RawDocumentBuf, mongodb::bson::error::Error> {
        let mut updates = RawArrayBuf::new();
        for statement in statements {
            updates.push(statement.raw.clone());
        }
        let mut command = rawdoc! { "update": &**self.name(), "ordered": false };
        let concern = &self.shared().settings.write_concern;
        append_terms(&mut command, limit, Some(concern))?;
        command.append(cstr!("updates"), updates);
        Ok(command)
    }

    /// Which of these operations the documents of these ids are as left by.
    pub(crate) async fn left_by(
        &self,
        ids: Vec<Bson>,
        operations: Vec<ObjectId>,
        limit: Duration,
    ) -> Result<HashSet<ObjectId>> {
        let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
        let filter = doc! { names::ID: { "$in": ids }, names::OPERATION: { "$in": operations } };
        let find = self
            .documents()
            .find(filter)
            .projection(doc! { names::ID: 0, names::OPERATION: 1 })
            .selection_criteria(primary)
            .max_time(limit);
        let found = async { find.await?.try_collect::<Vec<_>>().await };
        let found = self.answer("read", limit, Box::pin(found)).await?;
        let operation = |raw: RawDocumentBuf| raw.get_object_id(names::OPERATION).ok();
        Ok(found.into_iter().filter_map(operation).collect())
    }

    fn counts(&self, name: &'static str, statements: &[Statement], reply: &Document) -> Counts {
        let list = |name: &str| {
            let list = reply.get_array(name).ok().into_iter().flatten();
            list.filter_map(Bson::as_document)
        };
        let failures = list("writeErrors").filter_map(|error| {
            let index = index(error)?;
            let id = &statements.get(index)?.id;
            Some((index, self.write_error(name, id, error)))
        });
        let unconfirmed = reply.get_document("writeConcernError").ok();
        Counts {
            written: reply.get("n").and_then(count).unwrap_or_default(),
            modified: reply.get("nModified").and_then(count).unwrap_or_default(),
            created: list("upserted").filter_map(index).collect(),
            failures: failures.collect(),
            unconfirmed: unconfirmed.map(write_concern_error),
        }
    }

    fn write_error(&self, name: &'static str, id: &Bson, error: &Document) -> Failure {
        match PartError::read(error) {
            Ok(part) => self.failure_of(name, id, part),
            Err(unreadable) => {
                Failure::Unknown(self.driver_error(name, Some(id), unreadable.into()))
            }
        }
    }

    /// Why the outcome of one statement is not known.
    pub(crate) fn unknown(&self, answer: &Answer, id: &Bson) -> Failure {
        let cause = match answer {
            Answer::Unknown(error) => Some(error),
            Answer::Counted(counts) => counts.unconfirmed.as_ref(),
            Answer::Refused | Answer::TimedOut => None,
        };
        Failure::Unknown(match cause {
            Some(error) => self.driver_error("write", Some(id), error.clone()),
            None => DriverError::timed_out("write", self.subject(Some(id))).into(),
        })
    }
}

/// How errors name the change of one document.
const UPDATE: &str = "update";

fn index(entry: &Document) -> Option<usize> {
    entry.get("index").and_then(count)
}

pub(super) fn count(value: &Bson) -> Option<usize> {
    let number = match value {
        Bson::Int32(number) => i64::from(*number),
        Bson::Int64(number) => *number,
        _ => return None,
    };
    usize::try_from(number).ok()
}

pub(super) fn write_concern_error(error: &Document) -> mongodb::error::Error {
    match deserialize_from_document::<WriteConcernError>(error.clone()) {
        Ok(error) => ErrorKind::Write(WriteFailure::WriteConcernError(error)).into(),
        Err(unreadable) => unreadable.into(),
    }
}
