//! Servers that do not answer.

use std::time::Duration;

use monguard::error::Settled;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::{Account, text};
use monguard_tests::proxy::Command;
use monguard_tests::traces::Traces;

use super::{accounts, assert_database_hides, assert_traces_hide, failed};

async fn impatient(db: &TestDb, proxy: &monguard_tests::proxy::Proxy) -> Collection<Account> {
    let client = db.connect().through(proxy).retry_writes(false);
    let client = client.retry_reads(false).options(|options| {
        options.server_selection_timeout = Some(Duration::from_secs(5));
    });
    let client = client.open().await;
    let guard = after_write(client.database().clone())
        .time_limit(Duration::from_millis(200))
        .margin(Duration::from_millis(200));
    guard.build().await.unwrap().collection()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_of_unknown_outcome_shows_no_value() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let account = accounts(&db, Audit::after_write()).await;
    let account = account.by("desk").create(Account::secret("r-1")).await;
    let account = account.unwrap().into_stored();
    let proxy = db.proxy().await;
    let accounts = impatient(&db, &proxy).await;
    let desk = accounts.by("desk");
    desk.create(Account::plain("r-0")).await.unwrap();

    let cut = proxy
        .on(Command::named("findAndModify"))
        .always()
        .cut_after();
    let blind = proxy.on(Command::named("find")).always().cut_before();
    let unsettled = failed(desk.update(&account).set(|o| o.pin, text("pin-2")).await);
    let Error::Unsettled(unsettled) = unsettled else {
        panic!("{unsettled:?}")
    };
    let error = failed(desk.create(Account::secret("r-2")).await);
    assert!(matches!(error, Error::Unsettled(_)), "{error:?}");
    failed(unsettled.settle().await);
    cut.remove();
    blind.remove();
    // The driver takes a moment to find the server again.
    for turn in 0.. {
        match unsettled.settle().await {
            Ok(settled) => {
                assert_eq!(settled, Settled::Landed);
                break;
            }
            Err(error) if turn < 20 => super::assert_error_hides(&error),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_database_hides(&db).await;
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_reported_without_the_command() {
    let traces = Traces::record();
    let db = TestDb::new().await;
    let account = accounts(&db, Audit::after_write()).await;
    let account = account.by("desk").create(Account::secret("r-1")).await;
    let account = account.unwrap().into_stored();
    let proxy = db.proxy().await;
    let accounts = impatient(&db, &proxy).await;
    drop(proxy);
    let desk = accounts.by("desk");
    let filter = |o: <Account as Versioned>::Fields| o.pin.eq(text("pin"));
    failed(accounts.find(filter).await);
    failed(accounts.find_one(filter).await);
    failed(accounts.count(filter).await);
    failed(accounts.exists(filter).await);
    failed(accounts.history(account.id()).await);
    failed(desk.create(Account::secret("r-2")).await);
    failed(desk.update(&account).set(|o| o.pin, text("pin-2")).await);
    failed(desk.replace(&account, Account::secret("r-1")).await);
    failed(
        desk.modify(account.id(), |_, u| u.set(|o| o.pin, text("p")))
            .await,
    );
    failed(desk.delete(&account).await);
    failed(desk.hard_delete(&account).await);
    assert_traces_hide(traces);
}
