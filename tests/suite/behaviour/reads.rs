//! Finding documents.

use futures_util::{StreamExt, TryStreamExt};
use mongodb::bson::{DateTime, Uuid, doc};
use monguard::filter;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{
    Country, Device, Order, OrderStatus, Seat, SeatPlace, Tally, Ticket, Wide,
};

use super::stage::{collection, raw};

async fn tallies(db: &TestDb) -> Collection<Tally> {
    let tallies = collection::<Tally>(db).await;
    let desk = tallies.by("desk");
    for total in 1..=9 {
        desk.create(Tally { total }).await.unwrap();
    }
    tallies
}

fn totals(found: &[Stored<Tally>]) -> Vec<i64> {
    found.iter().map(|tally| tally.total).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_sorted_skipped_and_limited() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let found = tallies
        .find(|t| t.total.gte(3))
        .sort(|t| t.total.descending())
        .skip(1)
        .limit(3);
    assert_eq!(totals(&found.await.unwrap()), [8, 7, 6]);
    let all = tallies
        .find(|_| Filter::all())
        .sort(|t| t.total.ascending());
    assert_eq!(
        totals(&all.limit(0).await.unwrap()),
        [1, 2, 3, 4, 5, 6, 7, 8, 9]
    );
    let first = tallies
        .find_one(|_| Filter::all())
        .sort(|t| t.total.descending());
    assert_eq!(first.await.unwrap().unwrap().total, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_combine() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let find = async |filter: fn(<Tally as Versioned>::Fields) -> Filter<Tally>| {
        let found = tallies.find(filter).sort(|t| t.total.ascending()).await;
        totals(&found.unwrap())
    };
    assert_eq!(find(|t| t.total.gt(2).and(t.total.lt(5))).await, [3, 4]);
    assert_eq!(find(|t| t.total.lte(1).or(t.total.gte(9))).await, [1, 9]);
    assert_eq!(find(|t| !t.total.gt(2)).await, [1, 2]);
    assert_eq!(find(|t| !(t.total.gt(2).or(t.total.eq(1)))).await, [2]);
    assert_eq!(find(|t| t.total.is_in([8, 2, 77])).await, [2, 8]);
    assert_eq!(find(|t| t.total.is_in(Vec::<i64>::new())).await, [0; 0]);
    assert_eq!(find(|t| t.total.ne(1).and(t.total.lt(3))).await, [2]);
    assert_eq!(find(|_| Filter::any([])).await, [0; 0]);
    assert_eq!(find(|_| !Filter::any([])).await.len(), 9);
    assert_eq!(find(|_| !Filter::all()).await, [0; 0]);
    assert_eq!(
        find(|t| Filter::every([t.total.exists(), t.total.eq(4)])).await,
        [4]
    );
    assert_eq!(find(|t| t.total.is_absent()).await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_options_and_nested_fields_are_searched() {
    let db = TestDb::new().await;
    let orders = collection::<Order>(&db).await;
    let desk = orders.by("desk");
    let mut order = Order::placed("c-1");
    order.tags = vec!["new".to_owned(), "gift".to_owned()];
    order.fulfilment.tracking = Some("T-1".to_owned());
    desk.create(order).await.unwrap();
    desk.create(Order::placed("c-2")).await.unwrap();
    let find = async |filter: Filter<Order>| -> Vec<String> {
        let found = orders
            .find_matching(filter)
            .sort(|o| o.checkout_id.ascending());
        let found = found.await.unwrap().into_iter();
        found.map(|order| order.into_inner().checkout_id).collect()
    };
    let o = Order::fields;
    assert_eq!(find(o().tags.contains("gift")).await, ["c-1"]);
    assert_eq!(find(o().fulfilment.tracking.eq("T-1")).await, ["c-1"]);
    assert_eq!(find(o().fulfilment.tracking.eq(None)).await, ["c-2"]);
    assert_eq!(find(o().fulfilment.tracking.exists()).await, ["c-1", "c-2"]);
    assert_eq!(find(o().checkout_id.eq("c-2")).await, ["c-2"]);
    let status = OrderStatus::Pending;
    let tracking = "T-1";
    let both = filter!(Order { status, amount.gt(3), fulfilment: { tracking } });
    assert_eq!(find(both).await, ["c-1"]);
    let found = orders
        .find_one_matching(filter!(Order { checkout_id: "c-2" }))
        .await;
    assert_eq!(found.unwrap().unwrap().checkout_id, "c-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_not_as_the_model_says_does_not_end_a_stream() {
    let db = TestDb::new().await;
    let tallies = tallies(&db).await;
    let bad = [
        doc! { "total": "x", "n": 1 },
        doc! { "total": 5, "__v": "x" },
    ];
    raw(&db, "tallies").insert_many(bad).await.unwrap();
    let good = doc! { "total": 99_i64 };
    raw(&db, "tallies").insert_one(good).await.unwrap();

    let stream = tallies.find(|_| Filter::all()).stream().await.unwrap();
    let results: Vec<_> = stream.collect().await;
    assert_eq!(results.len(), 12);
    let (good, bad): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (10, 2));
    assert!(good.into_iter().any(|tally| tally.unwrap().total == 99));
    let whole = tallies.find(|_| Filter::all()).await;
    assert!(matches!(
        whole,
        Err(Error::Decode(_) | Error::ForeignVersion(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_past_the_first_batch() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let many = (0..250_i64).map(|total| doc! { "total": total });
    raw(&db, "tallies").insert_many(many).await.unwrap();
    let find = tallies
        .find(|t| t.total.lt(240))
        .sort(|t| t.total.ascending());
    let stream = find.skip(5).stream().await.unwrap();
    let found: Vec<_> = stream.try_collect().await.unwrap();
    assert_eq!(totals(&found), (5..240).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn declared_managed_fields_are_read_and_filtered_by() {
    let db = TestDb::new().await;
    let countries = collection::<Country>(&db).await;
    let desk = countries.by("desk");
    let created = desk
        .create(Country::new("de", "Deutschland"))
        .await
        .unwrap();
    assert_eq!(
        (created.id(), created.code.as_str()),
        ("de".to_owned(), "de")
    );
    assert_eq!(
        (created.row_version, created.version()),
        (Some(1), 1.into())
    );
    assert_eq!(created.created_by.as_deref(), Some("desk"));
    assert_eq!(created.created_at, created.updated_at);
    let updated = desk
        .update(&created)
        .set(|c| c.name, "Germany")
        .await
        .unwrap();
    assert_eq!(updated.row_version, Some(2));
    assert_eq!(updated.created_at, created.created_at);
    assert!(updated.updated_at >= updated.created_at);
    let deleted = countries.by("boss").delete(&updated).await.unwrap();
    assert!(deleted.deleted_at.is_some());
    assert_eq!(deleted.deleted_by.as_deref(), Some("boss"));
    let restored = desk.restore(&deleted).await.unwrap();
    assert_eq!((restored.deleted_at, restored.row_version), (None, Some(4)));
    desk.create(Country::new("fr", "France")).await.unwrap();

    let find = async |filter: fn(<Country as Versioned>::Fields) -> Filter<Country>| {
        let found = countries.find(filter).sort(|c| c.code.descending()).await;
        let codes = found.unwrap().into_iter().map(|c| c.into_inner().code);
        codes.collect::<Vec<_>>()
    };
    assert_eq!(find(|c| c.row_version.eq(4)).await, ["de"]);
    assert_eq!(find(|c| c.row_version.lt(4)).await, ["fr"]);
    assert_eq!(find(|c| c.created_by.eq("desk")).await, ["fr", "de"]);
    assert_eq!(
        find(|c| c.created_at.gt(DateTime::from_millis(0))).await,
        ["fr", "de"]
    );
    assert_eq!(find(|c| c.code.is_in(["fr", "it"])).await, ["fr"]);
    assert_eq!(find(|c| c.id.eq("de")).await, ["de"]);
    let document = raw(&db, "countries").find_one(doc! { "_id": "fr" }).await;
    let document = document.unwrap().unwrap();
    assert!(!document.contains_key("__v") && !document.contains_key("deletedAt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_value_says_of_managed_fields_is_not_written() {
    let db = TestDb::new().await;
    let desk = collection::<Country>(&db).await.by("desk");
    let mut country = Country::new("de", "Germany");
    country.row_version = Some(77);
    country.created_by = Some("forged".to_owned());
    country.deleted_at = Some(DateTime::from_millis(1));
    let created = desk.create(country.clone()).await.unwrap();
    assert_eq!(created.row_version, Some(1));
    assert_eq!(created.created_by.as_deref(), Some("desk"));
    assert!(!created.is_deleted());
    country.name = "Deutschland".to_owned();
    let replaced = desk.replace(&created, country.clone()).await.unwrap();
    assert_eq!(replaced.row_version, Some(2));
    assert_eq!(replaced.created_by.as_deref(), Some("desk"));
    assert!(!replaced.is_deleted());
    country.code = "fr".to_owned();
    let moved = desk.replace(&replaced, country).await;
    assert_eq!(super::stage::refusal(moved).1, "_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_several_types_are_found_and_filtered_by() {
    let db = TestDb::new().await;
    let text = || "x".to_owned();
    let tickets = collection::<Ticket>(&db).await;
    for number in [-5, 3_000_000_000] {
        let ticket = Ticket {
            number,
            text: text(),
        };
        assert_eq!(tickets.by("d").create(ticket).await.unwrap().id(), number);
        assert!(tickets.find_by_id(number).await.unwrap().is_some());
        assert!(tickets.exists(|t| t.number.eq(number)).await.unwrap());
    }
    let wides = collection::<Wide>(&db).await;
    let wide = Wide { number: 5, size: 6 };
    wides.by("d").create(wide.clone()).await.unwrap();
    assert_eq!(**wides.find_by_id(5).await.unwrap().as_ref().unwrap(), wide);
    let devices = collection::<Device>(&db).await;
    let id = Uuid::new();
    devices
        .by("d")
        .create(Device { id, text: text() })
        .await
        .unwrap();
    assert_eq!(devices.find_by_id(id).await.unwrap().unwrap().id(), id);
    assert!(devices.exists(|d| d.id.is_in([id])).await.unwrap());
    let seats = collection::<Seat>(&db).await;
    let place = SeatPlace {
        row: text(),
        number: 1,
    };
    let seat = Seat {
        place: place.clone(),
        holder: None,
    };
    seats.by("d").create(seat).await.unwrap();
    assert_eq!(
        seats.find_by_id(place.clone()).await.unwrap().unwrap().id(),
        place
    );
    assert!(seats.exists(|s| s.place.eq(place)).await.unwrap());
}
