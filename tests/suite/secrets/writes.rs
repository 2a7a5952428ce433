//! Every operation on a model that hides, in both forms of the log.

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models_secret::{Account, Address, Tier, Vault, hidden, text};
use monguard_tests::traces::Traces;

use super::{accounts, assert_debug_hides, assert_nothing_shown, assert_traces_hide, audits, log};

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_life_shows_no_secret() {
    let traces = Traces::record();
    for audit in audits().await {
        let db = TestDb::new().await;
        let accounts = accounts(&db, audit).await;
        let desk = accounts.by("desk").trace("req-1");
        let created = desk.create(Account::secret("r-1")).await.unwrap();
        let id = created.id();
        let again = desk.create(Account::secret("r-1")).await.unwrap();
        assert!(!again.is_new());

        let touched = touch(&desk, created.into_stored()).await;
        let inner = desk
            .modify(id, |_, update| {
                update
                    .unset(|o| o.card_token)
                    .set(|o| o.address, Address::secret("Fifth Street"))
                    .set(|o| o.former, None)
                    .set(|o| o.vault, Vault::default())
            })
            .await
            .unwrap();
        assert_eq!(inner.version(), touched.version().get().unwrap() + 1);

        let mut edited = (*inner).clone();
        edited.pin = None;
        edited.former = Some(Address::secret("Sixth Street"));
        edited.contacts.remove(0);
        edited.by_name.insert("work".into(), Address::secret("s"));
        edited.tokens.insert(text("token-2"), vec![]);
        let safe = edited.address.safe.as_mut().unwrap();
        safe.code = text("safe-2");
        let replaced = desk.replace(&inner, edited).await.unwrap();
        let latest = desk
            .update_latest(id)
            .set(|o| o.contacts, vec![Address::default(); 3])
            .await
            .unwrap();
        assert_eq!(replaced.version(), 4);

        let deleted = desk.delete(&latest).await.unwrap();
        let restored = desk.restore(&deleted).await.unwrap();
        desk.hard_delete(&restored).await.unwrap();

        assert_nothing_shown(&db, &accounts, id).await;
        assert_eq!(log(&db).await.len(), 8);
        for action in [format!("{desk:?}"), format!("{accounts:?}")] {
            super::assert_hides(&action);
        }
    }
    assert_traces_hide(traces);
}

/// An update of every kind of hidden field.
async fn touch(desk: &Writer<Account>, created: Stored<Account>) -> Stored<Account> {
    desk.update(created)
        .set(|o| o.name, "Grace")
        .set(|o| o.card_token, text("card-2"))
        .set(|o| o.pin, text("pin-2"))
        .set(|o| o.note, text("note-2"))
        .set(|o| o.tier, Tier::Silver)
        .inc(|o| o.ceiling, 5)
        .set(|o| o.vault.key, text("vault-2"))
        .set(|o| o.address.street, "Side Street")
        .set(|o| o.address.door_code, text("door-2"))
        .set(|o| o.address.memo, text("memo-2"))
        .push(|o| o.contacts, Address::secret("Fourth Street"))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_that_hidden_fields_changed() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let desk = accounts.by("desk");
    let account = desk
        .create(Account::plain("r-1"))
        .await
        .unwrap()
        .into_stored();
    let account = desk
        .update(&account)
        .set(|o| o.card_token, text("card"))
        .set(|o| o.pin, text("pin"))
        .set(|o| o.address.door_code, text("door"))
        .set(|o| o.address.memo, text("memo"))
        .push(|o| o.contacts, Address::secret("s"))
        .await
        .unwrap();
    let only_skipped = desk
        .update(&account)
        .set(|o| o.note, text("note"))
        .await
        .unwrap();
    assert_eq!(only_skipped.version(), 3);

    let log = log(&db).await;
    let delta = |index: usize| {
        let metadata = log[index].get_document("metadata").unwrap();
        metadata.get_document("deltaChanges").unwrap().clone()
    };
    let marker = doc! { "redacted": true };
    let contact = doc! {
        "street": "s", "doorCode": &marker, "safe": { "label": "under the stairs", "code": &marker },
    };
    let expected = doc! {
        "pin": { "old": &marker, "new": &marker },
        "address.doorCode": { "old": &marker, "new": &marker },
        "contacts": { "old": [], "new": [contact], "fullDocument": true },
        "cardToken": { "new": &marker },
    };
    assert_eq!(delta(1), expected);
    assert_eq!(delta(2), doc! {});
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_under_a_former_name_stay_hidden() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let accounts = accounts(&db, audit).await;
        let desk = accounts.by("desk");
        let account = desk.create(Account::plain("r-1")).await.unwrap();
        let id = account.id();
        let renamed = doc! {
            "$unset": { "pin": "", "note": "" },
            "$set": {
                "oldPin": text("pin"), "oldNote": text("note"),
                "address.safe": { "label": "l", "combination": text("safe") },
                "contacts": [{ "street": "s", "safe": { "label": "l", "combination": text("safe") } }],
            },
        };
        super::damage(&db, id, renamed).await;
        let found = accounts.find_by_id(id).await.unwrap().unwrap();
        assert_eq!(found.pin, hidden("pin"));
        assert_eq!(found.note, hidden("note"));
        let named = desk.update(&found).set(|o| o.name, "Grace").await.unwrap();
        let moved = desk
            .update(&named)
            .set(|o| o.pin, text("pin-2"))
            .set(|o| o.note, text("note-2"))
            .set(|o| o.address.safe, None)
            .await
            .unwrap();
        assert!(moved.document().get("oldPin").unwrap().is_none());
        let mut edited = (*moved).clone();
        edited.contacts[0].safe.as_mut().unwrap().code = text("safe-2");
        let replaced = desk.replace(&moved, edited).await.unwrap();
        desk.delete(&replaced).await.unwrap();
        assert_nothing_shown(&db, &accounts, id).await;
    }
}

