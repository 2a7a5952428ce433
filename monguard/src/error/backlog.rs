use std::sync::Arc;

use mongodb::bson::DateTime;

use super::{DriverError, Subject};
use crate::relay::Health;

/// Too many audit entries wait to be copied to the log. Nothing was written: the same call may be
/// made again later.
#[derive(Debug, thiserror::Error)]
#[error("{}{}", what_text(.place, *.waiting), since_text(*.failing_since))]
pub struct AuditBacklog {
    place: Place,
    waiting: usize,
    failing_since: Option<DateTime>,
    #[source]
    cause: Option<Arc<DriverError>>,
}

/// Where the entries wait.
#[derive(Debug)]
enum Place {
    /// In the memory of the guard, where there is no room for more.
    Memory,
    /// Anywhere, and they were to be brought to the log.
    Left,
    /// On one document, which may carry no more.
    Document(Subject),
}

fn what_text(place: &Place, waiting: usize) -> String {
    match place {
        Place::Memory => format!(
            "{waiting} audit entries wait to be copied to the log, and there is no room for more, so nothing was written: try again when the log takes them, or make room with `MonguardBuilder::relay`"
        ),
        Place::Left => format!(
            "{waiting} audit entries could not be copied to the log in time, and stay on their documents: try again when the log takes them, or run `recover` later"
        ),
        Place::Document(subject) => format!(
            "{subject} carries {waiting} audit entries that are not in the log, and may carry no more, so nothing was written: try again when the log takes them, or allow more with `MonguardBuilder::carried_entries`"
        ),
    }
}

fn since_text(since: Option<DateTime>) -> String {
    since.map_or_else(String::new, |since| {
        format!("; the log has taken none since {since}, so see to that first")
    })
}

impl AuditBacklog {
    /// There is no room in memory.
    pub(crate) fn no_room(waiting: usize, health: Health) -> Self {
        AuditBacklog::at(Place::Memory, waiting, health)
    }

    /// Entries were to be brought to the log, and were not in time.
    pub(crate) fn left(waiting: usize, health: Health) -> Self {
        AuditBacklog::at(Place::Left, waiting, health)
    }

    /// There is no room on the document.
    pub(crate) fn on_document(subject: Subject, carried: usize, health: Health) -> Self {
        AuditBacklog::at(Place::Document(subject), carried, health)
    }

    fn at(place: Place, waiting: usize, health: Health) -> Self {
        AuditBacklog {
            place,
            waiting,
            failing_since: health.failing_since,
            cause: health.last_failure,
        }
    }

    /// How many entries wait: in the memory of the guard or, where there is a
    /// [`document`](Self::document), on that one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// The document that may carry no more entries. `None` where it is memory that is used up.
    #[must_use]
    pub fn document(&self) -> Option<&Subject> {
        match &self.place {
            Place::Memory | Place::Left => None,
            Place::Document(subject) => Some(subject),
        }
    }

    /// Since when the log takes no entry. `None` where it takes them, more slowly than they come.
    #[must_use]
    pub fn failing_since(&self) -> Option<DateTime> {
        self.failing_since
    }

    /// What the log failed with last.
    #[must_use]
    pub fn cause(&self) -> Option<&DriverError> {
        self.cause.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_where_the_entries_wait_and_what_to_do() {
        let memory = AuditBacklog::no_room(10, Health::default()).to_string();
        assert!(memory.starts_with("10 audit entries wait"), "{memory}");
        assert!(memory.contains("MonguardBuilder::relay"), "{memory}");
        let left = AuditBacklog::left(2, Health::default()).to_string();
        assert!(left.starts_with("2 audit entries could not"), "{left}");
        let subject = Subject::new("Order", "orders".into(), Some(7.into()));
        let health = Health {
            failing_since: Some(DateTime::from_millis(0)),
            last_failure: None,
        };
        let document = AuditBacklog::on_document(subject, 16, health).to_string();
        assert!(
            document.starts_with("`Order` 7 in `orders` carries 16"),
            "{document}"
        );
        assert!(
            document.ends_with("none since 1970-01-01 0:00:00.0 +00:00:00, so see to that first"),
            "{document}"
        );
    }
}
