use mongodb::bson::{Bson, Document, bson, doc};
use proptest::prelude::*;

use super::{delta, draft, keys, updated, written};
use crate::{
    audit::entry::{DraftChange, EntryChange, EntryLimits, RawEntry},
    value::{Measure, arbitrary},
};

const SMALL: EntryLimits = EntryLimits {
    bytes: 1000,
    depth: 100,
};

fn large(length: usize) -> Document {
    doc! { "_id": 7, "text": "x".repeat(length) }
}

fn fitted(change: DraftChange) -> Document {
    draft(change).into_document(SMALL).unwrap()
}

fn changes(entry: &Document) -> &Document {
    let metadata = entry.get_document("metadata").unwrap();
    metadata.get_document("deltaChanges").unwrap()
}

#[test]
fn an_image_that_is_too_large_is_left_out_and_marked() {
    let both = fitted(updated(large(2000), large(3000), &["text"]));
    let rest = [
        "changes",
        "customData",
        "storageMode",
        "version",
        "from",
        "prev",
        "imageOmitted",
    ];
    assert_eq!(keys(both.get_document("metadata").unwrap()), rest);
    let one = fitted(updated(large(100), large(3000), &[]));
    assert!(one.get_document("metadata").unwrap().contains_key("before"));
    assert!(Measure::of_document(&one).bytes <= SMALL.bytes);
    assert!(RawEntry::from_document(one).unwrap().image_omitted);
    let created = RawEntry::from_document(fitted(DraftChange::Created {
        after: Some(large(1000)),
    }));
    assert_eq!(
        created.unwrap().change,
        EntryChange::Created { after: None }
    );
}

#[test]
fn what_the_caller_adds_is_never_left_out() {
    let mut custom = draft(DraftChange::Created {
        after: Some(doc! {}),
    });
    custom.custom_data = Some(bson!("x".repeat(1000)));
    let error = custom.into_document(SMALL).unwrap_err().to_string();
    assert!(
        error.contains("is too large for the log (1000 bytes, 100 levels)"),
        "{error}"
    );
}

#[test]
fn the_largest_values_of_a_delta_make_room() {
    let before = doc! { "a": "x".repeat(700), "b": "x".repeat(400), "c": 1 };
    let entry = fitted(DraftChange::UpdatedDelta(delta(&before, &doc! { "c": 2 })));
    let expected = doc! {
        "a": { "old": { "omitted": true } },
        "b": { "old": "x".repeat(400) },
        "c": { "old": 1, "new": 2 },
    };
    assert_eq!(changes(&entry), &expected);

    let many: Document = (0..100)
        .map(|i| (format!("name-{i}"), Bson::Int32(1)))
        .collect();
    let entry = fitted(DraftChange::UpdatedDelta(delta(&many, &doc! {})));
    assert_eq!(keys(changes(&entry)), [""]);
}

#[test]
fn an_image_that_is_too_deep_is_left_out() {
    let deep = |levels: usize| (0..levels).fold(doc! {}, |inner, _| doc! { "d": inner });
    let created = |levels| {
        let entry = written(DraftChange::Created {
            after: Some(deep(levels)),
        });
        RawEntry::from_document(entry).unwrap()
    };
    assert!(!created(97).image_omitted);
    assert!(created(98).image_omitted);
    let entry = written(DraftChange::UpdatedDelta(delta(&doc! {}, &deep(99))));
    assert_eq!(Measure::of_document(&entry).depth, 5);
}

proptest! {
    #[test]
    fn an_entry_is_never_larger_than_its_limit_and_always_read(
        before in arbitrary::document(4),
        after in arbitrary::document(4),
        bytes in 420_usize..700,
        depth in 6_usize..9,
    ) {
        let limits = EntryLimits { bytes, depth };
        let delta = DraftChange::UpdatedDelta(delta(&before, &after));
        let full = updated(before.clone(), after, &[]);
        for change in [DraftChange::HardDeleted { before: Some(before) }, full, delta] {
            let entry = draft(change).into_document(limits).unwrap();
            let measure = Measure::of_document(&entry);
            prop_assert!(measure.bytes <= bytes && measure.depth <= depth, "{:?} {}", measure, entry);
            prop_assert!(RawEntry::from_document(entry).is_ok());
        }
    }
}
