use std::fmt;

use mongodb::error::ErrorKind;

use super::Subject;

/// The driver or the server failed.
#[derive(Debug)]
pub struct DriverError {
    operation: &'static str,
    subject: Subject,
    code: Option<i32>,
    code_name: Option<String>,
    what: &'static str,
    labels: Vec<String>,
    transient: bool,
    cause: Option<mongodb::error::Error>,
}

impl DriverError {
    /// `hides_values`: the model redacts, and the driver's text may quote the server's.
    pub(crate) fn new(
        operation: &'static str,
        subject: Subject,
        error: mongodb::error::Error,
        hides_values: bool,
    ) -> Self {
        let (code, code_name) = code_of(&error);
        DriverError {
            operation,
            subject,
            code,
            code_name,
            what: what(&error.kind),
            labels: error.labels().iter().cloned().collect(),
            transient: is_transient(&error),
            cause: (!hides_values).then_some(error),
        }
    }

    /// No answer came within the time that the command may take.
    pub(crate) fn timed_out(operation: &'static str, subject: Subject) -> Self {
        DriverError {
            operation,
            subject,
            code: None,
            code_name: None,
            what: "no answer came in time",
            labels: Vec::new(),
            transient: true,
            cause: None,
        }
    }

    /// The document or collection that was meant.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The server's error code, where it answered with one.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// The server's name of the error.
    #[must_use]
    pub fn code_name(&self) -> Option<&str> {
        self.code_name.as_deref()
    }

    /// Whether the server or the driver put this label on the error.
    #[must_use]
    pub fn has_label(&self, label: &str) -> bool {
        self.labels.iter().any(|own| own == label)
    }

    /// Whether the cause may pass by itself: a broken connection, an election, a time limit.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    /// The driver's own error. `None` where the model redacts or skips fields: its text may quote
    /// what the server quotes.
    #[must_use]
    pub fn driver(&self) -> Option<&mongodb::error::Error> {
        self.cause.as_ref()
    }
}

impl fmt::Display for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} failed: {}",
            self.operation, self.subject, self.what
        )?;
        match (self.code, &self.code_name) {
            (Some(code), Some(name)) if !name.is_empty() => write!(f, " (code {code}, {name})"),
            (Some(code), _) => write!(f, " (code {code})"),
            (None, _) => Ok(()),
        }
    }
}

impl std::error::Error for DriverError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// The server's error code and its name.
pub(crate) fn code_of(error: &mongodb::error::Error) -> (Option<i32>, Option<String>) {
    use mongodb::error::WriteFailure;
    match &*error.kind {
        ErrorKind::Command(error) => (Some(error.code), Some(error.code_name.clone())),
        ErrorKind::Write(WriteFailure::WriteError(error)) => {
            (Some(error.code), error.code_name.clone())
        }
        ErrorKind::Write(WriteFailure::WriteConcernError(error)) => {
            (Some(error.code), Some(error.code_name.clone()))
        }
        ErrorKind::InsertMany(error) => {
            let unconfirmed = error.write_concern_error.as_ref();
            let refused = error.write_errors.iter().flatten().next();
            unconfirmed
                .map(|error| (Some(error.code), Some(error.code_name.clone())))
                .or_else(|| refused.map(|error| (Some(error.code), error.code_name.clone())))
                .unwrap_or_default()
        }
        _ => (None, None),
    }
}

/// What happened, in words that quote nothing.
fn what(kind: &ErrorKind) -> &'static str {
    use mongodb::error::WriteFailure;
    match kind {
        ErrorKind::Authentication { .. } => "the server refused the credentials",
        ErrorKind::Bson(_) => "an answer was not valid BSON",
        ErrorKind::Command(error) if error.code == 121 => {
            "the collection's validator refused the document"
        }
        ErrorKind::Command(_) => "the server refused the command",
        ErrorKind::Write(WriteFailure::WriteError(error)) if error.code == 121 => {
            "the collection's validator refused the document"
        }
        ErrorKind::Write(WriteFailure::WriteConcernError(_)) => {
            "the write could not be confirmed as its write concern asks"
        }
        ErrorKind::InsertMany(error) if error.write_concern_error.is_some() => {
            "the write could not be confirmed as its write concern asks"
        }
        ErrorKind::Write(_) | ErrorKind::InsertMany(_) => "the server refused the write",
        ErrorKind::DnsResolve { .. } => "the server's name could not be resolved",
        ErrorKind::Io(_) => "the connection broke",
        ErrorKind::ConnectionPoolCleared { .. } => "the connection was given up",
        ErrorKind::ServerSelection { .. } => "no server could be reached",
        ErrorKind::Shutdown => "the client was shut down",
        _ => "the driver reported an error",
    }
}

fn is_transient(error: &mongodb::error::Error) -> bool {
    /// `MaxTimeMSExpired`.
    const TIME_LIMIT: i32 = 50;
    matches!(
        &*error.kind,
        ErrorKind::Io(_)
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::ServerSelection { .. }
    ) || error.contains_label(mongodb::error::RETRYABLE_WRITE_ERROR)
        || error.contains_label(mongodb::error::TRANSIENT_TRANSACTION_ERROR)
        || code_of(error).0 == Some(TIME_LIMIT)
}
