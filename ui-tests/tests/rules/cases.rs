use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::tree::{files, read, root};

/// The least number of mistakes that are shown.
const LEAST: usize = 80;

/// Cases with more than one error, and why.
const MORE_THAN_ONE: &[(&str, &str)] = &[
    (
        "filters/macro-any-of-a-number",
        "rustc also looks for the field in the element that there is none of",
    ),
    (
        "flatten/without-the-derive",
        "rustc repeats the missing trait at each closure that takes the handles",
    ),
    (
        "operators/pull-matching-in-a-number",
        "rustc asks a second time for the elements, which the closure takes",
    ),
    (
        "operators/push-all-with-to-a-number",
        "rustc asks a second time for the elements, which the closure takes",
    ),
    (
        "attributes/every-mistake-at-once",
        "three mistakes, to show that one compile reports all",
    ),
    (
        "nested/list-without-the-derive",
        "rustc repeats the missing trait where a change of the list is matched",
    ),
    (
        "nested/without-the-derive-and-used",
        "rustc repeats the missing trait at each closure that takes the handles",
    ),
    (
        "nested/without-the-derive-in-nested",
        "rustc repeats the missing trait where the struct around it is used",
    ),
];

/// Words of our insides that a user need not know, and the cases that show them, with why.
const INTERNAL: &[&str] = &["__mg", "__private", "NotNested", "doc(hidden)"];
const SHOWS_INTERNAL: &[(&str, &str)] = &[
    (
        "flatten/filter-as-a-whole",
        "rustc suggests every field that has the method, the hidden one too",
    ),
    (
        "roles/counter-in-a-uuid",
        "rustc names the function that asks, where it says why",
    ),
    (
        "roles/token-of-the-wrong-type",
        "rustc names the function that asks, where it says why",
    ),
    ("names/reserved", "the name is the user's"),
    (
        "roles/version-of-the-wrong-type",
        "rustc names the function that asks, where it says why",
    ),
    (
        "roles/version-of-an-optional-wrong-type",
        "rustc names the function that asks, where it says why",
    ),
];

/// Cases in which rustc lists what else implements a trait, and why.
const LISTS_TYPES: &[(&str, &str)] = &[
    ("filters/document-for-what-is-no-model", GENERATED),
    ("history/change-of-no-field", GENERATED),
    ("reads/distinct-of-no-field", GENERATED),
];
const GENERATED: &str = "what the derives generate cannot have `do_not_recommend`: without a prelude its path leads nowhere";

fn cases(end: &str) -> Vec<PathBuf> {
    files(&root().join("ui-tests/fail"), end)
}

/// `attributes/duplicate`
fn name(case: &Path) -> String {
    let folder = case.parent().and_then(Path::file_name).unwrap_or_default();
    let file = case.file_stem().unwrap_or_default();
    format!("{}/{}", folder.to_string_lossy(), file.to_string_lossy())
}

#[test]
fn every_case_has_its_words_and_no_words_are_left_over() {
    let programs: BTreeSet<String> = cases("rs").iter().map(|case| name(case)).collect();
    let words: BTreeSet<String> = cases("stderr").iter().map(|case| name(case)).collect();
    let differ: Vec<&String> = programs.symmetric_difference(&words).collect();
    assert!(
        differ.is_empty(),
        "a program without its .stderr, or the other way round: {differ:#?}"
    );
    assert!(
        programs.len() >= LEAST,
        "{} cases, of at least {LEAST}",
        programs.len()
    );
}

#[test]
fn a_case_is_one_folder_deep_as_the_run_finds_it() {
    let folder = root().join("ui-tests/fail");
    for case in cases("rs") {
        let inside = case.strip_prefix(&folder).unwrap();
        assert_eq!(inside.components().count(), 2, "{}", case.display());
    }
}

#[test]
fn a_mistake_is_one_error() {
    let mut wrong = Vec::new();
    for case in cases("stderr") {
        let text = read(&case);
        let errors = text
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        let excepted = MORE_THAN_ONE
            .iter()
            .any(|(name, _)| *name == self::name(&case));
        // An exception that is not needed any more is no exception.
        if (errors != 1) != excepted {
            wrong.push(format!("{}: {errors} errors", name(&case)));
        }
        // Where two fields are stored under one name, rustc finds serde's match odd too.
        let is_ours =
            |line: &str| line.starts_with("warning") && !line.contains("unreachable pattern");
        if text.lines().any(is_ours) {
            wrong.push(format!("{}: a warning beside the error", name(&case)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn exceptions_are_cases_that_exist() {
    let cases: Vec<String> = cases("rs").iter().map(|case| name(case)).collect();
    for (case, why) in MORE_THAN_ONE
        .iter()
        .chain(SHOWS_INTERNAL)
        .chain(LISTS_TYPES)
    {
        assert!(
            cases.iter().any(|name| name == case),
            "there is no {case} ({why})"
        );
    }
}

#[test]
fn no_internal_name_is_shown() {
    let mut wrong = Vec::new();
    for case in cases("stderr") {
        let text = read(&case);
        let shown: Vec<&&str> = INTERNAL
            .iter()
            .filter(|word| text.contains(**word))
            .collect();
        let excepted = SHOWS_INTERNAL
            .iter()
            .any(|(name, _)| *name == self::name(&case));
        if shown.is_empty() == excepted {
            wrong.push(format!("{}: {shown:?}", name(&case)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A list of the implementations of a trait is noise, and names types of ours.
#[test]
fn no_list_of_other_types_is_shown() {
    let mut wrong = Vec::new();
    for case in cases("stderr") {
        let list = read(&case).contains("the following other types implement trait");
        let excepted = LISTS_TYPES
            .iter()
            .any(|(name, _)| *name == self::name(&case));
        if list && !excepted {
            wrong.push(name(&case));
        }
    }
    assert!(
        wrong.is_empty(),
        "an impl lacks `do_not_recommend`: {wrong:#?}"
    );
}
