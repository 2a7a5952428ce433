//! How commands fail, as far as it decides what is done next.

use mongodb::bson::{Bson, Document, deserialize_from_document};
use mongodb::error::{ErrorKind, WriteError, WriteFailure};

use crate::error::{DuplicateKey, Error, code_of};

/// How a write command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was not applied, and never will be.
    Refused(Error),
    /// It was not applied: a unique index has the value.
    Duplicate(Box<DuplicateKey>),
    /// It may have been applied, or may yet be.
    Unknown(Error),
}

/// Why the server did not do a command, or one part of it.
#[derive(Debug)]
pub(crate) struct PartError {
    pub(crate) error: mongodb::error::Error,
    /// The violated index and its fields, where it is a duplicate key.
    pub(crate) duplicate: Option<(String, Vec<String>)>,
}

impl PartError {
    /// The same of a command as a whole.
    pub(crate) fn of(error: mongodb::error::Error) -> Self {
        let duplicate = duplicate_key(&error);
        PartError { error, duplicate }
    }

    /// As the answer to a command of several parts has it.
    ///
    /// # Errors
    /// It is not the error of a write.
    pub(super) fn read(part: &Document) -> Result<Self, mongodb::bson::error::Error> {
        let error = deserialize_from_document::<WriteError>(part.clone())?;
        let error = ErrorKind::Write(WriteFailure::WriteError(error)).into();
        let duplicate = duplicate_key_by(&error, Some(part));
        Ok(PartError { error, duplicate })
    }

    /// The server's code; 0 where it has none.
    pub(super) fn code(&self) -> i32 {
        code_of(&self.error).0.unwrap_or_default()
    }

    /// Whether another transaction came first, so that this one may succeed when it is done again.
    pub(crate) fn is_conflict(&self) -> bool {
        /// `WriteConflict`, without the label that it has as the answer to a whole command.
        const CONFLICT: i32 = 112;
        self.code() == CONFLICT
    }
}

/// Codes with which the server gives up on a command that it, or an earlier sending of it by the
/// driver, may have begun: the network between servers, time limits, interruptions, elections,
/// shutdowns, and a session that is busy with the same command.
pub(super) const MAY_HAVE_BEGUN: [i32; 20] = [
    6, 7, 50, 64, 89, 91, 117, 189, 202, 225, 262, 317, 9001, 10058, 10107, 11600, 11601, 11602,
    13435, 13436,
];

/// Whether a write that failed like this was not applied, and never will be.
pub(crate) fn was_refused(error: &mongodb::error::Error) -> bool {
    if error.contains_label(mongodb::error::RETRYABLE_WRITE_ERROR) {
        return false;
    }
    match &*error.kind {
        ErrorKind::Command(error) => !MAY_HAVE_BEGUN.contains(&error.code),
        ErrorKind::Write(WriteFailure::WriteError(error)) => !MAY_HAVE_BEGUN.contains(&error.code),
        // Nothing was sent. `Bson` is not among them: it may be the answer that is unreadable.
        ErrorKind::InvalidArgument { .. }
        | ErrorKind::Authentication { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::SessionsNotSupported
        | ErrorKind::InvalidTlsConfig { .. }
        | ErrorKind::IncompatibleServer { .. }
        | ErrorKind::Shutdown => true,
        _ => false,
    }
}

/// The violated index and its fields, where the error is a duplicate key.
pub(crate) fn duplicate_key(error: &mongodb::error::Error) -> Option<(String, Vec<String>)> {
    let response = error
        .server_response()
        .and_then(|raw| Document::try_from(raw.as_ref()).ok());
    let holder = response.as_ref().map(|response| {
        let within = response
            .get_array("writeErrors")
            .ok()
            .and_then(|errors| errors.first());
        within.and_then(Bson::as_document).unwrap_or(response)
    });
    duplicate_key_by(error, holder)
}

/// The same, where `holder` is the part of the server's answer that names the fields.
fn duplicate_key_by(
    error: &mongodb::error::Error,
    holder: Option<&Document>,
) -> Option<(String, Vec<String>)> {
    /// `DuplicateKey`.
    const DUPLICATE_KEY: i32 = 11000;
    let message = match &*error.kind {
        ErrorKind::Command(error) if error.code == DUPLICATE_KEY => &error.message,
        ErrorKind::Write(WriteFailure::WriteError(error)) if error.code == DUPLICATE_KEY => {
            &error.message
        }
        _ => return None,
    };
    let index = index_of_duplicate(message);
    let pattern = holder.and_then(|holder| holder.get_document("keyPattern").ok());
    let fields = pattern.map_or_else(Vec::new, |pattern| pattern.keys().cloned().collect());
    Some((index, fields))
}

/// The violated index, as the server names it in its text; empty where it does not.
pub(super) fn index_of_duplicate(message: &str) -> String {
    message
        .split_once(" index: ")
        .and_then(|(_, rest)| rest.split_once(" dup key"))
        .map_or("", |(index, _)| index)
        .to_owned()
}
