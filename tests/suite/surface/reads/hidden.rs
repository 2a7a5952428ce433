//! What a model hides can be read, and shows in no cursor, error or trace of a read.

use mongodb::bson::{Document, doc, oid::ObjectId};
use monguard::Cursor;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::traces::Traces;

use super::stage::{collection, insert};

/// Stands in hidden places only.
const SECRET: &str = "SENTINEL-77b1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "cards")]
struct Card {
    holder: String,
    #[monguard(audit = "redact")]
    number: String,
    #[monguard(nested)]
    limits: Limits,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Limits {
    daily: i64,
    #[monguard(audit = "skip")]
    secret: String,
}

fn card(holder: &str) -> Document {
    doc! {
        "_id": ObjectId::new(), "holder": holder, "number": SECRET,
        "limits": { "daily": 5_i64, "secret": SECRET },
    }
}

fn assert_hides(text: &str) {
    assert!(!text.contains(SECRET), "{text}");
}

fn assert_error_hides(error: &Error) {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        assert_hides(&format!("{error} {error:?}"));
        next = error.source();
    }
}

/// The bytes that a cursor is made of, as far as they are text.
fn inside(cursor: &Cursor) -> String {
    let decoded = base64_url(&cursor.to_string());
    String::from_utf8_lossy(&decoded).into_owned()
}

fn base64_url(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut buffer) = (Vec::new(), 0, 0_u32);
    for char in text.chars() {
        let value = ALPHABET
            .find(char)
            .and_then(|place| u32::try_from(place).ok());
        buffer = (buffer << 6 | value.unwrap()) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xff).unwrap());
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_values_are_read_and_are_in_no_cursor() {
    let db = TestDb::new().await;
    let cards = collection::<Card>(&db).await;
    insert(&db, "cards", vec![card("a"), card("b")]).await;
    let find = || cards.find(|c| c.number.eq(SECRET).and(c.limits.daily.gt(0)));
    let page = find().sort(|c| c.holder.ascending().then(c.limits.daily.ascending()));
    let page = page
        .page(1)
        .select(|c| (c.number, c.limits.secret))
        .await
        .unwrap();
    assert_eq!(page.items, [(SECRET.to_owned(), SECRET.to_owned())]);
    let cursor = page.next.unwrap();
    let bytes = inside(&cursor);
    // That the bytes are those of the cursor: the shown value is in them.
    assert!(bytes.contains("a\0"), "{bytes}");
    assert_hides(&bytes);
    assert_hides(&format!("{cursor:?}"));
    // The filter's hidden values are not in the digest either: nothing to try values on.
    let other = cards.find(|c| c.number.eq("other").and(c.limits.daily.gt(0)));
    let other = other.sort(|c| c.holder.ascending().then(c.limits.daily.ascending()));
    assert!(other.page(1).after(cursor).await.unwrap().items.is_empty());
    for sort in [
        Card::fields().number.ascending(),
        Card::fields().limits.ascending(),
    ] {
        let error = find().sort(|_| sort).page(1).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRead(_)), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_traces_of_reads_hide_values() {
    let db = TestDb::new().await;
    let traces = Traces::record();
    let cards = collection::<Card>(&db).await;
    let mut odd = card("a");
    odd.insert("number", doc! { SECRET: SECRET });
    odd.insert("limits", doc! { "daily": SECRET, "secret": [SECRET] });
    insert(&db, "cards", vec![odd]).await;
    let all = || cards.find(|_| Filter::all());
    for error in [
        all().select(|c| c.number).await.unwrap_err(),
        all().select(|c| c.limits).await.unwrap_err(),
        all().select(|c| c.limits.daily).await.unwrap_err(),
        all()
            .select(|c| c.limits.secret)
            .with_revision()
            .await
            .unwrap_err(),
        cards.distinct(|c| c.number).await.unwrap_err(),
        cards.distinct(|c| c.limits.daily).await.unwrap_err(),
        cards.aggregate::<Card>([]).await.unwrap_err(),
        all().page(1).await.map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        assert_error_hides(&error);
    }
    let find = all().select(|c| c.number);
    assert_hides(&format!(
        "{find:?} {:?}",
        cards.aggregate::<Card>([doc! { "$match": { "number": SECRET } }])
    ));
    assert_hides(&traces.lines().join("\n"));
}