/// Asserts that the write was made, and that its answer does not decode unless it is worked out.
fn assert_written(audit: Audit, written: monguard::Result<Stored<Account>>, version: i64) {
    match written {
        Ok(written) if super::is_worked_out(audit) => {
            assert_eq!(written.version(), version);
        }
        written => {
            let Error::Decode(decode) = super::failed(written) else {
                panic!("it decodes")
            };
            assert_eq!(decode.written_version().unwrap().as_i64(), Some(version));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_kind_is_hidden_as_a_whole() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let accounts = accounts(&db, audit).await;
        let desk = accounts.by("desk");
        let account = desk
            .create(Account::plain("r-1"))
            .await
            .unwrap()
            .into_stored();
        let id = account.id();
        let misplaced = doc! { "$set": {
            "address": text("a"), "former": [text("b")], "contacts": { "x": text("c") },
            "byName": [{ "doorCode": text("d") }], "vault": [text("e")], "cardToken": { "f": text("f") },
        } };
        super::damage(&db, id, misplaced.clone()).await;
        // The snapshot is of the same state, so the write lands.
        let written = desk.update(&account).set(|o| o.name, "Grace").await;
        assert_written(audit, written, 2);

        // Writes that find such values in their way, or replace them.
        let revision = Revision::<Account>::from_version(id, 2);
        let error = super::failed(desk.update(&revision).set(|o| o.address.street, "s").await);
        assert!(matches!(error, Error::InvalidUpdate(_)), "{error}");
        let revised = desk
            .update(&revision)
            .set(|o| o.address, Address::secret("s"))
            .set(|o| o.former, None)
            .set(|o| o.contacts, vec![])
            .set(|o| o.by_name, std::collections::BTreeMap::new())
            .set(|o| o.vault, Vault::default())
            .set(|o| o.card_token, None)
            .await
            .unwrap();
        super::damage(&db, id, misplaced).await;
        assert_written(audit, desk.delete(&revised).await, 4);
        super::failed(desk.restore(Revision::from_version(id, 4)).await);
        desk.hard_delete(Revision::from_version(id, 5))
            .await
            .unwrap();
        assert_nothing_shown(&db, &accounts, id).await;
        let last = log(&db).await.pop().unwrap();
        let before = last.get_document("metadata").unwrap();
        let before = before.get_document("before").unwrap();
        let marker = Bson::Document(doc! { "redacted": true });
        for name in ["address", "former", "contacts", "byName", "vault"] {
            assert!(
                before.get(name) == Some(&marker)
                    || before.get(name) == Some(&Bson::Array(vec![marker.clone()])),
                "{name}: {before}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yet_run_shows_no_value() {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::default()).await;
    let desk = accounts.by("desk");
    let account = desk
        .create(Account::secret("r-1"))
        .await
        .unwrap()
        .into_stored();
    let filter = |o: <Account as Versioned>::Fields| o.card_token.eq(text("card"));
    assert_debug_hides(&filter(Account::fields()));
    assert_debug_hides(&accounts.find(filter));
    assert_debug_hides(&accounts.find_one(filter));
    assert_debug_hides(&accounts.exists(filter));
    assert_debug_hides(&accounts.count(filter));
    assert_debug_hides(&desk.create(Account::secret("r-2")));
    assert_debug_hides(&desk.replace(&account, Account::secret("r-1")));
    assert_debug_hides(&desk.delete(&account).when(filter));
    assert_debug_hides(&desk.restore(&account).when(filter));
    assert_debug_hides(&desk.hard_delete(&account).when(filter));
    assert_debug_hides(&account.revision());
    let update = desk.update(&account).when(filter);
    assert_debug_hides(&update.set(|o| o.pin, text("pin")));
    let update = desk.update_latest(account.id());
    assert_debug_hides(&update.push(|o| o.contacts, Address::secret("s")));
    assert_debug_hides(&desk.modify(account.id(), |_, update| update.set(|o| o.pin, text("pin"))));
    assert_debug_hides(&accounts.history(account.id()));
    assert_debug_hides(&account.with_metadata());
}
