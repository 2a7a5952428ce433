use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable)]
enum Order {
    Placed,
}

fn main() {}
