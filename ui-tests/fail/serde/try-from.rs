use monguard::prelude::*;

#[derive(Serialize, Deserialize)]
struct Form(i64);

impl TryFrom<Form> for Order {
    type Error = String;
    fn try_from(form: Form) -> Result<Self, String> {
        Ok(Order { amount: form.0 })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
#[serde(try_from = "Form")]
struct Order {
    amount: i64,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.amount.gt(3)).await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
