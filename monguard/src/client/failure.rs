//! How commands fail, as far as it decides what is done next.

use mongodb::bson::{Bson, Document};
use mongodb::error::{ErrorKind, WriteFailure};

use crate::error::{DuplicateKey, Error};

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
    let response = error
        .server_response()
        .and_then(|raw| Document::try_from(raw.as_ref()).ok());
    let pattern = response.as_ref().and_then(|response| {
        let within = response
            .get_array("writeErrors")
            .ok()
            .and_then(|errors| errors.first());
        let holder = within.and_then(Bson::as_document).unwrap_or(response);
        holder.get_document("keyPattern").ok()
    });
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
