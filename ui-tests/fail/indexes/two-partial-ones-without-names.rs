use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders", index(fields(code), partial = "cheap"))]
struct Order {
    amount: i64,
    #[monguard(index(partial = "expensive"))]
    code: String,
}

fn cheap() -> Filter<Order> {
    Order::fields().amount.lt(3)
}

fn expensive() -> Filter<Order> {
    Order::fields().amount.gt(3)
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().ensure_indexes().await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
