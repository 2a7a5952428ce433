use std::collections::{BTreeMap, HashMap};

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Tree {
    name: String,
    #[monguard(nested)]
    children: Vec<Self>,
    #[monguard(nested)]
    named: HashMap<String, Tree>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Leaf {
    #[monguard(nested)]
    tree: Option<Tree>,
    #[monguard(audit = "redact")]
    secret: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "trees")]
struct Wood {
    #[monguard(nested)]
    tree: Tree,
    #[monguard(nested)]
    leaves: BTreeMap<String, Leaf>,
    #[monguard(audit = "redact")]
    hidden: Vec<Leaf>,
    #[monguard(nested, audit = "redact")]
    both: Option<Leaf>,
}

fn main() {
    assert_eq!(Wood::fields().tree.children.path(), "tree.children");
    assert_eq!(Wood::fields().both.tree.name.path(), "both.tree.name");

    fn inside(change: WoodChange) -> bool {
        matches!(change, WoodChange::Tree(TreeChange::Children(part)) if matches!(*part, Part::Inside(0, _)))
    }
    let _ = inside;
}
