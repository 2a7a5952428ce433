//! Which part of a path may be shown, and what the log shows at its end.

use super::mask::{Treatment, hiding, treatment};
use crate::document::{Meta, Shape};

/// Where a path leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lead<'p> {
    /// To a value that is shown, by this shape.
    Shown(Option<Shape>),
    /// To a redacted field, or into one: the path of that field.
    Redacted(&'p str),
    /// To a skipped field, or into one: the path of that field.
    LeftOut(&'p str),
    /// Past this part, to a name that the model does not know.
    Unknown(&'p str),
}

/// As much of a path as errors may name. The names inside of a hidden field may be values: the
/// keys of a map.
///
/// `path` is in stored names, its indexes written `a.0` or `a[0]`.
pub(crate) fn shown_path<'p>(meta: &Meta, path: &'p str) -> &'p str {
    match lead(meta, path) {
        Lead::Shown(_) => path,
        Lead::Redacted(shown) | Lead::LeftOut(shown) | Lead::Unknown(shown) => shown,
    }
}

/// Whether a path leads to a value that is shown, at least in part.
pub(crate) fn is_shown(meta: &Meta, path: &str) -> bool {
    path.is_empty() || matches!(lead(meta, path), Lead::Shown(_))
}

/// Follows a path through the shapes of a model.
pub(crate) fn lead<'p>(meta: &Meta, path: &'p str) -> Lead<'p> {
    let mut shape = hiding(Some(meta.shape()));
    let mut end = 0_usize;
    for step in path.split(['.', '[']) {
        let Some(place) = shape else {
            break;
        };
        let before = path.get(..end.saturating_sub(1)).unwrap_or_default();
        end += step.len();
        let shown = path.get(..end).unwrap_or(path);
        end += 1;
        shape = match place {
            Shape::List(item) if is_index(step) => hiding(Some(item())),
            Shape::List(_) => return Lead::Unknown(before),
            Shape::Map(item) => hiding(Some(item())),
            Shape::Struct(fields) if !fields.iter().any(|field| field.is_stored_as(step)) => {
                return Lead::Unknown(shown);
            }
            Shape::Struct(_) => match treatment(place, step) {
                Treatment::Show(shape) => hiding(shape),
                Treatment::Redact => return Lead::Redacted(shown),
                Treatment::LeaveOut => return Lead::LeftOut(shown),
            },
        };
    }
    Lead::Shown(shape)
}

fn is_index(step: &str) -> bool {
    step.trim_end_matches(']').parse::<usize>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::models::{ACCOUNT, OPEN};

    #[test]
    fn a_path_is_cut_at_the_first_hidden_field() {
        for (path, shown) in [
            ("name", "name"),
            ("name.a.b", "name.a.b"),
            ("cardToken", "cardToken"),
            ("cardToken.SECRET.x", "cardToken"),
            ("oldPin[0].SECRET", "oldPin"),
            ("note.SECRET", "note"),
            ("address.street.x", "address.street.x"),
            ("address.door.SECRET", "address.door"),
            ("contacts[3].door[1]", "contacts[3].door"),
            ("contacts.3.memo.x", "contacts.3.memo"),
            ("contacts.SECRET.x", "contacts"),
            (
                "byName.anyone.former[0].door.x",
                "byName.anyone.former[0].door",
            ),
            ("byName.a.dotted.door", "byName.a.dotted"),
            ("unknown.x.y", "unknown"),
            ("", ""),
        ] {
            assert_eq!(shown_path(&ACCOUNT, path), shown, "{path}");
        }
        assert_eq!(shown_path(&OPEN, "a.b[0].c"), "a.b[0].c");
    }
}
