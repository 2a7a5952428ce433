//! What a writer does: whatever chance says, on a handful of documents.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use monguard::prelude::*;
use tokio::task::JoinSet;

use super::chance::Chance;
use super::report::{Report, Told};
use crate::models::{Parcel, Sender};

/// The ids of the documents that all writers fight for.
pub const LABELS: [&str; 4] = ["P-1", "P-2", "P-3", "P-4"];

/// How many tasks of a writer write at the same time.
const TASKS: u64 = 4;

/// How long a flush is waited for: a relay may be stopped.
const FLUSH: Duration = Duration::from_millis(500);

/// What tells a writer from others.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Tells its operations from those of other writers.
    pub life: u64,
    /// What it does follows from this.
    pub seed: u64,
    /// Whether it removes documents for good.
    pub removes: bool,
}

/// Who is told what each operation came to, and says whether to go on.
type Listener = dyn Fn(Report) -> ControlFlow<()> + Send + Sync;

/// Writes until `report` says that it is enough, which is told what each operation came to.
///
/// # Panics
/// If one of its tasks does.
pub async fn work(
    guard: Monguard,
    habits: Habits,
    report: impl Fn(Report) -> ControlFlow<()> + Send + Sync + 'static,
) {
    let mut chance = Chance::of(habits.seed);
    let report: Arc<Listener> = Arc::new(report);
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let worker = Worker {
            guard: guard.clone(),
            parcels: guard.collection(),
            name: format!("{}-{task}", habits.life),
            removes: habits.removes,
            transacts: guard.capabilities().has_transactions(),
            chance: chance.branch(),
            seen: HashMap::new(),
        };
        tasks.spawn(worker.run(Arc::clone(&report)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a task does not panic");
    }
}

struct Worker {
    guard: Monguard,
    parcels: Collection<Parcel>,
    name: String,
    removes: bool,
    /// Whether the server can.
    transacts: bool,
    chance: Chance,
    /// The documents as it has last seen them, which may be long ago.
    seen: HashMap<&'static str, Stored<Parcel>>,
}

type Wrote = monguard::Result<Stored<Parcel>>;

impl Worker {
    async fn run(mut self, report: Arc<Listener>) {
        for operation in 0_u64.. {
            let trace = format!("{}-{operation}", self.name);
            let label = *self.chance.one_of(&LABELS);
            let desk = self.parcels.by(self.name.as_str()).trace(&*trace);
            let reports = if self.transacts && self.chance.percent(8) {
                self.transaction(&trace).await
            } else {
                let told = self.step(&desk, label).await;
                let report = told.map(|(operation, told)| Report {
                    trace,
                    operation: format!("{operation} {label}"),
                    told,
                });
                report.into_iter().collect()
            };
            for one in reports {
                if report(one).is_break() {
                    return;
                }
            }
        }
    }

    /// One operation, or a look at the document.
    async fn step(
        &mut self,
        desk: &Writer<Parcel>,
        label: &'static str,
    ) -> Option<(&'static str, Told)> {
        let percent = self.chance.below(100);
        if percent < 12 {
            return Some(self.create(desk, label).await);
        }
        if percent < 15 {
            self.look(label).await;
            return None;
        }
        if percent < 18 {
            return Some(("update many", self.update_many(desk).await));
        }
        if percent < 19 {
            // Whether entries wait makes a difference to the next writes.
            drop(self.guard.flush().within(FLUSH).await);
            return None;
        }
        if percent < 40 {
            let (operation, wrote) = self.write_latest(desk, label, percent).await;
            return Some((operation, self.keep(label, wrote).await));
        }
        if !self.seen.contains_key(label) || self.chance.percent(50) {
            self.look(label).await;
        }
        let Some(base) = self.seen.get(label).cloned() else {
            return Some(self.create(desk, label).await);
        };
        if percent < 48 && self.removes {
            let removed = desk.hard_delete(&base).await;
            return Some(("hard delete", Told::of_removal(&removed).await));
        }
        let (operation, wrote) = match percent {
            48..58 => ("delete", desk.delete(&base).await),
            58..68 => ("restore", desk.restore(&base).await),
            68..72 => {
                let replacement = self.replacement(&base);
                ("replace", desk.replace(&base, replacement).await)
            }
            _ => ("update", self.update(desk, &base).await),
        };
        Some((operation, self.keep(label, wrote).await))
    }

    /// Two documents in one transaction: both are written, or neither. Each has a report, and a
    /// trace id, of its own.
    async fn transaction(&mut self, trace: &str) -> Vec<Report> {
        let first = self.chance.below(LABELS.len());
        let writes = [(first, "a"), ((first + 1) % LABELS.len(), "b")]
            .map(|(label, part)| (LABELS[label], format!("{trace}{part}")));
        let text = self.text();
        let parcels = &self.parcels;
        let by = self.name.as_str();
        let transaction = self.guard.transaction(async |tx| {
            for (label, trace) in &writes {
                let desk = parcels.by(by).trace(trace.as_str()).within(&tx);
                let update = desk.update_latest((*label).to_owned()).inc(|p| p.weight, 3);
                update.set(|p| p.remarks.key("moved"), &*text).await?;
            }
            Ok(())
        });
        let told = Told::of_transaction(&transaction.await).await;
        let report = |(label, trace)| Report {
            trace,
            operation: format!("transaction {label}"),
            told: told.clone(),
        };
        writes.map(report).into()
    }

    async fn keep(&mut self, label: &'static str, wrote: Wrote) -> Told {
        let told = Told::of_write(&wrote).await;
        if let Ok(stored) = wrote {
            self.seen.insert(label, stored);
        }
        told
    }

    async fn look(&mut self, label: &'static str) {
        let look = self.parcels.find_by_id(label.to_owned());
        if let Ok(Some(stored)) = look.including_deleted().await {
            self.seen.insert(label, stored);
        }
    }

    async fn create(&mut self, desk: &Writer<Parcel>, label: &'static str) -> (&'static str, Told) {
        // The same requests again and again, which find what the first one made, and new ones.
        let new = self.chance.number().to_string();
        let request = *self.chance.one_of(&["a", "b", new.as_str()]);
        let request = format!("{label}/{request}");
        let created = desk.create(Parcel::labelled(label, &request)).await;
        let told = self.keep(label, created.map(Created::into_stored)).await;
        ("create", told)
    }

    /// All documents that are light enough, in one command where that can be.
    async fn update_many(&mut self, desk: &Writer<Parcel>) -> Told {
        let text = self.text();
        let limit = 100 + i64::try_from(self.chance.below(200)).unwrap_or_default();
        let update = desk.update_many(|p| p.weight.lt(limit));
        let update = update.inc(|p| p.weight, 2).set(|p| p.code, Some(text));
        Told::of_many(&update.await)
    }

    async fn write_latest(
        &mut self,
        desk: &Writer<Parcel>,
        label: &'static str,
        percent: usize,
    ) -> (&'static str, Wrote) {
        let id = label.to_owned();
        match percent {
            19..21 => ("delete latest", desk.delete_latest(id).await),
            21..24 => ("restore latest", desk.restore_latest(id).await),
            24..30 => {
                let update = desk.update_latest(id).inc(|p| p.weight, 1);
                ("update latest", update.await)
            }
            _ => {
                let stop = self.text();
                let modify = desk.modify(id, move |parcel, update| {
                    if parcel.stops.len() < 4 {
                        update.push(|p| p.stops, stop.as_str())
                    } else {
                        update.set(|p| p.stops, Vec::new())
                    }
                });
                ("modify", modify.await)
            }
        }
    }

    async fn update(&mut self, desk: &Writer<Parcel>, base: &Stored<Parcel>) -> Wrote {
        let text = self.text();
        let update = desk.update(base);
        let update = match self.chance.below(6) {
            0 => update.inc(|p| p.weight, 7),
            1 => update.push(|p| p.stops, text),
            2 => update.set(|p| p.remarks.key("note"), text),
            3 => update.set(|p| p.code, Some(text)),
            4 => update.unset(|p| p.remarks),
            _ if base.sender.is_some() => update.set(|p| p.sender, None),
            _ => update.set(|p| p.sender, Some(sender(text))),
        };
        // Now and then only where nobody has made it heavy meanwhile.
        if self.chance.percent(10) {
            return update.when(|p| p.weight.lt(150)).await;
        }
        update.await
    }

    fn replacement(&mut self, base: &Stored<Parcel>) -> Parcel {
        let text = self.text();
        let mut parcel = (**base).clone();
        parcel.weight += 1;
        parcel.remarks.insert(text.clone(), text.clone());
        parcel.sender = Some(sender(text));
        if parcel.remarks.len() > 4 {
            parcel.remarks.clear();
            parcel.stops.clear();
        }
        parcel
    }

    /// One of few texts, among them those that a server could take for more than data.
    fn text(&mut self) -> String {
        let texts = ["a", "b", "$code", "$$ROOT", ""];
        (*self.chance.one_of(&texts)).to_owned()
    }
}

fn sender(name: String) -> Sender {
    Sender {
        phone: Some(format!("phone of {name}")),
        name,
    }
}
