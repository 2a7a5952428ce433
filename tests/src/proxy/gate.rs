//! A gate holds commands until the test lets them go on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use super::rule::Rule;

/// What becomes of a held command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    Pass,
    Cut,
}

#[derive(Debug, Default)]
pub(super) struct GateState {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    held: VecDeque<oneshot::Sender<Verdict>>,
    /// Set once the gate stands open: what comes now does not wait.
    opened: Option<Verdict>,
}

impl Inner {
    fn admit(&mut self, let_go: oneshot::Sender<Verdict>) {
        match self.opened {
            // The receiver is alive: it is awaited next.
            Some(verdict) => drop(let_go.send(verdict)),
            None => self.held.push_back(let_go),
        }
    }
}

impl GateState {
    /// Waits, unless the gate stands open. `arrived` is called once the command can be let go.
    pub(super) async fn hold(&self, arrived: impl FnOnce()) -> Verdict {
        let (let_go, waiting) = oneshot::channel();
        self.inner().admit(let_go);
        arrived();
        waiting.await.unwrap_or(Verdict::Cut)
    }

    pub(super) fn open(&self, verdict: Verdict) {
        let mut inner = self.inner();
        inner.opened = Some(verdict);
        for held in inner.held.drain(..) {
            // The connection may be gone, and then nobody waits.
            let _ = held.send(verdict);
        }
    }

    fn let_one_go(&self, verdict: Verdict) {
        let mut inner = self.inner();
        while let Some(held) = inner.held.pop_front() {
            if held.send(verdict).is_ok() {
                return;
            }
        }
        drop(inner);
        panic!("the gate holds no command: wait for `reached()` first");
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds commands (or their answers) until the test lets them go on. Dropping it releases them,
/// unless the test has failed: then they are cut, and write nothing while the test is torn down.
///
/// ```no_run
/// # use monguard_tests::proxy::{Command, Proxy};
/// # async fn example(proxy: Proxy) {
/// let gate = proxy.on(Command::named("find")).times(2).hold_reply();
/// // … start two writers …
/// gate.reached(2).await; // both have read, neither has seen what it read
/// gate.release_one(); // the first one goes on
/// gate.cut(); // the other one loses its connection
/// # }
/// ```
#[derive(Debug)]
pub struct Gate {
    state: Arc<GateState>,
    rule: Rule,
}

impl Gate {
    pub(super) fn new(state: Arc<GateState>, rule: Rule) -> Self {
        Self { state, rule }
    }

    /// Resolves when `commands` commands in all have come to the gate, those let go included.
    ///
    /// # Panics
    /// After 30 s.
    pub async fn reached(&self, commands: usize) {
        self.rule.fired(commands).await;
    }

    /// Resolves when the server has answered `commands` of the held commands. This is how a test
    /// knows that a request that it released has been applied, also if the caller is long gone.
    ///
    /// # Panics
    /// After 30 s.
    pub async fn answered(&self, commands: usize) {
        self.rule.answered(commands).await;
    }

    /// Lets the command that has waited longest go on; the gate stays shut.
    pub fn release_one(&self) {
        self.state.let_one_go(Verdict::Pass);
    }

    /// Cuts the connection of the command that has waited longest; the gate stays shut.
    pub fn cut_one(&self) {
        self.state.let_one_go(Verdict::Cut);
    }

    /// Opens the gate: everything held goes on, and nothing is held any more.
    pub fn release(&self) {
        self.state.open(Verdict::Pass);
    }

    /// Cuts the connections of everything held, and of what the rule still catches.
    ///
    /// A request that was held never reaches the server. An answer that was held is lost.
    pub fn cut(&self) {
        self.state.open(Verdict::Cut);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let unopened = if thread::panicking() {
            Verdict::Cut
        } else {
            Verdict::Pass
        };
        // The verdict of a gate that was opened stands: its rule may have commands to come.
        let opened = self.state.inner().opened;
        self.state.open(opened.unwrap_or(unopened));
    }
}
