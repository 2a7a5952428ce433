//! The page of the crate names what it is a model of: that is there.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn what_is_modelled_is_in_the_library() {
    let page = include_str!("../src/lib.rs");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../monguard/src");
    let rows = page.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let library = rows
        .filter_map(|row| row.split_once(" | "))
        .map(|(_, library)| library);
    let named: Vec<&str> = library
        .flat_map(|library| library.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 20, "the table has lost its rows");
    let absent: Vec<&&str> = named
        .iter()
        .filter(|name| !is_there(&sources, name))
        .collect();
    assert!(absent.is_empty(), "{absent:#?}");
}

#[test]
fn what_is_said_of_the_model_is_in_it() {
    let page = include_str!("../src/lib.rs");
    let sources = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let rows = page.lines().filter_map(|line| line.strip_prefix("//! | "));
    let model = rows
        .filter_map(|row| row.split_once(" | "))
        .map(|(model, _)| model);
    let named = model.flat_map(|model| model.split('`').skip(1).step_by(2));
    let absent: Vec<&str> = named
        .filter(|name| !name.split("::").all(|part| is_named(&sources, part)))
        .collect();
    assert!(absent.is_empty(), "{absent:#?}");
}

#[test]
fn the_protocol_has_each_rule_and_no_other() {
    let rules = monguard_model::Rule::ALL.map(|rule| format!("{rule:?}"));
    let page = include_str!("../../docs/protocol.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let last = rows.filter_map(|row| row.trim_end_matches([' ', '|']).rsplit_once("| `"));
    let named: Vec<String> = last
        .map(|(_, name)| name.trim_end_matches('`').to_owned())
        .collect();
    assert_eq!(
        named, rules,
        "docs/protocol.md and Rule::ALL, in their orders"
    );
}

/// Whether the first name is a folder, and the others are declared or named there: a module, a type,
/// a function.
fn is_there(sources: &Path, name: &str) -> bool {
    let mut parts = name.split("::");
    let folder = parts.next().unwrap_or_default();
    let within = sources.join(folder);
    let sources = texts(&within);
    let is_file =
        |part: &str| within.join(part).exists() || within.join(format!("{part}.rs")).exists();
    within.is_dir() && parts.all(|part| is_file(part) || is_declared(&sources, part))
}

fn is_declared(sources: &[String], name: &str) -> bool {
    ["fn ", "struct ", "enum "].iter().any(|kind| {
        let declaration = format!("{kind}{name}");
        let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        sources
            .iter()
            .any(|text| text.split(&declaration).skip(1).any(is_whole))
    })
}

/// A declaration, a variant, a field, or a module.
fn is_named(sources: &[String], name: &str) -> bool {
    is_declared(sources, name)
        || sources.iter().any(|text| {
            [
                format!("mod {name};"),
                format!("    {name} {{"),
                format!("    {name},"),
            ]
            .iter()
            .chain(&[
                format!("    {name}("),
                format!(" {name}: "),
                format!("{name}::"),
            ])
            .any(|form| text.contains(form))
        })
}

fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
    let own = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    own.chain(folders.iter().flat_map(|folder| texts(folder)))
        .collect()
}
