#![deny(missing_docs, unused, clippy::pedantic, clippy::nursery)]
//! Flattened structs, one in the other and boxed, and a map of unknown fields.

use std::collections::BTreeMap;

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Place {
    city_name: String,
    #[serde(alias = "postcode")]
    zip: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Sender {
    #[serde(flatten)]
    #[monguard(nested)]
    place: Box<Place>,
    #[monguard(nested)]
    former: Vec<Place>,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Only {
    #[serde(flatten)]
    #[monguard(nested)]
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "parcels")]
struct Parcel {
    #[serde(flatten)]
    #[monguard(nested, audit = "redact")]
    sender: Sender,
    #[monguard(nested)]
    to: Only,
    weight: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Stamped {
    version: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "letters")]
struct Letter {
    #[serde(flatten)]
    #[monguard(nested, plain)]
    stamped: Stamped,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}

async fn uses(desk: &Writer<Parcel>, parcel: &Stored<Parcel>) -> Result<(), Error> {
    desk.collection().find(|p| p.sender.place.city_name.eq("a")).await?;
    desk.collection().find(|_| filter!(Parcel { sender: { place: { zip: "1" } }, weight: 3 })).await?;
    desk.update(parcel)
        .set(|p| p.sender.place.zip, "1")
        .set(|p| p.sender.former, vec![])
        .set(|p| p.to.place.city_name, "b")
        .set(|p| p.to, Only { place: (*parcel.sender.place).clone() })
        .await?;
    Ok(())
}

fn main() {
    let _ = uses;
    let fields = Parcel::fields();
    assert_eq!(fields.sender.place.city_name.path(), "cityName");
    assert_eq!(fields.sender.former.path(), "former");
    assert_eq!(fields.to.place.zip.path(), "to.zip");
    assert_eq!(Letter::fields().stamped.version.path(), "version");
    let _ = Letter::fields().extra;
}
