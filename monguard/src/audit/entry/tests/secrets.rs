use mongodb::bson::Document;
use proptest::prelude::*;

use super::written;
use crate::audit::{
    delta::{Delta, DeltaOptions, changed_names},
    entry::{DraftChange, RawEntry},
    mask,
    models::{ACCOUNT, SECRET, account},
};

proptest! {
    #[test]
    fn no_secret_shows_in_an_entry(before in account(), after in account()) {
        let image = |document: &Document| mask::image(&ACCOUNT, document);
        let full = DraftChange::Updated {
            before: Some(image(&before)),
            after: Some(image(&after)),
            changes: changed_names(&ACCOUNT, &before, &after),
        };
        let delta = Delta::between(&ACCOUNT, &before, &after, DeltaOptions::default());
        let deleted = DraftChange::SoftDeleted { before: Some(image(&before)) };
        for change in [full, DraftChange::UpdatedDelta(delta), deleted] {
            let entry = written(change);
            let bytes = entry.to_vec().unwrap();
            let read = RawEntry::from_document(entry.clone()).unwrap();
            for text in [format!("{entry:?}"), format!("{read:?}"), String::from_utf8_lossy(&bytes).into_owned()] {
                prop_assert!(!text.contains(SECRET), "{}", text);
            }
        }
    }
}
