//! Every key of the table of attributes, misused in every way that its row makes possible: each
//! mistake is one error, in the right words, at the right token, and nothing follows from it. The
//! mistakes are made in the models of `zoo/`, and the compiler itself judges them.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Test code, outside of `#[test]` functions too.

mod misplaced;
mod mistake;
mod misuse;
mod options;
mod program;
#[allow(dead_code)] // What the parser asks of the table.
#[path = "../../../monguard-derive/src/attr/keys.rs"]
mod table;
mod zoo;

use std::fmt::Write;

use mistake::Mistake;
use monguard_ui_tests::compiler::{Dependencies, Diagnostic, Program};
use program::Module;
use table::{Form, KEYS};
use zoo::Zoo;

#[test]
fn every_key_is_in_the_zoo_at_every_place_where_it_may_stand() {
    let zoo = Zoo::read();
    let mut missing = Vec::new();
    for row in KEYS {
        for place in row.places {
            if zoo.find(row.name, *place).is_none() {
                missing.push(format!("`{}` at {place:?}", row.name));
            }
        }
    }
    assert!(missing.is_empty(), "zoo/models.rs has no {missing:#?}");
}

/// Every form of it that is another to the derive: the bare key, and each choice.
#[test]
fn every_choice_is_in_the_zoo() {
    let zoo = Zoo::read();
    let mut missing = Vec::new();
    for row in KEYS {
        let written = zoo.all(row.name);
        let mut forms: Vec<String> = match row.form {
            Form::Flag | Form::Text | Form::Path | Form::Index => Vec::new(),
            Form::Choice(choices) | Form::FlagOrChoice(choices) => choices
                .iter()
                .map(|choice| format!("{} = \"{choice}\"", row.name))
                .collect(),
        };
        if let Form::FlagOrChoice(_) = row.form {
            forms.push(row.name.to_owned());
        }
        missing.extend(forms.into_iter().filter(|form| !written.contains(form)));
    }
    assert!(missing.is_empty(), "zoo/models.rs has no {missing:#?}");
}

#[test]
fn every_misuse_of_every_key_is_one_error() {
    let zoo = Zoo::read();
    let mistakes: Vec<Mistake> = KEYS.iter().flat_map(|row| misuse::of(row, &zoo)).collect();
    let modules: Vec<Module> = mistakes.iter().map(|mistake| zoo.module(mistake)).collect();
    let (source, lines) = program::source(&zoo, &modules);
    let program = Program::new(&source).unwrap();
    let dependencies = Dependencies::build().unwrap_or_else(|error| panic!("{error}"));
    let found = program.check(&dependencies).unwrap();

    let mut wrong = String::new();
    for (mistake, lines) in mistakes.iter().zip(&lines) {
        let here: Vec<&Diagnostic> = found
            .iter()
            .filter(|error| lines.contains(&error.line))
            .collect();
        if !matches!(here[..], [error] if mistake.is_reported_by(error)) {
            let _ = writeln!(wrong, "{mistake:#?}\nwas reported as {here:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // And where no mistake is, there is no error.
    assert_eq!(found.len(), mistakes.len(), "{found:#?}");
}
