//! What a client works out for one update, and what it reads and writes of a document: ours, and
//! written by hand on bson.

use std::hint::black_box;
use std::sync::Arc;

use mongodb::bson::{self, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};
use monguard::{__bench as internals, Stored, Update};

use crate::Outcome;
use crate::models::Order;

/// A document of a size, as the server returned it, in the forms that the subjects keep.
struct State {
    raw: RawDocumentBuf,
    stored: Stored<Order>,
    id: ObjectId,
    value: Order,
}

impl State {
    fn of(shipments: usize, lines: usize) -> Outcome<Self> {
        let (id, value) = (ObjectId::from_bytes([7; 12]), Order::of(shipments, lines));
        let mut document = doc! { "_id": id };
        document.extend(bson::serialize_to_document(&value)?);
        document.extend(doc! {
            "__v": 41,
            "createdAt": DateTime::from_millis(0),
            "updatedAt": DateTime::from_millis(1),
            "createdBy": "desk",
            "updatedBy": "desk",
            "__w": ObjectId::from_bytes([9; 12]),
            "__audit": [],
            "version": 41_i64,
        });
        let raw = RawDocumentBuf::try_from(&document)?;
        Ok(State {
            stored: internals::read(Arc::new(raw.clone()))?,
            raw,
            id,
            value,
        })
    }
}

type Case = (&'static str, fn(&State) -> Outcome<usize>);

/// Each returns the bytes that it made or read.
const CASES: [Case; 6] = [
    ("update, ours", update_ours),
    ("update, hand", update_by_hand),
    ("encode, ours", |state| {
        Ok(internals::written(&state.value)?.to_vec()?.len())
    }),
    ("encode, hand", |state| {
        Ok(bson::serialize_to_vec(&state.value)?.len())
    }),
    ("decode, ours", |state| {
        let stored = internals::read::<Order>(Arc::new(state.raw.clone()))?;
        Ok(black_box(stored).document().as_bytes().len())
    }),
    ("decode, hand", |state| {
        let raw = state.raw.clone();
        let state = (
            raw.get_object_id("_id")?,
            raw.get_i64("version")?,
            bson::deserialize_from_slice::<Order>(raw.as_bytes())?,
        );
        black_box(state);
        Ok(raw.as_bytes().len())
    }),
];

const SIZES: [(&str, usize, usize); 2] = [("1 KB", 1, 2), ("15 KB", 4, 10)];

/// The names of the cases.
pub(super) fn cases() -> Vec<String> {
    let of_size = |(size, _, _)| CASES.map(|(name, _)| format!("{name}, {size}"));
    SIZES.into_iter().flat_map(of_size).collect()
}

/// One case, so many times.
pub(super) fn run(name: &str, times: u32) -> Outcome<()> {
    for (size, shipments, lines) in SIZES {
        for (case, run) in CASES {
            if format!("{case}, {size}") == name {
                let state = State::of(shipments, lines)?;
                for _ in 0..times {
                    black_box(run(black_box(&state))?);
                }
                return Ok(());
            }
        }
    }
    Err(format!("there is no case \"{name}\"").into())
}

/// The command with the entry in it, and the entry of the log.
fn update_ours(state: &State) -> Outcome<usize> {
    let change = |update: Update<Order>| Order::set_counter(update, 2);
    let rendered = internals::rendered(&state.stored, "desk", change)?;
    let (command, entry) = rendered.ok_or("the counter was 1")?;
    Ok(command.to_vec()?.len() + entry.as_bytes().len())
}

/// The command, and an entry beside it.
fn update_by_hand(state: &State) -> Outcome<usize> {
    let command = doc! {
        "findAndModify": "orders",
        "query": { "_id": state.id, "version": 41_i64 },
        "update": {
            "$set": { "counter": 2_i64, "updatedAt": DateTime::now(), "updatedBy": "desk" },
            "$inc": { "version": 1_i64 },
        },
        "new": true,
    };
    let entry: Document = doc! {
        "_id": ObjectId::new(),
        "document": state.id,
        "version": 42_i64,
        "action": "update",
        "user": "desk",
        "at": DateTime::now(),
        "changes": { "counter": { "old": state.value.counter(), "new": 2_i64 } },
    };
    Ok(command.to_vec()?.len() + entry.to_vec()?.len())
}
