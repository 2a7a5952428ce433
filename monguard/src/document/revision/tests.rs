use mongodb::bson::{Binary, Bson, Document, bson, doc};
use mongodb::bson::{DateTime, Uuid, oid::ObjectId, spec::BinarySubtype};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::Revision;
use crate::Versioned;
use crate::document::{Counter, FieldMeta, Meta, Token};
use crate::error::InvalidRevisionReason as Reason;
use crate::guard::State;
use crate::value::{EncodeError, OpaqueKind, arbitrary, decode, encode_value, write_opaque};

/// A model of this collection, id and version, sharded by these fields.
macro_rules! model {
    ($name:ident, $collection:literal, $id:ty, $version:ty, $fields:expr) => {
        #[derive(Serialize, Deserialize)]
        struct $name;

        impl Versioned for $name {
            type Fields = ();
            type Id = $id;
            type Locator = $id;
            type Version = $version;
            const COLLECTION: &'static str = $collection;
            const META: Meta = Meta::new(stringify!($name), $fields);
            fn fields() {}
            fn locator(_: &Self, id: $id) -> $id {
                id
            }
        }
    };
}

model!(Order, "orders", ObjectId, Counter, &[]);
model!(Renamed, "orders", String, Counter, &[]);
model!(Tokened, "orders", ObjectId, Token, &[]);
model!(Invoice, "invoices", ObjectId, Counter, &[]);
model!(Anything, "things", Bson, Counter, &[]);
model!(
    Shipment,
    "shipments",
    ObjectId,
    Token,
    &[FieldMeta::new("region", "region").shard_key()]
);

fn revision<T: Versioned>(
    id: T::Id,
    shard_key: Document,
    version: T::Version,
    state: State,
) -> Revision<T> {
    Revision {
        id,
        stored_id: None,
        shard_key,
        version,
        state: Some(state),
    }
}

fn order() -> Revision<Order> {
    let state = State {
        operation: Some(bson!(ObjectId::from_bytes([2; 12]))),
        updated_at: Some(bson!(DateTime::from_millis(5))),
    };
    let id = ObjectId::from_bytes([1; 12]);
    revision(id, Document::new(), 3.into(), state)
}

#[track_caller]
fn assert_same<T: Versioned>(read: &Revision<T>, written: &Revision<T>) {
    let base = |revision: &Revision<T>| revision.base().unwrap().filter();
    assert_eq!(base(read), base(written));
    assert_eq!(read.version(), written.version());
    assert_eq!(read.is_whole(), written.is_whole());
}

fn refused<T: Versioned>(word: &str) -> Reason {
    let read = word.parse::<Revision<T>>();
    read.expect_err("it is no revision").reason()
}

#[test]
fn the_whole_base_leaves_and_comes_back() {
    let written = order();
    assert_same(&written.to_string().parse().unwrap(), &written);
    assert_same(&Revision::from_etag(&written.to_etag()).unwrap(), &written);
    let json = serde_json::to_string(&written).unwrap();
    assert_eq!(json, format!("\"{written}\""));
    assert_same(&serde_json::from_str(&json).unwrap(), &written);
    let bson = encode_value(&written).unwrap();
    assert!(bson.as_document().is_some(), "{bson}");
    assert_same(&decode(&bson).unwrap(), &written);
    // From a value as well as from bytes, and whichever of the two it was written as.
    for written_as in [bson.clone(), bson!(written.to_string())] {
        let read = mongodb::bson::deserialize_from_bson(written_as);
        assert_same(&read.unwrap(), &written);
    }
    assert!(decode::<Revision<Order>>(&bson!(1)).is_err());
}

#[test]
fn a_shard_key_and_a_token_come_back_too() {
    let token = Token::from(Uuid::new());
    let key = doc! { "region": "eu" };
    let written = revision::<Shipment>(ObjectId::new(), key, token, State::default());
    let read: Revision<Shipment> = written.to_string().parse().unwrap();
    assert_same(&read, &written);
    assert_eq!(
        read.base().unwrap().place.shard_key,
        doc! { "region": "eu" }
    );
}

