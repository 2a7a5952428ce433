use mongodb::bson::{Bson, Document, doc, oid::ObjectId};

use super::{Intent, Proof};
use crate::audit::Trail;
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
    /// The document has left that state, and not by the write: it has not landed, unless a failover
    /// brings that state back while a command may yet come.
    NotYet,
    /// The document has left that state, and nothing tells by which write.
    NoTrace,
}

/// What the log knows of a write.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and any may go with any other"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// It has the entry of the write itself.
    pub(crate) own_entry: bool,
    /// It has an entry of a write that replaced this one.
    pub(crate) successor: bool,
    /// It has an entry of another write that replaced the same state.
    pub(crate) rival: bool,
    /// The entry is never apart from the write: where it is neither on the document nor in the
    /// log, and nothing that was sent can come any more, the write has not landed.
    pub(crate) is_complete: bool,
}

/// What is not known of the commands that were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// All were answered: a write that did not match has not landed.
    None,
    /// An answer was lost, and the command may yet take effect: a failover may bring a state back
    /// that the document has left.
    Open,
    /// An answer was lost, and nothing that was sent could take effect any more even before the
    /// document was looked at.
    Past,
}

impl Doubt {
    pub(crate) fn of(is_answer_lost: bool, is_over: bool) -> Self {
        match (is_answer_lost, is_over) {
            (false, _) => Doubt::None,
            (true, false) => Doubt::Open,
            (true, true) => Doubt::Past,
        }
    }
}

/// Judges by the document as it is now, and by the log, read after it.
pub(crate) fn judge(
    intent: &Intent,
    found: Option<&Document>,
    evidence: Evidence,
    doubt: Doubt,
) -> Finding {
    if found.is_some_and(|found| is_operation(found, intent.operation)) {
        return Finding::Landed(Proof::Read);
    }
    let carries = |operation: &Bson| {
        found.is_some_and(|found| {
            Trail::document_holds_successor(found, operation, intent.operation)
        })
    };
    let is_carried = found.is_some_and(|found| Trail::document_holds(found, intent.operation));
    let successor = evidence.successor || carries(&Bson::ObjectId(intent.operation));
    if is_carried || evidence.own_entry || successor {
        return Finding::Landed(Proof::Overtaken);
    }
    if found.is_some_and(|found| intent.base.is_state_of(found)) {
        return Finding::StillBased;
    }
    let rival = evidence.rival || replaced_by(intent).is_some_and(carries);
    // Of what the majority has, no rival is taken back.
    if doubt == Doubt::None || rival {
        return Finding::NotLanded;
    }
    let is_without_own = found.is_some_and(|found| is_never_after(intent, found));
    match doubt {
        _ if !evidence.is_complete && !is_without_own => Finding::NoTrace,
        Doubt::Past => Finding::NotLanded,
        Doubt::None | Doubt::Open => Finding::NotYet,
    }
}

/// Whether the document still has the operation that the write would have replaced, in another
/// state than the write is based on: a tool that stamps no operation changed it. Unless a failover
/// takes that back, no document comes back to an operation, so the write is not among those that it
/// has seen.
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
    let from = intent.base.shown.to_bson();
    let mut rival = doc! {
        "_id": other,
        "metadata.prev": { "$exists": false },
        "metadata.from": super::exactly(from.as_ref()),
        "action": { "$ne": "create" },
    };
    // A token says nothing of what another writer made.
    if let Some(number) = intent.version.shown.as_i64() {
        rival.insert("metadata.version", number);
    }
    rival
}

#[cfg(test)]
mod tests {
    use mongodb::bson::DateTime;

    use super::super::samples::{Model, Tokened};
    use super::super::{Base, Kind, State, Versions};
    use super::*;
    use crate::Versioned;
    use crate::document::{Excerpt, Place, Token, Version, VersionKind};

    fn stored(version: i32, operation: ObjectId) -> Document {
        let at = DateTime::from_millis(0);
        doc! { "_id": 1, "__v": version, "__w": operation, "updatedAt": at }
    }

    fn intent(before: Document) -> Intent {
        intent_of::<Model>(before)
    }

    fn intent_of<T: Versioned>(before: Document) -> Intent {
        let versions = Versions::of::<T>();
        let version = versions.next(before.get("__v")).unwrap();
        Intent {
            kind: Kind::Update,
            operation: ObjectId::new(),
            base: Base {
                place: Place::by_id(Bson::Int32(1)),
                version_field: "__v",
                version: before.get("__v").cloned(),
                shown: before
                    .get("__v")
                    .and_then(Version::read)
                    .unwrap_or(Version::Absent),
                state: Some(State::of(&before)),
            },
            before: Excerpt::whole(before),
            after: Document::new(),
            at: DateTime::now(),
            version,
            filter: Document::new(),
            update: Document::new(),
            trail: None,
        }
    }

