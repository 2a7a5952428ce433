//! A field that is renamed, retyped or removed stops the compiler at every line of the application
//! that uses it. A filter or an update that names it in text would go on, and match nothing.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Test code, outside of `#[test]` functions too.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use monguard_ui_tests::compiler::{Dependencies, Diagnostic, Program};

const MODEL: &str = include_str!("../../regressions/model.rs");
const APPLICATION: &str = include_str!("../../regressions/application.rs");
const FIELD: &str = "    pub tracking: Option<String>,\n";

/// The program with `field` in place of the field, and the number of the application's first line.
fn program(field: &str) -> (String, usize) {
    assert_eq!(MODEL.matches(FIELD).count(), 1);
    let head = format!(
        "#![allow(unused)]\nuse monguard::prelude::*;\nfn main() {{}}\n{}",
        MODEL.replace(FIELD, field)
    );
    let first = head.lines().count() + 1;
    (head + APPLICATION, first)
}

fn check(field: &str) -> (Vec<Diagnostic>, usize) {
    let (source, first) = program(field);
    let program = Program::new(&source).unwrap();
    (program.check(dependencies()).unwrap(), first)
}

/// Built by the test that comes first.
fn dependencies() -> &'static Dependencies {
    static BUILT: LazyLock<Dependencies> =
        LazyLock::new(|| Dependencies::build().unwrap_or_else(|error| panic!("{error}")));
    &BUILT
}

/// The lines of the application that are marked with `change`.
fn marked(change: &str) -> BTreeSet<usize> {
    let is_marked = |line: &str| {
        let mark = line.split_once("//~ ").map_or("", |(_, mark)| mark);
        mark.split_whitespace().any(|word| word == change)
    };
    let lines = (1..).zip(APPLICATION.lines());
    lines
        .filter(|(_, line)| is_marked(line))
        .map(|(number, _)| number)
        .collect()
}

/// Every error stands on a marked line, and on every marked line is one.
fn assert_caught(change: &str, field: &str) -> Vec<Diagnostic> {
    let (errors, first) = check(field);
    let found: BTreeSet<usize> = errors
        .iter()
        .map(|error| (error.line + 1).saturating_sub(first))
        .collect();
    assert_eq!(found, marked(change), "{errors:#?}");
    assert!(
        found.len() >= 4,
        "the application has {} lines that use the field",
        found.len()
    );
    errors
}

#[test]
fn the_application_compiles() {
    let (found, _) = check(FIELD);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_renamed_field_is_an_error_at_every_use() {
    let errors = assert_caught("renamed", "    pub parcel_number: Option<String>,\n");
    for error in errors {
        let token = error.token.to_lowercase();
        assert!(token.contains("tracking"), "{error:#?}");
        assert!(
            error.headline.to_lowercase().contains("tracking"),
            "{error:#?}"
        );
    }
}

#[test]
fn a_field_of_another_type_is_an_error_at_every_use_that_does_not_fit() {
    assert_caught("retyped", "    pub tracking: i64,\n");
}

#[test]
fn a_removed_field_is_an_error_at_every_use() {
    let errors = assert_caught("removed", "");
    for error in errors {
        assert!(
            error.headline.to_lowercase().contains("tracking"),
            "{error:#?}"
        );
    }
}

/// The way out: the stored name stays, and the uses follow the compiler's words.
#[test]
fn the_application_compiles_again_once_its_uses_follow() {
    let renamed = "    #[serde(rename = \"tracking\")]\n    pub parcel_number: Option<String>,\n";
    let (source, _) = program(renamed);
    let uses = [
        (".tracking", ".parcel_number"),
        ("{ tracking: ", "{ parcel_number: "),
        ("tracking: None", "parcel_number: None"),
        ("Change::Tracking", "Change::ParcelNumber"),
    ];
    let followed = uses
        .iter()
        .fold(source, |source, (old, new)| source.replace(old, new));
    let found = Program::new(&followed)
        .unwrap()
        .check(dependencies())
        .unwrap();
    assert!(found.is_empty(), "{found:#?}");
}
