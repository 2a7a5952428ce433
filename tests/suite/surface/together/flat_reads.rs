//! Flattened structs and unknown fields in every kind of read.

use std::collections::BTreeMap;

use mongodb::bson::{Bson, doc};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::{collection, raw};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "crates", index(fields(size.width_mm, -name)))]
struct Crate {
    #[monguard(index(unique))]
    name: String,
    #[serde(flatten)]
    #[monguard(nested)]
    size: Size,
    #[serde(flatten)]
    extra: BTreeMap<String, Bson>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Size {
    #[serde(alias = "width")]
    width_mm: i32,
    label: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize, Projection)]
#[monguard(model = "Crate")]
struct Width {
    name: String,
    #[monguard(path = "size.width_mm")]
    width: i32,
}

fn of(name: &str, width_mm: i32) -> Crate {
    let label = Some(format!("{width_mm} mm"));
    Crate {
        name: name.to_owned(),
        size: Size { width_mm, label },
        extra: BTreeMap::from([("grade".to_owned(), Bson::from(name.len().to_string()))]),
    }
}

async fn crates(db: &TestDb) -> Collection<Crate> {
    let crates = collection::<Crate>(db).await;
    for (name, width) in [("a", 5), ("bb", 3), ("cc", 4)] {
        crates.by("desk").create(of(name, width)).await.unwrap();
    }
    // As an old writer stored it.
    let old = doc! { "name": "d", "width": 2, "grade": "1" };
    raw(db, "crates").insert_one(old).await.unwrap();
    crates
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_flattened_is_selected_paged_and_counted_like_any_field() {
    let db = TestDb::new().await;
    let crates = crates(&db).await;
    let all = || crates.find(|_| Filter::all()).sort(|c| c.name.ascending());
    let widths = all().select(|c| (c.name, c.size.width_mm)).await.unwrap();
    let widths: Vec<i32> = widths.into_iter().map(|(_, width)| width).collect();
    assert_eq!(widths, [5, 3, 4, 2]);
    let rows: Vec<Width> = all().select_as::<Width>().await.unwrap();
    assert_eq!(
        rows[3],
        Width {
            name: "d".into(),
            width: 2
        }
    );
    let grades = all().select(|c| c.extra.key("grade")).await.unwrap();
    assert_eq!(grades[1], Bson::from("2"));

    let by_width = || {
        crates
            .find(|c| c.size.width_mm.lt(10))
            .sort(|c| c.size.width_mm.descending())
    };
    let mut seen = Vec::new();
    let mut page = by_width()
        .page(1)
        .select(|c| c.size.width_mm)
        .await
        .unwrap();
    loop {
        seen.append(&mut page.items);
        let Some(next) = page.next else { break };
        page = by_width()
            .page(1)
            .after(next)
            .select(|c| c.size.width_mm)
            .await
            .unwrap();
    }
    seen.sort_unstable();
    assert_eq!(seen, [2, 3, 4, 5]);
    let by_grade = crates
        .find(|_| Filter::all())
        .sort(|c| c.extra.key("grade").descending());
    let first = by_grade.page(2).await.unwrap();
    assert!(first.items.iter().all(|c| c.name.len() == 2));

    let mut distinct = crates.distinct(|c| c.size.width_mm).await.unwrap();
    distinct.sort_unstable();
    assert_eq!(distinct, [2, 3, 4, 5]);
    let some = crates
        .distinct(|c| c.size.width_mm)
        .filter(|c| c.extra.key("grade").eq(Bson::from("1")));
    let mut some = some.await.unwrap();
    some.sort_unstable();
    assert_eq!(some, [2, 5]);
    let grades = crates.distinct(|c| c.extra.key("grade")).await.unwrap();
    assert_eq!(grades.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_flattened_is_indexed_under_its_stored_name() {
    let db = TestDb::new().await;
    crates(&db).await;
    let names = raw(&db, "crates").list_index_names().await.unwrap();
    assert!(names.contains(&"widthMm_1_name_-1".to_owned()), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_filters_and_updates_know_what_is_flattened() {
    let db = TestDb::new().await;
    let crates = crates(&db).await;
    let found = crates.find(|_| Filter::all());
    let found =
        found.filter_document(doc! { "widthMm": { "$gt": 3 }, "grade": "1", "deep.er": null });
    let found = found.await.unwrap();
    assert_eq!(found.len(), 1);
    let desk = crates.by("desk");
    let update = desk.update(&found[0]).update_document(doc! {
        "$set": { "widthMm": 8, "fresh": { "a": 1 } }, "$unset": { "grade": "" },
    });
    let written = update.await.unwrap();
    assert_eq!(
        (written.size.width_mm, written.version().get()),
        (8, Some(2))
    );
    assert_eq!(
        written.extra,
        BTreeMap::from([("fresh".into(), doc! { "a": 1 }.into())])
    );
    for (operator, path) in [
        ("$set", "__v"),
        ("$set", "deletedAt"),
        ("$unset", "_id"),
        ("$set", "__w"),
        ("$set", "updatedAt.x"),
    ] {
        let refused = desk
            .update(&written)
            .update_document(doc! { operator: { path: 1 } })
            .await;
        assert!(
            matches!(refused, Err(Error::InvalidUpdate(_))),
            "{path}: {refused:?}"
        );
    }
    let unreadable = desk
        .update(&written)
        .update_document(doc! { "$set": { "widthMm": "x" } })
        .await;
    assert!(
        matches!(unreadable, Err(Error::InvalidUpdate(_))),
        "{unreadable:?}"
    );
    // The alias of a flattened field is no unknown field.
    let alias = desk
        .update(&written)
        .update_document(doc! { "$set": { "width": 1 } })
        .await;
    assert!(matches!(alias, Err(Error::InvalidUpdate(_))), "{alias:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_tells_what_became_of_flattened_and_unknown_fields() {
    let db = TestDb::new().await;
    let crates = crates(&db).await;
    let desk = crates.by("desk");
    let first = crates.find_one(|c| c.name.eq("a")).await.unwrap().unwrap();
    let second = desk
        .update(&first)
        .inc(|c| c.size.width_mm, 2)
        .set(|c| c.extra.key("grade"), Bson::from("9"))
        .await
        .unwrap();
    let history = crates.history(second.id()).await.unwrap();
    let width = history[1].changed(|c| c.size.width_mm).unwrap().unwrap();
    assert_eq!((width.old, width.new), (5, 7));
    let grade = history[1]
        .changed(|c| c.extra.key("grade"))
        .unwrap()
        .unwrap();
    assert_eq!((grade.old, grade.new), (Bson::from("1"), Bson::from("9")));
    assert!(history[1].changed(|c| c.size.label).unwrap().is_none());
}
