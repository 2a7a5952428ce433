//! Dates and ids of other crates, with the helpers of `bson` and without.

use chrono::{DateTime, NaiveDate, Utc};
use mongodb::bson::{Bson, serde_helpers};
use monguard::prelude::*;
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
