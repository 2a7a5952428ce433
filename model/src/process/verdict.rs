//! What a writer concludes from the document and the log: `guard::verdict::judge`.

use crate::command::Command;
use crate::database::{NONE, Snapshot};
use crate::rules::{Mode, Rule};
use crate::scenario::Scenario;

/// What was seen of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct DocumentSeen {
    /// It is as the operation left it, or carries its entry.
    own: bool,
    /// The command would match it.
    would_match: bool,
    /// It still has the operation that the write would have replaced, in another state.
    foreign: bool,
    /// What there is at all.
    presence: Presence,
}

/// Whether there is a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Presence {
    #[default]
    There,
    Tombstone,
    Absent,
}

/// What was seen of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LogSeen {
    /// It has the entry of the operation.
    own: bool,
    /// It has the entry of a write that replaced the operation's.
    successor: bool,
    /// It has the entry of another write that replaced the same state.
    rival: bool,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Verdict {
    /// It took effect.
    Landed,
    /// It has not, and never will.
    NotLanded,
    /// It has not, and sending it again is safe.
    SendAgain,
    /// Not known yet.
    Open,
    /// Not known, and nothing will tell.
    Unsettled,
}

impl DocumentSeen {
    /// Looks at the document.
    #[must_use]
    pub(crate) fn of(command: &Command, scenario: &Scenario, snapshot: &Snapshot) -> Self {
        let operation = command.operation();
        let Some(document) = &snapshot.document else {
            return DocumentSeen {
                presence: Presence::Absent,
                would_match: matches!(command, Command::Create { .. }),
                ..DocumentSeen::default()
            };
        };
        let (would_match, foreign) = match command {
            Command::Write(write) => {
                let would_match = write.matches(scenario, document);
                let same_operation = document.base.operation == write.base.operation;
                let is_told_apart = write.base.operation != NONE;
                (would_match, same_operation && !would_match && is_told_apart)
            }
            Command::Many { .. } => (!document.tombstone, false),
            Command::Create { .. } | Command::Remove { .. } | Command::Insert { .. } => {
                (false, false)
            }
        };
        let carries = scenario.mode == Mode::Carried && document.carries(operation);
        DocumentSeen {
            own: document.base.operation == operation || carries,
            would_match,
            foreign,
            presence: if document.tombstone {
                Presence::Tombstone
            } else {
                Presence::There
            },
        }
    }
}

impl LogSeen {
    /// Looks at the log.
    #[must_use]
    pub(crate) fn of(command: &Command, snapshot: &Snapshot) -> Self {
        let operation = command.operation();
        let replaced = match command {
            Command::Write(write) => Some(write.base.operation),
            Command::Create { .. }
            | Command::Many { .. }
            | Command::Remove { .. }
            | Command::Insert { .. } => None,
        };
        let log = || snapshot.log.iter();
        LogSeen {
            own: snapshot.has_logged(operation),
            successor: log().any(|entry| entry.previous == operation),
            rival: replaced.is_some_and(|replaced| {
                log().any(|entry| {
                    replaced != NONE && entry.previous == replaced && entry.operation != operation
                })
            }),
        }
    }
}

/// Judges by both. `lost`: an answer was lost, so that a command may have taken effect. `over`:
/// before either was looked at, nothing that was sent could take effect any more.
#[must_use]
pub(crate) fn judge(
    command: &Command,
    scenario: &Scenario,
    (document, log): (DocumentSeen, LogSeen),
    (lost, over): (bool, bool),
) -> Verdict {
    let mode = scenario.mode;
    let is_proven_by_log = log.own || (mode == Mode::AfterWrite && log.successor);
    if document.own || is_proven_by_log {
        return Verdict::Landed;
    }
    match command {
        Command::Write(_) if document.would_match => Verdict::SendAgain,
        Command::Write(_) => judge_mismatch(scenario, document, log, (lost, over)),
        // Neither has a version in its filter: nothing that was sent may be left.
        Command::Create { .. } | Command::Many { .. } if lost && !over => Verdict::Open,
        Command::Create { .. } if document.presence == Presence::Tombstone => Verdict::Open,
        Command::Create { .. } if document.presence == Presence::Absent => Verdict::SendAgain,
        // Ours may be what another write has replaced, whose entry is yet to come.
        Command::Create { .. } if lost && mode == Mode::AfterWrite => Verdict::Unsettled,
        Command::Many { .. } if lost && document.would_match && mode == Mode::Carried => {
            Verdict::SendAgain
        }
        Command::Create { .. }
        | Command::Many { .. }
        | Command::Remove { .. }
        | Command::Insert { .. } => Verdict::NotLanded,
    }
}

/// A versioned write whose base is gone.
fn judge_mismatch(
    scenario: &Scenario,
    document: DocumentSeen,
    log: LogSeen,
    (lost, over): (bool, bool),
) -> Verdict {
    // No document comes back to a state that it has left: what was sent and has not landed never
    // will. It may have been replaced, and its entry be carried by nobody.
    let tells = match scenario.mode {
        Mode::Carried => !lost || over,
        Mode::AfterWrite if !scenario.keeps(Rule::NoTraceTellsNothing) => !lost || over,
        Mode::AfterWrite => !lost || log.rival || document.foreign,
    };
    match (tells, over) {
        (true, _) => Verdict::NotLanded,
        (false, true) => Verdict::Unsettled,
        (false, false) => Verdict::Open,
    }
}
