//! Which promises can be kept, decided before anything is written.

use mongodb::options::{Acknowledgment, WriteConcern};

use super::{Capabilities, Settings, Topology};
use crate::audit::{Audit, Guarantee};

/// What can be refused without asking the server.
///
/// # Errors
/// The reason, and what to do.
pub(super) fn check_settings(settings: &Settings) -> Result<(), String> {
    if matches!(settings.write_concern.w, Some(Acknowledgment::Nodes(0))) {
        return Err("a write concern of `w: 0` reports nothing, so no write could be checked: leave it at majority, or name another one".to_owned());
    }
    let mut models = settings.audit_of.values();
    let clash = models.find(|own| own.collection == settings.audit_collection);
    clash.map_or(Ok(()), |own| {
        Err(shared_collection(own.model, own.collection))
    })
}

/// That a model's documents would be stored among the entries of the audit log.
pub(crate) fn shared_collection(model: &str, collection: &str) -> String {
    format!(
        "`{collection}` cannot be the collection of {model} and the audit log at once: name another one with `audit_collection`"
    )
}

/// Whether the server keeps what was chosen, for all models and for each that chooses for itself.
///
/// # Errors
/// The reason, and what to do.
pub(super) fn check_server(settings: &Settings, server: &Capabilities) -> Result<(), String> {
    let concern = &settings.write_concern;
    check_guarantee(settings.audit, concern, server)?;
    let mut models: Vec<_> = settings.audit_of.values().collect();
    models.sort_by_key(|own| own.model);
    for own in models {
        check_guarantee(own.audit, concern, server)
            .map_err(|reason| format!("audit of {}: {reason}", own.model))?;
    }
    Ok(())
}

fn check_guarantee(
    audit: Audit,
    concern: &WriteConcern,
    server: &Capabilities,
) -> Result<(), String> {
    match audit.guarantee() {
        Guarantee::AfterWrite => Ok(()),
        Guarantee::Transactional => match server.without_transactions() {
            None => Ok(()),
            Some(reason) => Err(format!(
                "`Audit::transactional()` needs transactions, and {reason}: choose `Audit::carried()`, which loses no entry either and needs none"
            )),
        },
        Guarantee::Carried => match weakness(concern, server.topology()) {
            None => Ok(()),
            Some(weakness) => Err(format!(
                "`Audit::carried()`, the default, needs a write concern of majority and journaled, and {weakness}: leave the concern at its default, or choose `Audit::after_write()`, whose entries can be missing after a crash"
            )),
        },
    }
}

/// In what a write concern is weaker than majority and journaled.
fn weakness(concern: &WriteConcern, topology: Topology) -> Option<&'static str> {
    let is_majority = match &concern.w {
        Some(Acknowledgment::Majority) => true,
        // The only server is its own majority.
        Some(Acknowledgment::Nodes(1)) => topology == Topology::Standalone,
        // A number may be less than the majority, and what a tag stands for is not known here.
        _ => false,
    };
    if !is_majority {
        return Some("the one that was chosen does not ask for the majority");
    }
    // Whether majority implies the journal is a setting of the replica set.
    (concern.journal != Some(true))
        .then_some("the one that was chosen does not ask for the journal")
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use mongodb::bson::{Document, doc};

    use super::super::{ModelAudit, MonguardBuilder};
    use super::*;

    fn concern(w: Option<Acknowledgment>, journal: Option<bool>) -> WriteConcern {
        let mut concern = WriteConcern::default();
        (concern.w, concern.journal) = (w, journal);
        concern
    }

    fn server(hello: Document) -> Capabilities {
        let sessions = doc! { "logicalSessionTimeoutMinutes": 30, "maxWireVersion": 25 };
        let hello = hello.into_iter().chain(sessions).collect();
        Capabilities::read(&hello, &doc! { "gitVersion": "0" })
    }

    #[test]
    fn carried_takes_no_weaker_concern_than_majority_and_journaled() {
        let (alone, set) = (server(doc! {}), server(doc! { "setName": "rs0" }));
        let majority = Some(Acknowledgment::Majority);
        let nodes = |number| Some(Acknowledgment::Nodes(number));
        let tag = Some(Acknowledgment::Custom("multi-region".to_owned()));
        // The concern; whether it is enough on a standalone server, and in a replica set.
        let table = [
            (majority.clone(), Some(true), true, true),
            (majority.clone(), Some(false), false, false),
            (majority, None, false, false),
            (nodes(1), Some(true), true, false),
            (nodes(1), None, false, false),
            (nodes(3), Some(true), false, false),
            (tag, Some(true), false, false),
            (None, Some(true), false, false),
        ];
        for (w, journal, on_alone, on_set) in table {
            let concern = concern(w, journal);
            for (server, is_enough) in [(&alone, on_alone), (&set, on_set)] {
                let checked = check_guarantee(Audit::carried(), &concern, server);
                assert_eq!(checked.is_ok(), is_enough, "{concern:?} {checked:?}");
                assert!(check_guarantee(Audit::after_write(), &concern, server).is_ok());
            }
        }
    }

    #[test]
    fn transactional_needs_transactions_and_says_what_else_there_is() {
        let concern = concern(Some(Acknowledgment::Majority), Some(true));
        let audit = Audit::transactional().full();
        assert!(check_guarantee(audit, &concern, &server(doc! { "setName": "rs0" })).is_ok());
        assert!(check_guarantee(audit, &concern, &server(doc! { "msg": "isdbgrid" })).is_ok());
        let refused = check_guarantee(audit, &concern, &server(doc! {}));
        let text = "`Audit::transactional()` needs transactions, and a standalone server has none: choose `Audit::carried()`, which loses no entry either and needs none";
        assert_eq!(refused, Err(text.to_owned()));
    }

    #[tokio::test]
    async fn each_model_is_checked_for_itself() {
        let client = mongodb::Client::with_uri_str("mongodb://localhost").await;
        let mut settings = MonguardBuilder::new(client.unwrap().database("d")).into_settings();
        let own = |collection, audit| ModelAudit {
            model: "Order",
            collection,
            audit,
        };
        let alone = server(doc! {});
        settings.audit = Audit::after_write();
        let transactional = own("orders", Audit::transactional());
        settings.audit_of.insert(TypeId::of::<u8>(), transactional);
        assert!(check_settings(&settings).is_ok());
        let refused = check_server(&settings, &alone).unwrap_err();
        assert!(
            refused.starts_with("audit of Order: `Audit::transactional()`"),
            "{refused}"
        );
        let clash = own("audit_logs", Audit::carried());
        settings.audit_of.insert(TypeId::of::<u8>(), clash);
        let refused = check_settings(&settings).unwrap_err();
        assert!(
            refused.starts_with("`audit_logs` cannot be the collection of Order"),
            "{refused}"
        );
    }
}
