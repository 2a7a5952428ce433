//! Writes of many documents in one command, each checked, settled and recorded for itself.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use super::create::Landing;
use super::turns::Turns;
use super::{CreateWrite, Creation, Landed, VersionedWrite, to_the_end};
use crate::audit::{Guarantee, Recorded, Unrecorded, record_all};
use crate::client::{Answer, Counts, Failure, Statement, Store};
use crate::document::Version;
use crate::error::{InvalidUpdate, Result};
use crate::relay::{LogEntry, Permit};
use crate::transaction::Tx;

/// One write of a batch, ready to be sent.
#[derive(Clone)]
pub(crate) enum Part {
    Write(Arc<VersionedWrite>),
    Create(Arc<CreateWrite>),
}

/// What the command of a batch met at one of its writes.
#[derive(Debug)]
pub(super) enum Met {
    /// It landed.
    Written,
    /// It was not sent.
    NotSent,
    /// The document was not in the state that the write is based on.
    NotMatched,
    /// The server went through it, and did not tell which of several it wrote.
    Uncertain,
    Failed(Failure),
}

impl Part {
    /// What it takes of a command.
    pub(crate) fn statement(&self) -> Result<Statement, InvalidUpdate> {
        match self {
            Part::Write(write) => write.statement(),
            Part::Create(create) => create.statement(),
        }
    }

    /// The operation, and the version that it makes.
    fn makes(&self) -> (ObjectId, Version) {
        match self {
            Part::Write(write) => write.makes(),
            Part::Create(create) => create.makes(),
        }
    }

    fn entry(&self) -> &RawDocumentBuf {
        match self {
            Part::Write(write) => write.entry(),
            Part::Create(create) => create.entry(),
        }
    }

    fn sending(&self) {
        match self {
            Part::Write(write) => write.sending(),
            Part::Create(create) => create.sending(),
        }
    }

    async fn land_from(&self, met: Met, turns: &Turns) -> Result<Landing> {
        match self {
            Part::Write(write) => write.land_from(met, turns).await.map(Landing::Here),
            Part::Create(create) => create.land_from(met, turns).await,
        }
    }
}

/// Makes the writes in one command, and records them. Returns what each came to, in their order.
pub(crate) async fn commit_all(
    store: &Arc<Store>,
    parts: Vec<(Part, Statement)>,
    limit: Duration,
) -> Vec<Result<Creation>> {
    if parts.is_empty() {
        return Vec::new();
    }
    if let Some(tx) = store.transaction() {
        return commit_within(tx, parts).await;
    }
    let log = match BatchLog::open(store, parts.len()).await {
        Ok(log) => log,
        // Nothing was sent. The first error says why there is no room, the others that there is not.
        Err(error) => {
            let more = parts.iter().skip(1);
            let more = more.map(|_| Err(store.shared().relay.backlog().into()));
            return std::iter::once(Err(error)).chain(more).collect();
        }
    };
    let store = store.clone();
    to_the_end(async move {
        let (parts, statements): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let met = send(&store, &parts, &statements, limit).await;
        conclude(&store, parts, met, (log, limit)).await
    })
    .await
}

/// Makes the writes in a transaction, one by one: an error may be the end of it.
async fn commit_within(tx: &Tx, parts: Vec<(Part, Statement)>) -> Vec<Result<Creation>> {
    let mut made = Vec::with_capacity(parts.len());
    for (part, _) in parts {
        made.push(match part {
            Part::Write(write) => write.commit_within(tx).await.map(Creation::New),
            Part::Create(create) => create.commit_within(tx).await,
        });
    }
    made
}

/// How the entries of a batch get to the log.
enum BatchLog {
    /// They are inserted when it is known that their writes landed.
    Inserted,
    /// They are parts of their writes; the relay, which has room for them, copies them.
    Carried(Permit),
    /// Each is inserted in one transaction with its write, so that the writes are made one by one.
    Transactional,
}

impl BatchLog {
    async fn open(store: &Store, entries: usize) -> Result<Self> {
        match store.audit().guarantee() {
            Guarantee::Carried => {
                let relay = &store.shared().relay;
                let permit = relay.reserve(entries, relay.backpressure()).await?;
                Ok(BatchLog::Carried(permit))
            }
            Guarantee::AfterWrite => Ok(BatchLog::Inserted),
            Guarantee::Transactional => Ok(BatchLog::Transactional),
        }
    }

    /// The log of so many of the writes.
    fn part(&mut self, entries: usize) -> Self {
        match self {
            BatchLog::Inserted => BatchLog::Inserted,
            BatchLog::Carried(permit) => BatchLog::Carried(permit.split(entries)),
            BatchLog::Transactional => BatchLog::Transactional,
        }
    }

    /// Records writes that landed.
    async fn record(
        self,
        store: &Store,
        writes: Vec<Unrecorded<'_>>,
        limit: Duration,
    ) -> Vec<Result<Recorded>> {
        match self {
            BatchLog::Inserted => return record_all(store, writes, limit).await,
            BatchLog::Carried(permit) => {
                let entry = |write: &Unrecorded<'_>| LogEntry {
                    id: write.of.0,
                    collection: store.name().clone(),
                    document: write.entry.clone(),
                };
                permit.hand_over(writes.iter().map(entry).collect());
            }
            BatchLog::Transactional => {}
        }
        let writes = writes.into_iter();
        writes
            .map(|write| Ok(Recorded::with_entry(write.landed, write.of)))
            .collect()
    }
}

