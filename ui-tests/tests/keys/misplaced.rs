use super::mistake::Mistake;
use super::table::{Key, Kind, Place, Row};

/// The correct form, at a place where it may not stand.
pub(crate) fn at(row: &'static Row, place: Place) -> Mistake {
    let (name, correct) = (row.name, row.correct);
    let right: Vec<Kind> = row.places.iter().map(|place| place.kind()).collect();
    let (headline, advice) = if !right.contains(&place.kind()) {
        of_another_kind(row, &right, place.kind())
    } else if place.is_struct() {
        (
            "a field, not on the struct".to_owned(),
            format!("help: write `#[monguard({correct})]` above the field"),
        )
    } else {
        (
            "the struct, not on a field".to_owned(),
            format!("help: move it to `#[monguard({correct})]` above"),
        )
    };
    Mistake {
        key: name,
        place,
        written: correct.to_owned(),
        headline: format!("`{name}` belongs on {headline}"),
        advice,
        token: name.to_owned(),
    }
}

/// No item of this kind knows the key: the advice is one that can be followed.
fn of_another_kind(row: &Row, right: &[Kind], kind: Kind) -> (String, String) {
    let right = if right.contains(&Kind::Model) {
        Kind::Model
    } else {
        right[0]
    };
    let headline = format!("{}, not on {}", called(right), called(kind));
    // No catch-all: a new kind must decide where its keys lead, and who may have lost them there.
    let advice = match (right, kind) {
        (Kind::Model, Kind::Nested) if row.key == Key::Index => {
            "help: index the field from the model, as in".to_owned()
        }
        (Kind::Model | Kind::Nested, Kind::Projection) => "help: remove it".to_owned(),
        (Kind::Model, Kind::Nested | Kind::Model) => other_derive("Versioned"),
        (Kind::Nested, _) => other_derive("Nested"),
        (Kind::Projection, _) => other_derive("Projection"),
    };
    (headline, advice)
}

fn other_derive(derive: &str) -> String {
    format!("help: remove it, or derive `{derive}` for")
}

fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Model => "a model",
        Kind::Nested => "a nested struct",
        Kind::Projection => "a projection",
    }
}
