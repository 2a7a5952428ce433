use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::oid::ObjectId;
use mongodb::error::ErrorKind;

use super::entry::LogEntry;
use super::queue::Most;
use crate::client::{EntryAnswer, LogStore, is_about_an_entry, may_be_id_index};
use crate::error::{DriverError, EntryRefused, RefusalReason, Subject, code_of};

/// Brings batches of entries to the log.
pub(super) struct Courier {
    log: LogStore,
    subject: Subject,
    most_bytes: usize,
    limit: Duration,
    patience: Duration,
}

/// What became of a batch. What is neither there nor refused is to be brought again.
#[derive(Default)]
pub(super) struct Delivery {
    pub(super) there: Vec<ObjectId>,
    pub(super) refused: Vec<EntryRefused>,
    /// Why some are neither.
    pub(super) failure: Option<DeliveryFailure>,
}

/// Why entries could not be brought now.
#[derive(Clone)]
pub(super) struct DeliveryFailure {
    pub(super) error: Arc<DriverError>,
    /// The client was shut down, and will bring nothing any more.
    pub(super) is_shutdown: bool,
}

impl Courier {
    /// What one insert takes: far less than a message may have.
    pub(super) const BATCH: Most = Most {
        entries: 1000,
        bytes: 8 * 1024 * 1024,
    };

    /// `limit`: how long the server may work on a command; `margin`: how much later its answer may
    /// come.
    pub(super) fn new(log: LogStore, most_bytes: usize, limit: Duration, margin: Duration) -> Self {
        let name = log.entries().name().into();
        Courier {
            log,
            subject: Subject::new("the audit log", name, None),
            most_bytes,
            limit,
            patience: limit.saturating_add(margin),
        }
    }

    /// The largest entry that the log can hold.
    pub(super) fn most_bytes(&self) -> usize {
        self.most_bytes
    }

    /// Brings entries, once.
    pub(super) async fn deliver(&self, parcels: &[Arc<LogEntry>]) -> Delivery {
        let mut delivery = Delivery::default();
        // Parts of the batch: more than one only where one of its entries fails the others.
        let mut parts: Vec<&[Arc<LogEntry>]> = vec![parcels];
        while let Some(part) = parts.pop() {
            match self.insert(part, &mut delivery).await {
                Inserted::Sorted => {}
                Inserted::FailedBy(code) if part.len() == 1 => {
                    let bytes = part[0].bytes();
                    let reason =
                        code.map_or(RefusalReason::TooLarge { bytes }, RefusalReason::Code);
                    delivery.refused.push(part[0].refused(reason));
                }
                Inserted::FailedBy(_) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
                Inserted::Failed(failure) => {
                    delivery.failure = Some(failure);
                    break;
                }
            }
        }
        delivery
    }

    async fn insert(&self, parcels: &[Arc<LogEntry>], delivery: &mut Delivery) -> Inserted {
        if parcels.is_empty() {
            return Inserted::Sorted;
        }
        let documents: Vec<_> = parcels
            .iter()
            .map(|parcel| parcel.document.clone())
            .collect();
        let insert = self.log.insert_batch(&documents);
        let Ok(batch) = tokio::time::timeout(self.patience, insert).await else {
            return Inserted::Failed(self.timed_out(INSERT));
        };
        if let Some(error) = &batch.failure
            && is_about_an_entry(error)
        {
            return Inserted::FailedBy(code_of(error).0);
        }
        let mut taken = Vec::new();
        for (parcel, answer) in parcels.iter().zip(batch.answers) {
            match answer {
                EntryAnswer::Inserted => delivery.there.push(parcel.id),
                EntryAnswer::Duplicate(index) => taken.push((parcel, index)),
                EntryAnswer::Refused(code) => {
                    let refused = parcel.refused(RefusalReason::Code(code));
                    delivery.refused.push(refused);
                }
                EntryAnswer::Unknown => {}
            }
        }
        let looked = self.look_up(&taken, delivery).await;
        if let Some(error) = batch.failure {
            return Inserted::Failed(self.failure(INSERT, error));
        }
        looked.map_or_else(Inserted::Failed, |()| Inserted::Sorted)
    }

