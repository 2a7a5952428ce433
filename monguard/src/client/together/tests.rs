use mongodb::bson::rawdoc;

use super::*;
use crate::client::was_refused;

fn update() -> WriteCommand {
    WriteCommand::Update {
        filter: doc! { "_id": 1, "__v": 1 },
        update: doc! { "$set": { "__v": 2 } },
    }
}

fn create() -> WriteCommand {
    WriteCommand::Create {
        own: doc! { "_id": 1 },
        document: rawdoc! { "_id": 1, "n": 2 },
    }
}

/// `concern`: outside of a transaction, with this one.
fn with<R>(
    command: &WriteCommand,
    concern: Option<&WriteConcern>,
    of: impl FnOnce(Together<'_>) -> R,
) -> R {
    let namespace = |name: &str| Namespace::new("shop", name);
    let entry = rawdoc! { "_id": 7 };
    of(Together {
        command,
        of: (namespace("orders"), namespace("audit_logs")),
        entry: &entry,
        limit: Duration::from_secs(10),
        alone: concern,
    })
}

fn sent(command: &WriteCommand, concern: Option<&WriteConcern>) -> Document {
    let raw = with(command, concern, |both| both.command()).unwrap();
    Document::try_from(&*raw).unwrap()
}

/// What is understood of an answer.
fn read(command: &WriteCommand, concern: Option<&WriteConcern>, answer: &Document) -> String {
    match with(command, concern, |both| both.read(answer)) {
        Answered::Both => "both".to_owned(),
        Answered::NoMatch => "no match".to_owned(),
        Answered::Write(part) => format!("write {} {:?}", part.code(), part.duplicate),
        Answered::Entry(part) => format!("entry {} {:?}", part.code(), part.duplicate),
        Answered::Unconfirmed(error) => format!("unconfirmed {}", was_refused(&error)),
        Answered::Unreadable => "unreadable".to_owned(),
    }
}

fn counts(errors: i32, matched: i32, upserted: i32, inserted: i32) -> Document {
    doc! {
        "cursor": { "id": 0_i64, "firstBatch": [], "ns": "admin.$cmd.bulkWrite" },
        "nErrors": errors, "nInserted": inserted, "nMatched": matched, "nModified": matched,
        "nUpserted": upserted, "nDeleted": 0, "ok": 1.0,
    }
}

fn failing(part: Document) -> Document {
    let mut answer = counts(1, 0, 0, 0);
    answer.insert("cursor", doc! { "firstBatch": [part] });
    answer
}

#[test]
fn in_a_transaction_both_are_sent_as_they_are() {
    let expected = doc! {
        "bulkWrite": 1,
        "ops": [
            {
                "update": 0, "filter": { "_id": 1, "__v": 1 }, "multi": false,
                "updateMods": { "$set": { "__v": 2 } },
            },
            { "insert": 1, "document": { "_id": 7 } },
        ],
        "nsInfo": [{ "ns": "shop.orders" }, { "ns": "shop.audit_logs" }],
        "ordered": true,
        "errorsOnly": true,
        "maxTimeMS": 10_000_i64,
    };
    assert_eq!(sent(&update(), None), expected);
    let op = |command: &WriteCommand| sent(command, None).get_array("ops").unwrap()[0].clone();
    let created = doc! {
        "update": 0, "filter": { "_id": 1 }, "updateMods": { "_id": 1, "n": 2 }, "multi": false,
        "upsert": true,
    };
    assert_eq!(op(&create()), Bson::Document(created));
    let filter = doc! { "_id": 1 };
    let removed = doc! { "delete": 0, "filter": { "_id": 1 }, "multi": false };
    assert_eq!(
        op(&WriteCommand::Remove { filter }),
        Bson::Document(removed)
    );
}

#[test]
fn without_a_transaction_no_match_is_an_error() {
    let concern = WriteConcern::majority();
    let command = sent(&update(), Some(&concern));
    assert_eq!(
        command.get_document("writeConcern").unwrap(),
        &doc! { "w": "majority" }
    );
    let op = command.get_array("ops").unwrap()[0].as_document().unwrap();
    assert!(op.get_bool("upsert").unwrap());
    let made = op.get_document("updateMods").unwrap();
    let made = made.get_document("$setOnInsert").unwrap();
    assert!(made.get_object_id("_id").is_ok());
}

#[test]
fn an_answer_says_what_became_of_each() {
    let concern = WriteConcern::majority();
    let (update, create) = (update(), create());
    let other_id = failing(doc! { "ok": 0.0, "idx": 0, "code": 66, "errmsg": "" });
    let taken = failing(doc! {
        "ok": 0.0, "idx": 0, "code": 11000, "keyPattern": { "n": 1 },
        "errmsg": "E11000 duplicate key error collection: shop.orders index: n_1 dup key: { n: 2 }",
    });
    let refused = failing(doc! { "ok": 0.0, "idx": 1, "code": 121, "errmsg": "" });
    let taken_as = r#"write 11000 Some(("n_1", ["n"]))"#;
    for alone in [None, Some(&concern)] {
        assert_eq!(read(&update, alone, &counts(0, 1, 0, 1)), "both");
        assert_eq!(read(&update, alone, &taken), taken_as);
        assert_eq!(read(&update, alone, &refused), "entry 121 None");
        // A document that was made says nothing of the one that was to be changed.
        assert_eq!(read(&update, alone, &counts(0, 0, 1, 1)), {
            if alone.is_some() {
                "unreadable"
            } else {
                "no match"
            }
        });
        for odd in [doc! {}, counts(1, 1, 0, 1), counts(0, 1, 0, 0)] {
            assert_eq!(read(&update, alone, &odd), "unreadable", "{odd}");
        }
        let mut unconfirmed = counts(0, 1, 0, 1);
        let concern = doc! { "code": 64, "codeName": "WriteConcernFailed", "errmsg": "" };
        unconfirmed.insert("writeConcernError", concern);
        assert_eq!(read(&update, alone, &unconfirmed), "unconfirmed false");
    }
    assert_eq!(read(&update, None, &counts(0, 0, 0, 1)), "no match");
    assert_eq!(read(&update, None, &other_id), "write 66 None");
    assert_eq!(read(&update, Some(&concern), &other_id), "no match");
    assert_eq!(read(&create, None, &counts(0, 0, 1, 1)), "both");
    assert_eq!(read(&create, None, &counts(0, 1, 0, 1)), "both");
}
