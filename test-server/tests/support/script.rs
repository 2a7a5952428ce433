//! Programs that a test makes up.

use std::fs;
use std::path::Path;
use std::process::Command;

pub(crate) fn write_script(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    // By another process: a child that another thread forks meanwhile would hold a file open for
    // writing that is open here, and a file that is open for writing cannot be executed.
    let status = Command::new("/bin/sh")
        .args([
            "-c",
            "printf '#!/bin/sh\n%s\n' \"$1\" >\"$0\" && chmod 755 \"$0\"",
        ])
        .arg(path)
        .arg(script)
        .status();
    assert!(status.unwrap().success());
}
