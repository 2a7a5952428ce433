use mongodb::bson::{Bson, Document};
use proptest::{collection::vec, option, prelude::*};

use super::{Delta, DeltaOptions};
use crate::{
    audit::{
        mask,
        models::{ACCOUNT, OPEN, SECRET, account},
        replay::replay,
    },
    document::{Meta, names},
    value::{arbitrary, equal_documents},
};

/// The document as far as a delta speaks of it.
fn shown(meta: &Meta, document: &Document) -> Document {
    mask::image_without(meta, document, |name| {
        names::is_left_out_of_deltas(name, meta.version_name())
    })
}

fn options() -> impl Strategy<Value = DeltaOptions> {
    let default = Just(DeltaOptions::default());
    let any = (0_usize..6, 0_usize..25).prop_map(|(max_depth, array_diff_max_size)| DeltaOptions {
        max_depth,
        array_diff_max_size,
    });
    prop_oneof![3 => default, 1 => any]
}

fn check(
    meta: &Meta,
    before: &Document,
    after: &Document,
    options: DeltaOptions,
) -> Result<(), TestCaseError> {
    let delta = Delta::between(meta, before, after, options);
    let stored = delta.clone().into_document();
    let read = Delta::from_document(stored.clone()).unwrap();
    prop_assert_eq!(format!("{read:?}"), format!("{delta:?}"));
    let replayed = replay(&delta, before.clone());
    let replayed = replayed.map_err(|error| TestCaseError::fail(format!("{error} {stored}")))?;
    let (replayed, after) = (shown(meta, &replayed), shown(meta, after));
    prop_assert!(
        equal_documents(&replayed, &after),
        "{} gave {} for {}",
        stored,
        replayed,
        after
    );
    Ok(())
}

proptest! {
    #[test]
    fn a_replayed_edit_gives_the_new_document(
        before in arbitrary::document(5),
        edits in vec((any::<u16>(), option::weighted(0.8, arbitrary::value(2))), 1..6),
        options in options(),
    ) {
        let after = arbitrary::edited(&before, &edits);
        check(&OPEN, &before, &after, options)?;
        check(&OPEN, &after, &before, options)?;
    }

    #[test]
    fn a_replayed_replacement_gives_the_new_document(
        before in arbitrary::document(3),
        after in arbitrary::document(3),
    ) {
        check(&OPEN, &before, &after, DeltaOptions::default())?;
    }

    #[test]
    fn an_empty_delta_means_equal_documents(
        before in arbitrary::document(3),
        edits in vec((any::<u16>(), option::of(arbitrary::scalar())), 0..3),
        options in options(),
    ) {
        let after = arbitrary::edited(&before, &edits);
        let delta = Delta::between(&OPEN, &before, &after, options);
        prop_assert_eq!(delta.is_empty(), equal_documents(&shown(&OPEN, &before), &shown(&OPEN, &after)));
        let Bson::Document(same) = arbitrary::restored(&Bson::Document(before.clone())) else { unreachable!() };
        prop_assert!(Delta::between(&OPEN, &before, &same, options).is_empty());
    }

    #[test]
    fn no_secret_shows_and_the_rest_replays(before in account(), after in account(), options in options()) {
        check(&ACCOUNT, &before, &after, options)?;
        let delta = Delta::between(&ACCOUNT, &before, &after, options);
        let texts = [
            format!("{delta:?}"),
            format!("{:?}", mask::image(&ACCOUNT, &before)),
            String::from_utf8_lossy(&delta.clone().into_document().to_vec().unwrap()).into_owned(),
        ];
        for text in texts {
            prop_assert!(!text.contains(SECRET), "{}", text);
        }
    }
}
