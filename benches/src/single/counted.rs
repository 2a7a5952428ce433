//! A number of updates, for a program that counts the instructions of this one.

use super::Subject;
use super::contest::{
    AFTER_WRITE, CARRIED, FLOOR, HAND, HAND_TXN, SAME_AFTER_WRITE, SAME_CARRIED,
    SAME_TRANSACTIONAL, TRANSACTIONAL,
};
use super::hand::{Entries, Hand};
use super::ours::Ours;
use super::same::{Guarantee, Same};
use crate::Outcome;
use crate::models::Narrow;
use crate::stage::{Way, database_name};
use monguard::Audit;

/// The subjects of [`counted`].
pub const COUNTED: [&str; 9] = [
    FLOOR,
    HAND,
    SAME_CARRIED,
    CARRIED,
    SAME_AFTER_WRITE,
    AFTER_WRITE,
    HAND_TXN,
    SAME_TRANSACTIONAL,
    TRANSACTIONAL,
];

/// Updates one document so many times, one after the other.
///
/// # Errors
/// What the subject says.
pub async fn counted(name: &str, times: u32) -> Outcome<()> {
    let client = Way::Loopback.client().await?;
    let database = client.database(&database_name());
    let ours = |audit| Ours::<Narrow>::new(database.clone(), audit);
    let by_hand = |entries| Hand::<Narrow>::new(&database, entries);
    let same = |guarantee| Same::<Narrow>::new(&database, guarantee);
    match name {
        FLOOR => updates(by_hand(Entries::None), times).await?,
        HAND => updates(by_hand(Entries::Inserted), times).await?,
        SAME_CARRIED => updates(same(Guarantee::Carried), times).await?,
        HAND_TXN => updates(by_hand(Entries::InTransaction), times).await?,
        SAME_TRANSACTIONAL => updates(same(Guarantee::Transactional), times).await?,
        TRANSACTIONAL => updates(ours(Audit::transactional()).await?, times).await?,
        SAME_AFTER_WRITE => updates(same(Guarantee::AfterWrite), times).await?,
        CARRIED => updates(ours(Audit::carried()).await?, times).await?,
        AFTER_WRITE => updates(ours(Audit::after_write()).await?, times).await?,
        _ => return Err(format!("there is no subject \"{name}\"").into()),
    }
    database.drop().await?;
    Ok(())
}

async fn updates(subject: impl Subject, times: u32) -> Outcome<()> {
    // Where the handlers of a service run: the main thread would be woken by another for each answer.
    let updates = tokio::spawn(async move {
        let mut state = subject.create().await?;
        for value in 0..i64::from(times) {
            subject.update(&mut state, value + 1).await?;
        }
        subject.drain().await
    });
    updates.await?
}