    fn finding(intent: &Intent, found: &Document, evidence: Evidence) -> String {
        format!("{:?}", judge(intent, Some(found), evidence, Doubt::Open))
    }

    fn last_finding(intent: &Intent, found: &Document, evidence: Evidence) -> String {
        format!("{:?}", judge(intent, Some(found), evidence, Doubt::Past))
    }

    #[test]
    fn a_state_that_is_gone_may_come_back_as_long_as_a_command_may() {
        let intent = intent(stored(3, ObjectId::new()));
        let other = stored(4, ObjectId::new());
        let complete = Evidence {
            is_complete: true,
            ..Evidence::default()
        };
        assert_eq!(finding(&intent, &other, complete), "NotYet");
        assert_eq!(last_finding(&intent, &other, complete), "NotLanded");
        assert_eq!(
            last_finding(&intent, &other, Evidence::default()),
            "NoTrace"
        );
    }

    #[test]
    fn what_a_document_carries_tells_before_the_log_does() {
        let before = stored(3, ObjectId::new());
        let intent = intent(before.clone());
        let carrying = |operation: ObjectId, prev: Option<&Bson>| {
            let mut later = stored(6, ObjectId::new());
            let entry = doc! { "f": 1, "o": operation, "prev": prev.cloned() };
            later.insert("__audit", vec![entry]);
            finding(&intent, &later, Evidence::default())
        };
        let (own, another) = (intent.operation, ObjectId::new());
        assert_eq!(carrying(own, before.get("__w")), "Landed(Overtaken)");
        assert_eq!(carrying(another, Some(&own.into())), "Landed(Overtaken)");
        assert_eq!(carrying(another, before.get("__w")), "NotLanded");
        assert_eq!(carrying(another, None), "NoTrace");
    }

    #[test]
    fn the_document_tells_first_and_then_the_log() {
        let intent = intent(stored(3, ObjectId::new()));
        let none = Evidence::default();
        let own = stored(4, intent.operation);
        assert_eq!(finding(&intent, &own, none), "Landed(Read)");
        assert_eq!(finding(&intent, intent.before.fields(), none), "StillBased");
        let later = stored(5, ObjectId::new());
        assert_eq!(finding(&intent, &later, none), "NoTrace");
        let successor = Evidence {
            successor: true,
            ..none
        };
        assert_eq!(finding(&intent, &later, successor), "Landed(Overtaken)");
        let rival = Evidence {
            rival: true,
            ..none
        };
        assert_eq!(finding(&intent, &later, rival), "NotLanded");
        let unsent = judge(&intent, Some(&later), none, Doubt::None);
        assert!(matches!(unsent, Finding::NotLanded));
    }

    #[test]
    fn a_document_that_still_has_the_operation_before_has_never_seen_the_write() {
        let intent = intent(stored(3, ObjectId::new()));
        let mut foreign = intent.before.fields().clone();
        foreign.insert("__v", 4);
        assert_eq!(finding(&intent, &foreign, Evidence::default()), "NotYet");
        assert_eq!(
            last_finding(&intent, &foreign, Evidence::default()),
            "NotLanded"
        );
    }

    #[test]
    fn a_document_without_operations_tells_nothing_by_that() {
        let intent = intent(doc! { "_id": 1, "__v": 3 });
        let foreign = doc! { "_id": 1, "__v": 5 };
        assert_eq!(finding(&intent, &foreign, Evidence::default()), "NoTrace");
    }

    #[test]
    fn the_rival_on_a_legacy_document_made_the_same_version_of_it() {
        let rival = rival_of(&intent(doc! { "_id": 1 }));
        assert_eq!(rival.get("metadata.version"), Some(&Bson::Int64(1)));
        assert_eq!(
            rival.get("metadata.from"),
            Some(&Bson::Document(doc! { "$exists": false }))
        );
    }

    #[test]
    fn the_rival_on_a_token_without_an_operation_replaced_that_token() {
        let token = Token::first().to_bson().unwrap();
        let rival = rival_of(&intent_of::<Tokened>(
            doc! { "_id": 1, "__v": token.clone() },
        ));
        assert_eq!(rival.get("metadata.from"), Some(&token));
        assert!(!rival.contains_key("metadata.version"));
    }
}
