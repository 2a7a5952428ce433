//! A model, a create, an update, a conflict and the history, on the server of `MONGODB_URI`
//! (default `mongodb://localhost:27017`).

use mongodb::{Client, Database};
use monguard::prelude::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "accounts")]
struct Account {
    balance: i64,
}

pub(crate) async fn run(database: Database) -> monguard::Result<()> {
    let monguard = Monguard::builder(database).build().await?;
    let accounts = monguard.collection::<Account>();
    accounts.ensure_indexes().await?;
    let (anna, ben) = (accounts.by("anna"), accounts.by("ben"));

    let opened = anna.create(Account { balance: 100 }).await?.into_stored();
    let paid = anna.update(&opened).inc(|a| a.balance, -40).await?;
    println!("anna: {} at version {}", paid.balance, paid.version());

    // Ben still holds the account as it was opened.
    match ben.update(&opened).set(|a| a.balance, 70).await {
        Err(Error::Conflict(conflict)) => println!("ben: {conflict}"),
        other => println!("this should not happen: {other:?}"),
    }
    let paid = ben
        .modify(opened.id(), |now, update| {
            update.set(|a| a.balance, now.balance - 30)
        })
        .await?;
    println!("ben: {} at version {}", paid.balance, paid.version());

    for entry in accounts.history(opened.id()).await? {
        let change = entry.changed(|a| a.balance)?;
        println!("{} by {:?}: {change:?}", entry.action, entry.user);
    }
    // The end of a program: waits until all entries are in the log.
    monguard.shutdown().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let uri = std::env::var("MONGODB_URI").unwrap_or("mongodb://localhost:27017".into());
    let client = Client::with_uri_str(uri).await?;
    let database = client.database("monguard_quickstart");
    run(database.clone()).await?;
    Ok(database.drop().await?)
}
