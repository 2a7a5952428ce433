//! Documents that are too large or too deep for the server.

use mongodb::bson::{Bson, doc};
use monguard::error::InvalidReason;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Profile;

use super::stage::{Contents, collection, entries, raw, refusal};

const LIMIT: usize = 16 * 1024 * 1024;

fn nested(levels: usize) -> Bson {
    (0..levels).fold(Bson::Int32(1), |inside, _| {
        Bson::Document(doc! { "a": inside })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_too_large_is_refused_before_it_is_sent() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("n")).await.unwrap();
    let contents = Contents::of(&db).await;
    let name = "x".repeat(LIMIT);
    db.commands().clear();
    let created = desk.create(Profile::named(&name)).await;
    let updated = desk.update(&small).set(|p| p.name, name.as_str()).await;
    let replaced = desk.replace(&small, Profile::named(&name)).await;
    for refused in [refusal(created), refusal(updated), refusal(replaced)] {
        let InvalidReason::TooLarge(bytes, LIMIT) = refused.0 else {
            panic!("{refused:?}")
        };
        assert!(bytes > LIMIT);
    }
    assert!(db.commands().all().is_empty());
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_just_fits_is_written_and_its_entry_without_the_image() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("")).await.unwrap();
    let name = "x".repeat(LIMIT - small.document().as_bytes().len());
    desk.hard_delete(&small).await.unwrap();
    raw(&db, "audit_logs").delete_many(doc! {}).await.unwrap();
    let created = desk.create(Profile::named(&name)).await.unwrap();
    let updated = desk
        .update(&created)
        .set(|p| p.name, "small")
        .await
        .unwrap();
    let restored = desk.restore(desk.delete(&updated).await.unwrap()).await;
    assert_eq!(restored.unwrap().version(), 4);
    let one_more = desk.create(Profile::named(&format!("{name}x"))).await;
    assert!(matches!(refusal(one_more).0, InvalidReason::TooLarge(..)));
    let log = entries(&db).await;
    let of = |index: usize| log[index].get_document("metadata").unwrap();
    assert_eq!(log.len(), 4);
    assert!(of(0).get_bool("imageOmitted").unwrap() && !of(0).contains_key("after"));
    let delta = of(1).get_document("deltaChanges").unwrap();
    // The old value alone does not fit into an entry.
    let expected = doc! { "old": { "omitted": true }, "new": "small" };
    assert_eq!(delta.get_document("name").unwrap(), &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_too_deep_is_refused_before_it_is_sent() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("n")).await.unwrap();
    for levels in [101, 300] {
        let contents = Contents::of(&db).await;
        let mut deep = Profile::named("n");
        deep.extra = nested(levels);
        let created = desk.create(deep.clone()).await;
        let updated = desk.update(&small).set(|p| p.extra, nested(levels)).await;
        let replaced = desk.replace(&small, deep).await;
        for refused in [refusal(created), refusal(updated), refusal(replaced)] {
            assert!(
                matches!(refused.0, InvalidReason::TooDeep(_, 100)),
                "{refused:?}"
            );
        }
        contents.assert_kept(&db).await;
    }
    let kept = desk
        .update(&small)
        .set(|p| p.extra, nested(60))
        .await
        .unwrap();
    assert_eq!(kept.extra, nested(60));
    let again = desk
        .update(&kept)
        .set(|p| p.extra, nested(61))
        .await
        .unwrap();
    assert_eq!(again.version(), 3);
}
