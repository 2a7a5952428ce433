use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders", index(fields(code, deleted_at), unique = "live"))]
struct Order {
    amount: i64,
    code: String,
    #[serde(rename = "deletedAt")]
    #[monguard(deleted_at)]
    deleted_at: Option<mongodb::bson::DateTime>,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.collection().ensure_indexes().await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
