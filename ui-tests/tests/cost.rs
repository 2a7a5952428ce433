//! `cargo xtask cost` works. What it measures is reported, and no test depends on it.

use std::path::PathBuf;
use std::process::Command;

#[test]
fn the_cost_of_the_derives_is_reported() {
    // Built beside this test, as every example of the package.
    let test = std::env::current_exe().unwrap();
    let built = test.parent().and_then(std::path::Path::parent).unwrap();
    let example: PathBuf = built.join("examples/cost");
    assert!(
        example.is_file(),
        "the example is not built; `cargo test -p monguard-ui-tests` builds it too"
    );
    let output = Command::new(&example).arg("--smoke").output().unwrap();
    let (said, failed) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{}: {failed}", example.display());
    for expected in [
        "1 models of 6 fields",
        "2 models of 20 fields",
        "| and monguard's |",
        "they generate ",
    ] {
        assert!(said.contains(expected), "no {expected:?} in {said}");
    }
}
