use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(nested)]
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Place {
    #[monguard(shard_key)]
    region: String,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.update(order).set(|o| o.place.region, "eu").await?;
    Ok(())
}

fn main() {}