    /// A duplicate is there already only if the log has an entry of its id that is about the same
    /// version of the same document. Which index the server names first does not tell.
    async fn look_up(
        &self,
        taken: &[(&Arc<LogEntry>, String)],
        delivery: &mut Delivery,
    ) -> Result<(), DeliveryFailure> {
        if taken.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObjectId> = taken.iter().map(|(parcel, _)| parcel.id).collect();
        let look = self.log.keys_of(&ids, self.limit);
        let stored = match tokio::time::timeout(self.patience, look).await {
            Ok(Ok(stored)) => stored,
            Ok(Err(error)) => return Err(self.failure(READ, error)),
            Err(_) => return Err(self.timed_out(READ)),
        };
        let mut is_pending = false;
        for (parcel, index) in taken {
            match stored.get(&parcel.id) {
                Some(key) if *key == parcel.key() => delivery.there.push(parcel.id),
                Some(_) => delivery
                    .refused
                    .push(parcel.refused(RefusalReason::IdTaken)),
                // Somebody else's insert of it, which the majority does not have yet.
                None if may_be_id_index(index, &[]) => is_pending = true,
                None => {
                    let index = index.clone();
                    let refused = parcel.refused(RefusalReason::Duplicate { index });
                    delivery.refused.push(refused);
                }
            }
        }
        if is_pending {
            return Err(self.timed_out(READ));
        }
        Ok(())
    }

    fn failure(&self, operation: &'static str, error: mongodb::error::Error) -> DeliveryFailure {
        DeliveryFailure::new(operation, self.subject.clone(), error)
    }

    /// That no answer came in time.
    pub(super) fn no_answer(&self) -> Arc<DriverError> {
        self.timed_out(INSERT).error
    }

    fn timed_out(&self, operation: &'static str) -> DeliveryFailure {
        DeliveryFailure {
            error: Arc::new(DriverError::timed_out(operation, self.subject.clone())),
            is_shutdown: false,
        }
    }
}

impl DeliveryFailure {
    fn new(operation: &'static str, subject: Subject, error: mongodb::error::Error) -> Self {
        // Whatever the server says may quote an entry; what the driver says itself cannot.
        let is_own = matches!(
            *error.kind,
            ErrorKind::Io(_)
                | ErrorKind::ServerSelection { .. }
                | ErrorKind::ConnectionPoolCleared { .. }
                | ErrorKind::DnsResolve { .. }
                | ErrorKind::Shutdown
        );
        let is_shutdown = matches!(*error.kind, ErrorKind::Shutdown);
        DeliveryFailure {
            error: Arc::new(DriverError::new(operation, subject, error, !is_own)),
            is_shutdown,
        }
    }
}

/// What became of one insert.
enum Inserted {
    /// Each entry is accounted for, or will be brought again.
    Sorted,
    /// It failed for what one of the entries is, with this code; without one it was the driver,
    /// which knows their sizes.
    FailedBy(Option<i32>),
    Failed(DeliveryFailure),
}

const INSERT: &str = "insert of audit entries";
const READ: &str = "read of audit entries";

#[cfg(test)]
mod tests {
    use mongodb::bson::{deserialize_from_document, doc};
    use mongodb::error::{Error, InsertManyError};

    use super::*;

    #[test]
    fn what_the_server_says_of_entries_is_not_kept() {
        let answer = doc! {
            "writeErrors": [{ "index": 0, "code": 11602, "errmsg": "dup key: { email: 'secret' }" }],
        };
        let answer: InsertManyError = deserialize_from_document(answer).unwrap();
        let subject = || Subject::new("the audit log", "audit_logs".into(), None);
        let error = Error::from(ErrorKind::InsertMany(answer));
        let failure = DeliveryFailure::new(INSERT, subject(), error);
        assert_eq!(failure.error.code(), Some(11602));
        assert!(!format!("{} {:?}", failure.error, failure.error).contains("secret"));
        assert!(std::error::Error::source(&*failure.error).is_none());

        let error = Error::from(ErrorKind::Shutdown);
        let failure = DeliveryFailure::new(INSERT, subject(), error);
        assert!(failure.is_shutdown && failure.error.driver().is_some());
    }
}
