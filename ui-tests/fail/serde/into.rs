use monguard::prelude::*;

#[derive(Serialize, Deserialize)]
struct Form(i64);

impl From<Order> for Form {
    fn from(order: Order) -> Self {
        Form(order.amount)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
#[serde(into = "Form")]
struct Order {
    amount: i64,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
