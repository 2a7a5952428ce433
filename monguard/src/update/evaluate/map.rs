//! What becomes of a map.

use mongodb::bson::Bson;

use crate::error::InvalidReason;
use crate::value::kind_name;

/// The map with a value under another key.
pub(super) fn rename_key(
    stored: Option<&Bson>,
    from: &str,
    to: &str,
) -> Result<Bson, InvalidReason> {
    let mut map = match stored {
        Some(Bson::Document(map)) => map.clone(),
        other => {
            let found = other.map_or("nothing", kind_name);
            return Err(InvalidReason::NotAMap(found));
        }
    };
    let Some(value) = map.remove(from) else {
        return Err(InvalidReason::NoSuchKey);
    };
    if map.contains_key(to) {
        return Err(InvalidReason::KeyIsThere);
    }
    map.insert(to, value);
    Ok(Bson::Document(map))
}
