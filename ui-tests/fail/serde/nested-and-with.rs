use monguard::prelude::*;

mod place {
    pub(crate) fn serialize<S: serde::Serializer>(_: &super::Place, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str("nowhere")
    }
    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<super::Place, D::Error> {
        let city = <String as serde::Deserialize>::deserialize(from)?;
        Ok(super::Place { city })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Place {
    city: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[serde(with = "place")]
    #[monguard(nested)]
    place: Place,
}

async fn uses(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.place.city.eq("a")).await?;
    desk.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}
