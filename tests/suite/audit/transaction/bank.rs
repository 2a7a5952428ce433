//! Accounts between which money is moved, with a ledger.

use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};
use monguard::prelude::*;
use monguard::{Audit, MonguardBuilder, Tx};
use monguard_tests::fixture::{TestClient, TestDb};
use monguard_tests::proxy::Proxy;

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "accounts")]
pub(super) struct Account {
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub(super) number: String,
    pub(super) balance: i64,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "ledger")]
pub(super) struct Movement {
    pub(super) from: String,
    pub(super) to: String,
    #[monguard(idempotency_key)]
    pub(super) reference: String,
    pub(super) amount: i64,
}

#[derive(Debug)]
pub(super) struct InsufficientFunds;

impl std::fmt::Display for InsufficientFunds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("insufficient funds")
    }
}

impl std::error::Error for InsufficientFunds {}

/// A guard with two accounts, a and b, of 100 each.
pub(super) struct Bank {
    pub(super) guard: Monguard,
    pub(super) accounts: Writer<Account>,
    pub(super) ledger: Writer<Movement>,
    pub(super) client: TestClient,
    pub(super) proxy: Proxy,
    // Last: the database is dropped when nothing writes to it any more.
    pub(super) db: TestDb,
}

impl Bank {
    /// `None` on a server without transactions.
    pub(super) async fn open() -> Option<Self> {
        Self::of(|builder| builder.audit(Audit::after_write())).await
    }

    pub(super) async fn of(build: impl Fn(MonguardBuilder) -> MonguardBuilder) -> Option<Self> {
        let db = TestDb::new().await;
        if !db.topology().await.has_transactions() {
            return None;
        }
        let proxy = db.proxy().await;
        let client = db.through(&proxy).await;
        let direct = Monguard::builder(db.database().clone()).audit(Audit::after_write());
        let direct = direct.build().await.unwrap();
        direct
            .collection::<Account>()
            .ensure_indexes()
            .await
            .unwrap();
        direct
            .collection::<Movement>()
            .ensure_indexes()
            .await
            .unwrap();
        let opener = direct.collection::<Account>().by("opener");
        for number in ["a", "b"] {
            let number = number.to_owned();
            let account = Account {
                number,
                balance: 100,
            };
            opener.create(account).await.unwrap();
        }
        let guard = build(Monguard::builder(client.database().clone()));
        let guard = guard.build().await.unwrap();
        Some(Bank {
            accounts: guard.collection().by("teller"),
            ledger: guard.collection().by("teller"),
            guard,
            client,
            proxy,
            db,
        })
    }

    /// Moves money within a transaction.
    pub(super) async fn moved(&self, tx: &Tx, movement: Movement) -> monguard::Result<()> {
        let accounts = self.accounts.within(tx);
        let amount = movement.amount;
        let debit = accounts
            .update_latest(movement.from.clone())
            .when(|a| a.balance.gte(amount))
            .inc(|a| a.balance, -amount);
        debit.await.map_err(|error| match error {
            Error::ConditionFailed(_) => Error::abort(InsufficientFunds),
            error => error,
        })?;
        let credit = accounts.update_latest(movement.to.clone());
        credit.inc(|a| a.balance, amount).await?;
        self.ledger.within(tx).create(movement).await?;
        Ok(())
    }

    /// Moves money.
    pub(super) async fn transfer(&self, movement: &Movement) -> monguard::Result<()> {
        self.guard
            .transaction(async |tx| self.moved(&tx, movement.clone()).await)
            .await
    }

    pub(super) async fn document(&self, collection: &str, filter: Document) -> Option<Document> {
        let documents = self.db.database().collection::<Document>(collection);
        documents.find_one(filter).await.unwrap()
    }

    /// The balances of a and b, and how many movements there are.
    pub(super) async fn state(&self) -> (i64, i64, u64) {
        let mut balances = Vec::new();
        for number in ["a", "b"] {
            let account = self.document("accounts", doc! { "_id": number }).await;
            balances.push(account.unwrap().get_i64("balance").unwrap());
        }
        let ledger = self.db.database().collection::<Document>("ledger");
        (
            balances[0],
            balances[1],
            ledger.count_documents(doc! {}).await.unwrap(),
        )
    }

    /// The audit log, in the order of versions.
    pub(super) async fn entries(&self, filter: Document) -> Vec<Document> {
        let log = self.db.database().collection::<Document>("audit_logs");
        let find = log.find(filter).sort(doc! { "metadata.version": 1 });
        find.await.unwrap().try_collect().await.unwrap()
    }

    /// Asserts that each document has one entry for each of its versions, linked, and the last its
    /// own, and that no other entry is there.
    pub(super) async fn assert_audited(&self) {
        self.guard.flush().await.unwrap();
        let mut expected = 0;
        for collection in ["accounts", "ledger"] {
            let documents = self.db.database().collection::<Document>(collection);
            let find = documents.find(doc! {}).await.unwrap();
            let all: Vec<Document> = find.try_collect().await.unwrap();
            for document in all {
                let id = document.get("_id").unwrap().clone();
                let version = document.get_i32("__v").unwrap();
                expected += usize::try_from(version).unwrap();
                let of = doc! { "ref.collection": collection, "ref.id": id };
                let entries = self.entries(of).await;
                let mut before = None;
                for (entry, number) in entries.iter().zip(1..) {
                    let metadata = entry.get_document("metadata").unwrap();
                    assert_eq!(metadata.get_i32("version").unwrap(), number, "{entries:#?}");
                    assert_eq!(metadata.get_object_id("prev").ok(), before, "{entries:#?}");
                    before = entry.get_object_id("_id").ok();
                }
                assert_eq!(
                    i32::try_from(entries.len()).unwrap(),
                    version,
                    "{entries:#?}"
                );
                assert_eq!(document.get_object_id("__w").ok(), before);
            }
        }
        assert_eq!(self.entries(doc! {}).await.len(), expected);
    }
}

/// A movement from a to b.
pub(super) fn movement(reference: &str, amount: i64) -> Movement {
    Movement {
        from: "a".to_owned(),
        to: "b".to_owned(),
        reference: reference.to_owned(),
        amount,
    }
}

/// Gives up early: commands may take a second.
pub(super) fn impatient(builder: MonguardBuilder) -> MonguardBuilder {
    builder
        .time_limit(Duration::from_millis(800))
        .margin(Duration::from_millis(200))
}
