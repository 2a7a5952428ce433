//! The links of the documents lead somewhere, and what they list is what there is.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_link_to_a_file_leads_to_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut documents = vec![
        root.join("README.md"),
        root.join("CONTRIBUTING.md"),
        root.join("examples/README.md"),
    ];
    for folder in ["docs", "docs/guide"] {
        let files = fs::read_dir(root.join(folder)).unwrap();
        let files = files.map(|file| file.unwrap().path());
        documents.extend(files.filter(|file| file.extension().is_some_and(|end| end == "md")));
    }

    let broken: Vec<String> = documents
        .iter()
        .flat_map(|document| broken_links(document.as_path()))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

fn broken_links(document: &Path) -> Vec<String> {
    let text = fs::read_to_string(document).unwrap_or_default();
    let folder = document.parent().unwrap_or(Path::new("."));
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
        .filter(|link| !folder.join(link).exists())
        .map(|link| format!("{}: {link}", document.display()))
        .collect()
}

#[test]
fn every_guide_is_in_the_readme_and_compiled() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for file in fs::read_dir(root.join("docs/guide")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(
            readme.contains(&format!("(docs/guide/{name})")),
            "README.md does not link {name}"
        );
        let compiled = include_str!("../src/lib.rs").contains(&format!("docs/guide/{name}\""));
        assert!(compiled, "{name} is not compiled by examples/src/lib.rs");
    }
    assert!(readme.lines().count() <= 200, "the README is too long");
}

#[test]
fn every_example_is_in_the_table_of_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(examples.join("README.md")).unwrap();
    for example in fs::read_dir(examples.join("examples")).unwrap() {
        let path = example.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            table.contains(&format!("| `{name}` |")),
            "examples/README.md has no row for {name}"
        );
    }
}

/// Files that hold no part of the library, or only list the others.
const UNLISTED: [&str; 6] = [
    "mod.rs",
    "tests.rs",
    "samples.rs",
    "models.rs",
    "arbitrary.rs",
    "replay_properties.rs",
];

/// Folders whose row says what their files are, and does not list them.
const SUMMARISED: [&str; 2] = ["action/", "error/"];

#[test]
fn the_tour_lists_the_files_of_each_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tour = fs::read_to_string(root.join("docs/tour.md")).unwrap();
    let table = tour
        .split_once("## The library, folder by folder")
        .unwrap()
        .1;
    let table = table.split_once("\n## ").unwrap().0;
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut wrong = Vec::new();
    let mut listed = Vec::new();
    for (folder, files) in rows.filter_map(|row| row.split_once('`')) {
        let inside = root.join("monguard/src").join(folder);
        let named: Vec<&str> = quoted(files).filter(|name| is_path(name)).collect();
        let absent = named.iter().filter(|name| !inside.join(name).exists());
        wrong.extend(absent.map(|name| format!("there is no {folder}{name}")));
        let unnamed = names_in(&inside).into_iter().filter(|name: &String| {
            let is_named = |listed: &&str| *listed == name.as_str();
            is_source(name) && !UNLISTED.contains(&name.as_str()) && !named.iter().any(is_named)
        });
        if !SUMMARISED.contains(&folder) {
            wrong.extend(unnamed.map(|name| format!("{folder}{name} is not listed")));
        }
        listed.push(folder);
    }
    let folders = names_in(&root.join("monguard/src"));
    let folders = folders.iter().filter(|name| !name.contains('.'));
    let unlisted = folders.filter(|name| !listed.contains(&format!("{name}/").as_str()));
    wrong.extend(unlisted.map(|name| format!("{name}/ has no row")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_that_the_tour_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tour = fs::read_to_string(root.join("docs/tour.md")).unwrap();
    let mut paths = Vec::new();
    for package in [
        "monguard",
        "monguard-derive",
        "model",
        "test-server",
        "tests",
        "ui-tests",
        "xtask",
    ] {
        paths.extend(below(&root.join(package)));
    }
    let absent: Vec<String> = quoted(&tour)
        .filter(|name| is_path(name))
        .flat_map(alternatives)
        .filter(|name| !paths.iter().any(|path| path.ends_with(name)))
        .collect();
    assert!(absent.is_empty(), "{absent:#?}");
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_source(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "rs")
}

/// Whether it is the path of a file of Rust, or of a folder.
fn is_path(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-/.{},".contains(c);
    (is_source(name) || name.ends_with('/')) && name.chars().all(is_plain)
}

/// `a/b.rs` and `a/c.rs` of `a/{b,c}.rs`.
fn alternatives(path: &str) -> Vec<String> {
    let parts = path.split_once('{').and_then(|(before, rest)| {
        let (names, after) = rest.split_once('}')?;
        Some((before, names, after))
    });
    match parts {
        Some((before, names, after)) => {
            let whole = |name| format!("{before}{name}{after}");
            names.split(',').map(whole).collect()
        }
        None => vec![path.to_owned()],
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The folder, and all that is in it, but for what Cargo builds.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut paths = vec![folder.to_owned()];
    for name in names_in(folder).iter().filter(|name| *name != "target") {
        let path = folder.join(name);
        if path.is_dir() {
            paths.extend(below(&path));
        } else {
            paths.push(path);
        }
    }
    paths
}
