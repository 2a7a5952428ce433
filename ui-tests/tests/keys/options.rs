use super::mistake::Mistake;
use super::table::{Place, Row};

/// What stands behind `index`, the headline, the token and the advice.
type Wrong = (&'static str, &'static str, &'static str, &'static str);

const ANYWHERE: &[Wrong] = &[
    (
        "(uniqeu)",
        "unknown option `uniqeu` of `index`",
        "uniqeu",
        "help: did you mean `unique`?",
    ),
    (
        "(another)",
        "unknown option `another` of `index`",
        "another",
        "note: expected one of ",
    ),
    (
        "(3)",
        "expected an option of `index`, found `3`",
        "3",
        "note: expected one of ",
    ),
    (
        "(unique extra)",
        "expected a comma after `unique`",
        "extra",
        "help: separate the options with commas",
    ),
    (
        "(sparse, sparse)",
        "duplicate option `sparse` of `index`",
        "sparse",
        "help: remove one of the two",
    ),
    (
        "(sparse = true)",
        "`sparse` takes no value",
        "true",
        "help: the correct form is `#[monguard(index(sparse))]`",
    ),
];

const NO_FIELDS: &str = "an `index` on the struct must list its fields";
const LIST_FIELDS: &str = "help: write `#[monguard(index(fields(";

const ON_STRUCT: &[Wrong] = &[
    ("", NO_FIELDS, "index", LIST_FIELDS),
    ("(unique)", NO_FIELDS, "index", LIST_FIELDS),
    (
        "(fields(anchor), descending)",
        "`descending` belongs on a field, not in a list of fields",
        "descending",
        "help: write `-` before the field",
    ),
];

const ON_FIELD: &[Wrong] = &[(
    "(fields(anchor))",
    "`fields` belongs on the struct, not on a field",
    "fields",
    "help: move it to `#[monguard(index(fields(",
)];

/// What stands in `index(...)`, and is no option of it.
pub(crate) fn of(row: &'static Row, place: Place) -> Vec<Mistake> {
    let here = if place.is_struct() {
        ON_STRUCT
    } else {
        ON_FIELD
    };
    let mistake = |(written, headline, token, advice): &Wrong| Mistake {
        key: row.name,
        place,
        written: format!("{}{written}", row.name),
        headline: (*headline).to_owned(),
        advice: (*advice).to_owned(),
        token: (*token).to_owned(),
    };
    ANYWHERE.iter().chain(here).map(mistake).collect()
}
