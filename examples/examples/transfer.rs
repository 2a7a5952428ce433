//! Money is moved from one account to another, with a line in a ledger: all of it or nothing, and
//! audited. On the server of `MONGODB_URI` (default `mongodb://localhost:27017`), which has to be a
//! replica set, of one server if need be.

use std::fmt;

use mongodb::{Client, Database};
use monguard::prelude::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "accounts")]
pub(crate) struct Account {
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub(crate) number: String,
    pub(crate) balance: i64,
}

/// A line of the ledger. A request that is repeated makes no second one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "ledger")]
pub(crate) struct Transfer {
    #[monguard(idempotency_key)]
    pub(crate) reference: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) amount: i64,
}

/// The caller's own error, which ends the transaction.
#[derive(Debug, PartialEq)]
pub(crate) struct InsufficientFunds {
    pub(crate) asked: i64,
}

impl fmt::Display for InsufficientFunds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the account does not have {}", self.asked)
    }
}

impl std::error::Error for InsufficientFunds {}

/// What moves money.
pub(crate) struct Bank {
    monguard: Monguard,
    pub(crate) accounts: Writer<Account>,
    pub(crate) ledger: Writer<Transfer>,
}

impl Bank {
    pub(crate) async fn open(database: Database) -> monguard::Result<Self> {
        let monguard = Monguard::builder(database).build().await?;
        let accounts = monguard.collection::<Account>();
        let ledger = monguard.collection::<Transfer>();
        accounts.ensure_indexes().await?;
        ledger.ensure_indexes().await?;
        Ok(Bank {
            monguard,
            accounts: accounts.by("bank"),
            ledger: ledger.by("bank"),
        })
    }

    /// Moves money. The same request a second time moves nothing, and returns the same line.
    pub(crate) async fn transfer(&self, transfer: &Transfer) -> monguard::Result<Stored<Transfer>> {
        let amount = transfer.amount;
        self.monguard
            .transaction(async |tx| {
                let (accounts, ledger) = (self.accounts.within(&tx), self.ledger.within(&tx));
                let line = match ledger.create(transfer.clone()).await? {
                    Created::Existing(line) => return Ok(line),
                    Created::New(line) => line,
                };
                accounts
                    .update_latest(transfer.from.clone())
                    .when(|a| a.balance.gte(amount))
                    .inc(|a| a.balance, -amount)
                    .await
                    .map_err(|error| match error {
                        Error::ConditionFailed(_) => {
                            Error::abort(InsufficientFunds { asked: amount })
                        }
                        error => error,
                    })?;
                // `NotFound` where there is no such account: then the debit is not made either.
                accounts
                    .update_latest(transfer.to.clone())
                    .inc(|a| a.balance, amount)
                    .await?;
                Ok(line)
            })
            .await
    }
}

pub(crate) async fn run(database: Database) -> monguard::Result<()> {
    let bank = Bank::open(database).await?;
    for (number, balance) in [("anna", 100), ("ben", 0)] {
        let number = number.to_owned();
        bank.accounts.create(Account { number, balance }).await?;
    }
    let rent = Transfer {
        reference: "rent-05".into(),
        from: "anna".into(),
        to: "ben".into(),
        amount: 80,
    };
    bank.transfer(&rent).await?;
    // The answer was lost, so the request comes again.
    bank.transfer(&rent).await?;

    let reference = "rent-06".into();
    match bank
        .transfer(&Transfer {
            reference,
            ..rent.clone()
        })
        .await
    {
        Err(Error::Abort(reason)) => println!("refused: {reason}"),
        other => println!("this should not happen: {other:?}"),
    }
    let (reference, to) = ("gift".into(), "nobody".into());
    match bank
        .transfer(&Transfer {
            reference,
            to,
            amount: 1,
            ..rent
        })
        .await
    {
        Err(Error::NotFound(error)) => println!("refused: {error}"),
        other => println!("this should not happen: {other:?}"),
    }

    let accounts = bank.accounts.collection();
    for account in accounts.find(|a| a.balance.gte(0)).await? {
        let entries = accounts.history(account.id()).await?.len();
        println!("{}: {}, {entries} entries", account.number, account.balance);
    }
    bank.monguard.shutdown().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let uri = std::env::var("MONGODB_URI").unwrap_or("mongodb://localhost:27017".into());
    let client = Client::with_uri_str(uri).await?;
    let database = client.database("monguard_transfer");
    run(database.clone()).await?;
    Ok(database.drop().await?)
}
