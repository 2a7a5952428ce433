//! The links of the documents lead somewhere.

use std::fs;
use std::path::Path;

#[test]
fn every_link_to_a_file_leads_to_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut documents = vec![
        root.join("README.md"),
        root.join("examples/README.md"),
        root.join("docs/tour.md"),
    ];
    let guide = fs::read_dir(root.join("docs/guide")).unwrap();
    documents.extend(guide.map(|file| file.unwrap().path()));

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
