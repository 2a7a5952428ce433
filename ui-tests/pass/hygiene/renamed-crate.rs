// The crate is reached by another path, and its own name leads elsewhere.
mod facade {
    pub(crate) use monguard as guard;
}

mod models {
    use super::facade::guard::prelude::*;

    mod monguard {}

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
    #[monguard(crate = "crate::facade::guard")]
    pub(crate) struct Fulfilment {
        pub(crate) tracking: Option<String>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "orders", crate = "crate::facade::guard")]
    pub(crate) struct Order {
        pub(crate) amount: i64,
        #[monguard(nested)]
        pub(crate) fulfilment: Fulfilment,
    }
}

fn main() {
    use facade::guard::Versioned as _;

    let _ = models::Order::fields().fulfilment.tracking.exists();
}
