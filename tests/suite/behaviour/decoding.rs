//! Stored documents that are not as the model says.

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Contact, Profile, Tally};

use super::stage::{Contents, collection, entries, raw, stored};

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_value_of_the_wrong_type_is_named_with_its_place_and_what_was_expected() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let wrong = doc! { "$set": { "total": "x" } };
    let filter = doc! { "_id": created.id() };
    raw(&db, "tallies").update_one(filter, wrong).await.unwrap();
    let contents = Contents::of(&db).await;
    for (call, result) in [
        tallies.find_by_id(created.id()).await.map(|_| ()),
        tallies.find(|_| Filter::all()).await.map(|_| ()),
        desk.modify(created.id(), |_, update| update)
            .await
            .map(|_| ()),
        desk.update_latest(created.id())
            .set(|t| t.total, 1)
            .await
            .map(|_| ()),
    ]
    .into_iter()
    .enumerate()
    {
        let Err(Error::Decode(error)) = result else {
            panic!("call {call}: {result:?}")
        };
        assert_eq!(
            (error.path(), error.expected()),
            (Some("total"), Some("i64"))
        );
        assert_eq!(error.subject().id(), Some(&Bson::ObjectId(created.id())));
        assert!(error.operation().is_none() && error.written_version().is_none());
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_does_not_decode_says_that_it_was_made() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let mut profile = Profile::named("n");
    let (value, rank, secret) = ("v".to_owned(), 1, None);
    profile.contacts = vec![Contact {
        value,
        rank,
        secret,
    }];
    let created = desk.create(profile).await.unwrap();
    let wrong = doc! { "$set": { "contacts.0.rank": "first" } };
    let filter = doc! { "_id": created.id() };
    raw(&db, "profiles")
        .update_one(filter, wrong)
        .await
        .unwrap();

    let revision = created.revision();
    let result = desk.update(revision).set(|p| p.name, "m").await;
    let Err(Error::Decode(error)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(
        (error.path(), error.expected()),
        (Some("contacts[0].rank"), Some("i32"))
    );
    assert_eq!(
        error.written_version().and_then(monguard::Version::as_i64),
        Some(2)
    );
    assert!(error.to_string().contains("was made"), "{error}");
    let document = stored(&db, "profiles", created.id()).await;
    assert_eq!(document.get_str("name").unwrap(), "m");
    let operation = error.operation().unwrap();
    assert_eq!(document.get_object_id("__w").unwrap(), operation);
    assert_eq!(
        entries(&db).await[1].get_object_id("_id").unwrap(),
        operation
    );
    // A model that hides fields keeps no text that may quote them.
    assert!(std::error::Error::source(&*error).is_none());
}
