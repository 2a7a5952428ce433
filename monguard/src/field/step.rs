use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::filter::Node;
use crate::value::{EncodeError, document_of};

/// One step of a path into a document.
#[derive(Clone)]
#[non_exhaustive]
pub enum Step {
    /// The field of this stored name.
    Name(&'static str),
    /// The element of a list at this place, counted from 0.
    Index(usize),
    /// The value of a map under this key.
    Key(MapKey),
    /// Every element of a list.
    All,
    /// The first element of a list that meets a condition.
    FirstMatch(ElementFilter),
}

/// Shows no keys: those of a redacted map are hidden.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Name(name) => write!(f, "Name({name:?})"),
            Step::Index(index) => write!(f, "Index({index})"),
            Step::Key(_) => f.write_str("Key(..)"),
            Step::All => f.write_str("All"),
            Step::FirstMatch(_) => f.write_str("FirstMatch(..)"),
        }
    }
}

/// Why no path can hold a key.
const UNREACHABLE: &str = "the key of a map in a path must not be empty, begin with a dollar sign, or contain a dot or NUL";

/// Whether a path can hold the key.
pub(crate) fn is_reachable(key: &str) -> bool {
    !key.is_empty() && !key.starts_with('$') && !key.contains(['.', '\0'])
}

/// A key of a map, as serde writes it.
#[derive(Clone)]
pub struct MapKey {
    name: Result<String, EncodeError>,
}

impl MapKey {
    pub(crate) fn of<K: Serialize>(key: &K) -> Self {
        let document = document_of(&OneKey(key));
        MapKey {
            name: document.map(|document| document.into_iter().map(|(name, _)| name).collect()),
        }
    }

    /// The name that a path has for it.
    pub(crate) fn name(&self) -> Result<&str, EncodeError> {
        let name = self.name.as_deref().map_err(Clone::clone)?;
        if is_reachable(name) {
            Ok(name)
        } else {
            Err(EncodeError::refused(UNREACHABLE))
        }
    }

    fn shown(&self) -> &str {
        self.name.as_ref().map_or("", String::as_str)
    }
}

/// Shows nothing: the keys of a redacted map are hidden.
impl fmt::Debug for MapKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MapKey(..)")
    }
}

/// A map of one key, because only as a key does serde write it as one.
struct OneKey<'a, K>(&'a K);

impl<K: Serialize> Serialize for OneKey<'_, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &true)?;
        map.end()
    }
}

/// A condition on one element of a list, its paths rooted at the element.
#[derive(Clone)]
pub struct ElementFilter {
    node: Node,
}

impl ElementFilter {
    pub(crate) fn new(node: Node) -> Self {
        ElementFilter { node }
    }

    #[allow(dead_code)] // resolved by updates
    pub(crate) fn node(&self) -> &Node {
        &self.node
    }
}

/// Shows no values: a filter may name a redacted field.
impl fmt::Debug for ElementFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ElementFilter(..)")
    }
}

/// The path as MongoDB writes it: `fulfilment.tracking`, `lines.0.sku`, `lines.$[].sku`.
pub(crate) fn dotted(steps: &[Step]) -> String {
    joined(steps, MapKey::shown)
}

/// The path without the keys of maps, which may be hidden.
pub(crate) fn dotted_without_keys(steps: &[Step]) -> String {
    joined(steps, |_| "*")
}

fn joined<'s>(steps: &'s [Step], shown: impl Fn(&'s MapKey) -> &'s str) -> String {
    use fmt::Write;
    let mut path = String::new();
    for step in steps {
        if !path.is_empty() {
            path.push('.');
        }
        match step {
            Step::Name(name) => path.push_str(name),
            Step::Key(key) => path.push_str(shown(key)),
            // Writing to a string does not fail.
            Step::Index(index) => drop(write!(path, "{index}")),
            Step::All => path.push_str("$[]"),
            Step::FirstMatch(_) => path.push_str("$[match]"),
        }
    }
    path
}

/// The path as MongoDB reads it, or the path of the map whose key cannot be in one, and why.
pub(crate) fn addressable(steps: &[Step]) -> Result<String, (String, EncodeError)> {
    for (index, step) in steps.iter().enumerate() {
        if let Step::Key(key) = step
            && let Err(error) = key.name()
        {
            let map = steps.get(..index).unwrap_or_default();
            return Err((dotted(map), error));
        }
    }
    Ok(dotted(steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_mongodb_writes_it() {
        let steps = [
            Step::Name("a"),
            Step::Index(3),
            Step::Key(MapKey::of(&"eu")),
            Step::All,
            Step::Name("n"),
        ];
        assert_eq!(dotted(&steps), "a.3.eu.$[].n");
        assert_eq!(dotted_without_keys(&steps), "a.3.*.$[].n");
        assert!(!format!("{steps:?}").contains("eu"));
    }

    #[test]
    fn keys_that_no_path_can_hold_are_refused_at_their_map() {
        for key in ["", "a.b", "$set", "a\0"] {
            let steps = [Step::Name("m"), Step::Key(MapKey::of(&key))];
            let (path, error) = addressable(&steps).unwrap_err();
            assert_eq!(
                (path.as_str(), error.reason()),
                ("m", UNREACHABLE),
                "{key:?}"
            );
        }
        let steps = [Step::Name("m"), Step::Key(MapKey::of(&"US$"))];
        assert_eq!(addressable(&steps).unwrap(), "m.US$");
    }

    #[test]
    fn a_key_is_written_as_serde_writes_keys() {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        enum Region {
            FarEast,
        }
        assert_eq!(MapKey::of(&Region::FarEast).name().unwrap(), "farEast");
        assert!(MapKey::of(&[1, 2]).name().is_err());
    }
}
