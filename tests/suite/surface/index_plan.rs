//! What would be made, without making it.

use mongodb::bson::doc;
use monguard_tests::fixture::{TestDb, after_write};

use super::indexed::{Member, User, indexes, make, named};

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_what_would_be_made_and_only_reads() {
    let db = TestDb::new().await;
    let client = db.connect().open().await;
    let builder = after_write(client.database().clone());
    let users = builder.build().await.unwrap().collection::<User>();
    client.commands().clear();

    let plan = users.index_plan().await.unwrap();

    let missing = [
        "users.loginName_1",
        "users.handle_1_deletedAt_1",
        "audit_logs.monguard_history",
    ];
    assert_eq!(plan.missing, missing);
    assert!(!plan.is_done() && plan.found.is_empty() && plan.conflicts.is_empty());
    let sent = ["listCollections", "listIndexes", "listIndexes"];
    assert_eq!(client.commands().names(), sent);

    users.ensure_indexes().await.unwrap();
    let plan = users.index_plan().await.unwrap();
    assert!(plan.is_done());
    assert_eq!(plan.found, missing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_shows_conflicts_and_what_it_does_not_know() {
    let db = TestDb::new().await;
    let mut hidden = named("hidden");
    hidden.unique = Some(true);
    hidden.hidden = Some(true);
    make(&db, "members", doc! { "email": 1 }, hidden).await;
    make(&db, "members", doc! { "y": 1 }, named("of_another")).await;
    let builder = after_write(db.database().clone());
    let members = builder.build().await.unwrap().collection::<Member>();

    let plan = members.index_plan().await.unwrap();

    let [conflict] = &plan.conflicts[..] else {
        panic!("{:?}", plan.conflicts)
    };
    assert_eq!(
        (conflict.collection(), conflict.name()),
        ("members", "email_1")
    );
    assert_eq!(conflict.existing(), "hidden");
    assert_eq!(conflict.differences(), ["it is hidden from queries"]);
    let mut others = plan.others.clone();
    others.sort();
    assert_eq!(others, ["members.hidden", "members.of_another"]);
    assert_eq!(indexes(&db, "members").await.len(), 3);
}
