use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
}

fn mistake(old: &Stored<Order>, new: &Stored<Order>) -> Result<(), Error> {
    let _ = new.changes_since(old)?;
    Ok(())
}

fn main() {}
