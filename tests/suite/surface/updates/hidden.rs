//! Keys and values of a redacted map show nowhere.

use super::*;

const SECRET: &str = "hunter2";

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_a_redacted_map_is_in_no_error_and_no_entry() {
    let basket = Basket {
        secrets: BTreeMap::from([(SECRET.to_owned(), 1)]),
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let update = stage.desk.update(&old).inc(|b| b.secrets.key(SECRET), 41);
    assert!(!format!("{update:?}").contains(SECRET));
    let new = stage.write(update).await;
    assert_eq!(new.secrets[SECRET], 42);
    let history = stage.desk.collection().history(new.id()).await.unwrap();
    assert!(!format!("{history:?}").contains(SECRET));
    let untold = history.last().unwrap().changed(|b| b.secrets.key(SECRET));
    let error = untold.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");

    let update = || stage.desk.update(&new);
    for refused in [
        update().inc(|b| b.secrets.key(SECRET), i64::MAX),
        update()
            .inc(|b| b.secrets.key(SECRET), 1)
            .set(|b| b.secrets.key(SECRET), 1),
        update().rename_key(|b| b.secrets, "hunter1", SECRET),
        update().set(|b| b.secrets.key("hunter2.x"), 1),
    ] {
        assert!(!format!("{refused:?}").contains(SECRET));
        let error = refused.await.unwrap_err();
        let Error::InvalidUpdate(invalid) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(invalid.path(), "secrets");
        assert!(
            !format!("{error} {error:?}").contains("hunter"),
            "{error:?}"
        );
    }
    let handle = Basket::fields().secrets.key(SECRET);
    let sort = handle.ascending();
    assert!(!format!("{handle:?} {sort:?}").contains(SECRET));
    let found = stage
        .desk
        .collection()
        .find(|b| b.secrets.key("hunter2.x").eq(1))
        .await;
    let error = found.map(|_| ()).unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("hunter"),
        "{error:?}"
    );
}
