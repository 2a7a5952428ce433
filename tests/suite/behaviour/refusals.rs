//! Bad input: each a typed error, and nothing half-written.

use std::collections::BTreeMap;
use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use mongodb::options::{Acknowledgment, WriteConcern};
use monguard::Revision;
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Address, Contact, Numbers, Profile, Tally, Wide};

use super::stage::{Contents, collection, entries, raw, refusal, stored};

const LIMIT: usize = 16 * 1024 * 1024;

fn nested(levels: usize) -> Bson {
    (0..levels).fold(Bson::Int32(1), |inside, _| {
        Bson::Document(doc! { "a": inside })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_an_error_of_the_driver() {
    let db = TestDb::new().await;
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    let uri = format!("mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=200");
    let client = mongodb::Client::with_uri_str(uri).await.unwrap();
    let built = Monguard::builder(client.database(db.name())).build().await;
    let Err(Error::Driver(error)) = built else {
        panic!("{built:?}")
    };
    assert!(error.is_transient());
    assert!(
        error.to_string().contains("no server could be reached"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_concern_that_reports_nothing_is_refused() {
    let db = TestDb::new().await;
    let none = WriteConcern::builder().w(Acknowledgment::Nodes(0)).build();
    let builder = Monguard::builder(db.database().clone()).write_concern(none);
    let built = builder.build().await;
    assert!(matches!(built, Err(Error::Unsupported(_))), "{built:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_too_large_is_refused_before_it_is_sent() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("n")).await.unwrap();
    let contents = Contents::of(&db).await;
    let name = "x".repeat(LIMIT);
    db.commands().clear();
    let created = desk.create(Profile::named(&name)).await;
    let updated = desk.update(&small).set(|p| p.name, name.as_str()).await;
    let replaced = desk.replace(&small, Profile::named(&name)).await;
    for refused in [refusal(created), refusal(updated), refusal(replaced)] {
        let InvalidReason::TooLarge(bytes, LIMIT) = refused.0 else {
            panic!("{refused:?}")
        };
        assert!(bytes > LIMIT);
    }
    assert!(db.commands().all().is_empty());
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_just_fits_is_written_and_its_entry_without_the_image() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("")).await.unwrap();
    let name = "x".repeat(LIMIT - small.document().as_bytes().len());
    desk.hard_delete(&small).await.unwrap();
    raw(&db, "audit_logs").delete_many(doc! {}).await.unwrap();
    let created = desk.create(Profile::named(&name)).await.unwrap();
    let updated = desk
        .update(&created)
        .set(|p| p.name, "small")
        .await
        .unwrap();
    let restored = desk.restore(&desk.delete(&updated).await.unwrap()).await;
    assert_eq!(restored.unwrap().version(), 4);
    let one_more = desk.create(Profile::named(&format!("{name}x"))).await;
    assert!(matches!(refusal(one_more).0, InvalidReason::TooLarge(..)));
    let log = entries(&db).await;
    let of = |index: usize| log[index].get_document("metadata").unwrap();
    assert_eq!(log.len(), 4);
    assert!(of(0).get_bool("imageOmitted").unwrap() && !of(0).contains_key("after"));
    let delta = of(1).get_document("deltaChanges").unwrap();
    // The old value alone does not fit into an entry.
    let expected = doc! { "old": { "omitted": true }, "new": "small" };
    assert_eq!(delta.get_document("name").unwrap(), &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_too_deep_is_refused_before_it_is_sent() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("n")).await.unwrap();
    for levels in [101, 300] {
        let contents = Contents::of(&db).await;
        let mut deep = Profile::named("n");
        deep.extra = nested(levels);
        let created = desk.create(deep.clone()).await;
        let updated = desk.update(&small).set(|p| p.extra, nested(levels)).await;
        let replaced = desk.replace(&small, deep).await;
        for refused in [refusal(created), refusal(updated), refusal(replaced)] {
            assert!(
                matches!(refused.0, InvalidReason::TooDeep(_, 100)),
                "{refused:?}"
            );
        }
        contents.assert_kept(&db).await;
    }
    let kept = desk
        .update(&small)
        .set(|p| p.extra, nested(60))
        .await
        .unwrap();
    assert_eq!(kept.extra, nested(60));
    let again = desk
        .update(&kept)
        .set(|p| p.extra, nested(61))
        .await
        .unwrap();
    assert_eq!(again.version(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_no_path_can_reach_are_refused() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let small = desk.create(Profile::named("n")).await.unwrap();
    let contents = Contents::of(&db).await;
    for key in ["a.b", "$set", "$", "."] {
        let labels = BTreeMap::from([(key.to_owned(), "1".to_owned())]);
        let mut bad = Profile::named("n");
        bad.labels = labels.clone();
        let path = format!("labels.{key}");
        let expected = (InvalidReason::Name, path);
        assert_eq!(refusal(desk.create(bad.clone()).await), expected);
        assert_eq!(refusal(desk.replace(&small, bad).await), expected);
        let set = desk.update(&small).set(|p| p.labels, labels).await;
        assert_eq!(refusal(set), expected);
        let extra = Bson::Array(vec![Bson::Document(doc! { key: 1 })]);
        let set = desk.update(&small).set(|p| p.extra, extra).await;
        assert_eq!(
            refusal(set),
            (InvalidReason::Name, format!("extra.0.{key}"))
        );
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_odd_and_can_be_reached_are_written() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let mut last = desk
        .create(Profile::named("n"))
        .await
        .unwrap()
        .into_stored();
    for key in ["", "0", "a$", "__v", "_id", "deletedAt", "with space", "ü"] {
        for value in ["1", "2"] {
            let mut labels = last.labels.clone();
            labels.insert(key.to_owned(), value.to_owned());
            last = desk
                .update(&last)
                .set(|p| p.labels, labels.clone())
                .await
                .unwrap();
            assert_eq!(last.labels, labels, "{key:?}");
        }
    }
    let emptied = desk.update(&last).set(|p| p.labels, BTreeMap::new()).await;
    assert!(emptied.unwrap().labels.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_number_that_does_not_fit_into_bson_is_refused_everywhere() {
    let db = TestDb::new().await;
    let wides = collection::<Wide>(&db).await;
    let desk = wides.by("desk");
    let good = desk.create(Wide { number: 1, size: 1 }).await.unwrap();
    let contents = Contents::of(&db).await;
    let large = u64::try_from(i64::MAX).unwrap() + 1;
    let base = Revision::<Wide>::from_version(large, 1);
    for (call, result) in [
        desk.create(Wide {
            number: 2,
            size: large,
        })
        .await
        .map(|_| ()),
        desk.create(Wide {
            number: large,
            size: 2,
        })
        .await
        .map(|_| ()),
        desk.update(&good).set(|w| w.size, large).await.map(|_| ()),
        desk.replace(
            &good,
            Wide {
                number: 1,
                size: u64::MAX,
            },
        )
        .await
        .map(|_| ()),
        desk.update(base.clone())
            .set(|w| w.size, 1)
            .await
            .map(|_| ()),
        desk.delete(base.clone()).await.map(|_| ()),
        desk.hard_delete(base).await.map(|_| ()),
        desk.update_latest(large)
            .set(|w| w.size, 1)
            .await
            .map(|_| ()),
        desk.modify(large, |_, update| update).await.map(|_| ()),
        desk.update(&good)
            .when(|w| w.size.lt(large))
            .set(|w| w.size, 2)
            .await
            .map(|_| ()),
        wides.find_by_id(large).await.map(|_| ()),
        wides.find(|w| w.size.lt(large)).await.map(|_| ()),
        wides
            .find_one(|w| w.size.is_in([1, large]))
            .await
            .map(|_| ()),
        wides.count(|w| !w.size.eq(large)).await.map(|_| ()),
        wides.exists(|w| w.number.eq(large)).await.map(|_| ()),
        wides.history(large).await.map(|_| ()),
    ]
    .into_iter()
    .enumerate()
    {
        let reason = refusal(result).0;
        assert!(
            matches!(reason, InvalidReason::NotEncodable(_)),
            "call {call}: {reason:?}"
        );
    }
    assert!(Stored::from_parts(large, 1, Wide { number: 1, size: 1 }).is_err());
    contents.assert_kept(&db).await;
    let most = large - 1;
    let set = desk.update(&good).set(|w| w.size, most).await.unwrap();
    assert_eq!(set.size, most);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_nothing_and_two_operators_on_one_place_are_refused() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let created = desk.create(Profile::named("n")).await.unwrap();
    let contents = Contents::of(&db).await;
    assert_eq!(refusal(desk.update(&created).await).0, InvalidReason::Empty);
    let only_condition = desk.update(&created).when(|p| p.name.eq("n")).await;
    assert_eq!(refusal(only_condition).0, InvalidReason::Empty);
    let latest = desk.update_latest(created.id()).await;
    assert_eq!(refusal(latest).0, InvalidReason::Empty);

    let twice = desk
        .update(&created)
        .set(|p| p.name, "a")
        .set(|p| p.name, "b");
    assert_eq!(
        refusal(twice.await),
        (InvalidReason::Overlap, "name".to_owned())
    );
    let both = desk.update(&created).set(|p| p.name, "a").unset(|p| p.name);
    assert_eq!(refusal(both.await).0, InvalidReason::Overlap);
    let inside = desk.update(&created).unset(|p| p.address);
    let inside = inside.set(|p| p.address.street, "s").await;
    assert_eq!(
        refusal(inside),
        (InvalidReason::Overlap, "address.street".to_owned())
    );
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_that_does_not_fit_the_stored_value_is_refused() {
    let db = TestDb::new().await;
    let profiles = collection::<Profile>(&db).await.by("desk");
    let numbers = collection::<Numbers>(&db).await.by("desk");
    let profile = profiles.create(Profile::named("n")).await.unwrap();
    let number = numbers.create(Numbers::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    let through = profiles
        .update(&profile)
        .set(|p| p.address.street, "s")
        .await;
    assert_eq!(
        refusal(through),
        (
            InvalidReason::NotADocument("null"),
            "address.street".to_owned()
        )
    );
    let push = numbers.update(&number).push(|n| n.list, 1).await;
    assert_eq!(
        refusal(push),
        (InvalidReason::NotAList("null"), "list".to_owned())
    );
    let inc = numbers.update(&number).inc(|n| n.optional, 1).await;
    assert_eq!(
        refusal(inc),
        (InvalidReason::NotANumber("null"), "optional".to_owned())
    );
    contents.assert_kept(&db).await;
    // Where nothing is stored, a list begins and a number counts from zero.
    let unset = numbers
        .update(&number)
        .unset(|n| n.list)
        .unset(|n| n.optional);
    let unset = unset.await.unwrap();
    let filled = numbers
        .update(&unset)
        .push(|n| n.list, 1)
        .inc(|n| n.optional, 5);
    let filled = filled.await.unwrap();
    assert_eq!(
        (filled.list.as_deref(), filled.optional),
        (Some(&[1][..]), Some(5))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_leaves_the_range_of_its_type() {
    let db = TestDb::new().await;
    let desk = collection::<Numbers>(&db).await.by("desk");
    let greatest = Numbers {
        i8: i8::MAX,
        i16: i16::MAX,
        i32: i32::MAX,
        i64: i64::MAX,
        u8: u8::MAX,
        u16: u16::MAX,
        u32: u32::MAX,
        u64: i64::MAX.try_into().unwrap(),
        optional: Some(i32::MIN),
        ..Numbers::default()
    };
    let stored = desk.create(greatest).await.unwrap();
    let zero = desk.create(Numbers::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    for (result, name, kind) in [
        (desk.update(&stored).inc(|n| n.i8, 1).await, "i8", "i8"),
        (desk.update(&stored).inc(|n| n.i16, 1).await, "i16", "i16"),
        (desk.update(&stored).inc(|n| n.i32, 1).await, "i32", "i32"),
        (desk.update(&stored).inc(|n| n.i64, 1).await, "i64", "i64"),
        (
            desk.update(&stored).inc(|n| n.i64, i64::MAX).await,
            "i64",
            "i64",
        ),
        (desk.update(&stored).inc(|n| n.u8, 1).await, "u8", "u8"),
        (desk.update(&stored).inc(|n| n.u16, 1).await, "u16", "u16"),
        (desk.update(&stored).inc(|n| n.u32, 1).await, "u32", "u32"),
        (desk.update(&stored).inc(|n| n.u64, 1).await, "u64", "u64"),
        (
            desk.update(&stored).inc(|n| n.optional, -1).await,
            "optional",
            "i32",
        ),
        (desk.update(&zero).inc(|n| n.u8, -1).await, "u8", "u8"),
        (desk.update(&zero).inc(|n| n.u16, -1).await, "u16", "u16"),
        (desk.update(&zero).inc(|n| n.u32, -1).await, "u32", "u32"),
        (desk.update(&zero).inc(|n| n.u64, -1).await, "u64", "u64"),
    ] {
        let expected = (InvalidReason::OutOfRange(kind), name.to_owned());
        assert_eq!(refusal(result), expected);
    }
    contents.assert_kept(&db).await;
    let lowered = desk.update(&stored).inc(|n| n.u8, -255).inc(|n| n.i8, -128);
    let lowered = lowered
        .inc(|n| n.f32, 0.5)
        .inc(|n| n.f64, 0.25)
        .await
        .unwrap();
    assert_eq!((lowered.u8, lowered.i8), (0, -1));
    assert_eq!((lowered.f32, lowered.f64), (0.5, 0.25));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_value_of_the_wrong_type_is_named_with_its_place_and_what_was_expected() {
    let db = TestDb::new().await;
    let tallies = collection::<Tally>(&db).await;
    let desk = tallies.by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let wrong = doc! { "$set": { "total": "x" } };
    let filter = doc! { "_id": created.id() };
    raw(&db, "tallies").update_one(filter, wrong).await.unwrap();
    let contents = Contents::of(&db).await;
    for (call, result) in [
        tallies.find_by_id(created.id()).await.map(|_| ()),
        tallies.find(|_| Filter::all()).await.map(|_| ()),
        desk.modify(created.id(), |_, update| update)
            .await
            .map(|_| ()),
        desk.update_latest(created.id())
            .set(|t| t.total, 1)
            .await
            .map(|_| ()),
    ]
    .into_iter()
    .enumerate()
    {
        let Err(Error::Decode(error)) = result else {
            panic!("call {call}: {result:?}")
        };
        assert_eq!(
            (error.path(), error.expected()),
            (Some("total"), Some("i64"))
        );
        assert_eq!(error.subject().id(), Some(&Bson::ObjectId(created.id())));
        assert!(error.operation().is_none() && error.written_version().is_none());
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_does_not_decode_says_that_it_was_made() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let mut profile = Profile::named("n");
    let (value, rank, secret) = ("v".to_owned(), 1, None);
    profile.contacts = vec![Contact {
        value,
        rank,
        secret,
    }];
    let created = desk.create(profile).await.unwrap();
    let wrong = doc! { "$set": { "contacts.0.rank": "first" } };
    let filter = doc! { "_id": created.id() };
    raw(&db, "profiles")
        .update_one(filter, wrong)
        .await
        .unwrap();

    let revision = created.revision();
    let result = desk.update(revision).set(|p| p.name, "m").await;
    let Err(Error::Decode(error)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(
        (error.path(), error.expected()),
        (Some("contacts[0].rank"), Some("i32"))
    );
    assert_eq!(
        error.written_version().and_then(monguard::Version::as_i64),
        Some(2)
    );
    assert!(error.to_string().contains("was made"), "{error}");
    let document = stored(&db, "profiles", created.id()).await;
    assert_eq!(document.get_str("name").unwrap(), "m");
    let operation = error.operation().unwrap();
    assert_eq!(document.get_object_id("__w").unwrap(), operation);
    assert_eq!(
        entries(&db).await[1].get_object_id("_id").unwrap(),
        operation
    );
    // A model that hides fields keeps no text that may quote them.
    assert!(std::error::Error::source(&*error).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_of_another_unique_index_names_the_index_and_its_fields() {
    let db = TestDb::new().await;
    let desk = collection::<Profile>(&db).await.by("desk");
    let keys = doc! { "name": 1, "address.street": -1 };
    let options = mongodb::options::IndexOptions::builder().unique(true);
    let options = options.name("one_of_a_kind".to_owned()).build();
    let index = mongodb::IndexModel::builder().keys(keys).options(options);
    raw(&db, "profiles")
        .create_index(index.build())
        .await
        .unwrap();
    let mut profile = Profile::named("n");
    let street = "s".to_owned();
    profile.address = Some(Address { street, zip: None });
    desk.create(profile.clone()).await.unwrap();
    let mut other = profile.clone();
    other.name = "other".to_owned();
    let other = desk.create(other).await.unwrap();
    let contents = Contents::of(&db).await;
    for result in [
        desk.create(profile.clone()).await.map(|_| ()),
        desk.update(&other).set(|p| p.name, "n").await.map(|_| ()),
        desk.replace(&other, profile).await.map(|_| ()),
    ] {
        let Err(Error::DuplicateKey(error)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(error.index(), "one_of_a_kind");
        assert_eq!(error.fields(), ["name", "address.street"]);
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_a_duplicate_key() {
    let db = TestDb::new().await;
    let wides = collection::<Wide>(&db).await;
    let desk = wides.by("desk");
    desk.create(Wide { number: 1, size: 1 }).await.unwrap();
    let contents = Contents::of(&db).await;
    let again = desk.create(Wide { number: 1, size: 2 }).await;
    let Err(Error::DuplicateKey(error)) = again else {
        panic!("{again:?}")
    };
    assert_eq!(error.fields(), ["_id"]);
    assert_eq!(error.subject().id(), Some(&Bson::Int64(1)));
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_validator_refuses_is_not_written() {
    let db = TestDb::new().await;
    let validator: Document = doc! { "total": { "$lt": 100 } };
    let create = db
        .database()
        .create_collection("tallies")
        .validator(validator);
    create.await.unwrap();
    let desk = collection::<Tally>(&db).await.by("desk");
    let created = desk.create(Tally { total: 5 }).await.unwrap();
    let contents = Contents::of(&db).await;
    for result in [
        desk.create(Tally { total: 500 }).await.map(|_| ()),
        desk.update(&created)
            .set(|t| t.total, 500)
            .await
            .map(|_| ()),
        desk.update_latest(created.id())
            .inc(|t| t.total, 500)
            .await
            .map(|_| ()),
    ] {
        let Err(Error::Driver(error)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(error.code(), Some(121));
        assert!(!error.is_transient());
        assert!(error.to_string().contains("validator"), "{error}");
    }
    contents.assert_kept(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_a_typed_error_of_reads_and_writes() {
    let db = TestDb::new().await;
    let proxy = db.proxy().await;
    let connect = db.connect().through(&proxy).options(|options| {
        options.server_selection_timeout = Some(Duration::from_millis(300));
    });
    let through = connect.open().await;
    let builder = Monguard::builder(through.database().clone());
    let builder = builder.time_limit(Duration::from_millis(300));
    let monguard = builder.margin(Duration::from_millis(100)).build().await;
    let tallies = monguard.unwrap().collection::<Tally>();
    let desk = tallies.by("desk");
    let created = desk.create(Tally::default()).await.unwrap();
    let contents = Contents::of(&db).await;
    drop(proxy);
    let found = tallies.find_by_id(created.id()).await;
    assert!(matches!(found, Err(Error::Driver(_))), "{found:?}");
    let updated = desk.update(&created).inc(|t| t.total, 1).await;
    assert!(
        matches!(updated, Err(Error::Driver(_) | Error::Unsettled(_))),
        "{updated:?}"
    );
    contents.assert_kept(&db).await;
}
