//! A model, a create, an update, a conflict and the history, on the server of `MONGODB_URI`
//! (default `mongodb://localhost:27017`).
use std::{env, error::Error as StdError};

use mongodb::{Client, Database};
use monguard::prelude::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "articles")]
struct Article {
    title: String,
    stock: i64,
}

pub(crate) async fn run(database: Database) -> monguard::Result<()> {
    let articles = Monguard::builder(database)
        .build()
        .await?
        .collection::<Article>();
    articles.ensure_indexes().await?;
    let (anna, ben) = (articles.by("anna"), articles.by("ben"));

    let lamp = Article {
        title: "Lamp".into(),
        stock: 10,
    };
    let lamp = anna.create(lamp).await?.into_stored();
    let sold = anna.update(&lamp).inc(|a| a.stock, -1).await?;
    println!(
        "anna sold one: stock {} at version {}",
        sold.stock,
        sold.version()
    );

    // Ben still holds the first version.
    match ben.update(&lamp).set(|a| a.stock, 12).await {
        Err(Error::Conflict(conflict)) => println!("ben was refused: {conflict}"),
        other => println!("this should not happen: {other:?}"),
    }
    let counted = ben
        .modify(lamp.id(), |lamp, update| {
            update.set(|a| a.stock, lamp.stock + 2)
        })
        .await?;
    println!(
        "ben tried again: stock {} at version {}",
        counted.stock,
        counted.version()
    );

    for entry in articles.history(lamp.id()).await? {
        let version = entry.version.unwrap_or_default();
        let stock = entry.changed(|a| a.stock)?;
        println!(
            "version {version}: {} by {:?}, stock {stock:?}",
            entry.action, entry.user
        );
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let uri = env::var("MONGODB_URI").unwrap_or_else(|_| "mongodb://localhost:27017".into());
    let database = Client::with_uri_str(uri)
        .await?
        .database("monguard_quickstart");
    run(database.clone()).await?;
    Ok(database.drop().await?)
}
