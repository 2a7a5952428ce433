//! The table of attributes is consistent, and every row has its page. What each key makes of its
//! misuses is tested with the compiler, in `ui-tests/tests/keys`.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use super::errors;
use crate::attr::keys::{Form, KEYS, Place, Row, keys_at};
use crate::pipeline::Derive;

const SECTIONS: [&str; 5] = [
    "**Applies to** ",
    "**Forms** ",
    "**Stored document** ",
    "**Generated** ",
    "**Errors**",
];

fn page(row: &Row) -> (String, String) {
    let file = format!("docs/{}.md", row.name);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(&file);
    (fs::read_to_string(path).expect(&file), file)
}

#[test]
fn names_are_unique_and_every_key_has_its_row() {
    for row in KEYS {
        let named = KEYS.iter().filter(|other| other.name == row.name).count();
        assert_eq!(named, 1, "{}", row.name);
        assert_eq!(row.key.name(), row.name);
        assert!(row.correct.starts_with(row.name), "{}", row.name);
    }
}

#[test]
fn every_key_has_a_page_with_the_sections_in_order() {
    for row in KEYS {
        let (page, file) = page(row);
        assert!(page.starts_with(&format!("# `{}`\n", row.name)), "{file}");
        let mut rest = page.as_str();
        for section in SECTIONS.into_iter().chain(["\n```rust\n"]) {
            let after = rest.split_once(section);
            rest = after
                .unwrap_or_else(|| panic!("{file} has no {section} where it belongs"))
                .1;
        }
        let (example, after) = rest.split_once("\n```\n").expect(&file);
        assert!(after.is_empty(), "{file} goes on after its example");
        assert!(
            example.contains("#[monguard(") && example.contains(row.name),
            "{file} does not show it"
        );
        assert!(
            page.contains(&format!("#[monguard({}", row.correct)),
            "{file}: {}",
            row.correct
        );
    }
}

#[test]
fn every_page_is_in_the_documentation_of_the_macro() {
    let lib = include_str!("../lib.rs");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs");
    for file in fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let line = format!("#[doc = include_str!(\"../docs/{name}\")]");
        assert_eq!(
            lib.matches(&line).count(),
            1,
            "{name} is not included in lib.rs, once"
        );
    }
}

#[test]
fn every_choice_is_on_the_page_of_its_key() {
    for row in KEYS {
        let (Form::Choice(choices) | Form::FlagOrChoice(choices)) = row.form else {
            continue;
        };
        let (page, file) = page(row);
        for choice in choices {
            let written = format!("`#[monguard({} = \"{choice}\")]`", row.name);
            assert!(page.contains(&written), "{file} does not list {written}");
        }
    }
}

/// `docs/attributes.md` is written from the table and the pages: `MONGUARD_BLESS=1 cargo test -p
/// monguard-derive`.
#[test]
fn the_index_of_the_attributes_is_what_the_table_says() {
    let mut index = INDEX_HEAD.to_owned();
    for row in KEYS {
        let (page, _) = page(row);
        let (name, forms, on) = (
            row.name,
            section(&page, "Forms"),
            section(&page, "Applies to"),
        );
        let _ = writeln!(
            index,
            "| [`{name}`](../monguard-derive/docs/{name}.md) | {on} | {forms} |"
        );
    }
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/attributes.md");
    if std::env::var_os("MONGUARD_BLESS").is_some_and(|value| value == "1") {
        fs::write(&file, &index).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == index,
        "docs/attributes.md is stale; MONGUARD_BLESS=1 writes it anew:\n{index}"
    );
}

const INDEX_HEAD: &str = "# Attributes

Every key of `#[monguard(...)]`, with a page each: what it applies to, its forms, its effect on the stored document, what is generated, its
errors, and an example that compiles. [How attributes are written](../monguard-derive/docs/forms.md) has what is true of all;
[what is read of serde](../monguard-derive/docs/serde.md) has names and the form of values.

| key | applies to | forms |
| --- | --- | --- |
";

/// What a page says behind `**Name** `, without the full stop.
fn section<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("**{name}** ");
    let line = page
        .lines()
        .find_map(|line| line.strip_prefix(start.as_str()));
    line.unwrap_or_default().trim_end_matches('.')
}

/// Two keys on one field go together, or are one error that names both.
#[test]
fn every_pair_of_keys_is_accepted_or_one_error() {
    for (place, derive) in [
        (Place::ModelField, Derive::Versioned),
        (Place::NestedField, Derive::Nested),
    ] {
        for (first, second) in
            keys_at(place).flat_map(|row| keys_at(place).map(move |other| (row, other)))
        {
            if first.name == second.name {
                continue;
            }
            let source = format!(
                "{} struct Order {{ #[monguard({}, {})] a: A }}",
                if derive == Derive::Versioned {
                    "#[monguard(collection = \"orders\")]"
                } else {
                    ""
                },
                first.correct,
                second.correct
            );
            // What a role asks of the stored name, and of indexes, are rules of their own.
            let mut found = errors(derive, &source);
            found.retain(|error| {
                !error.contains("must be stored as") && !error.contains("needs no index")
            });
            let is_of_both = |error: &String| {
                error.contains("cannot be combined with")
                    && error.contains(&format!("`{}", first.name))
                    && error.contains(&format!("`{}", second.name))
            };
            assert!(
                found.is_empty() || found.len() == 1 && is_of_both(&found[0]),
                "{source}: {found:#?}"
            );
        }
    }
}
