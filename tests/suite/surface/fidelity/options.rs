//! Null and absent, and fields that serde leaves out.

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "options")]
struct Options {
    plain: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<i32>,
    #[serde(default = "seven", skip_serializing_if = "is_seven")]
    number: i32,
    #[serde(default)]
    defaulted: Option<bool>,
    #[allow(clippy::option_option)] // what serde makes of it is what is tested
    twice: Option<Option<i32>>,
    #[monguard(nested)]
    inner: Inner,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(default)]
struct Inner {
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<i32>,
    plain: Option<i32>,
}

fn seven() -> i32 {
    7
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes references
fn is_seven(number: &i32) -> bool {
    *number == 7
}

impl Specimen for Options {
    fn any(random: &mut Random) -> Self {
        Options {
            plain: random.any(),
            left_out: random.any::<bool>().then(|| random.word()),
            list: random.of(proptest::collection::vec(0..9, 0..3)),
            number: random.of(6..9),
            defaulted: random.any(),
            twice: random.any::<Option<i32>>().map(Some),
            inner: Inner {
                left_out: random.any(),
                plain: random.any(),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_serde_leaves_out_are_left_out() {
    check_fields!(Options: plain, left_out, list, number, defaulted, twice, inner.left_out, inner.plain, inner);
}

#[tokio::test(flavor = "multi_thread")]
async fn null_and_absent_are_both_written() {
    let mut stage = Stage::<Options>::new().await;
    let options = Options {
        plain: Some(1),
        left_out: None,
        defaulted: Some(true),
        ..stage.pair().0
    };
    let created = stage.desk.create(options).await.unwrap().into_stored();

    let null = stage
        .desk
        .update(&created)
        .set(|o| o.plain, None)
        .await
        .unwrap();
    assert_eq!(stage.stored(&null).await.get("plain"), Some(&Bson::Null));
    let absent = stage.desk.update(&null).unset(|o| o.plain).await.unwrap();
    assert_eq!(stage.stored(&absent).await.get("plain"), None);
    assert_eq!((null.plain, absent.plain), (None, None));
    assert_eq!((null.version(), absent.version()), (2.into(), 3.into()));

    let entries = stage.desk.collection().history(created.id()).await.unwrap();
    let logged = |index: usize| match &entries[index].change {
        EntryChange::Delta(delta) => delta.iter().next().map(|c| (c.old.clone(), c.new.clone())),
        other => panic!("{other:?}"),
    };
    let one = Some(Bson::Int32(1));
    assert_eq!(logged(1), Some((one, Some(Bson::Null))));
    assert_eq!(logged(2), Some((Some(Bson::Null), None)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_serde_reads_is_read() {
    let stage = Stage::<Options>::new().await;
    let raw = stage.db.database().collection("options");
    raw.insert_one(doc! { "_id": mongodb::bson::oid::ObjectId::new(), "inner": {} })
        .await
        .unwrap();
    let found = stage
        .desk
        .collection()
        .find_one(|_| Filter::all())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.number, found.inner.clone()), (7, Inner::default()));
    // What was absent and read as its default is as it was, after another field was written.
    let updated = stage.desk.update(&found).set(|o| o.plain, 1).await.unwrap();
    let expected = doc! { "plain": 1, "inner": {} };
    assert_eq!(
        super::stage::plain(&stage.stored(&updated).await),
        super::stage::plain(&expected)
    );
}
