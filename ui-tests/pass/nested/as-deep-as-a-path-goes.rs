use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L1 {
    #[monguard(nested)]
    next: L2,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L2 {
    #[monguard(nested)]
    next: L3,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L3 {
    #[monguard(nested)]
    next: L4,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L4 {
    #[monguard(nested)]
    next: L5,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L5 {
    #[monguard(nested)]
    next: L6,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L6 {
    #[monguard(nested)]
    next: L7,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L7 {
    end: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "deep")]
struct Deep {
    #[monguard(nested)]
    next: L1,
}

fn main() {
    let path = Deep::fields().next.next.next.next.next.next.next.end.path();
    assert_eq!(path, "next.next.next.next.next.next.next.end");
}
