//! What a writer concludes from the document and the log: `guard::verdict::judge`.

use crate::command::Command;
use crate::database::{Entry, NONE, Operation, Snapshot};
use crate::rules::{Mode, Rule};
use crate::scenario::Scenario;

/// What was seen of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DocumentSeen {
    /// It is as the operation left it, or carries its entry.
    pub(crate) own: bool,
    /// The command would match it.
    would_match: bool,
    /// It still has the operation that the write would have replaced, in another state.
    foreign: bool,
    /// What there is at all.
    presence: Presence,
    /// What the entries tell that it carries.
    carried: Others,
}

/// Whether there is a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Presence {
    #[default]
    There,
    Tombstone,
    Absent,
}

/// What the entries of other writes tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Others {
    /// There is one of a write that replaced what the operation made.
    successor: bool,
    /// There is one of another write that replaced the same state.
    rival: bool,
}

/// What was seen of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LogSeen {
    /// It has the entry of the operation.
    own: bool,
    /// What the others tell.
    others: Others,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It took effect.
    Landed,
    /// It has not, and never will.
    NotLanded,
    /// It has not, and sending it again is safe.
    SendAgain,
    /// The update of many documents has passed this one over, which is to be written by itself.
    WriteSingly,
    /// Not known yet.
    Open,
    /// Not known, and nothing will tell.
    Unsettled,
}

impl Others {
    fn of<'a>(command: &Command, entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let operation = command.operation();
        let replaced = match command {
            Command::Write(write) => write.base.operation,
            Command::Create { .. } | Command::Many { .. } | Command::Remove { .. } => NONE,
        };
        let is_rival = |entry: &Entry| {
            replaced != NONE && entry.previous == replaced && entry.operation != operation
        };
        let mut others = Others::default();
        for entry in entries {
            others.successor |= entry.previous == operation;
            others.rival |= is_rival(entry);
        }
        others
    }
}

impl DocumentSeen {
    /// Looks at the document.
    #[must_use]
    pub(crate) fn of(command: &Command, scenario: &Scenario, snapshot: &Snapshot) -> Self {
        let operation: Operation = command.operation();
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
            Command::Many { .. } => (scenario.is_open(document), false),
            Command::Create { .. } | Command::Remove { .. } => (false, false),
        };
        DocumentSeen {
            own: document.base.operation == operation || document.carries(operation),
            would_match,
            foreign,
            presence: if document.tombstone {
                Presence::Tombstone
            } else {
                Presence::There
            },
            carried: Others::of(command, &document.entries),
        }
    }
}

impl LogSeen {
    /// Looks at the log.
    #[must_use]
    pub(crate) fn of(command: &Command, snapshot: &Snapshot) -> Self {
        LogSeen {
            own: snapshot.has_logged(command.operation()),
            others: Others::of(command, &snapshot.log),
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
    let is_recorded_later = scenario.mode_of(command.operation()) == Mode::AfterWrite;
    let has_successor = document.carried.successor || log.others.successor;
    if document.own || log.own || (is_recorded_later && has_successor) {
        return Verdict::Landed;
    }
    // Nothing that was sent without a version in its filter may be left.
    let may_come_late = lost && !over && scenario.keeps(Rule::WaitBeforeRepeating);
    match command {
        Command::Write(_) if document.would_match => Verdict::SendAgain,
        Command::Write(_) if !lost => Verdict::NotLanded,
        Command::Write(_) => judge_mismatch(scenario, is_recorded_later, (document, log), over),
        Command::Create { .. } | Command::Many { .. } if may_come_late => Verdict::Open,
        Command::Create { .. } => match document.presence {
            Presence::Tombstone => Verdict::Open,
            Presence::Absent => Verdict::SendAgain,
            // Ours may be what another write has replaced, whose entry is yet to come.
            Presence::There if lost && is_recorded_later => Verdict::Unsettled,
            Presence::There => Verdict::NotLanded,
        },
        Command::Many { .. } if !document.would_match => Verdict::NotLanded,
        Command::Many { .. } if scenario.limit.is_some() => Verdict::WriteSingly,
        Command::Many { .. } if lost => Verdict::SendAgain,
        Command::Many { .. } | Command::Remove { .. } => Verdict::NotLanded,
    }
}

/// A versioned write whose base is gone, after a lost answer.
fn judge_mismatch(
    scenario: &Scenario,
    is_recorded_later: bool,
    (document, log): (DocumentSeen, LogSeen),
    over: bool,
) -> Verdict {
    // The base is past for good.
    if document.carried.rival || log.others.rival {
        return Verdict::NotLanded;
    }
    // A base that a failover has rolled back comes again where its writer sends it again: then
    // what is on its way may land yet.
    if !over && scenario.keeps(Rule::BaseMayComeAgain) {
        return Verdict::Open;
    }
    // It may have landed and been replaced, with its entry written nowhere.
    let tells_nothing = is_recorded_later && !document.foreign;
    match tells_nothing && scenario.keeps(Rule::NoTraceTellsNothing) {
        true if over => Verdict::Unsettled,
        true => Verdict::Open,
        false => Verdict::NotLanded,
    }
}
