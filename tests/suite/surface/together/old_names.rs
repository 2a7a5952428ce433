//! Fields with an old name, in what looks documents up.

use mongodb::bson::doc;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::{collection, only, raw};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "accounts")]
struct Account {
    #[serde(alias = "mail")]
    #[monguard(index(unique))]
    email: String,
    #[serde(alias = "hits", alias = "count")]
    visits: i64,
    #[monguard(nested)]
    home: Home,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Home {
    #[serde(alias = "postcode")]
    zip: String,
}

fn account(email: &str, visits: i64) -> Account {
    let home = Home {
        zip: email.to_owned(),
    };
    Account {
        email: email.to_owned(),
        visits,
        home,
    }
}

async fn accounts(db: &TestDb) -> Collection<Account> {
    let accounts = collection::<Account>(db).await;
    let old = doc! { "mail": "old", "hits": 7_i64, "home": { "postcode": "o" } };
    raw(db, "accounts").insert_one(old).await.unwrap();
    accounts
}

#[tokio::test(flavor = "multi_thread")]
async fn old_documents_are_selected_paged_and_among_the_distinct_values() {
    let db = TestDb::new().await;
    let accounts = accounts(&db).await;
    for (email, visits) in [("a", 7), ("b", 3)] {
        accounts
            .by("desk")
            .create(account(email, visits))
            .await
            .unwrap();
    }
    let counted = doc! { "email": "c", "count": 9_i64, "home": { "zip": "a" } };
    raw(&db, "accounts").insert_one(counted).await.unwrap();
    let found = accounts
        .find(|a| a.visits.gte(7))
        .select(|a| (a.email, a.visits, a.home.zip));
    assert_eq!(found.await.unwrap().len(), 3);
    let sorted = || {
        accounts
            .find(|a| a.visits.gt(0))
            .sort(|a| a.visits.ascending())
    };
    let mut seen = Vec::new();
    let mut page = sorted().page(1).select(|a| a.visits).await.unwrap();
    loop {
        seen.append(&mut page.items);
        let Some(next) = page.next else { break };
        page = sorted()
            .page(1)
            .after(next)
            .select(|a| a.visits)
            .await
            .unwrap();
    }
    seen.sort_unstable();
    assert_eq!(seen, [3, 7, 7, 9]);
    let mut visits = accounts.distinct(|a| a.visits).await.unwrap();
    visits.sort_unstable();
    assert_eq!(visits, [3, 7, 9]);
    let mut zips = accounts.distinct(|a| a.home.zip).await.unwrap();
    zips.sort_unstable();
    assert_eq!(zips, ["a", "b", "o"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_the_unique_value_under_an_old_name_is_got() {
    let db = TestDb::new().await;
    let desk = accounts(&db).await.by("desk");
    let got = desk
        .get_or_create(|a| a.email, account("old", 1))
        .await
        .unwrap();
    assert_eq!((got.is_new(), got.visits), (false, 7));
    let modified = desk
        .create_or_modify(
            |a| a.email,
            account("old", 1),
            |_, update| update.inc(|a| a.visits, 1),
        )
        .await
        .unwrap();
    assert_eq!((modified.is_new(), modified.visits), (false, 8));
    let stored = only(&db, "accounts").await;
    assert_eq!(stored.get_i64("visits").unwrap(), 8);
    assert!(!stored.contains_key("hits"));
}
