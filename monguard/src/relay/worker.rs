//! The task that copies entries to the log.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::courier::Courier;
use super::entry::LogEntry;
use super::line::Line;

/// Sees to it that the task runs, if there is a runtime to run it. One that ended with its runtime
/// is started again in this one.
pub(super) fn ensure(line: &Arc<Line>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return;
    };
    let mut task = line.task();
    if line.has_work()
        && task
            .as_ref()
            .is_none_or(tokio::task::JoinHandle::is_finished)
    {
        *task = Some(runtime.spawn(run(line.clone())));
    }
}

/// Brings batch after batch, until there will be no more.
async fn run(line: Arc<Line>) {
    let mut waits = waits();
    while let Some(batch) = next_batch(&line).await {
        let delivery = line.courier.deliver(&batch).await;
        line.account(&delivery);
        let Some(failure) = delivery.failure else {
            waits = self::waits();
            continue;
        };
        if failure.is_shutdown {
            line.stop();
            return;
        }
        // The waits do not end.
        let wait = waits.next().unwrap_or(LONGEST_WAIT);
        tracing::warn!(
            error = %failure.error,
            entries = batch.len(),
            again_in = ?wait,
            "entries could not be copied to the audit log"
        );
        tokio::time::sleep(wait).await;
    }
}

const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Jitter adds up to as much again.
fn waits() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(25))
        .with_max_delay(LONGEST_WAIT / 2)
        .with_factor(2.0)
        .with_jitter()
        .without_max_times()
        .build()
}

/// What is to be brought next. `None` where nothing waits and nothing will come.
async fn next_batch(line: &Line) -> Option<Vec<Arc<LogEntry>>> {
    loop {
        match line.urgency() {
            Urgency::Nothing => line.work.notified().await,
            Urgency::Ended => return None,
            Urgency::Now => break,
            Urgency::Gather => {
                tokio::time::timeout(line.options.gather, urged(line))
                    .await
                    .ok();
                break;
            }
        }
    }
    let mut state = line.state();
    let batch = state.queue.batch(Courier::BATCH);
    state.queue.begin(batch.len());
    state.is_urged = false;
    Some(batch)
}

/// Waits until there is a reason to gather no longer.
async fn urged(line: &Line) {
    while line.urgency() == Urgency::Gather {
        line.work.notified().await;
    }
}

/// How soon something is to be brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    Nothing,
    /// Something waits, and more may come to go with it.
    Gather,
    Now,
    /// Nothing waits, and nothing will come.
    Ended,
}

impl Line {
    fn urgency(&self) -> Urgency {
        let state = self.state();
        match (state.queue.len(), state.is_closed) {
            (0, false) => Urgency::Nothing,
            (0, true) => Urgency::Ended,
            (_, true) => Urgency::Now,
            (_, false) if state.is_hurried() || state.queue.has_batch(Courier::BATCH) => {
                Urgency::Now
            }
            _ => Urgency::Gather,
        }
    }

    /// Whether there is something for a task to do.
    fn has_work(&self) -> bool {
        let state = self.state();
        state.queue.len() > 0 && !state.is_stopped
    }

    /// Nothing can be brought any more, in this process.
    fn stop(&self) {
        {
            let mut state = self.state();
            state.is_closed = true;
            state.is_stopped = true;
        }
        self.announce();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_to_seconds_and_do_not_end() {
        let all: Vec<Duration> = waits().take(100).collect();
        assert_eq!(all.len(), 100);
        assert!(all[0] < Duration::from_millis(100), "{all:?}");
        assert!(all.iter().all(|wait| *wait <= LONGEST_WAIT), "{all:?}");
        assert!(all[99] >= LONGEST_WAIT / 2, "{all:?}");
    }
}
