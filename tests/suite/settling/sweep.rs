//! Whichever command of an operation is lost, before the server sees it or after: what the caller
//! is told is true, and no version is without its entry.

use std::time::Duration;

use mongodb::bson::{Document, doc};
use monguard::MonguardBuilder;
use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::models::{Order, Tally};
use monguard_tests::proxy::{Command, Loss, Rule};
use tokio::task::JoinSet;

use super::stage::{Account, Stage, settled};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Create,
    CreateWithKey,
    CreateWithId,
    Update,
    UpdateLatest,
    Modify,
    Replace,
    Delete,
    Restore,
    HardDelete,
}

/// One operation, and the document that it is about.
struct Case<'a> {
    stage: &'a Stage,
    operation: Operation,
    /// Tells it from the other cases.
    serial: i64,
    base: Option<Stored<Tally>>,
    entries_before: u64,
}

impl<'a> Case<'a> {
    async fn new(stage: &'a Stage, operation: Operation, serial: i64) -> Self {
        let rival = stage.rival::<Tally>();
        let base = match operation {
            Operation::Create | Operation::CreateWithKey | Operation::CreateWithId => None,
            Operation::Restore => Some(rival.delete(&stage.tally().await).await.unwrap()),
            _ => Some(stage.tally().await),
        };
        let entries_before = entries(stage).await;
        Case {
            stage,
            operation,
            serial,
            base,
            entries_before,
        }
    }

    /// Carries it out behind the proxy.
    async fn run(&self) -> monguard::Result<Option<Outcome>> {
        let tallies = self.stage.writer::<Tally>();
        let (serial, total) = (self.serial, 5);
        let Some(base) = &self.base else {
            return match self.operation {
                Operation::CreateWithKey => {
                    let order = Order::placed(&serial.to_string());
                    let orders = self.stage.writer::<Order>();
                    let created = orders.create(order).await?;
                    assert!(created.is_new());
                    Ok(Some(created.outcome().clone()))
                }
                Operation::CreateWithId => {
                    let account = Account::numbered(&serial.to_string());
                    let created = self.stage.writer().create(account).await?;
                    Ok(Some(created.outcome().clone()))
                }
                _ => {
                    let created = tallies.create(Tally { total: serial }).await?;
                    Ok(Some(created.outcome().clone()))
                }
            };
        };
        let stored = match self.operation {
            Operation::UpdateLatest => tallies.update_latest(base.id()).inc(|t| t.total, 5).await,
            Operation::Modify => {
                let modify = tallies.modify(base.id(), |_, update| update.inc(|t| t.total, 5));
                modify.await
            }
            Operation::Replace => tallies.replace(base, Tally { total }).await,
            Operation::Delete => tallies.delete(base).await,
            Operation::Restore => tallies.restore(base).await,
            Operation::HardDelete => return tallies.hard_delete(base).await.map(|_| None),
            _ => tallies.update(base).inc(|t| t.total, 5).await,
        };
        Ok(Some(stored?.outcome().clone()))
    }

    /// The documents that it is about: one at the most.
    async fn documents(&self) -> Vec<Document> {
        let (collection, filter) = match (&self.base, self.operation) {
            (Some(base), _) => ("tallies", doc! { "_id": base.id() }),
            (None, Operation::CreateWithKey) => {
                ("orders", doc! { "checkoutId": self.serial.to_string() })
            }
            (None, Operation::CreateWithId) => {
                ("accounts", doc! { "_id": self.serial.to_string() })
            }
            (None, _) => ("tallies", doc! { "total": self.serial }),
        };
        let documents = self.stage.db.database().collection::<Document>(collection);
        let mut cursor = documents.find(filter).await.unwrap();
        let mut found = Vec::new();
        while cursor.advance().await.unwrap() {
            found.push(cursor.deserialize_current().unwrap());
        }
        found
    }

    fn version_before(&self) -> i32 {
        match (&self.base, self.operation) {
            (None, _) => 0,
            (Some(_), Operation::Restore) => 2,
            (Some(_), _) => 1,
        }
    }