#[test]
fn a_bare_version_stays_bare_and_null_stays_apart_from_absent() {
    let bare = Revision::<Order>::from_version(ObjectId::new(), Counter::ABSENT);
    let read: Revision<Order> = bare.to_string().parse().unwrap();
    assert!(!read.is_whole() && read.version().is_absent());
    for operation in [None, Some(Bson::Null)] {
        let state = State {
            operation: operation.clone(),
            updated_at: None,
        };
        let written = revision::<Order>(ObjectId::new(), doc! {}, 1.into(), state.clone());
        let read: Revision<Order> = written.to_string().parse().unwrap();
        assert_eq!(read.state, Some(state));
    }
}

#[test]
fn a_revision_of_another_model_is_refused() {
    let word = order().to_string();
    assert_eq!(refused::<Invoice>(&word), Reason::OtherCollection);
    assert_eq!(refused::<Renamed>(&word), Reason::OtherModel);
    assert_eq!(refused::<Tokened>(&word), Reason::OtherModel);
    let text = word.parse::<Revision<Invoice>>().unwrap_err().to_string();
    assert_eq!(
        text,
        "not a revision of `Invoice` in `invoices`: it is of another collection"
    );
    let json = serde_json::to_string(&order()).unwrap();
    assert!(serde_json::from_str::<Revision<Invoice>>(&json).is_err());
    assert!(decode::<Revision<Invoice>>(&encode_value(&order()).unwrap()).is_err());
}

#[test]
fn the_shard_key_is_that_of_the_model() {
    let token = Bson::Binary(Binary::from(Uuid::new()));
    let word = |shard_key: Option<Bson>| {
        let mut document = doc! { "f": 1, "c": "shipments", "i": ObjectId::new(), "v": &token };
        document.extend(shard_key.map(|key| ("s".to_owned(), key)));
        write_opaque(OpaqueKind::Revision, &document).unwrap()
    };
    for key in [
        None,
        Some(bson!({})),
        Some(bson!({ "zone": "eu" })),
        Some(bson!({ "region": "eu", "zone": 1 })),
    ] {
        assert_eq!(refused::<Shipment>(&word(key)), Reason::OtherModel);
    }
    assert_eq!(
        refused::<Shipment>(&word(Some(bson!(1)))),
        Reason::Malformed
    );
    assert!(
        word(Some(bson!({ "region": 1 })))
            .parse::<Revision<Shipment>>()
            .is_ok()
    );
}

#[test]
fn what_an_if_match_header_holds_is_one_strong_tag() {
    let tag = order().to_etag();
    let read = |header: &str| Revision::<Order>::from_etag(header);
    assert_same(&read(&format!(" \t{tag} ")).unwrap(), &order());
    let word = order().to_string();
    for (header, reason) in [
        (format!("W/{tag}"), Reason::WeakTag),
        (format!("W/{tag}, {tag}"), Reason::WeakTag),
        (format!("{tag}, {tag}"), Reason::ManyTags),
        (format!("{tag} ,"), Reason::ManyTags),
        ("*".to_owned(), Reason::AnyTag),
        (word.clone(), Reason::NotATag),
        (format!("\"{word}"), Reason::NotATag),
        (format!("{tag}x"), Reason::NotATag),
        (format!("'{word}'"), Reason::NotATag),
        (String::new(), Reason::NotATag),
        ("\"\"".to_owned(), Reason::Malformed),
        ("\"v3\"".to_owned(), Reason::Malformed),
        ("\"a,b\"".to_owned(), Reason::Malformed),
    ] {
        let refused = read(&header).expect_err(&header).reason();
        assert_eq!(refused, reason, "{header}");
    }
}

