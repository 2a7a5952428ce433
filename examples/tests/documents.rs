//! The links of the documents lead somewhere.

use std::fs;
use std::path::Path;

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