    async fn assert_made(&self) {
        let version = self.version_before() + 1;
        let documents = self.documents().await;
        let entries = entries(self.stage).await;
        assert_eq!(entries, self.entries_before + 1, "one version, one entry");
        if self.operation == Operation::HardDelete {
            assert_eq!(documents, []);
            let id = self.base.as_ref().unwrap().id();
            self.stage.assert_linked(id, version).await;
            return;
        }
        let [document] = documents.as_slice() else {
            panic!("{documents:#?}")
        };
        let id = document.get("_id").cloned().unwrap();
        assert_eq!(document.get_i32("__v").ok(), Some(version));
        let last = self.stage.assert_linked(id, version).await;
        assert_eq!(document.get_object_id("__w").ok(), last);
        let total = match self.operation {
            Operation::Delete | Operation::Restore => Some(0),
            Operation::Create => Some(self.serial),
            Operation::CreateWithKey | Operation::CreateWithId => None,
            _ => Some(5),
        };
        assert_eq!(document.get_i64("total").ok(), total);
        let is_deleted = self.operation == Operation::Delete;
        assert_eq!(document.contains_key("deletedAt"), is_deleted);
    }

    async fn assert_not_made(&self) {
        assert_eq!(entries(self.stage).await, self.entries_before);
        let documents = self.documents().await;
        match &self.base {
            None => assert_eq!(documents, []),
            Some(base) => {
                let before = Document::try_from(base.document()).unwrap();
                assert_eq!(documents, [before]);
            }
        }
    }
}

/// How many entries the log has.
async fn entries(stage: &Stage) -> u64 {
    let log = stage.db.database().collection::<Document>("audit_logs");
    log.count_documents(doc! {}).await.unwrap()
}

fn lose(stage: &Stage, fault: Loss, first: usize, times: usize) -> Rule {
    let commands = Command::any().in_database(stage.db.name());
    let rule = stage.proxy.on(commands).skip(first - 1).times(times);
    rule.lose(fault, 30)
}

/// Asserts that what was told is so.
async fn assert_true(case: &Case<'_>, told: monguard::Result<Option<Outcome>>) {
    match told {
        Ok(None | Some(Outcome::Written | Outcome::Settled { overtaken: false })) => {
            case.assert_made().await;
        }
        // A read that came before the write failed.
        Err(Error::Driver(_)) => case.assert_not_made().await,
        Err(Error::Unsettled(unsettled)) => match settled(&unsettled).await {
            Settled::Landed => case.assert_made().await,
            _ => case.assert_not_made().await,
        },
        told => panic!("{:?} was told {told:?}", case.operation),
    }
}

/// Loses each command of the operation in turn, alone and with the one after it. All kinds of loss
/// at the same time: most of it is waiting for the driver to connect again.
async fn sweep(operation: Operation) {
    let mut sweeps = JoinSet::new();
    for fault in Loss::ALL {
        sweeps.spawn(sweep_of(operation, fault, 1, false));
        sweeps.spawn(sweep_of(operation, fault, 2, false));
        sweeps.spawn(sweep_of(operation, fault, 2, true));
    }
    while let Some(done) = sweeps.join_next().await {
        done.unwrap();
    }
}

async fn sweep_of(operation: Operation, fault: Loss, times: usize, driver_retries: bool) {
    let limits = |builder: MonguardBuilder| {
        builder
            .time_limit(Duration::from_millis(1500))
            .margin(Duration::from_millis(500))
    };
    let stage = if driver_retries {
        Stage::with_driver_retries(limits).await
    } else {
        Stage::of(limits).await
    };
    let orders = stage.guard.collection::<Order>();
    orders.ensure_indexes().await.unwrap();
    for first in 1.. {
        let case = Case::new(&stage, operation, i64::try_from(first).unwrap()).await;
        let rule = lose(&stage, fault, first, times);
        let told = case.run().await;
        let fired = rule.times_fired();
        rule.remove();
        println!("{operation:?}: {fault:?} at {first}, {times} times: {told:?}");
        assert_true(&case, told).await;
        if fired == 0 {
            return;
        }
    }
}

macro_rules! sweeps {
    ($($name:ident: $operation:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            sweep(Operation::$operation).await;
        }
    )*};
}

sweeps! {
    any_command_of_a_create_may_be_lost: Create;
    any_command_of_a_create_with_a_key_may_be_lost: CreateWithKey;
    any_command_of_a_create_with_a_chosen_id_may_be_lost: CreateWithId;
    any_command_of_an_update_may_be_lost: Update;
    any_command_of_an_update_of_the_latest_state_may_be_lost: UpdateLatest;
    any_command_of_a_modify_may_be_lost: Modify;
    any_command_of_a_replace_may_be_lost: Replace;
    any_command_of_a_delete_may_be_lost: Delete;
    any_command_of_a_restore_may_be_lost: Restore;
    any_command_of_a_hard_delete_may_be_lost: HardDelete;
}
