//! A smoke run of all parts writes the report that a whole one writes.

use std::process::Command;

use monguard_tests::fixture::server_uri;

#[test]
fn all_parts_run_and_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bench"))
        .arg("--smoke")
        .arg("--report")
        .arg(folder.path())
        .env("MONGODB_URI", server_uri())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    let page = std::fs::read_to_string(folder.path().join("README.md")).unwrap();
    let (_, goals) = page.split_once("## What was to be reached").unwrap();
    let (goals, chapters) = goals.split_once("\n## ").unwrap();
    assert!(goals.contains("| what | bound | measured |"), "{goals}");
    assert!(goals.contains("| ≤ 1.05 |"), "{goals}");
    assert!(!chapters.is_empty());
    assert!(charts(&page).count() > 0);
    for chart in charts(&page) {
        let drawing = std::fs::read_to_string(folder.path().join(chart)).unwrap();
        assert!(
            drawing.contains("<svg") && drawing.contains("<polyline"),
            "{chart}"
        );
    }
}

/// The files that the page shows.
fn charts(page: &str) -> impl Iterator<Item = &str> {
    let shown = page.lines().filter(|line| line.starts_with("!["));
    shown.filter_map(|line| {
        let (_, file) = line.rsplit_once('(')?;
        file.strip_suffix(')')
    })
}
