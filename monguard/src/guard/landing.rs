use crate::document::Snapshot;

/// A write that landed.
#[derive(Clone, Debug)]
pub(crate) struct Landed {
    pub(crate) document: Snapshot,
    pub(crate) proof: Proof,
}

/// How it is known that a write landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The server answered that it made the write.
    Answered,
    /// The same, and that its entry is in the log.
    Recorded,
    /// The answer was lost; the document was read, and is still as the write left it.
    Read,
    /// The answer was lost, and another write has come since: the document is computed.
    Overtaken,
}
