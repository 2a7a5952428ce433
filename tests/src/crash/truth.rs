//! Whether what writers were told is so.

use super::report::{Report, Told};
use crate::trail::{Promise, Trail};

/// What was told and is not so: an operation that was made has one entry, of the version that was
/// told, and one that was not made has none.
///
/// Where gaps are allowed, the entry of an operation that was made may be missing, or be one that
/// somebody else completed, who does not know its trace id.
#[must_use]
pub fn untrue(reports: &[Report], trail: &Trail, promise: Promise) -> Vec<String> {
    let untrue = reports
        .iter()
        .filter(|report| !is_true(report, trail, promise));
    untrue
        .map(|report| format!("{report}: {:?}", trail.traced(&report.trace)))
        .collect()
}

fn is_true(report: &Report, trail: &Trail, promise: Promise) -> bool {
    let may_lack = promise == Promise::GapsAllowed;
    let entries = trail.traced(&report.trace);
    match &report.told {
        Told::Made(version, entry) => {
            let is_there = match (entries.as_slice(), entry) {
                ([one], Some(entry)) => one.id.as_object_id() == Some(*entry),
                ([_], None) => true,
                (entries, _) => entries.is_empty() && may_lack,
            };
            let versions = entries.iter().filter_map(|entry| entry.version?.as_i64());
            is_there && version.is_none_or(|told| versions.into_iter().all(|at| at == told))
        }
        // Where each version has an entry, it has come since: a hard delete that was completed.
        Told::MadeWithoutEntry => entries.len() == 1 || may_lack && entries.is_empty(),
        Told::MadeToMany(least, most) => {
            let entries = u64::try_from(entries.len()).unwrap_or(u64::MAX);
            entries <= *most && (entries >= *least || may_lack)
        }
        Told::NotMade(_) => entries.is_empty(),
        // An operation over many documents has an entry for each.
        Told::Unknown => entries.len() < 2,
        Told::Odd(_) => false,
    }
}
