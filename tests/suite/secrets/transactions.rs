//! What a model hides, in transactions: of several writes, and of one with its entry.

use std::time::Duration;

use mongodb::bson::doc;
use mongodb::options::IndexOptions;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models_secret::{Account, text};
use monguard_tests::proxy::Command;
use monguard_tests::traces::Traces;

use super::{
    accounts, assert_database_hides, assert_debug_hides, assert_nothing_shown, assert_traces_hide,
    failed, let_log_take,
};

const FORMS: [Audit; 2] = [
    Audit::transactional().delta(),
    Audit::transactional().full(),
];

async fn guard(database: &mongodb::Database, audit: Audit) -> Monguard {
    let guard = Monguard::builder(database.clone())
        .audit(audit)
        .time_limit(Duration::from_millis(800))
        .margin(Duration::from_millis(200));
    guard.build().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_life_in_transactions_shows_no_secret() {
    let traces = Traces::record();
    for audit in FORMS {
        let db = TestDb::new().await;
        if !db.topology().await.has_transactions() {
            return;
        }
        let accounts = accounts(&db, audit).await;
        let desk = accounts.by("desk");
        let created = desk.create(Account::secret("r-1")).await.unwrap();
        let id = created.id();
        let touched = desk.update(&*created).set(|o| o.pin, text("pin-2"));
        let touched = touched.await.unwrap();
        let guard = guard(db.database(), audit).await;
        let transaction = guard.transaction(async |tx| {
            assert_debug_hides(&tx);
            let desk = desk.within(&tx);
            let other = desk.create(Account::secret("r-2")).await?;
            desk.hard_delete(&*other).await?;
            let deleted = desk.delete(&touched).await?;
            let restored = desk.restore(&deleted).await?;
            let within = accounts.within(&tx);
            let found = within.find(|o| o.pin.eq(text("pin-2")));
            assert_eq!(found.await?.len(), 1);
            desk.replace(&restored, Account::secret("r-1")).await
        });
        assert_debug_hides(&transaction);
        let replaced = transaction.await.unwrap();
        desk.hard_delete(&replaced).await.unwrap();
        assert_nothing_shown(&db, &accounts, id).await;
    }
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_in_transactions_show_no_secret() {
    let traces = Traces::record();
    for audit in FORMS {
        let db = TestDb::new().await;
        if !db.topology().await.has_transactions() {
            return;
        }
        let accounts = accounts(&db, audit).await;
        let raw = db
            .database()
            .collection::<mongodb::bson::Document>("accounts");
        let unique = IndexOptions::builder().unique(true).build();
        let index = mongodb::IndexModel::builder().keys(doc! { "cardToken": 1 });
        raw.create_index(index.options(unique).build())
            .await
            .unwrap();
        let desk = accounts.by("desk");
        let first = desk.create(Account::secret("r-1")).await.unwrap();
        failed(desk.create(Account::secret("r-2")).await);
        let guard = guard(db.database(), audit).await;
        let twice = async |tx| desk.within(&tx).create(Account::secret("r-2")).await;
        let taken = failed(guard.transaction(twice).await);
        assert!(matches!(taken, Error::DuplicateKey(_)), "{taken:?}");
        let hidden = guard.transaction(async |tx| {
            drop(failed(
                desk.within(&tx).create(Account::secret("r-2")).await,
            ));
            drop(failed(
                accounts.within(&tx).count(|o| o.pin.eq(text("pin"))).await,
            ));
            Ok(())
        });
        let dead = failed(hidden.await);
        assert!(matches!(dead, Error::DeadTransaction(_)), "{dead:?}");
        let_log_take(&db, false).await;
        failed(desk.update(&*first).set(|o| o.pin, text("pin-3")).await);
        let update = async |tx| {
            let desk = desk.within(&tx);
            desk.update(&*first).set(|o| o.pin, text("pin-3")).await
        };
        let refused = failed(guard.transaction(update).await);
        assert!(matches!(refused, Error::Driver(_)), "{refused:?}");
        assert_database_hides(&db).await;
    }
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn outcomes_that_are_not_known_show_no_secret() {
    let traces = Traces::record();
    for audit in FORMS {
        let db = TestDb::new().await;
        if !db.topology().await.has_transactions() {
            return;
        }
        let direct = accounts(&db, audit).await;
        let first = direct.by("desk").create(Account::secret("r-1")).await;
        let first = first.unwrap().into_stored();
        let proxy = db.proxy().await;
        let client = db.through(&proxy).await;
        let guard = guard(client.database(), audit).await;
        let desk = guard.collection::<Account>().by("desk");
        let _cut = proxy
            .on(Command::named("commitTransaction"))
            .always()
            .cut_after();
        let _blind = proxy.on(Command::named("find")).always().cut_before();
        let update = async |tx| {
            let desk = desk.within(&tx);
            desk.update(&first).set(|o| o.pin, text("pin-3")).await
        };
        let limit = Duration::from_millis(100);
        let unsettled = failed(guard.transaction(update).time_limit(limit).await);
        let Error::Unsettled(unsettled) = unsettled else {
            panic!("{unsettled:?}")
        };
        failed(unsettled.settle().await);
        let made = failed(desk.create(Account::secret("r-3")).await);
        assert!(matches!(made, Error::Unsettled(_)), "{made:?}");
        let _down = proxy
            .on(Command::named("findAndModify"))
            .always()
            .cut_before();
        let exhausted = failed(guard.transaction(update).time_limit(limit).await);
        assert!(matches!(exhausted, Error::Exhausted(_)), "{exhausted:?}");
        assert_database_hides(&db).await;
    }
    assert_traces_hide(traces);
}
