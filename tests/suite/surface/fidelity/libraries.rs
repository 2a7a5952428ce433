//! Dates and ids of other crates, with the helpers of `bson` and without.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use mongodb::bson::{Bson, serde_helpers};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use serde_helpers::datetime::{
    FromChrono04DateTime, FromJiff02Timestamp, FromTime03OffsetDateTime,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "libraries")]
struct Libraries {
    #[serde(with = "FromChrono04DateTime")]
    chrono: DateTime<Utc>,
    #[serde(with = "FromTime03OffsetDateTime")]
    time: OffsetDateTime,
    #[serde(with = "FromJiff02Timestamp")]
    jiff: jiff::Timestamp,
    #[serde(with = "serde_helpers::uuid_1::AsBinary")]
    uuid: Uuid,
    plain_chrono: DateTime<Utc>,
    plain_date: NaiveDate,
    plain_time: OffsetDateTime,
    plain_jiff: jiff::Timestamp,
    plain_uuid: Uuid,
    #[monguard(nested)]
    inner: Inner,
    #[serde(flatten)]
    #[monguard(nested)]
    flat: Flattened,
}

/// Serde reads these through a buffer of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Flattened {
    #[serde(with = "FromChrono04DateTime")]
    flat_chrono: DateTime<Utc>,
    #[serde(with = "FromTime03OffsetDateTime")]
    flat_time: OffsetDateTime,
    #[serde(with = "FromJiff02Timestamp")]
    flat_jiff: jiff::Timestamp,
    #[serde(with = "serde_helpers::uuid_1::AsBinary")]
    flat_uuid: Uuid,
    bson_uuid: mongodb::bson::Uuid,
    decimal: mongodb::bson::Decimal128,
    timestamp: mongodb::bson::Timestamp,
    binary: mongodb::bson::Binary,
    text: DateTime<Utc>,
    float: f32,
    letter: char,
    large: u64,
    nothing: (),
    pair: (i8, Option<u16>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Inner {
    #[serde(with = "FromChrono04DateTime")]
    chrono: DateTime<Utc>,
}

impl Specimen for Libraries {
    fn any(random: &mut Random) -> Self {
        let chrono =
            |random: &mut Random| DateTime::from_timestamp_millis(random.millis()).unwrap();
        let time = |random: &mut Random| {
            OffsetDateTime::from_unix_timestamp(random.millis() / 1000).unwrap()
        };
        let jiff =
            |random: &mut Random| jiff::Timestamp::from_millisecond(random.millis()).unwrap();
        Libraries {
            chrono: chrono(random),
            time: time(random),
            jiff: jiff(random),
            uuid: Uuid::from_bytes(random.any()),
            plain_chrono: chrono(random),
            plain_date: chrono(random).date_naive(),
            plain_time: time(random),
            plain_jiff: jiff(random),
            plain_uuid: Uuid::from_bytes(random.any()),
            inner: Inner {
                chrono: chrono(random),
            },
            flat: Flattened {
                flat_chrono: chrono(random),
                flat_time: time(random),
                flat_jiff: jiff(random),
                flat_uuid: Uuid::from_bytes(random.any()),
                bson_uuid: mongodb::bson::Uuid::from_bytes(random.any()),
                decimal: random.of(0..9_i32).to_string().parse().unwrap(),
                timestamp: mongodb::bson::Timestamp {
                    time: random.any(),
                    increment: random.any(),
                },
                binary: mongodb::bson::Binary {
                    subtype: 0x80_u8.into(),
                    bytes: vec![random.any()],
                },
                text: chrono(random),
                float: random.of(proptest::num::f32::NORMAL),
                letter: random.any(),
                large: random.of(0..=i64::MAX.unsigned_abs()),
                nothing: (),
                pair: (random.any(), random.any()),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_and_ids_under_the_helpers_are_stored_as_dates_and_uuids() {
    check_fields!(Libraries: chrono, time, jiff, uuid, inner.chrono, inner);
    let mut stage = Stage::<Libraries>::new().await;
    let value = stage.pair().0;
    let created = stage.desk.create(value).await.unwrap();
    let stored = stage.stored(&created).await;
    for name in ["chrono", "time", "jiff"] {
        assert!(
            matches!(stored.get(name), Some(Bson::DateTime(_))),
            "{name}"
        );
    }
    assert_eq!(stored.get_binary_generic("uuid").ok(), None);
    assert!(matches!(stored.get("plain_chrono"), Some(Bson::String(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_and_ids_without_a_helper_are_stored_as_their_crates_write_them() {
    check_fields!(Libraries: plain_chrono, plain_date, plain_time, plain_jiff, plain_uuid);
}

#[tokio::test(flavor = "multi_thread")]
async fn types_inside_a_flattened_struct_are_read_as_they_were_written() {
    check_fields!(Libraries: flat.flat_chrono, flat.flat_time, flat.flat_jiff, flat.flat_uuid, flat.bson_uuid);
    check_fields!(Libraries: flat.decimal, flat.timestamp, flat.binary, flat.text, flat.float, flat.letter);
    check_fields!(Libraries: flat.large, flat.nothing, flat.pair);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "addressed")]
struct Addressed {
    #[serde(flatten)]
    #[monguard(nested)]
    flat: Address,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Address {
    uuid: Uuid,
    ip: Option<IpAddr>,
}

/// The page on serde says what its buffer makes of types that ask whether a format is for people.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_a_flattened_struct_is_written_and_reported_as_unreadable() {
    let db = TestDb::new().await;
    let monguard = after_write(db.database().clone()).build().await;
    let desk = monguard.unwrap().collection::<Addressed>().by("desk");
    let uuid = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
    let of = |ip| Addressed {
        flat: Address { uuid, ip },
    };
    let created = desk.create(of(None)).await.unwrap();
    assert_eq!(created.flat.uuid, uuid);
    match desk.create(of(Some([127, 0, 0, 1].into()))).await {
        Err(Error::Decode(error)) => assert!(error.written_version().is_some()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_moment_of_a_write_is_written_as_the_field_writes_its_dates() {
    let mut stage = Stage::<Libraries>::new().await;
    let value = stage.pair().0;
    let created = stage.desk.create(value).await.unwrap();
    let update = stage.desk.update(&created).current_date(|l| l.chrono);
    let update = update.current_date(|l| l.time).current_date(|l| l.jiff);
    let written = update.current_date(|l| l.plain_chrono).await.unwrap();
    let stored = stage.stored(&written).await;
    let at = *stored.get_datetime("updatedAt").unwrap();
    for name in ["chrono", "time", "jiff"] {
        assert_eq!(stored.get_datetime(name).unwrap(), &at, "{name}");
    }
    assert_eq!(written.plain_chrono, at.to_chrono());
    assert!(matches!(stored.get("plain_chrono"), Some(Bson::String(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_under_the_helpers_compare_in_their_order() {
    let mut stage = Stage::<Libraries>::new().await;
    for seconds in [0, 10] {
        let mut value = stage.pair().0;
        value.chrono = DateTime::from_timestamp(seconds, 0).unwrap();
        value.time = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        value.jiff = jiff::Timestamp::from_second(seconds).unwrap();
        value.uuid = Uuid::from_u128(seconds.unsigned_abs().into());
        value.plain_date = value.chrono.date_naive();
        stage.desk.create(value).await.unwrap();
    }
    let libraries = stage.desk.collection();
    let fields = Libraries::fields;
    for (filter, count) in [
        (
            fields().chrono.gt(DateTime::from_timestamp(5, 0).unwrap()),
            1,
        ),
        (
            fields()
                .time
                .lt(OffsetDateTime::from_unix_timestamp(5).unwrap()),
            1,
        ),
        (
            fields().jiff.gte(jiff::Timestamp::from_second(10).unwrap()),
            1,
        ),
        (fields().uuid.gt(Uuid::nil()), 1),
        (
            fields()
                .plain_date
                .lte(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()),
            2,
        ),
    ] {
        assert_eq!(libraries.find_matching(filter).await.unwrap().len(), count);
    }
}
