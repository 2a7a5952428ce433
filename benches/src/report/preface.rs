//! What was run, on what.

use std::num::NonZero;
use std::process::Command;
use std::thread::available_parallelism;

use mongodb::bson::doc;

use crate::Outcome;
use crate::extent::Extent;
use crate::stage::Way;

/// How to read the page, and what machine and server its figures are from.
///
/// # Errors
/// The server cannot be asked.
pub async fn preface(extent: Extent) -> Outcome<String> {
    let caution = extent.pick("", SMOKE);
    let client = Way::Loopback.client().await?;
    let admin = client.database("admin");
    let built = admin.run_command(doc! { "buildInfo": 1 }).await?;
    let version = built.get_str("version").unwrap_or("of unknown version");
    let hello = admin.run_command(doc! { "hello": 1 }).await?;
    let topology = if hello.contains_key("setName") {
        "a replica set of one"
    } else {
        "a standalone"
    };
    let processors = available_parallelism().map_or(1, NonZero::get);
    Ok(format!(
        "{caution}{PREFACE}\nThis run: {processors} processors for client and server together, {} on {}, {}; the server says that it is MongoDB {version}, {topology}{}.",
        std::env::consts::OS,
        std::env::consts::ARCH,
        compiler(),
        server(),
    ))
}

const PREFACE: &str = "
Written by `cargo xtask bench`, in one run on one server. Only ratios to a baseline of the same run mean
anything: the absolute figures are those of one machine on one day. Each ratio is the median of several
rounds, in which subject and baseline ran one right after the other; behind it are the least and the
greatest.
";

const SMOKE: &str =
    "**Nothing here is a figure: this run was only to see that everything runs.**\n";

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc).arg("--version").output();
    asked.map_or_else(
        |_| "an unknown compiler".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// What the server is beside what it says, if whoever started it told us.
fn server() -> String {
    std::env::var("MONGUARD_BENCH_SERVER")
        .map_or_else(|_| String::new(), |server| format!(" ({server})"))
}
