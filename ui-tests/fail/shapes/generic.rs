use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order<T> {
    item: T,
}

async fn uses(desk: &Writer<Order<i64>>, order: &Stored<Order<i64>>) -> Result<(), Error> {
    desk.collection().find(|_| Filter::all()).await?;
    desk.delete(order).await?;
    Ok(())
}

fn main() {}
