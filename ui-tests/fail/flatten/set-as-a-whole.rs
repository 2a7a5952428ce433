use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Place {
    city: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[serde(flatten)]
    #[monguard(nested)]
    place: Place,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>, place: Place) -> Result<(), Error> {
    desk.update(order).set(|o| o.place, place).await?;
    Ok(())
}

fn main() {}
