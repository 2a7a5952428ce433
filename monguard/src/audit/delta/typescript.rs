//! TypeScript's walk takes an `ObjectId`, a `Decimal128` or binary data for an object and goes
//! into its bytes: `r.buffer.11` holds two bytes, or `o.r.buffer` two buffers.

use mongodb::bson::Bson;

use super::PathChange;

/// Names of the bytes inside the driver's JavaScript classes.
const BYTES: [&str; 2] = ["buffer", "bytes"];

/// Replaces the changes of bytes by one change, without values, of what they are part of.
///
/// A document with a field `buffer` or `bytes` of small numbers looks the same. Nothing is claimed
/// of such a place but that it changed.
pub(super) fn without_bytes(changes: Vec<PathChange>) -> Vec<PathChange> {
    let mut read: Vec<PathChange> = Vec::with_capacity(changes.len());
    for change in changes {
        let Some(owner) = owner_of_bytes(&change).map(str::to_owned) else {
            read.push(change);
            continue;
        };
        if !read
            .iter()
            .any(|known| known.unrecoverable && known.path == owner)
        {
            read.push(PathChange {
                unrecoverable: true,
                ..PathChange::new(owner, None, None, false)
            });
        }
    }
    read
}

/// The path of the value whose bytes this change shows, if it does.
fn owner_of_bytes(change: &PathChange) -> Option<&str> {
    let (inner, last) = change.path.rsplit_once('.')?;
    let is = |test: fn(&Bson) -> bool| [&change.old, &change.new].into_iter().flatten().all(test);
    if change.whole && BYTES.contains(&last) && is(|value| matches!(value, Bson::Binary(_))) {
        return Some(inner);
    }
    let (owner, name) = inner.rsplit_once('.')?;
    let is_index = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    (is_index && BYTES.contains(&name) && is(is_byte)).then_some(owner)
}

fn is_byte(value: &Bson) -> bool {
    matches!(value, Bson::Int32(0..=255))
}
