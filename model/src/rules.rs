//! The rules of the protocol, each of which can be left out: a rule that can be left out without a
//! counterexample is one that the model does not test.

/// A rule, by its number in `docs/protocol.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// 1: a write matches its whole base, and not the version alone.
    WholeBase,
    /// 2: an outcome is looked up before it is reported.
    Settle,
    /// 2: the document is read before the log, because entries move in that direction.
    DocumentBeforeLog,
    /// 2: that the base is gone tells nothing while a command may come late, unless the entry of
    /// another write says that it replaced it: what a failover rolled back may be made again.
    BaseMayComeAgain,
    /// 2: where entries are not carried, a write that left no trace is reported neither way.
    NoTraceTellsNothing,
    /// 3: a command without a version in its filter is sent again only when none that was sent
    /// before can take effect.
    WaitBeforeRepeating,
    /// 3: a write of many documents is repeated only for those that are known to lack it.
    RepeatWhatIsMissing,
    /// 3: what is worked out anew under the same operation stamps another `updatedAt`, because after
    /// a failover it may make its version of another state.
    StampAnew,
    /// 3: a create that finds the document of an earlier request writes the entry that may be missing
    /// only while the document is as it was created.
    CompleteAsCreated,
    /// 4: a duplicate key on the log means "already there" only on the entry's own id.
    OwnIdOnly,
    /// 5: a write whose own entry is not carried keeps those that are.
    KeepEntriesInEveryMode,
    /// 5: such a write puts in the image that an entry owes.
    ImageInEveryMode,
    /// 6: a document is removed only when the log has all of its entries.
    LogBeforeRemoval,
    /// 6: the removal matches the base of its tombstone, and not the id alone.
    RemovalOfItsTombstone,
    /// 6: nobody writes to a tombstone.
    TombstonesAreFinal,
    /// 8: a writer keeps the entries that are not known to be in the log.
    KeepEntries,
    /// 8: at the limit of entries, a writer brings them to the log before it writes.
    LogAtTheLimit,
    /// 8: those are majority-committed, which what a writer has read need not be.
    BringWhatIsCommitted,
    /// 9: whoever moves a document past a version puts in the image that its entry owes.
    PutImageIn,
    /// 9: an image that is not what the digest in its entry says is not shown.
    CheckDigest,
    /// 10: only entries that are majority-committed are copied to the log.
    LogWhatIsCommitted,
    /// 10: an entry is known to be in the log only when it is majority-committed there.
    KnowWhatIsCommitted,
    /// 11: a write of many documents passes over those that have it already.
    GuardMany,
    /// 11: also over those that another write has changed since, and that carry its entry.
    GuardManyByEntries,
    /// 11: a write of many documents keeps all entries.
    KeepEntriesOfMany,
    /// 11: a write of many documents puts in the image that an entry owes.
    ImageOfMany,
    /// 11: a write of many documents leaves out those at the limit of entries.
    LimitOfMany,
    /// 12: a history is read from the document first, and then from the log.
    HistoryDocumentFirst,
    /// 12: a chain that ends in a hard delete and is not complete is left out.
    HistoryOfWholeLives,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 29] = [
        Rule::WholeBase,
        Rule::Settle,
        Rule::DocumentBeforeLog,
        Rule::BaseMayComeAgain,
        Rule::NoTraceTellsNothing,
        Rule::WaitBeforeRepeating,
        Rule::RepeatWhatIsMissing,
        Rule::StampAnew,
        Rule::CompleteAsCreated,
        Rule::OwnIdOnly,
        Rule::KeepEntriesInEveryMode,
        Rule::ImageInEveryMode,
        Rule::LogBeforeRemoval,
        Rule::RemovalOfItsTombstone,
        Rule::TombstonesAreFinal,
        Rule::KeepEntries,
        Rule::LogAtTheLimit,
        Rule::BringWhatIsCommitted,
        Rule::PutImageIn,
        Rule::CheckDigest,
        Rule::LogWhatIsCommitted,
        Rule::KnowWhatIsCommitted,
        Rule::GuardMany,
        Rule::GuardManyByEntries,
        Rule::KeepEntriesOfMany,
        Rule::ImageOfMany,
        Rule::LimitOfMany,
        Rule::HistoryDocumentFirst,
        Rule::HistoryOfWholeLives,
    ];
}

/// Where the audit entry of a write is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In the document, until a relay has copied it to the log.
    Carried,
    /// In the log alone, written after the data.
    AfterWrite,
    /// In the log alone, written in one transaction with the data.
    Transactional,
}
