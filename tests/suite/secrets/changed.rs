//! One field's old and new value out of an entry of the log, in every form that entries have.

use mongodb::bson::{Document, doc};
use monguard::AuditEntry;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models_secret::{Account, Address, Safe, Settings, hidden, text};

use super::{FORMS, accounts, failed};

fn untold<R: std::fmt::Debug>(result: monguard::Result<R>) -> String {
    match failed(result) {
        Error::Unsupported(text) => text,
        other => panic!("{other:?}"),
    }
}

/// The entry of one update.
async fn entry(
    audit: Audit,
    from: Account,
    update: impl FnOnce(Update<Account>) -> Update<Account> + Send,
) -> AuditEntry<Account> {
    let db = TestDb::new().await;
    let accounts = accounts(&db, audit).await;
    let desk = accounts.by("desk");
    let account = desk.create(from).await.unwrap();
    let mut update = Some(update);
    let turn = |_: &Stored<Account>, draft| update.take().unwrap()(draft);
    desk.modify(account.id(), turn).await.unwrap();
    let mut history = accounts.history(account.id()).await.unwrap();
    assert!(history[0].changed(|o| o.name).unwrap().is_none());
    history.pop().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shown_field_is_read_from_both_forms() {
    for audit in FORMS {
        let from = Account {
            rank: Some(3),
            ..Account::plain("r-1")
        };
        let entry = entry(audit, from, |update| {
            update
                .set(|o| o.name, "Grace")
                .set(|o| o.rank, None)
                .set(|o| o.settings.volume, 5)
                .set(|o| o.address.street, "Side Street")
        })
        .await;
        let name = entry.changed(|o| o.name).unwrap().unwrap();
        assert_eq!((name.old.as_str(), name.new.as_str()), ("Ada", "Grace"));
        let rank = entry.changed(|o| o.rank).unwrap().unwrap();
        assert_eq!((rank.old, rank.new), (Some(3), None));
        let volume = entry.changed(|o| o.settings.volume).unwrap().unwrap();
        assert_eq!((volume.old, volume.new), (0, 5));
        assert!(entry.changed(|o| o.settings.language).unwrap().is_none());
        let street = entry.changed(|o| o.address.street).unwrap().unwrap();
        assert_eq!(street.new, "Side Street");
        assert!(entry.changed(|o| o.request).unwrap().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_added_field_had_no_value_before() {
    for audit in FORMS {
        let entry = entry(audit, Account::plain("r-1"), |update| {
            update.set(|o| o.rank, 4)
        })
        .await;
        let rank = entry.changed(|o| o.rank).unwrap().unwrap();
        assert_eq!((rank.old, rank.new), (None, Some(4)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nested_struct_as_a_whole_is_read_where_the_entry_has_it() {
    let settings = Settings {
        language: Some("en".into()),
        volume: 2,
    };
    let [delta, full] = FORMS;
    let change = |update: Update<Account>| update.set(|o| o.settings, settings.clone());
    let entry_of = |audit| entry(audit, Account::plain("r-1"), change);
    let full = entry_of(full).await;
    let whole = full.changed(|o| o.settings).unwrap().unwrap();
    assert_eq!(whole.old, Settings::default());
    assert_eq!(whole.new, settings);
    let delta = entry_of(delta).await;
    let text = untold(delta.changed(|o| o.settings));
    assert!(text.contains("ask for a field in it"), "{text}");
    let inside = delta.changed(|o| o.settings.volume).unwrap().unwrap();
    assert_eq!((inside.old, inside.new), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_inside_of_a_parent_held_whole_is_found() {
    for audit in FORMS {
        let entry = entry(audit, Account::plain("r-1"), |update| {
            update.set(|o| o.former, Address::secret("First Street"))
        })
        .await;
        let street = entry.changed(|o| o.former.street);
        let error = failed(street);
        // A string is never null: nothing was there before.
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        let text = untold(entry.changed(|o| o.former));
        assert!(text.contains("partly redacted"), "{text}");
        let text = untold(entry.changed(|o| o.former.door_code));
        assert!(text.contains("redacted"), "{text}");
        untold(entry.changed(|o| o.former.memo));
        untold(entry.changed(|o| o.former.safe.code));
        let volume = entry.changed(|o| o.settings.volume).unwrap();
        assert!(volume.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_fields_are_an_error_where_they_may_have_changed() {
    for audit in FORMS {
        let entry = entry(audit, Account::secret("r-1"), |update| {
            update
                .set(|o| o.pin, text("pin-2"))
                .unset(|o| o.card_token)
                .set(|o| o.vault.key, text("vault-2"))
                .set(|o| o.address.door_code, hidden("door-2"))
                .set(
                    |o| o.address.safe,
                    Safe {
                        label: "l".into(),
                        code: text("c"),
                    },
                )
        })
        .await;
        for text in [
            untold(entry.changed(|o| o.pin)),
            untold(entry.changed(|o| o.card_token)),
            untold(entry.changed(|o| o.vault)),
            untold(entry.changed(|o| o.vault.key)),
            untold(entry.changed(|o| o.vault.shelves)),
            untold(entry.changed(|o| o.address)),
            untold(entry.changed(|o| o.address.door_code)),
            untold(entry.changed(|o| o.address.safe)),
            untold(entry.changed(|o| o.address.safe.code)),
        ] {
            assert!(text.contains("redacted"), "{text}");
            assert!(text.contains("`Account`"), "{text}");
        }
        for text in [
            untold(entry.changed(|o| o.note)),
            untold(entry.changed(|o| o.address.memo)),
        ] {
            assert!(text.contains("left out"), "{text}");
        }
        let label = entry.changed(|o| o.address.safe.label).unwrap().unwrap();
        assert_eq!(label.new, "l");
        assert!(entry.changed(|o| o.tier).unwrap().is_none());
        assert!(entry.changed(|o| o.tokens).unwrap().is_none());
        assert!(entry.changed(|o| o.contacts).unwrap().is_none());
        assert!(entry.changed(|o| o.former.door_code).unwrap().is_none());
    }
}

/// An entry as it stands in the log, of the TypeScript monguard or of ours.
async fn stored_entry(metadata: Document) -> AuditEntry<Account> {
    let db = TestDb::new().await;
    let accounts = accounts(&db, Audit::after_write()).await;
    let account = accounts.by("desk").create(Account::plain("r-1")).await;
    let id = account.unwrap().id();
    let log = db.database().collection::<Document>("audit_logs");
    log.delete_many(doc! {}).await.unwrap();
    let entry = doc! {
        "ref": { "collection": "accounts", "id": id }, "action": "update", "userId": "u",
        "timestamp": mongodb::bson::DateTime::now(), "metadata": metadata,
    };
    log.insert_one(entry).await.unwrap();
    accounts.history(id).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_the_entry_lacks_is_not_taken_for_an_absent_one() {
    let omitted = doc! { "omitted": true };
    let whole = doc! { "": { "old": &omitted, "new": &omitted, "fullDocument": true } };
    let ours =
        |deltas: Document| doc! { "deltaChanges": deltas, "imageOmitted": true, "version": 2 };
    for metadata in [
        ours(doc! { "rank": { "old": &omitted, "new": 1 } }),
        ours(doc! { "rank": { "new": &omitted } }),
        ours(whole),
        doc! { "after": { "rank": 1 }, "changes": ["rank"], "imageOmitted": true, "version": 2 },
        doc! { "changes": ["rank"], "imageOmitted": true, "version": 2 },
        doc! { "deltaChanges": { "rank.buffer.3": { "old": 1, "new": 2 } } },
    ] {
        let entry = stored_entry(metadata.clone()).await;
        let text = untold(entry.changed(|o| o.rank));
        assert!(text.contains("`rank`"), "{metadata}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_of_any_height_holds_the_field() {
    let old = doc! { "settings": { "volume": 1, "language": "en" }, "name": "Ada" };
    let new = doc! { "settings": { "volume": 2, "language": "en" }, "name": "Ada" };
    let entry = stored_entry(doc! { "version": 2, "deltaChanges": {
        "": { "old": old, "new": new, "fullDocument": true },
    } })
    .await;
    let volume = entry.changed(|o| o.settings.volume).unwrap().unwrap();
    assert_eq!((volume.old, volume.new), (1, 2));
    assert!(entry.changed(|o| o.settings.language).unwrap().is_none());
    assert!(entry.changed(|o| o.name).unwrap().is_none());
    let whole = entry.changed(|o| o.settings).unwrap().unwrap();
    assert_eq!(whole.new.volume, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_type_is_a_decode_error() {
    let entry = stored_entry(doc! { "version": 2, "deltaChanges": {
        "rank": { "old": "first", "new": 2 },
    } })
    .await;
    let Error::Decode(error) = failed(entry.changed(|o| o.rank)) else {
        panic!("not a decode error")
    };
    assert_eq!(error.path(), Some("rank"));
}
