//! Models for the tests of the audit.

use mongodb::bson::{Bson, Document};
use proptest::prelude::*;

use crate::{
    document::{FieldMeta, Meta, Shape},
    value::arbitrary,
};

/// Stands in redacted and skipped places only.
pub(crate) const SECRET: &str = "SENTINEL";

/// A model that hides nothing.
pub(crate) const OPEN: Meta = Meta::new("Open", &[]);

/// A model that hides at every kind of place.
pub(crate) const ACCOUNT: Meta = Meta::new("Account", &ACCOUNT_FIELDS);

static ACCOUNT_FIELDS: [FieldMeta; 7] = [
    FieldMeta::new("name", "name"),
    FieldMeta::new("card_token", "cardToken").audit_redact(),
    FieldMeta::new("pin", "pin")
        .audit_redact()
        .aliases(&["oldPin"]),
    FieldMeta::new("note", "note")
        .audit_skip()
        .aliases(&["oldNote"]),
    FieldMeta::new("address", "address").nested(address),
    FieldMeta::new("contacts", "contacts").nested(addresses),
    FieldMeta::new("by_name", "byName").nested(addresses_by_name),
];

static ADDRESS_FIELDS: [FieldMeta; 4] = [
    FieldMeta::new("street", "street"),
    FieldMeta::new("door", "door").audit_redact(),
    FieldMeta::new("memo", "memo").audit_skip(),
    FieldMeta::new("former", "former").nested(addresses),
];

fn address() -> Shape {
    Shape::Struct(&ADDRESS_FIELDS)
}

fn addresses() -> Shape {
    Shape::List(address)
}

fn addresses_by_name() -> Shape {
    Shape::Map(address)
}

/// A secret of any kind that holds the sentinel.
fn secret() -> impl Strategy<Value = Bson> {
    prop_oneof![
        Just(Bson::String(SECRET.to_owned())),
        (0_i32..3).prop_map(|n| Bson::Array(vec![Bson::Int32(n), Bson::String(SECRET.to_owned())])),
        (0_i32..3).prop_map(|n| Bson::Document(
            mongodb::bson::doc! { "n": n, "deep": { SECRET: SECRET } }
        )),
        Just(Bson::Null),
    ]
}

/// A secret that is no document: a document would be taken for one with unknown fields.
fn misplaced() -> impl Strategy<Value = Bson> {
    prop_oneof![
        Just(Bson::String(SECRET.to_owned())),
        Just(Bson::Array(vec![Bson::String(SECRET.to_owned())])),
    ]
}

fn address_value(levels: u32) -> BoxedStrategy<Bson> {
    let inner = if levels == 0 {
        Just(Bson::Null).boxed()
    } else {
        list(levels - 1)
    };
    let fields = (
        any::<[bool; 4]>(),
        arbitrary::value(1),
        secret(),
        secret(),
        inner,
    );
    let right = fields.prop_map(|(present, street, door, memo, former)| {
        let fields = [
            ("street", street),
            ("door", door),
            ("memo", memo),
            ("former", former),
        ];
        Bson::Document(chosen(fields, present))
    });
    prop_oneof![8 => right, 1 => misplaced()].boxed()
}

fn list(levels: u32) -> BoxedStrategy<Bson> {
    let right = proptest::collection::vec(address_value(levels), 0..4).prop_map(Bson::Array);
    let long =
        (20_usize..23, address_value(0)).prop_map(|(len, item)| Bson::Array(vec![item; len]));
    prop_oneof![8 => right, 1 => long, 1 => secret()].boxed()
}

/// A stored document of [`ACCOUNT`] whose hidden places hold [`SECRET`].
pub(crate) fn account() -> impl Strategy<Value = Document> {
    let names = prop_oneof![Just("a"), Just("b"), Just("a.b"), Just("$c"), Just("")];
    let map = proptest::collection::vec((names, address_value(1)), 0..4).prop_map(|fields| {
        Bson::Document(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    });
    let map = prop_oneof![8 => map, 1 => misplaced()];
    let open = (arbitrary::value(1), arbitrary::value(2));
    let secrets = (secret(), secret(), secret(), secret());
    (
        any::<[bool; 9]>(),
        open,
        secrets,
        address_value(1),
        list(1),
        map,
    )
        .prop_map(
            |(present, (name, unknown), (card, pin, old, note), address, contacts, map)| {
                let fields = [
                    ("name", name),
                    ("un.known", unknown),
                    ("cardToken", card),
                    ("pin", pin),
                    ("oldPin", old),
                    ("note", note),
                    ("address", address),
                    ("contacts", contacts),
                    ("byName", map),
                ];
                chosen(fields, present)
            },
        )
}

fn chosen<const N: usize>(fields: [(&str, Bson); N], present: [bool; N]) -> Document {
    let chosen = fields
        .into_iter()
        .zip(present)
        .filter(|(_, present)| *present);
    chosen
        .map(|((name, value), _)| (name.to_owned(), value))
        .collect()
}
