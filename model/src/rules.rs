//! The rules of the protocol, each of which can be left out: a rule that can be left out without a
//! counterexample is one that the model does not test.

/// A rule, by its number in the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// 1: a write matches its whole base, and not the version alone.
    WholeBase,
    /// 2: an outcome is looked up before it is reported.
    Settle,
    /// 2: the document is read before the log, because entries move in that direction.
    DocumentBeforeLog,
    /// 2: where entries are not carried, a write that left no trace is reported neither way.
    NoTraceTellsNothing,
    /// 3: a command without a version in its filter is sent again only when none that was sent
    /// before can take effect.
    WaitBeforeRepeating,
    /// 3: a command without a version in its filter stamps another `updatedAt` each time that it is
    /// sent, because after a failover it may make its version of another state.
    StampAnew,
    /// 4: a duplicate key on the log means "already there" only on the entry's own id.
    OwnIdOnly,
    /// 6: a document is removed only when the log has all of its entries.
    LogBeforeRemoval,
    /// 6: the removal matches the base of its tombstone, and not the id alone.
    RemovalOfItsTombstone,
    /// 8: a writer keeps the entries that are not known to be in the log.
    KeepEntries,
    /// 10: only entries that are majority-committed are copied to the log.
    RelayCommitted,
    /// 11: a write of many documents passes over those that have it already.
    GuardMany,
    /// 11: a write of many documents keeps all entries.
    KeepEntriesOfMany,
    /// 12: a history is read from the document first, and then from the log.
    HistoryDocumentFirst,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 14] = [
        Rule::WholeBase,
        Rule::Settle,
        Rule::DocumentBeforeLog,
        Rule::NoTraceTellsNothing,
        Rule::WaitBeforeRepeating,
        Rule::StampAnew,
        Rule::OwnIdOnly,
        Rule::LogBeforeRemoval,
        Rule::RemovalOfItsTombstone,
        Rule::KeepEntries,
        Rule::RelayCommitted,
        Rule::GuardMany,
        Rule::KeepEntriesOfMany,
        Rule::HistoryDocumentFirst,
    ];
}

/// Where audit entries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In the document, until a relay has copied them to the log.
    Carried,
    /// In the log alone, written after the data.
    AfterWrite,
}
