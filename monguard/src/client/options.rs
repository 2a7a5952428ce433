use std::any::TypeId;
use std::collections::HashMap;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use mongodb::options::{ReadConcern, WriteConcern};

use super::{Capabilities, Topology};
use crate::audit::Audit;
use crate::relay::RelayOptions;

/// How often, and after what waits, a write is tried again when another writer came first.
///
/// The waits grow exponentially, with jitter, up to a maximum that they never exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
}

impl Default for Retry {
    /// 10 attempts; waits from 10 ms to 5 s.
    fn default() -> Self {
        Retry {
            attempts: 10,
            first_wait: Duration::from_millis(10),
            longest_wait: Duration::from_secs(5),
        }
    }
}

impl Retry {
    /// One attempt, and no other.
    #[must_use]
    pub fn never() -> Self {
        Retry::default().attempts(1)
    }

    /// How many attempts are made in all, the first included. Default 10; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The wait before the second attempt, which later ones double. Default 10 ms.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait, jitter included. Default 5 s.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// The waits between the attempts.
    pub(crate) fn waits(&self) -> impl Iterator<Item = Duration> + Send + use<> {
        // Jitter adds up to as much again: so it is left at the longest wait, too.
        let longest = self.longest_wait / 2;
        let retries = usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        ExponentialBuilder::default()
            .with_min_delay(self.first_wait.min(longest))
            .with_max_delay(longest)
            .with_factor(2.0)
            .with_max_times(retries)
            .with_jitter()
            .build()
    }
}

/// What a write does when its data is stored and its audit entry cannot be, which happens with
/// [`Audit::after_write`] only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnAuditFailure {
    /// Return the document, and the failure as its [`outcome`](crate::Stored::outcome). It is also
    /// traced, and counted by [`Monguard::unwritten_entries`](crate::Monguard::unwritten_entries).
    #[default]
    Report,
    /// Fail with [`Error::AuditNotWritten`](crate::Error::AuditNotWritten), which has the document.
    /// The write stands all the same.
    Fail,
}

/// With which read concern it is found out what became of a write.
///
/// These reads are on the primary, outside of any session, with a time limit. A standalone server
/// has one state, and is asked for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettlingReads {
    /// `linearizable`, where the server has it, else `majority`. What they find is how things are:
    /// a primary that was voted out meanwhile does not answer.
    #[default]
    Linearizable,
    /// `majority`. A primary that was voted out, and has not heard of it, may answer for some
    /// seconds with what was so before: a write that landed may then be reported as a conflict. They
    /// cost less, where an answer is awaited from the other members for each of them.
    Majority,
}

/// How the writes of one model are audited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModelAudit {
    pub(crate) model: &'static str,
    pub(crate) collection: &'static str,
    pub(crate) audit: Audit,
}

/// What a guard was built with.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) audit: Audit,
    /// The choices of single models, which come before the guard's.
    pub(crate) audit_of: HashMap<TypeId, ModelAudit>,
    pub(crate) audit_collection: String,

    pub(crate) on_audit_failure: OnAuditFailure,
    pub(crate) retry: Retry,
    pub(crate) time_limit: Duration,
    pub(crate) margin: Duration,
    pub(crate) write_concern: WriteConcern,
    pub(crate) settling_reads: SettlingReads,
    pub(crate) relay: RelayOptions,
    /// How many audit entries a document may carry.
    pub(crate) carried_entries: usize,
    /// Whether a write and its entry may be one `bulkWrite`.
    pub(crate) bulk_write: bool,
}

impl Settings {
    /// How writes of this model are audited.
    pub(crate) fn audit_of<T: 'static>(&self) -> Audit {
        let own = self.audit_of.get(&TypeId::of::<T>());
        own.map_or(self.audit, |own| own.audit)
    }

    /// The read concern with which it is found out what became of a write. A standalone server has
    /// one state and needs none.
    pub(crate) fn settling_concern(&self, server: &Capabilities) -> Option<ReadConcern> {
        if server.topology() == Topology::Standalone {
            return None;
        }
        let is_wanted = self.settling_reads == SettlingReads::Linearizable;
        Some(if is_wanted && server.has_linearizable_reads() {
            ReadConcern::linearizable()
        } else {
            ReadConcern::majority()
        })
    }
}

/// What the server takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) document_bytes: usize,
    pub(crate) document_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            document_bytes: 16 * 1024 * 1024,
            document_depth: 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_never_exceed_the_longest_and_differ_even_there() {
        let longest = Duration::from_millis(40);
        let retry = Retry::default().attempts(200).longest_wait(longest);
        let waits: Vec<Duration> = retry.waits().collect();
        assert_eq!(waits.len(), 199);
        assert!(waits.iter().all(|wait| *wait <= longest), "{waits:?}");
        let (first, at_longest) = waits.split_at(5);
        assert!(first[0] >= Duration::from_millis(10), "{first:?}");
        assert!(
            at_longest.windows(2).any(|pair| pair[0] != pair[1]),
            "{at_longest:?}"
        );
    }

    #[test]
    fn waits_of_any_length_can_be_asked_for() {
        for wait in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            let retry = Retry::default()
                .first_wait(wait)
                .longest_wait(Duration::MAX);
            assert_eq!(retry.waits().count(), 9);
            let retry = Retry::default().longest_wait(wait);
            assert!(retry.waits().all(|one| one <= wait));
        }
        assert_eq!(Retry::never().waits().count(), 0);
        assert_eq!(Retry::default().attempts(0).waits().count(), 0);
    }
}
