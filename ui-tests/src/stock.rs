//! A store of parts, with lists and maps to search in.

use std::collections::BTreeMap;

use monguard::prelude::*;

/// How a part is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Grade {
    /// For show.
    Fine,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "parts")]
pub struct Item {
    /// What it is called.
    pub number: String,
    /// How many there are.
    pub count: i64,
    /// How it is made.
    pub grade: Grade,
    /// What is to be known.
    pub note: Option<String>,
    /// What it is found by.
    pub tags: Vec<String>,
    /// What it comes in.
    #[monguard(nested)]
    pub boxes: Vec<Carton>,
    /// How many there are on which shelf.
    pub shelves: BTreeMap<String, i64>,
}

/// What a part comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
pub struct Carton {
    /// In grams.
    pub weight: i64,
}
