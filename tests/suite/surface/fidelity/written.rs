//! Fields that a function writes, bytes, and the types of BSON.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Decimal128, Document, Timestamp, Uuid, serde_helpers};
use monguard::prelude::*;
use proptest::collection::vec;
use serde::{Deserializer, Serializer};

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "written")]
struct Written {
    #[serde(with = "spelled")]
    module: i64,
    #[serde(
        serialize_with = "spelled::serialize",
        deserialize_with = "spelled::deserialize"
    )]
    functions: i64,
    #[serde(with = "spelled", skip_serializing_if = "is_zero", default)]
    both: i64,
    #[serde(deserialize_with = "null_as_empty")]
    read_only_function: String,
    list_of_numbers: Vec<u8>,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    #[serde(with = "serde_bytes")]
    optional_bytes: Option<Vec<u8>>,
    byte_buffer: serde_bytes::ByteBuf,
    binary: Binary,
    date: DateTime,
    object_id: ObjectId,
    decimal: Decimal128,
    timestamp: Timestamp,
    uuid: Uuid,
    anything: Bson,
    document: Document,
    #[serde(with = "serde_helpers::object_id::AsHexString")]
    hex: ObjectId,
    #[serde(with = "serde_helpers::datetime::AsRfc3339String")]
    text_date: DateTime,
    #[serde(with = "serde_helpers::u32::AsI32")]
    seconds: u32,
    #[serde(with = "serde_helpers::u64::AsF64")]
    float: u64,
}

/// A number as a text.
mod spelled {
    use super::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde hands a reference to every field
    pub(super) fn serialize<S: Serializer>(number: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("no. {number}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = String::deserialize(from)?;
        let number = text
            .strip_prefix("no. ")
            .and_then(|number| number.parse().ok());
        number.ok_or_else(|| serde::de::Error::custom("not a number"))
    }
}

fn null_as_empty<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes references
fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn bytes(random: &mut Random) -> Vec<u8> {
    random.of(vec(proptest::num::u8::ANY, 0..5))
}

impl Specimen for Written {
    fn any(random: &mut Random) -> Self {
        let binary = |random: &mut Random| Binary {
            subtype: BinarySubtype::UserDefined(0x80),
            bytes: bytes(random),
        };
        Written {
            module: random.any(),
            functions: random.any(),
            both: random.of(0..2_i64),
            read_only_function: random.word(),
            list_of_numbers: bytes(random),
            bytes: bytes(random),
            optional_bytes: random.any::<bool>().then(|| bytes(random)),
            byte_buffer: serde_bytes::ByteBuf::from(bytes(random)),
            binary: binary(random),
            date: DateTime::from_millis(random.millis()),
            object_id: ObjectId::from_bytes(random.any()),
            decimal: format!("{}.{}", random.of(0..99), random.of(0..99))
                .parse()
                .unwrap(),
            timestamp: Timestamp {
                time: random.any(),
                increment: random.any(),
            },
            uuid: Uuid::from_bytes(random.any()),
            anything: match random.of(0..4) {
                0 => Bson::Int32(random.any()),
                1 => Bson::Binary(binary(random)),
                2 => Bson::Array(vec![Bson::Null, Bson::String(random.word())]),
                _ => Bson::JavaScriptCode(random.word()),
            },
            document: [(random.word(), Bson::Int64(random.any()))]
                .into_iter()
                .collect(),
            hex: ObjectId::from_bytes(random.any()),
            text_date: DateTime::from_millis(random.millis()),
            seconds: random.of(0..i32::MAX.unsigned_abs()),
            float: random.of(0..1_u64 << 50),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_of_a_field_decide_how_it_is_stored() {
    check_fields!(Written: module, functions, both, read_only_function, hex, text_date, seconds, float);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_stored_as_serde_writes_them() {
    check_fields!(Written: list_of_numbers, bytes, optional_bytes, byte_buffer, binary);
}

#[tokio::test(flavor = "multi_thread")]
async fn types_of_bson_are_stored_as_what_they_are() {
    check_fields!(Written: date, object_id, decimal, timestamp, uuid, anything, document);
}
