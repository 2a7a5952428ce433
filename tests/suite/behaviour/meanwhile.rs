//! The document of a write is decoded while its entry is on its way.

use std::sync::LazyLock;
use std::time::Duration;

use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::proxy::{Command, Gate};
use serde::Deserializer;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Tells of each text that is decoded.
#[derive(Debug, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "notes")]
struct Note {
    #[serde(deserialize_with = "noted")]
    text: String,
}

static NOTED: LazyLock<watch::Sender<Vec<String>>> = LazyLock::new(Default::default);

fn noted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    NOTED.send_modify(|noted| noted.push(text.clone()));
    Ok(text)
}

fn times_noted(text: &str) -> usize {
    let noted = NOTED.borrow();
    noted.iter().filter(|noted| *noted == text).count()
}

async fn is_noted(text: &str) {
    let mut noted = NOTED.subscribe();
    let is_there = noted.wait_for(|noted| noted.iter().any(|noted| noted == text));
    let is_there = timeout(Duration::from_secs(60), is_there).await;
    is_there.expect("it is decoded").expect("it can be noted");
}

/// An update to this text, the entry of which is held before the server sees it.
async fn held(db: &TestDb, text: &str) -> (Gate, JoinHandle<Stored<Note>>) {
    let proxy = db.proxy().await;
    let client = db.connect().through(&proxy).open().await;
    let builder = after_write(client.database().clone());
    let limited = builder.time_limit(Duration::from_secs(60));
    let desk = limited.build().await.unwrap().collection().by("desk");
    let first = Note {
        text: format!("before {text}"),
    };
    let created: Stored<Note> = desk.create(first).await.unwrap().into_stored();
    let gate = proxy
        .on(Command::named("insert").on_collection("audit_logs"))
        .hold_request();
    let text = text.to_owned();
    let update = tokio::spawn(async move {
        let _open = (client, proxy);
        desk.update(&created).set(|n| n.text, text).await.unwrap()
    });
    gate.reached(1).await;
    (gate, update)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_decoded_once_and_before_its_entry_is_written() {
    let db = TestDb::new().await;
    let (gate, update) = held(&db, "after").await;
    is_noted("after").await;
    assert!(!update.is_finished());
    gate.release();
    let stored = update.await.unwrap();
    assert_eq!(
        (stored.text.as_str(), stored.version()),
        ("after", 2.into())
    );
    assert!(matches!(stored.outcome(), Outcome::Written));
    assert_eq!(times_noted("after"), 1);
}
