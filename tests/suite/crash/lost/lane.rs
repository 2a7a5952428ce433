use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use mongodb::Database;
use monguard::Audit;
use monguard::prelude::*;
use monguard_tests::crash::{Report, Told, UNSETTLED};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Parcel;
use monguard_tests::proxy::{Loss, Rule};

use super::operation::{CARRIED, Operation};
use super::sent::Sent;
use super::way::Way;

/// Longer than the half second after which the driver connects again.
const TIME_LIMIT: Duration = Duration::from_millis(1200);
const MARGIN: Duration = Duration::from_millis(200);

/// Nothing takes this long, unless the test fails.
const LONG: Duration = Duration::from_secs(30);

/// More commands than any operation sends.
const MOST_COMMANDS: usize = 40;

/// A guard whose commands take effect soon, or not at all.
pub(super) async fn guard(database: &Database, audit: Audit, together: bool) -> Monguard {
    let builder = Monguard::builder(database.clone()).audit(audit);
    let builder = builder.bulk_write(together);
    let builder = builder.carried_entries(CARRIED);
    let builder = builder.time_limit(TIME_LIMIT).margin(MARGIN);
    builder.build().await.unwrap()
}

/// One operation, one kind of loss: each of its commands is lost in turn, on a document of its own.
pub(super) struct Lane {
    pub(super) db: Arc<TestDb>,
    /// Goes straight to the server.
    pub(super) rival: Monguard,
    pub(super) audit: Audit,
    /// Whether a write and its entry may be one command.
    pub(super) together: bool,
    pub(super) way: Way,
    pub(super) operation: Operation,
    pub(super) fault: Loss,
}

/// What happened in a lane.
#[derive(Default)]
pub(super) struct Happened {
    pub(super) reports: Vec<Report>,
    pub(super) lost: BTreeSet<Sent>,
}

impl Lane {
    pub(super) async fn run(self) -> Happened {
        let proxy = self.db.proxy().await;
        let client = self.db.connect().through(&proxy);
        let retries = self.way.driver_retries;
        let client = client.retry_reads(retries).retry_writes(retries);
        let client = client.open().await;
        let guard = guard(client.database(), self.audit, self.together).await;
        let mut happened = Happened::default();
        for first in 1..MOST_COMMANDS {
            let label = format!("{:?}, {:?} at {first}", self.operation, self.fault);
            let desk = self.rival.collection::<Parcel>().by("rival");
            let base = self.operation.prepare(&desk, &label).await;
            let rules = self.way.losses.lose(&proxy, self.fault, first);
            let reports = self.operate(&guard, &label, base, &rules[0]).await;
            self.assert_expected(&reports[0]);
            guard.flush().within(LONG).await.unwrap();
            let begun = proxy.transactions();
            begun.end(self.db.client()).await.unwrap();
            let lost = rules.iter().flat_map(Rule::commands);
            happened.lost.extend(lost.map(|command| Sent::of(&command)));
            let was_lost = rules[0].times_fired() > 0;
            rules.into_iter().for_each(Rule::remove);
            happened.reports.extend(reports);
            if !was_lost {
                return happened;
            }
        }
        panic!("{:?} does not come to an end", self.operation)
    }

    /// Carries the operation out, while somebody else is there or not.
    async fn operate(
        &self,
        guard: &Monguard,
        label: &str,
        base: Option<Stored<Parcel>>,
        rule: &Rule,
    ) -> Vec<Report> {
        let report = |trace: &str, told| Report {
            trace: format!("{trace} {label}"),
            operation: format!("{:?}", self.operation),
            told,
        };
        let desk = guard
            .collection::<Parcel>()
            .by("us")
            .trace(format!("us {label}"));
        let operate = async {
            if self.operation != Operation::Transaction {
                return vec![report("us", self.operation.run(&desk, label, base).await)];
            }
            let trace = format!("us too {label}");
            let told = Operation::transact(guard, &desk, [label, &trace]).await;
            vec![report("us", told.clone()), report("us too", told)]
        };
        if !self.way.beside {
            return operate.await;
        }
        let beside = async {
            rule.fired(1).await;
            let trace = format!("rival {label}");
            let desk = self.rival.collection::<Parcel>().by("rival").trace(trace);
            let modify = desk.modify(label.to_owned(), |_, update| update.inc(|p| p.weight, 1));
            let told = Told::of_write(&modify.including_deleted().await).await;
            self.rival.collection::<Parcel>().recover().await.unwrap();
            told
        };
        tokio::pin!(operate, beside);
        tokio::select! {
            // Nothing was lost, or not before the end.
            reports = &mut operate => reports,
            theirs = &mut beside => {
                let mut reports = operate.await;
                reports.push(report("rival", theirs));
                reports
            }
        }
    }

    /// Where nobody else writes, nothing is in the way: it is made, or a read failed before it, or
    /// it did not come in time.
    fn assert_expected(&self, report: &Report) {
        let is_expected = match &report.told {
            Told::Made(..) => true,
            // A removal waits for its entry, and gives up after a while: the tombstone stays.
            Told::MadeWithoutEntry => {
                self.audit == Audit::after_write() || self.operation == Operation::HardDelete
            }
            Told::NotMade(why) => {
                let is_limit = self.operation == Operation::UpdateAtTheLimit;
                let reasons = ["Driver", UNSETTLED];
                self.way.beside
                    || reasons.iter().any(|reason| why.starts_with(reason))
                    || is_limit && why == "AuditBacklog"
            }
            Told::MadeToMany(..) | Told::Unknown | Told::Odd(_) => false,
        };
        assert!(is_expected, "{:?}: {report}", self.way);
    }
}
