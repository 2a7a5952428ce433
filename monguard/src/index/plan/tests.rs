use mongodb::bson::doc;
use mongodb::options::IndexOptions;

use super::super::wanted::key_index;
use super::*;

fn index(keys: Document, options: IndexOptions) -> IndexModel {
    IndexModel::builder().keys(keys).options(options).build()
}

fn named(name: &str) -> IndexOptions {
    IndexOptions::builder().name(name.to_owned()).build()
}

fn declared(keys: Document) -> WantedIndex {
    WantedIndex {
        origin: Origin::Model,
        name: "wanted".to_owned(),
        keys,
        unique: false,
        sparse: false,
        expire_after: None,
        partial: None,
    }
}

/// The name of what is in the way, and its differences.
fn in_the_way(wanted: &WantedIndex, existing: IndexModel) -> (String, Vec<String>) {
    match standing(wanted, &[existing]) {
        Standing::Conflict(InTheWay { name, differences }) => (name, differences),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_index_that_serves_is_found_whatever_its_name() {
    let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
    let mut unique = named("own");
    unique.unique = Some(true);
    let existing = [index(doc! { "checkoutId": 1.0 }, unique)];
    assert_eq!(
        standing(&wanted, &existing),
        Standing::Found("own".to_owned())
    );
    let same = [wanted.model()];
    assert_eq!(
        standing(&wanted, &same),
        Standing::Found(wanted.name.clone())
    );
}

#[test]
fn other_options_or_keys_are_in_the_way() {
    let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
    let plain = index(doc! { "checkoutId": 1 }, named("plain"));
    assert_eq!(
        in_the_way(&wanted, plain),
        ("plain".to_owned(), vec!["it is not unique".to_owned()])
    );
    let other = index(doc! { "x": 1 }, named(&wanted.name));
    let (name, differences) = in_the_way(&wanted, other);
    assert_eq!(name, wanted.name);
    assert_eq!(differences[0], "it is on `x: 1`, not on `checkoutId: 1`");
}

#[test]
fn an_index_under_a_collation_is_another_one() {
    let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
    let mut options = named("own");
    options.unique = Some(true);
    let collation = |locale: &str| {
        let collation = mongodb::options::Collation::builder();
        Some(collation.locale(locale.to_owned()).build())
    };
    options.collation = collation("en");
    let existing = [index(doc! { "checkoutId": 1 }, options.clone())];
    assert_eq!(standing(&wanted, &existing), Standing::Missing);
    options.collation = collation("simple");
    let existing = [index(doc! { "checkoutId": 1 }, options)];
    let found = Standing::Found("own".to_owned());
    assert_eq!(standing(&wanted, &existing), found);
}

#[test]
fn an_index_on_other_fields_or_in_another_direction_does_not_matter() {
    let wanted = key_index(&crate::audit::models::OPEN, "checkoutId");
    let existing = [
        index(doc! { "checkoutId": 1, "x": 1 }, named("compound")),
        index(doc! { "checkoutId": -1 }, named("descending")),
    ];
    assert_eq!(standing(&wanted, &existing), Standing::Missing);
    assert_eq!(
        others(&[], &existing),
        ["compound".to_owned(), "descending".to_owned()]
    );
    assert_eq!(others(&["compound".to_owned()], &existing), ["descending"]);
}

/// An index on `a` with one option, or none.
fn with(option: impl FnOnce(&mut IndexOptions)) -> IndexModel {
    let mut options = named("there");
    option(&mut options);
    index(doc! { "a": 1 }, options)
}

#[test]
fn every_option_of_a_declared_index_is_compared() {
    let wanted = declared(doc! { "a": 1 });
    let one = |index| {
        let (_, differences) = in_the_way(&wanted, index);
        assert_eq!(differences.len(), 1, "{differences:?}");
        differences.concat()
    };
    assert_eq!(one(with(|o| o.unique = Some(true))), "it is unique");
    assert_eq!(one(with(|o| o.sparse = Some(true))), "it is sparse");
    assert_eq!(
        one(with(|o| o.hidden = Some(true))),
        "it is hidden from queries"
    );
    let filter = doc! { "card": "secret" };
    let partial = one(with(|o| o.partial_filter_expression = Some(filter)));
    assert_eq!(partial, "its partial filter is another one");
    let ttl = one(with(|o| o.expire_after = Some(Duration::from_secs(60))));
    assert_eq!(ttl, "documents in it expire after 60 s, not never");
    let same = with(|_| ());
    assert_eq!(
        standing(&wanted, &[same]),
        Standing::Found("there".to_owned())
    );
}

#[test]
fn what_was_made_is_found() {
    let mut wanted = declared(doc! { "a": 1, "b": -1 });
    wanted.unique = true;
    wanted.sparse = true;
    let found = Standing::Found("wanted".to_owned());
    assert_eq!(standing(&wanted, &[wanted.model()]), found);
    let mut expiring = declared(doc! { "a": 1 });
    expiring.expire_after = Some(3600);
    expiring.partial = Some(doc! { "b": { "$gt": 3 } });
    assert_eq!(standing(&expiring, &[expiring.model()]), found);
}

#[test]
fn partial_indexes_for_other_documents_are_beside_each_other() {
    let mut wanted = declared(doc! { "a": 1 });
    wanted.partial = Some(doc! { "b": { "$gt": 3 } });
    let other = with(|o| o.partial_filter_expression = Some(doc! { "b": { "$lt": 3 } }));
    assert_eq!(standing(&wanted, &[other]), Standing::Missing);
}
