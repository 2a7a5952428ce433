//! What a model hides is shown nowhere: in no entry of the log, in no error, in no trace.

mod changed;
mod containers;
mod damaged;
mod errors;
mod extremes;
mod keys;
mod lost;
mod owed;
mod spans;
mod transactions;
mod typed;
mod unique;
mod writes;

use std::error::Error as StdError;

use futures_util::TryStreamExt;
use mongodb::bson::{Document, RawDocumentBuf, doc, oid::ObjectId};
use monguard::error::DuplicateKey;
use monguard::prelude::*;
use monguard_tests::contents::entries as log;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::{Account, HUGE, SECRET};
use monguard_tests::traces::Traces;

/// Both forms of an entry.
const FORMS: [Audit; 2] = [Audit::after_write().delta(), Audit::after_write().full()];

/// Both forms in every guarantee that the server keeps.
async fn audits() -> Vec<Audit> {
    let mut guarantees = vec![Audit::after_write(), Audit::carried()];
    if TestDb::new().await.topology().await.has_transactions() {
        guarantees.push(Audit::transactional());
    }
    let forms = |audit: Audit| [audit.delta(), audit.full()];
    guarantees.into_iter().flat_map(forms).collect()
}

/// Whether a write and its entry are one command: so that each guarantee is seen both ways.
fn is_together(audit: Audit) -> bool {
    let full = [Audit::after_write().full(), Audit::transactional().full()];
    full.contains(&audit)
}

/// Whether a write may return the document as it was worked out.
fn is_worked_out(audit: Audit) -> bool {
    let carried = [Audit::carried().delta(), Audit::carried().full()];
    is_together(audit) || carried.contains(&audit)
}

async fn accounts(db: &TestDb, audit: Audit) -> Collection<Account> {
    let guard = after_write(db.database().clone()).audit(audit);
    let guard = guard.bulk_write(is_together(audit));
    let accounts = guard.build().await.unwrap().collection::<Account>();
    accounts.ensure_indexes().await.unwrap();
    accounts
}

/// Writes a document by other means.
async fn damage(db: &TestDb, id: ObjectId, update: Document) {
    let documents = db.database().collection::<Document>("accounts");
    let done = documents.update_one(doc! { "_id": id }, update).await;
    assert_eq!(done.unwrap().matched_count, 1);
}

/// Lets the log take no entry, or every entry.
async fn let_log_take(db: &TestDb, entries: bool) {
    let validator = if entries {
        doc! {}
    } else {
        doc! { "never": true }
    };
    let command = doc! { "collMod": "audit_logs", "validator": validator };
    db.database().run_command(command).await.unwrap();
}

fn assert_hides(text: &str) {
    assert!(!text.contains(SECRET), "shows a secret: {text}");
    assert!(!text.contains(&HUGE.to_string()), "shows a number: {text}");
}

fn assert_debug_hides(value: &impl std::fmt::Debug) {
    assert_hides(&format!("{value:?}"));
    assert_hides(&format!("{value:#?}"));
}

/// An error, everything that it was caused by, and what each of them is.
fn assert_error_hides(error: &Error) {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        for text in [
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        ] {
            assert_hides(&text);
        }
        assert!(!error.is::<mongodb::error::Error>(), "{error:?}");
        assert!(!error.is::<mongodb::bson::error::Error>(), "{error:?}");
        next = error.source();
    }
    let text = error.to_string();
    assert!(!text.ends_with('.') && !text.contains('\n'), "{text}");
    if let Error::DuplicateKey(duplicate) = error {
        assert_duplicate_hides(duplicate);
    }
}

fn assert_duplicate_hides(duplicate: &DuplicateKey) {
    assert_hides(duplicate.index());
    duplicate
        .fields()
        .iter()
        .for_each(|name| assert_hides(name));
}

/// The error of what must fail.
fn failed<R: std::fmt::Debug>(result: monguard::Result<R>) -> Error {
    match result {
        Ok(done) => panic!("nothing failed: {done:?}"),
        Err(error) => {
            assert_error_hides(&error);
            error
        }
    }
}

/// Searches the raw bytes of the whole database: every collection, and of the model's own what its
/// documents carry beside their values.
async fn assert_database_hides(db: &TestDb) {
    for name in db.database().list_collection_names().await.unwrap() {
        for stored in raw(db, &name).await {
            if name == "accounts" {
                assert_carried_hides(&stored);
            } else {
                assert_bytes_hide(&name, stored.as_bytes());
            }
        }
    }
}

/// What a document carries, alone.
fn assert_carried_hides(document: &RawDocumentBuf) {
    for name in ["__audit", "__w", "__replaced"] {
        let Some(carried) = document.get(name).unwrap() else {
            continue;
        };
        let alone = doc! { name: mongodb::bson::Bson::try_from(carried).unwrap() };
        assert_bytes_hide(name, &alone.to_vec().unwrap());
    }
}

fn assert_bytes_hide(name: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for hidden in [SECRET, "memo", "note"] {
        assert!(!text.contains(hidden), "`{name}` shows {text}");
    }
}

async fn raw(db: &TestDb, name: &str) -> Vec<RawDocumentBuf> {
    let found = db.database().collection::<RawDocumentBuf>(name);
    let found = found.find(doc! {}).await.unwrap();
    found.try_collect().await.unwrap()
}

fn assert_traces_hide(traces: Traces) {
    assert_eq!(traces.containing(SECRET), Vec::<String>::new());
    assert_eq!(traces.containing(&HUGE.to_string()), Vec::<String>::new());
}

/// Everything that a document's life left behind: as it is, and with the log whole.
async fn assert_nothing_shown(db: &TestDb, accounts: &Collection<Account>, id: ObjectId) {
    assert_database_hides(db).await;
    let recovered = accounts.recover().await.unwrap();
    assert_debug_hides(&recovered);
    assert_database_hides(db).await;
    let history = accounts.history(id).await.unwrap();
    assert!(!history.is_empty());
    assert_debug_hides(&history);
    for entry in history {
        assert_debug_hides(&entry.into_raw());
    }
}
