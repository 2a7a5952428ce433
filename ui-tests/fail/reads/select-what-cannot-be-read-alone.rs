use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq)]
struct Foreign(i64);

mod foreign {
    use super::Foreign;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(foreign: &Foreign, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(foreign.0)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Foreign, D::Error> {
        i64::deserialize(from).map(Foreign)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[serde(with = "foreign")]
    foreign: Foreign,
}

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.amount.gt(3)).select(|o| (o.amount, o.foreign)).await?;
    Ok(())
}

fn main() {}
