//! The documents that are written, in two sizes.

mod declare;
mod narrow;
mod order;
mod wide;

use mongodb::bson::{self, DateTime, Document, oid::ObjectId};
use monguard::prelude::*;

use declare::sample;
use serde::de::DeserializeOwned;

use crate::Outcome;

pub use narrow::Narrow;
pub use order::Order;
pub use wide::Wide;

/// A model with a counter that is changed, and texts that are not.
pub trait Sample:
    Auditable
    + Versioned<Id = ObjectId, Locator = ObjectId>
    + Serialize
    + DeserializeOwned
    + Clone
    + Send
    + Sync
    + 'static
{
    /// What the tables call it.
    const LABEL: &'static str;

    /// A document of its size, with the counter at zero.
    fn sample() -> Self;

    /// Sets the counter in a typed update.
    fn set_counter<U>(update: Update<Self, U>, value: i64) -> Update<Self, U>;

    /// The counter.
    fn counter(&self) -> i64;
}

/// A model of texts alone, beside its counter: one that a program in any language can make.
pub trait Texts: Sample {
    /// How many fields it has, the counter among them.
    const FIELDS: usize;
    /// The length of each text.
    const LENGTH: usize;
}

/// The stored name of the counter.
pub const COUNTER: &str = "counter";

/// The text of one field.
fn text(number: usize, length: usize) -> String {
    const WORDS: &str = "the quick brown fox jumps over the lazy dog and runs away into the night";
    let mut text = format!("{number:04} {WORDS}");
    text.truncate(length);
    text
}

/// What a hand-written program stores of its own beside the fields.
///
/// # Errors
/// None: the models hold nothing that BSON has not.
pub fn hand_written<T: Sample>(id: ObjectId) -> Outcome<Document> {
    let mut document = bson::serialize_to_document(&T::sample())?;
    document.insert("_id", id);
    document.insert("version", 1_i64);
    document.insert("updatedAt", DateTime::now());
    document.insert("updatedBy", "desk");
    Ok(document)
}
