//! Replaying the log of a document gives the document.

use std::collections::BTreeMap;

use mongodb::bson::{Bson, Document, doc};
use monguard::AuditEntry;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use monguard_tests::models::{Address, Contact, Profile};
use monguard_tests::replay::replayed;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::stage::{collection, stored};

/// One step of a document's life.
#[derive(Clone, Debug)]
enum Step {
    Name(String),
    Extra(Bson),
    Labels(BTreeMap<String, String>),
    Score(i32),
    Street(String),
    NoAddress,
    Contacts(Vec<Contact>),
    Unset,
    Visit,
    Pin(Option<String>),
    Replace(Box<Profile>),
    DeleteAndRestore,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-c]{1,2}"]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]",
        1 => Just(String::new()),
        1 => Just("0".to_owned()),
        1 => Just("updatedAt".to_owned()),
        1 => Just("__v".to_owned()),
    ]
}

fn any_bson() -> impl Strategy<Value = Bson> {
    let leaf = prop_oneof![
        Just(Bson::Null),
        any::<bool>().prop_map(Bson::Boolean),
        (0..4_i32).prop_map(Bson::Int32),
        (0..4_i64).prop_map(Bson::Int64),
        prop_oneof![Just(0.5), Just(f64::NAN), Just(-0.0), Just(1.0)].prop_map(Bson::Double),
        text().prop_map(Bson::String),
        (0..3_i64).prop_map(|ms| Bson::DateTime(mongodb::bson::DateTime::from_millis(ms))),
        any::<[u8; 12]>().prop_map(|id| Bson::ObjectId(id.into())),
    ];
    leaf.prop_recursive(4, 24, 4, |inside| {
        let long = (inside.clone(), 19..23_usize);
        prop_oneof![
            vec(inside.clone(), 0..4).prop_map(Bson::Array),
            long.prop_map(|(item, length)| Bson::Array(vec![item; length])),
            btree_map(key(), inside, 0..4)
                .prop_map(|map| Bson::Document(map.into_iter().collect())),
        ]
    })
}

fn contact() -> impl Strategy<Value = Contact> {
    (text(), 0..3_i32, option::of(text())).prop_map(|(value, rank, secret)| Contact {
        value,
        rank,
        secret,
    })
}

fn address() -> impl Strategy<Value = Address> {
    (text(), option::of(text())).prop_map(|(street, zip)| Address { street, zip })
}

