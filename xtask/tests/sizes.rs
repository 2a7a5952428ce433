//! No file and no function is longer than CONTRIBUTING.md allows. Clippy counts the lines of
//! functions too, but not those of tests' helpers in other folders, of comments, and of files.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Test code, outside of `#[test]` functions too.

use std::fs;
use std::path::{Path, PathBuf};

/// CONTRIBUTING.md: "Files have at most 400 lines, functions at most 60".
const FILE: usize = 400;
const FUNCTION: usize = 60;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file of the workspace. Expected output is compared, not written by hand.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in fs::read_dir(root()).unwrap() {
        let folder = folder.unwrap().path();
        if folder.join("Cargo.toml").is_file() {
            collect(&folder, &mut found);
        }
    }
    assert!(
        found.len() > 200,
        "the rule finds only {} files",
        found.len()
    );
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !["target", "expanded"].contains(&name.as_str()) {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = sources()
        .iter()
        .map(|file| (file, fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > FILE)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "more than {FILE}: {long:#?}");
}

#[test]
fn no_function_is_too_long() {
    let mut long = Vec::new();
    for file in sources() {
        for (name, lines) in functions(&fs::read_to_string(&file).unwrap()) {
            if lines > FUNCTION {
                long.push(format!("{}: {name} has {lines} lines", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "more than {FUNCTION}: {long:#?}");
}

/// Each function of a formatted file with its number of lines. Its last line is the first `}` at its
/// own indentation, because the formatter puts it there.
fn functions(source: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indentation = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indentation}}}");
        // One without a body, or with one on its own line, ends before another begins.
        let head = lines[at..]
            .iter()
            .position(|line| line.ends_with(['{', ';', '}']));
        if head.is_none_or(|head| !lines[at + head].ends_with('{')) {
            continue;
        }
        if let Some(length) = lines[at..].iter().position(|line| **line == end) {
            found.push((name.to_owned(), length + 1));
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    loop {
        let (word, after) = rest.split_once(' ')?;
        match word {
            "fn" => return after.split(['(', '<']).next(),
            "const" | "async" | "unsafe" | "extern" | "pub" => rest = after,
            _ if word.starts_with("pub(") => rest = after,
            _ => return None,
        }
    }
}

#[test]
fn functions_are_found_with_their_lines() {
    let source = "impl A {\n    pub(crate) async fn one<T>(\n        &self,\n    ) -> B {\n        let a = C {\n            b,\n        };\n    }\n\n    fn two();\n}\n\nfn three() {}\n\nconst fn four() {\n    1\n}\n";
    let found: Vec<(String, usize)> = functions(source);
    assert_eq!(found, [("one".to_owned(), 7), ("four".to_owned(), 3)]);
}

/// The bounds of this file are those that CONTRIBUTING.md and clippy have.
#[test]
fn the_bounds_are_those_of_the_rules() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let rule = format!("Files have at most {FILE} lines, functions at most {FUNCTION}");
    assert!(read("CONTRIBUTING.md").contains(&rule));
    assert!(read("clippy.toml").contains(&format!("too-many-lines-threshold = {FUNCTION}")));
    for folder in fs::read_dir(root()).unwrap() {
        let manifest = folder.unwrap().path().join("Cargo.toml");
        if let Ok(manifest) = fs::read_to_string(manifest) {
            assert!(manifest.contains("[lints]\nworkspace = true"), "{manifest}");
        }
    }
}