async fn send(
    store: &Store,
    parts: &[Part],
    statements: &[Statement],
    limit: Duration,
) -> Vec<Met> {
    if parts.len() < 2 || store.audit().guarantee() == Guarantee::Transactional {
        // Alone a write returns the document, and costs no more.
        return parts.iter().map(|_| Met::NotSent).collect();
    }
    parts.iter().for_each(Part::sending);
    tracing::debug!(collection = %store.name(), writes = parts.len(), "sending a batch");
    let mut answer = store.write_all(statements, limit).await;
    let failures = match &mut answer {
        Answer::Counted(counts) => std::mem::take(&mut counts.failures),
        Answer::Refused | Answer::Unknown(_) | Answer::TimedOut => Vec::new(),
    };
    let mut met = match &answer {
        Answer::Refused => parts.iter().map(|_| Met::NotSent).collect(),
        Answer::Counted(counts) if counts.unconfirmed.is_none() => {
            counted(store, parts, statements, counts, &failures, limit).await
        }
        Answer::Counted(_) | Answer::Unknown(_) | Answer::TimedOut => {
            let ids = statements.iter().map(Statement::id);
            ids.map(|id| Met::Failed(store.unknown(&answer, id)))
                .collect()
        }
    };
    for (index, failure) in failures {
        if let Some(met) = met.get_mut(index) {
            *met = Met::Failed(failure);
        }
    }
    met
}

/// What the counts prove, and where they do not, one look at the documents.
async fn counted(
    store: &Store,
    parts: &[Part],
    statements: &[Statement],
    counts: &Counts,
    failures: &[(usize, Failure)],
    limit: Duration,
) -> Vec<Met> {
    let created: HashSet<usize> = counts.created.iter().copied().collect();
    let failed: HashSet<usize> = failures.iter().map(|(index, _)| *index).collect();
    let is_open = |index: &usize| {
        let is_write = matches!(parts.get(*index), Some(Part::Write(_)));
        is_write && !failed.contains(index)
    };
    let open: Vec<usize> = (0..parts.len()).filter(is_open).collect();
    let matched = counts.written.saturating_sub(created.len());
    let are_all_written = matched == open.len();
    let found = if are_all_written {
        None
    } else {
        let ids = open.iter().filter_map(|index| statements.get(*index));
        let operations = open.iter().filter_map(|index| parts.get(*index));
        let operations = operations.map(|part| part.makes().0).collect();
        let ids = ids.map(|statement| statement.id().clone()).collect();
        store.left_by(ids, operations, limit).await.ok()
    };
    let tell = |(index, part): (usize, &Part)| match part {
        Part::Create(_) if created.contains(&index) => Met::Written,
        Part::Create(_) => Met::Uncertain,
        Part::Write(write) => match &found {
            None if are_all_written => Met::Written,
            Some(found) if found.contains(&write.makes().0) => Met::Written,
            // All that were written are found: the others were not.
            Some(found) if found.len() == matched => Met::NotMatched,
            None | Some(_) => Met::Uncertain,
        },
    };
    parts.iter().enumerate().map(tell).collect()
}

/// Finds out what became of each write. What landed is recorded as soon as that is known, whatever
/// of it is known at the same time together: another batch may learn of its writes by these entries,
/// and this one by those that the other is about to record. Returns what each came to, in their
/// order.
async fn conclude(
    store: &Store,
    parts: Vec<Part>,
    met: Vec<Met>,
    (mut log, limit): (BatchLog, Duration),
) -> Vec<Result<Creation>> {
    let (turns, all) = (&Turns::new(), parts.len());
    let landings: Vec<_> = parts
        .into_iter()
        .zip(met)
        .enumerate()
        .map(|(place, (part, met))| async move {
            let landing = part.land_from(met, turns).await;
            (place, part, landing)
        })
        .collect();
    let landings = stream::iter(landings).buffer_unordered(all);
    let recordings = landings.ready_chunks(all).map(|landings| {
        let log = log.part(landings.len());
        record(store, landings, (log, limit))
    });
    let mut creations = recordings.buffer_unordered(all).concat().await;
    creations.sort_unstable_by_key(|(place, _)| *place);
    creations
        .into_iter()
        .map(|(_, creation)| creation)
        .collect()
}

/// Records what landed, all of it at once. Returns what each came to, with its place.
async fn record(
    store: &Store,
    landings: Vec<(usize, Part, Result<Landing>)>,
    (log, limit): (BatchLog, Duration),
) -> Vec<(usize, Result<Creation>)> {
    let (mut written, mut left) = (Vec::new(), Vec::new());
    let mut creations = Vec::with_capacity(landings.len());
    for (place, part, landing) in landings {
        match landing {
            Ok(Landing::Here(landed)) => {
                written.push((place, part));
                left.push(landed);
            }
            Ok(Landing::Elsewhere(creation)) => creations.push((place, Ok(creation))),
            Err(error) => creations.push((place, Err(error))),
        }
    }
    let unrecorded = written.iter().zip(left);
    let unrecorded = unrecorded.map(|((_, part), landed)| unrecorded_of(part, landed));
    let recorded = log.record(store, unrecorded.collect(), limit).await;
    let recorded = written.iter().zip(recorded);
    creations.extend(recorded.map(|((place, _), one)| (*place, one.map(Creation::New))));
    creations
}

fn unrecorded_of(part: &Part, landed: Landed) -> Unrecorded<'_> {
    Unrecorded {
        landed,
        of: part.makes(),
        entry: part.entry(),
    }
}
