use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = 3)]
struct Order {
    amount: i64,
    #[monguard(cascade)]
    note: String,
    #[monguard(audit = 1)]
    place: String,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
