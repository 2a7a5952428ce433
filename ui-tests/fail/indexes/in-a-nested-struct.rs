use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Contact {
    #[monguard(index(unique))]
    email: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    #[monguard(nested)]
    contact: Contact,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.update(order).set(|o| o.contact.email, "a@b.c").await?;
    Ok(())
}

fn main() {}
