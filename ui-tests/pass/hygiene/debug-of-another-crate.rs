// A derive called `Debug` or `Clone` may be anything.
use monguard::prelude::*;

mod other {
    macro_rules! vec {
        () => {};
    }
    pub(crate) use vec;
}
#[allow(unused_imports)]
use other::vec;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
}

fn main() {
    let _ = Order::fields().amount.gt(3);
}