fn profile() -> impl Strategy<Value = Profile> {
    let plain = (
        text(),
        option::of(text()),
        option::of(text()),
        0..3_i64,
        option::of(text()),
    );
    let lists = (
        btree_map(key(), text(), 0..3),
        vec(0..3_i32, 0..4),
        vec(contact(), 0..3),
    );
    let rest = (
        option::of(address()),
        btree_map(key(), contact(), 0..3),
        any_bson(),
    );
    (plain, lists, rest).prop_map(|(plain, lists, rest)| Profile {
        name: plain.0,
        nickname: plain.1,
        motto: plain.2,
        labels: lists.0,
        scores: lists.1,
        address: rest.0,
        contacts: lists.2,
        by_kind: rest.1,
        extra: rest.2,
        visits: plain.3,
        pin: plain.4,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        text().prop_map(Step::Name),
        any_bson().prop_map(Step::Extra),
        btree_map(key(), text(), 0..3).prop_map(Step::Labels),
        (0..3_i32).prop_map(Step::Score),
        text().prop_map(Step::Street),
        Just(Step::NoAddress),
        vec(contact(), 0..4).prop_map(Step::Contacts),
        Just(Step::Unset),
        Just(Step::Visit),
        option::of(text()).prop_map(Step::Pin),
        profile().prop_map(|profile| Step::Replace(Box::new(profile))),
        Just(Step::DeleteAndRestore),
    ]
}

async fn take(desk: &Writer<Profile>, on: &Stored<Profile>, step: Step) -> Stored<Profile> {
    let update = desk.update(on);
    let taken = match step {
        Step::Name(name) => update.set(|p| p.name, name).await,
        Step::Extra(extra) => update.set(|p| p.extra, extra).await,
        Step::Labels(labels) => update.set(|p| p.labels, labels).await,
        Step::Score(score) => update.push(|p| p.scores, score).await,
        Step::Street(street) if on.address.is_some() => {
            update.set(|p| p.address.street, street).await
        }
        Step::Street(street) => {
            update
                .set(|p| p.address, Address { street, zip: None })
                .await
        }
        Step::NoAddress => update.set(|p| p.address, None).await,
        Step::Contacts(contacts) => update.set(|p| p.contacts, contacts).await,
        Step::Unset => {
            update
                .unset(|p| p.motto)
                .unset(|p| p.address)
                .unset(|p| p.labels)
                .await
        }
        Step::Visit => update.inc(|p| p.visits, 1).await,
        Step::Pin(pin) => update.set(|p| p.pin, pin).await,
        Step::Replace(profile) => desk.replace(on, *profile).await,
        Step::DeleteAndRestore => {
            let deleted = desk.delete(on).await.unwrap();
            desk.restore(&deleted).await
        }
    };
    taken.unwrap()
}

/// What the log tells of a document: without what monguard manages at the top level, what is
/// skipped, and the values of what is redacted; without the order of keys and the width of numbers.
fn normal(mut document: Document) -> Document {
    for name in [
        "__v",
        "__w",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "visits",
    ] {
        document.remove(name);
    }
    hide(&mut document, "pin");
    if let Ok(contacts) = document.get_array_mut("contacts") {
        contacts
            .iter_mut()
            .filter_map(Bson::as_document_mut)
            .for_each(|c| hide(c, "secret"));
    }
    if let Ok(by_kind) = document.get_document_mut("byKind") {
        let contacts = by_kind
            .iter_mut()
            .filter_map(|(_, contact)| contact.as_document_mut());
        contacts.for_each(|contact| hide(contact, "secret"));
    }
    let Bson::Document(normal) = ordered(Bson::Document(document)) else {
        unreachable!()
    };
    normal
}

fn hide(document: &mut Document, name: &str) {
    if document.contains_key(name) {
        document.insert(name, doc! { "redacted": true });
    }
}

#[allow(clippy::cast_possible_truncation)] // the tests use small numbers
fn ordered(value: Bson) -> Bson {
    match value {
        Bson::Document(document) => {
            let sorted: BTreeMap<_, _> = document.into_iter().collect();
            let sorted = sorted.into_iter().map(|(key, value)| (key, ordered(value)));
            Bson::Document(sorted.collect())
        }
        Bson::Array(items) => Bson::Array(items.into_iter().map(ordered).collect()),
        Bson::Int32(number) => Bson::Int64(number.into()),
        Bson::Double(number) if number.is_nan() => Bson::String("NaN".to_owned()),
        Bson::Double(number) if number.fract() == 0.0 => Bson::Int64(number as i64),
        other => other,
    }
}

async fn check(profiles: &Collection<Profile>, db: &TestDb, first: Profile, steps: Vec<Step>) {
    let desk = profiles.by("desk");
    let mut current = desk.create(first).await.unwrap().into_stored();
    for step in steps {
        let before = current.version().get().unwrap();
        let writes = if matches!(step, Step::DeleteAndRestore) {
            2
        } else {
            1
        };
        current = take(&desk, &current, step).await;
        let unchanged = matches!(current.outcome(), Outcome::Unchanged);
        assert_eq!(
            current.version(),
            before + if unchanged { 0 } else { writes }
        );
    }
    let document = stored(db, "profiles", current.id()).await;
    let history = profiles.history(current.id()).await.unwrap();
    let versions: Vec<_> = history.iter().filter_map(|entry| entry.version).collect();
    assert_eq!(
        versions,
        (1..=current.version().get().unwrap()).collect::<Vec<_>>()
    );
    assert!(history.iter().all(AuditEntry::is_linked));
    assert_eq!(normal(replayed(&history, normal)), normal(document));
}

#[test]
fn replaying_the_deltas_from_the_create_gives_the_stored_document() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (db, profiles) = runtime.block_on(async {
        let db = TestDb::new().await;
        let profiles = collection::<Profile>(&db).await;
        (db, profiles)
    });
    let config = Config {
        cases: 32,
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&(profile(), vec(step(), 1..8)), |(first, steps)| {
        runtime.block_on(check(&profiles, &db, first, steps));
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}
