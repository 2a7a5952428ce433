use mongodb::bson::Document;

use crate::{
    audit::mask::{self, Treatment},
    document::{Meta, names},
    value::Pairs,
};

/// The top-level names under which two documents differ, as a full entry lists them: the old
/// document's in their order, then the new ones; with the version, without `updatedAt` and
/// `updatedBy`, without what the log leaves out.
pub(crate) fn changed_names(meta: &Meta, before: &Document, after: &Document) -> Vec<String> {
    let changed = Pairs::differing(before, after).filter(|(name, old, new)| {
        if names::is_left_out_of_images(name)
            || matches!(*name, names::UPDATED_AT | names::UPDATED_BY)
        {
            return false;
        }
        match (mask::treatment(meta.shape(), name), old, new) {
            (Treatment::LeaveOut, _, _) => false,
            (Treatment::Show(shape), Some(old), Some(new)) => {
                !mask::equal_where_logged(old, new, shape)
            }
            (Treatment::Redact | Treatment::Show(_), _, _) => true,
        }
    });
    changed.map(|(name, _, _)| name.to_owned()).collect()
}
