use monguard::prelude::*;

mod shop {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
    pub struct Fulfilment {
        pub tracking: Option<String>,
        depot: i64,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "orders")]
    pub struct Order {
        pub amount: i64,
        margin: i64,
        pub(in crate::shop) cost: i64,
        #[monguard(nested)]
        pub fulfilment: Fulfilment,
    }

    pub fn cheap() -> Filter<Order> {
        let fields = Order::fields();
        fields.margin.lt(3).and(fields.cost.lt(3)).and(fields.fulfilment.depot.eq(7))
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "notes")]
    struct Note {
        text: String,
    }

    pub fn notes() -> String {
        Note::fields().text.path()
    }
}

fn main() {
    let _ = shop::cheap().and(shop::Order::fields().amount.gt(3));
    let _ = shop::Order::fields().fulfilment.tracking.exists();
    assert_eq!(shop::notes(), "text");
}
