//! Entries that somebody else writes later, because their own writer could not.

use monguard::prelude::*;
use monguard::{OnAuditFailure, Outcome};
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::{Account, text};
use monguard_tests::traces::Traces;

use super::{FORMS, assert_debug_hides, assert_nothing_shown, assert_traces_hide, damage, failed};
use super::{let_log_take, log};
use mongodb::bson::doc;

async fn guard(db: &TestDb, audit: Audit, policy: OnAuditFailure) -> Monguard {
    let guard = after_write(db.database().clone()).audit(audit);
    guard.on_audit_failure(policy).build().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_entry_is_reported_without_values() {
    let traces = Traces::record();
    for audit in FORMS {
        let db = TestDb::new().await;
        let monguard = guard(&db, audit, OnAuditFailure::Report).await;
        let accounts = monguard.collection::<Account>();
        accounts.ensure_indexes().await.unwrap();
        let desk = accounts.by("desk");
        let account = desk.create(Account::secret("r-1")).await.unwrap();
        let_log_take(&db, false).await;
        let written = desk.update(&*account).set(|o| o.pin, text("pin-2"));
        let written = written.await.unwrap();
        let Outcome::WrittenWithoutEntry(cause) = written.outcome() else {
            panic!("not reported")
        };
        super::assert_error_hides(cause);
        assert_debug_hides(written.outcome());
        assert_eq!(monguard.unwritten_entries(), 1);
        let reports = traces.containing(&cause.to_string());
        assert!(!reports.is_empty(), "{cause}");

        let strict = guard(&db, audit, OnAuditFailure::Fail).await;
        let accounts = strict.collection::<Account>();
        let desk = accounts.by("desk");
        let error = failed(desk.update(&written).set(|o| o.pin, text("pin-3")).await);
        let Error::AuditNotWritten(error) = error else {
            panic!("{error:?}")
        };
        let stands: Stored<Account> = error.stored().unwrap();
        assert_eq!(stands.pin.as_deref(), Some(text("pin-3").as_str()));
        damage(&db, stands.id(), doc! { "$set": { "tier": text("t") } }).await;
        let error = failed(desk.update(&stands).set(|o| o.name, "G").await);
        let Error::AuditNotWritten(error) = error else {
            panic!("{error:?}")
        };
        failed(error.stored::<Account>());
    }
    assert_traces_hide(traces);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_completed_by_a_second_create_hides() {
    for audit in FORMS {
        let db = TestDb::new().await;
        let monguard = guard(&db, audit, OnAuditFailure::Report).await;
        let accounts = monguard.collection::<Account>();
        accounts.ensure_indexes().await.unwrap();
        let_log_take(&db, false).await;
        let desk = accounts.by("desk");
        let first = desk.create(Account::secret("r-1")).await.unwrap();
        assert_eq!(log(&db).await, []);
        let_log_take(&db, true).await;
        let second = desk.create(Account::secret("r-1")).await.unwrap();
        assert_eq!((first.id(), second.is_new()), (second.id(), false));
        assert_eq!(log(&db).await.len(), 1);
        assert_nothing_shown(&db, &accounts, first.id()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_reconstructed_from_a_tombstone_hides() {
    for audit in FORMS {
        let db = TestDb::new().await;
        let monguard = guard(&db, audit, OnAuditFailure::Report).await;
        let accounts = monguard.collection::<Account>();
        accounts.ensure_indexes().await.unwrap();
        let desk = accounts.by("desk");
        let created = desk.create(Account::secret("r-1")).await.unwrap();
        let account = created.into_stored();
        let_log_take(&db, false).await;
        let error = failed(desk.hard_delete(&account).await);
        assert!(matches!(error, Error::AuditNotWritten(_)), "{error:?}");
        let_log_take(&db, true).await;
        let gone = failed(desk.hard_delete(&account).await);
        assert!(gone.is_not_found());
        assert_eq!(log(&db).await.len(), 2);
        assert_eq!(super::raw(&db, "accounts").await.len(), 0);
        assert_nothing_shown(&db, &accounts, account.id()).await;
    }
}
