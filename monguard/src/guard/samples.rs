//! Models for the unit tests of writes.

use mongodb::bson::oid::ObjectId;

use crate::Versioned;
use crate::document::{Counter, FieldMeta, Meta, Token};

macro_rules! model {
    ($name:ident, $version:ty, $fields:expr) => {
        #[derive(serde::Serialize, serde::Deserialize)]
        pub(super) struct $name;

        impl Versioned for $name {
            type Fields = ();
            type Id = ObjectId;
            type Locator = ObjectId;
            type Version = $version;
            const COLLECTION: &'static str = "models";
            const META: Meta = Meta::new("Model", $fields);
            fn fields() {}
            fn locator(_: &Self, id: ObjectId) -> ObjectId {
                id
            }
        }
    };
}

model!(Model, Counter, &[]);
model!(Tokened, Token, &[]);
model!(
    Sharded,
    Counter,
    &[FieldMeta::new("region", "region").shard_key()]
);
