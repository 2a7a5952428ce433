//! When a writer dies.

use super::chance::Chance;
use crate::proxy::{Command, Gate, Proxy};

/// When a writer dies, and what becomes of the command that was under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Once it has reported so many operations; whatever it does by then.
    AfterReports(usize),
    /// At its so-manieth command, which never reaches the server.
    Unsent(usize),
    /// At its so-manieth command, which reaches the server after the writer has died.
    Late(usize),
    /// At its so-manieth command, when the server has carried that out.
    Unanswered(usize),
}

impl Moment {
    /// One that chance says.
    pub fn choose(chance: &mut Chance) -> Self {
        let at = 1 + chance.below(60);
        match chance.below(4) {
            0 => Moment::AfterReports(at),
            1 => Moment::Unsent(at),
            2 => Moment::Late(at),
            _ => Moment::Unanswered(at),
        }
    }

    /// Holds the command at which the writer dies.
    pub(super) fn hold(self, proxy: &Proxy) -> Option<Gate> {
        let command = |at| proxy.on(Command::any()).nth(at);
        match self {
            Moment::AfterReports(_) => None,
            Moment::Unsent(at) | Moment::Late(at) => Some(command(at).hold_request()),
            Moment::Unanswered(at) => Some(command(at).hold_reply()),
        }
    }

    /// The writer is dead: what becomes of its command.
    pub(super) async fn let_go(self, gate: &Gate) {
        match self {
            Moment::Late(_) => {
                gate.release();
                gate.answered(1).await;
            }
            Moment::Unsent(_) | Moment::Unanswered(_) | Moment::AfterReports(_) => gate.cut(),
        }
    }
}
