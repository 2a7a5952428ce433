//! Structs, lists and maps inside each other.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use monguard::prelude::*;
use proptest::collection::{btree_map, btree_set, hash_map, vec};

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "containers")]
struct Containers {
    #[monguard(nested)]
    part: Part,
    #[monguard(nested)]
    boxed_part: Box<Part>,
    #[monguard(nested)]
    optional_part: Option<Part>,
    #[monguard(nested)]
    list_of_parts: Vec<Part>,
    #[monguard(nested)]
    map_of_parts: BTreeMap<String, Part>,
    whole: Leaf,
    list: Vec<Option<i32>>,
    deque: VecDeque<String>,
    set: BTreeSet<i64>,
    map: HashMap<String, Vec<i32>>,
    by_kind: BTreeMap<Kind, f64>,
    maps: BTreeMap<String, BTreeMap<String, bool>>,
    pairs: Vec<(String, i32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "kebab-case")]
struct Part {
    long_name: String,
    #[monguard(nested)]
    leaf: Leaf,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Leaf {
    #[serde(rename = "n")]
    number: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Big,
    Small,
}

impl Part {
    fn any(random: &mut Random) -> Self {
        Part {
            long_name: random.word(),
            leaf: Leaf::any(random),
        }
    }
}

impl Leaf {
    fn any(random: &mut Random) -> Self {
        Leaf {
            number: random.any(),
            note: random.any::<bool>().then(|| random.word()),
        }
    }
}

impl Specimen for Containers {
    fn any(random: &mut Random) -> Self {
        let length = random.of(0..3_usize);
        let parts = (0..length).map(|_| (random.word(), Part::any(random)));
        let parts: BTreeMap<String, Part> = parts.collect();
        let kinds = random.of(btree_set(0..2_usize, 0..3)).into_iter();
        let kinds: Vec<Kind> = kinds.map(|kind| [Kind::Big, Kind::Small][kind]).collect();
        Containers {
            part: Part::any(random),
            boxed_part: Box::new(Part::any(random)),
            optional_part: random.any::<bool>().then(|| Part::any(random)),
            list_of_parts: parts.values().cloned().collect(),
            map_of_parts: parts,
            whole: Leaf::any(random),
            list: random.of(vec(proptest::option::of(0..9), 0..4)),
            deque: random.of(vec("[a-z]{0,2}", 0..3)).into(),
            set: random.of(btree_set(0..99_i64, 0..4)),
            map: random.of(hash_map("[a-z]{1,2}", vec(0..9, 0..3), 0..3)),
            by_kind: kinds
                .into_iter()
                .map(|kind| (kind, random.float()))
                .collect(),
            maps: random.of(btree_map(
                "[a-z]",
                btree_map("[a-z]", proptest::bool::ANY, 0..2),
                0..3,
            )),
            pairs: random.of(vec(("[a-z]{1,2}", 0..9), 0..3)),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_structs_are_stored_as_serde_writes_them() {
    check_fields!(Containers: part, part.long_name, part.leaf, part.leaf.number, part.leaf.note);
    check_fields!(Containers: boxed_part, boxed_part.long_name, boxed_part.leaf.note);
}

/// Changes of many elements at once are several typed changes, so that these are compared alone.
#[tokio::test(flavor = "multi_thread")]
async fn lists_and_maps_are_stored_as_serde_writes_them() {
    check_fields!(Containers: optional_part, whole, list, deque, set, map, by_kind, maps, pairs);
    check_fields!(Containers: list_of_parts, map_of_parts);
}
