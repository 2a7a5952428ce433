use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Place {
    region: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(shard_key, nested)]
    place: Place,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