#[test]
fn what_has_no_bson_form_is_shown_and_read_as_none() {
    model!(Vast, "vast", u64, Counter, &[]);
    let revision = Revision::<Vast>::from_version(u64::MAX, 1);
    assert_eq!(revision.to_string(), "unencodable");
    assert_eq!(refused::<Vast>(&revision.to_string()), Reason::Malformed);
    assert!(serde_json::to_string(&revision).is_err());
}

#[test]
fn an_id_that_looks_like_operators_is_a_value() {
    let id = bson!({ "$ne": null });
    let written = Revision::<Anything>::from_version(id.clone(), 1);
    let read: Revision<Anything> = written.to_string().parse().unwrap();
    let filter = read.base().unwrap().filter();
    assert_eq!(filter.get("_id"), Some(&bson!({ "$eq": id })));
}

fn encoded(id: &Bson) -> Result<Revision<Anything>, EncodeError> {
    encode_value(id).map(|_| Revision::from_version(id.clone(), 1))
}

proptest! {
    #[test]
    fn every_base_comes_back(
        id in arbitrary::scalar(),
        version in proptest::option::of(any::<i64>()),
        operation in proptest::option::of(arbitrary::scalar()),
        updated_at in proptest::option::of(arbitrary::scalar()),
    ) {
        let version = version.map_or(Counter::ABSENT, Counter::from);
        let state = State { operation, updated_at };
        let written = revision::<Anything>(id, Document::new(), version, state);
        let read = Revision::from_etag(&written.to_etag()).unwrap();
        let base = |revision: &Revision<Anything>| format!("{:?}", revision.base().unwrap());
        prop_assert_eq!(base(&read), base(&written));
        let json: Revision<Anything> =
            serde_json::from_str(&serde_json::to_string(&written).unwrap()).unwrap();
        prop_assert_eq!(base(&json), base(&written));
        let bson: Revision<Anything> = decode(&encode_value(&written).unwrap()).unwrap();
        prop_assert_eq!(base(&bson), base(&written));
    }

    #[test]
    fn nothing_that_a_client_sends_is_a_panic(
        text in ".*",
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        document in arbitrary::document(3),
        at in any::<prop::sample::Index>(),
        to in any::<char>(),
    ) {
        prop_assert!(Revision::<Order>::from_etag(&text).is_err());
        prop_assert!(text.parse::<Revision<Order>>().is_err());
        let raw = crate::value::write_opaque_bytes(OpaqueKind::Revision, &bytes);
        prop_assert!(raw.parse::<Revision<Order>>().is_err());
        let word = write_opaque(OpaqueKind::Revision, &document).unwrap();
        prop_assert!(word.parse::<Revision<Order>>().is_err());
        // One character is another: the checksum notices.
        let mut word: Vec<char> = order().to_string().chars().collect();
        let at = at.index(word.len());
        prop_assume!(word[at] != to);
        word[at] = to;
        let word: String = word.into_iter().collect();
        prop_assert_eq!(refused::<Order>(&word), Reason::Malformed);
    }

    #[test]
    fn any_part_of_a_revision_may_be_anything(
        id in arbitrary::scalar(),
        version in arbitrary::scalar(),
        state in arbitrary::scalar(),
    ) {
        let document = doc! { "f": 1, "c": "things", "i": id.clone(), "v": version, "b": state };
        let word = write_opaque(OpaqueKind::Revision, &document).unwrap();
        if let Ok(read) = word.parse::<Revision<Anything>>() {
            prop_assert_eq!(read.to_string().parse::<Revision<Anything>>().unwrap().to_string(), read.to_string());
        }
        prop_assert!(encoded(&id).is_ok());
        let subtype = BinarySubtype::UuidOld;
        let old = Bson::Binary(Binary { subtype, bytes: vec![0; 16] });
        let document = doc! { "f": 1, "c": "orders", "i": ObjectId::new(), "v": old };
        let word = write_opaque(OpaqueKind::Revision, &document).unwrap();
        prop_assert_eq!(refused::<Tokened>(&word), Reason::OtherModel);
    }
}
