use mongodb::bson::{Bson, Document, doc, oid::ObjectId};

use super::{Intent, Proof};
use crate::document::names;

/// What the server's state says of a write that was not answered, or did not match.
#[derive(Debug)]
pub(crate) enum Finding {
    /// It landed.
    Landed(Proof),
    /// The document is still in the state that the write is based on.
    StillBased,
    /// The document has left that state for another, and the write is the way it did not go.
    NotLanded,
    /// The document has left that state, and nothing tells by which write.
    NoTrace,
}

/// What the log knows of a write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// It has the entry of the write itself.
    pub(crate) own_entry: bool,
    /// It has an entry of a write that replaced this one.
    pub(crate) successor: bool,
    /// It has an entry of another write that replaced the same state.
    pub(crate) rival: bool,
}

/// Judges by the document as it is now, and by the log, read after it.
///
/// `may_have_landed`: a command was sent whose answer was lost. Without one, a write that did not
/// match has not landed.
pub(crate) fn judge(
    intent: &Intent,
    found: Option<&Document>,
    evidence: Evidence,
    may_have_landed: bool,
) -> Finding {
    if found.is_some_and(|found| is_operation(found, intent.operation)) {
        return Finding::Landed(Proof::Read);
    }
    if evidence.own_entry || evidence.successor {
        return Finding::Landed(Proof::Overtaken);
    }
    if found.is_some_and(|found| intent.base.is_state_of(found)) {
        return Finding::StillBased;
    }
    let is_without_own = found.is_some_and(|found| is_never_after(intent, found));
    if !may_have_landed || evidence.rival || is_without_own {
        return Finding::NotLanded;
    }
    Finding::NoTrace
}

/// Whether the document still has the operation that the write would have replaced, in another
/// state than the write is based on: a tool that stamps no operation changed it. No document ever
/// comes back to an operation, so the write is not among those that it has seen.
fn is_never_after(intent: &Intent, found: &Document) -> bool {
    replaced_by(intent).is_some_and(|replaced| found.get(names::OPERATION) == Some(replaced))
}

/// The operation whose state the write replaces.
fn replaced_by(intent: &Intent) -> Option<&Bson> {
    let state = intent.base.state.as_ref()?;
    state.operation.as_ref()
}

/// Whether the document is as this operation left it.
pub(crate) fn is_operation(document: &Document, operation: ObjectId) -> bool {
    document.get(names::OPERATION) == Some(&Bson::ObjectId(operation))
}

/// Whether the document is between the two steps of a hard delete.
pub(crate) fn is_tombstone(document: &Document) -> bool {
    document.contains_key(names::TOMBSTONE)
}

/// Matches the entry of a write that replaced what `operation` wrote.
pub(crate) fn successor_of(operation: ObjectId) -> Document {
    doc! { "metadata.prev": operation }
}

/// Matches the entry of another write that replaced the state that this one is based on.
pub(crate) fn rival_of(intent: &Intent) -> Document {
    let other = doc! { "$ne": intent.operation };
    if let Some(replaced) = replaced_by(intent) {
        return doc! { "_id": other, "metadata.prev": replaced.clone() };
    }
    // The state had no operation: then the rival's entry names none either, but the versions that
    // it replaced and made. A create replaces nothing and is no rival.
    let from = intent.base.shown.as_i64().map(Bson::Int64);
    doc! {
        "_id": other,
        "metadata.prev": { "$exists": false },
        "metadata.from": super::exactly(from.as_ref()),
        "metadata.version": intent.version.shown.as_i64(),
        "action": { "$ne": "create" },
    }
}
