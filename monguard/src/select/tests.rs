use mongodb::bson::{Bson, RawDocument, doc, rawdoc};
use serde::Deserialize;

use super::*;
use crate::document::{FieldMeta, Meta, Read, Shape, read_through};
use crate::field::Step;
use crate::value::EncodeError;

static LINE: [FieldMeta; 2] = [
    FieldMeta::new("name", "name").aliases(&["title"]),
    FieldMeta::new("count", "count").or_default(seven),
];
static MODEL: Meta = Meta::new(
    "Order",
    &[
        FieldMeta::new("line", "line")
            .nested(line)
            .or_default(default_line),
        FieldMeta::new("odd", "odd").nested(line).read_with(doubled),
        FieldMeta::new("note", "note"),
    ],
);

fn line() -> Shape {
    Shape::Struct(&LINE)
}
#[allow(clippy::unnecessary_wraps)] // as the derive writes it
fn seven() -> Result<Bson, EncodeError> {
    Ok(Bson::Int32(7))
}
#[allow(clippy::unnecessary_wraps)] // as the derive writes it
fn default_line() -> Result<Bson, EncodeError> {
    Ok(doc! { "name": "none" }.into())
}
fn doubled(cell: &RawDocument) -> Read {
    #[derive(Deserialize)]
    struct Number(i64);
    read_through(cell, |number: Number| number.0 * 2)
}

fn column(path: &[&'static str]) -> Result<Column, crate::error::InvalidRead> {
    let steps: Vec<Step> = path.iter().map(|name| Step::Name(name)).collect();
    Column::resolve(&MODEL, &steps)
}

fn read<V: Readable>(document: &RawDocument, path: &[&'static str]) -> Result<V, String> {
    let columns = [column(path).unwrap()];
    let mut values = Values::new(document, &columns);
    values.next().map_err(|Unreadable { path, error }| {
        format!("{path}: {}", error.message.unwrap_or_default())
    })
}

#[test]
fn a_value_is_read_under_any_of_its_names() {
    for document in [
        rawdoc! { "line": { "name": "x" } },
        rawdoc! { "line": { "title": "x" } },
    ] {
        assert_eq!(read::<String>(&document, &["line", "name"]).unwrap(), "x");
    }
}

#[test]
fn what_is_missing_is_the_default_none_or_an_error() {
    let empty = rawdoc! {};
    assert_eq!(read::<Option<String>>(&empty, &["note"]).unwrap(), None);
    assert_eq!(
        read::<String>(&empty, &["note"]).unwrap_err(),
        "note: missing field `note`"
    );
    // The field inside has a default of its own, and the struct around it has one too.
    assert_eq!(
        read::<i32>(&rawdoc! { "line": {} }, &["line", "count"]).unwrap(),
        7
    );
    assert_eq!(read::<String>(&empty, &["line", "name"]).unwrap(), "none");
    assert_eq!(read::<i32>(&empty, &["line", "count"]).unwrap(), 7);
    let null = rawdoc! { "line": null };
    assert_eq!(
        read::<Option<String>>(&null, &["line", "name"]).unwrap(),
        None
    );
    let other = rawdoc! { "line": "x" };
    assert!(read::<Option<String>>(&other, &["line", "name"]).is_err());
}

#[test]
fn a_field_is_read_as_its_attributes_say() {
    assert_eq!(read::<i64>(&rawdoc! { "odd": 3 }, &["odd"]).unwrap(), 6);
    // A field with a reader of its own is never optional, whatever its type.
    assert_eq!(
        read::<i64>(&rawdoc! {}, &["odd"]).unwrap_err(),
        "odd: missing field `odd`"
    );
    let inside = column(&["odd", "name"]).err().unwrap();
    assert_eq!(inside.path(), "odd.name");
}

#[test]
fn a_wrong_value_is_named_by_its_whole_path() {
    let document = rawdoc! { "line": { "name": { "a": [1, "x"] } } };
    let error = read::<std::collections::BTreeMap<String, Vec<i32>>>(&document, &["line", "name"]);
    assert!(
        error
            .unwrap_err()
            .starts_with("line.name.a[1]: invalid type")
    );
}

#[test]
fn a_whole_double_is_read_as_an_integer() {
    assert_eq!(
        read::<i64>(&rawdoc! { "note": 5e9 }, &["note"]).unwrap(),
        5_000_000_000
    );
}

#[test]
fn a_path_inside_of_another_is_not_asked_for() {
    let columns = [
        column(&["line", "name"]).unwrap(),
        column(&["note"]).unwrap(),
    ];
    assert_eq!(
        projection_of(&columns, &["note.x".to_owned(), "noted".to_owned()]),
        doc! { "_id": 1, "line.name": 1, "line.title": 1, "note": 1, "noted": 1 }
    );
    let columns = [
        column(&["line", "name"]).unwrap(),
        column(&["line"]).unwrap(),
    ];
    assert_eq!(projection_of(&columns, &[]), doc! { "_id": 1, "line": 1 });
}
