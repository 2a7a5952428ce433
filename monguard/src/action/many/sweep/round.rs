//! One attempt at the documents of a batch.

use std::sync::Arc;

use futures_util::TryStreamExt;
use mongodb::bson::{RawDocumentBuf, oid::ObjectId};

use super::at_once::is_written_by;
use super::{MovedOn, Sweep, Wanted, count};
use crate::action::many::gather::{Gather, Gathered};
use crate::action::many::report::ManyReport;
use crate::action::perform::{Performed, Planned, Work, refused, work_out_over};
use crate::client::LOG_READ;
use crate::document::{Outcome, Place};
use crate::error::{Error, Result};
use crate::guard::{Creation, Part, commit_all, entries_of_many};

/// One document of a round.
struct Due<'a> {
    place: Place,
    work: Box<Work<'a>>,
}

impl<'a> Sweep<'a> {
    /// Reads the documents at these places, as far as they match, and writes them. Returns those
    /// that another writer came to in between.
    pub(super) async fn round(
        &self,
        wanted: Wanted<'_>,
        places: &[Place],
        report: &mut ManyReport,
    ) -> Vec<MovedOn> {
        let mut moved_on = Vec::new();
        let mut gather = Gather::new(self.options.batch);
        let mut found = 0;
        let ended = async {
            let mut documents = self.documents(wanted.filter, places).await?;
            while let Some(raw) = documents.try_next().await? {
                found += 1;
                if let Some(full) = self.prepare(wanted, raw, &mut gather, report).await? {
                    self.commit(wanted, full, report, &mut moved_on).await;
                }
            }
            Ok(())
        };
        let ended: Result<()> = ended.await;
        self.commit(wanted, gather.take(), report, &mut moved_on)
            .await;
        let missing = count(places.len().saturating_sub(found));
        match ended {
            Ok(()) => report.skipped += missing,
            Err(error) => {
                report.not_attempted += missing;
                report.interrupted = Some(error);
            }
        }
        moved_on
    }

    /// Works out the write of one document, and adds it to those that go into one command.
    async fn prepare(
        &self,
        wanted: Wanted<'_>,
        raw: RawDocumentBuf,
        gather: &mut Gather<Due<'a>>,
        report: &mut ManyReport,
    ) -> Result<Option<Gathered<Due<'a>>>> {
        let raw = Arc::new(raw);
        let place = self.place_of(&raw)?;
        if let Some(operation) = wanted.operation
            && is_written_by(&self.store.parse(&raw, None)?, operation)
        {
            // Counted with those, and another writer has come since.
            report.matched = report.matched.saturating_sub(1);
            return Ok(None);
        }
        let prepared = match work_out_over(self.store, self.author, raw, &self.request) {
            Ok(Planned::Done(_)) => Ok(None),
            Ok(Planned::Write(work)) => {
                let write = work.prepare(self.waited.seat()).await;
                write.map(|write| write.map(|write| (work, write)))
            }
            Err(error) => Err(error),
        };
        match prepared {
            Ok(None) => report.unchanged += 1,
            Ok(Some((work, write))) => {
                let id = place.id.clone();
                let due = Due { place, work };
                match gather.add(due, Part::Write(write)) {
                    Ok(full) => return Ok(full),
                    Err(error) => {
                        let error = refused(self.store, Some(&id), error);
                        self.fail(Place::by_id(id), error, report);
                    }
                }
            }
            Err(error) => {
                self.waited.note(&error);
                self.fail(place, error, report);
            }
        }
        Ok(None)
    }

    async fn commit(
        &self,
        wanted: Wanted<'_>,
        gathered: Gathered<Due<'a>>,
        report: &mut ManyReport,
        moved_on: &mut Vec<MovedOn>,
    ) {
        let gathered = match wanted.operation {
            None => gathered,
            Some(operation) => match self.without_written(operation, gathered, report).await {
                Ok(gathered) => gathered,
                Err((error, left)) => {
                    report.not_attempted += count(left);
                    report.interrupted.get_or_insert(error);
                    return;
                }
            },
        };
        let Gathered { keys, parts } = gathered;
        let creations = commit_all(self.store, parts, self.limit).await;
        for (Due { place, work }, written) in keys.into_iter().zip(creations) {
            let written = match written {
                Ok(Creation::New(recorded)) => Ok(Performed::from(recorded)),
                // Only a create meets another document.
                Ok(Creation::Existing { .. }) => continue,
                Err(error) => work.write_after(error).await,
            };
            match written {
                Ok(performed) => {
                    report.modified += 1;
                    let outcome = performed.outcome();
                    let is_without = matches!(outcome, Outcome::WrittenWithoutEntry(_));
                    report.without_entry += u64::from(is_without);
                }
                Err(error) if has_moved_on(&error) => moved_on.push(MovedOn { place, error }),
                Err(error) => self.fail(place, error, report),
            }
        }
    }
}

impl<'a> Sweep<'a> {
    /// Leaves out what the log knows to be written by this operation: another writer, who knew that
    /// too, has taken the entry off the document since.
    async fn without_written(
        &self,
        operation: ObjectId,
        gathered: Gathered<Due<'a>>,
        report: &mut ManyReport,
    ) -> Result<Gathered<Due<'a>>, (Error, usize)> {
        let Gathered { keys, parts } = gathered;
        if keys.is_empty() {
            return Ok(Gathered { keys, parts });
        }
        let ids = keys.iter().map(|due| due.place.id.clone());
        let entries = entries_of_many(self.store, operation, ids);
        let known = self.store.log().keys_of(&entries, self.limit);
        let known = self.store.answer(LOG_READ, self.limit, Box::pin(known));
        let known = known.await.map_err(|error| (error, keys.len()))?;
        let all = keys.into_iter().zip(parts).zip(entries);
        let (done, due): (Vec<_>, Vec<_>) = all.partition(|(_, entry)| known.contains_key(entry));
        report.matched = report.matched.saturating_sub(count(done.len()));
        let (keys, parts) = due.into_iter().map(|(due, _)| due).unzip();
        Ok(Gathered { keys, parts })
    }
}

/// Whether the document is in another state than it was read in, and this write not made.
fn has_moved_on(error: &Error) -> bool {
    matches!(
        error,
        Error::Conflict(_) | Error::NotFound(_) | Error::Deleted(_) | Error::ConditionFailed(_)
    )
}
