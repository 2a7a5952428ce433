use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L1 {
    #[monguard(nested)]
    next: L2,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L2 {
    #[monguard(nested)]
    next: L3,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L3 {
    #[monguard(nested)]
    next: L4,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L4 {
    #[monguard(nested)]
    next: L5,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L5 {
    #[monguard(nested)]
    next: L6,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L6 {
    #[monguard(nested)]
    next: L7,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L7 {
    #[monguard(nested)]
    next: L8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct L8 {
    end: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(nested)]
    next: L1,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
