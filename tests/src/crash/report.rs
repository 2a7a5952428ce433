//! What a writer was told of an operation.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use monguard::error::{Settled, Unsettled};
use monguard::prelude::*;
use monguard::{Counter, ManyReport};
use tokio::time::timeout;

/// Why an operation was not made whose caller was told [`Unsettled`] first.
pub const UNSETTLED: &str = "settled: not landed";

/// What a writer was told of one operation, as a line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The trace id of the operation.
    pub trace: String,
    /// What the operation was.
    pub operation: String,
    /// What it came to.
    pub told: Told,
}

/// What an operation came to, as far as its caller was told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// It was made: this version, and this entry where that is known.
    Made(Option<i64>, Option<ObjectId>),
    /// It was made; its entry could not be written.
    MadeWithoutEntry,
    /// It was made to so many documents, and to at most so many.
    MadeToMany(u64, u64),
    /// It was not made: why.
    NotMade(String),
    /// Nothing is known.
    Unknown,
    /// What must not happen here.
    Odd(String),
}

impl Told {
    /// What a write came to that returned a document.
    pub async fn of_write<T: Versioned<Version = Counter>>(
        result: &monguard::Result<Stored<T>>,
    ) -> Self {
        let stored = match result {
            Ok(stored) => stored,
            Err(error) => return Self::of_error(error).await,
        };
        let own = stored.document().get_object_id("__w").ok();
        match stored.outcome() {
            Outcome::Written => Self::Made(stored.version().get(), own),
            Outcome::Settled { overtaken } => {
                Self::Made(stored.version().get(), own.filter(|_| !overtaken))
            }
            Outcome::WrittenWithoutEntry(_) => Self::MadeWithoutEntry,
            Outcome::Unchanged => Self::NotMade("unchanged".to_owned()),
            Outcome::Existing { .. } => Self::NotMade("existing".to_owned()),
            other => Self::Odd(format!("{other:?}")),
        }
    }

    /// What a hard delete came to.
    pub async fn of_removal<T: Versioned>(result: &monguard::Result<Revision<T>>) -> Self {
        match result {
            Ok(_) => Self::Made(None, None),
            Err(error) => Self::of_error(error).await,
        }
    }

    /// What a write of many documents came to.
    pub fn of_many(result: &monguard::Result<ManyReport>) -> Self {
        let report = match result {
            Ok(report) => report,
            Err(error @ Error::Driver(_)) => return Self::NotMade(kind(error)),
            Err(error) => return Self::Odd(format!("{error:?}").replace('\n', " ")),
        };
        let failures = report.failures().iter();
        let stand_or_may = failures.filter(|failure| {
            matches!(
                failure.error(),
                Error::Unsettled(_) | Error::AuditNotWritten(_)
            )
        });
        let made = report.modified() - report.without_entry();
        let more = u64::try_from(stand_or_may.count()).unwrap_or(u64::MAX);
        Self::MadeToMany(made, made + report.without_entry() + more)
    }

    /// What a transaction came to, and with it each of its writes.
    pub async fn of_transaction(result: &monguard::Result<()>) -> Self {
        match result {
            Ok(()) => Self::Made(None, None),
            Err(error) => match Self::of_error(error).await {
                // The operation is that of the transaction, not of a write.
                Self::Made(..) => Self::Made(None, None),
                told => told,
            },
        }
    }

    async fn of_error(error: &Error) -> Self {
        match error {
            Error::Conflict(_)
            | Error::NotFound(_)
            | Error::Deleted(_)
            | Error::ConditionFailed(_)
            | Error::DuplicateKey(_)
            | Error::IdempotencyMismatch(_)
            | Error::InvalidUpdate(_)
            | Error::AuditBacklog(_)
            | Error::Exhausted(_)
            | Error::DeadTransaction(_)
            | Error::Driver(_) => Self::NotMade(kind(error)),
            Error::AuditNotWritten(_) => Self::MadeWithoutEntry,
            Error::EntryRefused(_) => Self::Unknown,
            Error::Unsettled(unsettled) => Self::of_unsettled(unsettled).await,
            other => Self::Odd(format!("{other:?}").replace('\n', " ")),
        }
    }

    /// Asks until it is known, each time anew.
    async fn of_unsettled(unsettled: &Unsettled) -> Self {
        let asked = async {
            loop {
                match unsettled.settle().await {
                    Ok(Settled::Landed) => break Self::Made(None, Some(unsettled.operation())),
                    Ok(_) => break Self::NotMade(UNSETTLED.to_owned()),
                    Err(Error::Unsettled(_)) => {}
                    Err(error) => break Self::Odd(format!("settling: {error:?}")),
                }
            }
        };
        timeout(PATIENCE, asked).await.unwrap_or(Self::Unknown)
    }
}

/// How long it is asked what became of a write. A server that is there tells sooner.
const PATIENCE: Duration = Duration::from_secs(20);

/// The error's variant, and of the driver's errors the text.
fn kind(error: &Error) -> String {
    let shown = format!("{error:?}");
    let name = shown.split(['(', ' ']).next().unwrap_or_default();
    match error {
        Error::Driver(error) => format!("{name}: {error}").replace('\n', " "),
        _ => name.to_owned(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (trace, operation) = (&self.trace, &self.operation);
        write!(f, "{trace}\t{operation}\t")?;
        match &self.told {
            Told::Made(version, entry) => {
                let version = version.map_or_else(String::new, |version| version.to_string());
                let entry = entry.map_or_else(String::new, ObjectId::to_hex);
                write!(f, "made\t{version}\t{entry}")
            }
            Told::MadeWithoutEntry => write!(f, "made without entry"),
            Told::MadeToMany(least, most) => write!(f, "made to many\t{least}\t{most}"),
            Told::NotMade(why) => write!(f, "not made\t{why}"),
            Told::Unknown => write!(f, "unknown"),
            Told::Odd(what) => write!(f, "odd\t{what}"),
        }
    }
}

impl FromStr for Report {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let fields: Vec<&str> = line.split('\t').collect();
        let (trace, operation, told) = match fields.as_slice() {
            [trace, operation, "made", version, entry] => {
                let told = Told::Made(version.parse().ok(), ObjectId::parse_str(entry).ok());
                (trace, operation, told)
            }
            [trace, operation, "made without entry"] => (trace, operation, Told::MadeWithoutEntry),
            [trace, operation, "made to many", least, most] => {
                let number = |text: &str| text.parse().map_err(|_| line.to_owned());
                let told = Told::MadeToMany(number(least)?, number(most)?);
                (trace, operation, told)
            }
            [trace, operation, "not made", why] => {
                (trace, operation, Told::NotMade((*why).to_owned()))
            }
            [trace, operation, "unknown"] => (trace, operation, Told::Unknown),
            [trace, operation, "odd", what] => (trace, operation, Told::Odd((*what).to_owned())),
            _ => return Err(line.to_owned()),
        };
        Ok(Report {
            trace: (*trace).to_owned(),
            operation: (*operation).to_owned(),
            told,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let entry = ObjectId::new();
        for told in [
            Told::Made(Some(3), Some(entry)),
            Told::Made(None, None),
            Told::MadeWithoutEntry,
            Told::MadeToMany(3, 4),
            Told::NotMade("Conflict".to_owned()),
            Told::Unknown,
            Told::Odd("what".to_owned()),
        ] {
            let (trace, operation) = ("1-2".to_owned(), "update".to_owned());
            let report = Report {
                trace,
                operation,
                told,
            };
            assert_eq!(report.to_string().parse(), Ok(report));
        }
        assert!("1-2\tupdate\tmade\t3".parse::<Report>().is_err());
    }
}
