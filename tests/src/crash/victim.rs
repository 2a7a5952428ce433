//! A writer, started and killed.

use std::process::Stdio;
use std::time::Duration;

use mongodb::Database;
use monguard::{Audit, Monguard};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::moment::Moment;
use super::report::Report;
use super::work::Habits;
use crate::proxy::{Gate, Proxy};

/// Long enough for a busy machine: a writer that has not come to its moment by then has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a writer is to do.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The path of the program `crash-writer`.
    pub program: &'static str,
    /// The database.
    pub database: String,
    /// The guarantee: `carried`, `after_write` or `transactional`.
    pub guarantee: &'static str,
    /// What it does.
    pub habits: Habits,
}

impl Orders {
    /// The guard of a writer with these orders.
    ///
    /// # Panics
    /// If there is no such guarantee, or no server.
    pub async fn guard(&self, database: Database) -> Monguard {
        let audit = match self.guarantee {
            "carried" => Audit::carried(),
            "after_write" => Audit::after_write(),
            "transactional" => Audit::transactional(),
            other => panic!("there is no guarantee `{other}`"),
        };
        let builder = Monguard::builder(database).audit(audit);
        let builder = builder
            .time_limit(Duration::from_secs(2))
            .margin(Duration::from_millis(500));
        builder.build().await.expect("a guard")
    }

    fn start(&self, uri: &str) -> Child {
        Command::new(self.program)
            .args([uri, &self.database, self.guarantee])
            .args([self.habits.life, self.habits.seed].map(|number| number.to_string()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the writer starts")
    }
}

/// A writer at work.
#[derive(Debug)]
pub struct Victim {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    moment: Moment,
    gate: Option<Gate>,
    reports: Vec<Report>,
}

impl Victim {
    /// Starts a writer behind the proxy, which is its own, and which dies at this moment.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(orders: &Orders, proxy: &Proxy, moment: Moment) -> Self {
        let gate = moment.hold(proxy);
        let mut child = orders.start(&proxy.uri());
        let output = child.stdout.take().expect("its output is a pipe");
        Victim {
            child,
            lines: BufReader::new(output).lines(),
            moment,
            gate,
            reports: Vec::new(),
        }
    }

    /// Kills it at its moment (`SIGKILL`). Returns what it was told of its operations until then.
    ///
    /// # Panics
    /// If it ends by itself, or does not come to its moment.
    pub async fn die(mut self) -> Vec<Report> {
        let died = timeout(PATIENCE, self.until_dead()).await;
        assert!(died.is_ok(), "{:?} did not come: {:?}", self.moment, self);
        self.reports
    }

    async fn until_dead(&mut self) {
        let reports = match self.moment {
            Moment::AfterReports(reports) => reports,
            _ => usize::MAX,
        };
        // What it says is read all the time, or it would come to a stop at a full pipe.
        loop {
            let reached = async {
                match &self.gate {
                    Some(gate) => gate.reached(1).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = reached => break,
                line = self.lines.next_line() => {
                    let line = line.expect("its output is text");
                    let line = line.expect("it does not end by itself");
                    self.reports.push(line.parse().expect("a report"));
                    if self.reports.len() >= reports {
                        break;
                    }
                }
            }
        }
        self.child.kill().await.expect("it can be killed");
        if let Some(gate) = &self.gate {
            self.moment.let_go(gate).await;
        }
        // What it had said by then was told to its caller. It may have died within a line.
        while let Ok(Some(line)) = self.lines.next_line().await {
            self.reports.extend(line.parse().ok());
        }
    }
}
