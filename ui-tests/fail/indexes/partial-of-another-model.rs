use monguard::prelude::*;
use monguard_ui_tests::shop::Invoice;

fn of_invoices() -> Filter<Invoice> {
    Invoice::fields().total.gt(3)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(index(partial = "of_invoices"))]
    code: String,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.collection().ensure_indexes().await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
