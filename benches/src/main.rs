//! `cargo xtask bench`: all benchmarks in one run, on one server.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use monguard_benches::Outcome;
use monguard_benches::extent::Extent;
use monguard_benches::report::{self, Chapter};
use monguard_benches::{client, compile, diff, growth, many, peers, single};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", about = "What accountability costs")]
struct Arguments {
    /// Only to see that everything runs: nothing that it prints is a figure.
    #[arg(long)]
    smoke: bool,
    /// Only these parts. Without it all parts, and only then the report is written where it is kept.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// The folder of the report. Default: `docs/benchmarks` after a whole run, none otherwise.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Only this case, for the part that counts its instructions.
    #[arg(long, hide = true, requires = "times")]
    counted: Option<String>,
    /// How often.
    #[arg(long, hide = true)]
    times: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Updates of one document.
    Single,
    /// Mongoose and Beanie.
    Peers,
    /// Writes of many documents.
    Many,
    /// Diffs of two states of a document.
    Diff,
    /// The instructions that a client spends.
    Client,
    /// What the derives cost the compiler.
    Compile,
    /// What grows with the log and with the document.
    Growth,
}

impl Part {
    async fn run(self, extent: Extent) -> Outcome<Chapter> {
        match self {
            Part::Single => single::run(extent).await,
            Part::Peers => peers::run(extent).await,
            Part::Many => many::run(extent).await,
            Part::Compile => compile::run(extent).await,
            Part::Growth => growth::run(extent).await,
            Part::Diff => diff::run(extent).await,
            Part::Client => client::run(extent).await,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: error: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Outcome<()> {
    if let (Some(case), Some(times)) = (&arguments.counted, arguments.times) {
        return client::run_case(case, times).await;
    }
    let extent = if arguments.smoke {
        Extent::Smoke
    } else {
        Extent::Whole
    };
    let all = Part::value_variants();
    let parts = if arguments.only.is_empty() {
        all
    } else {
        &arguments.only
    };
    let is_whole = !arguments.smoke && arguments.only.is_empty();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/benchmarks");
    let folder = arguments.report.clone().or(is_whole.then(|| kept.into()));
    let preface = report::preface(extent).await?;
    let mut chapters = Vec::new();
    for part in parts {
        eprintln!("bench: {part:?}");
        chapters.push(part.run(extent).await?);
        // After each part: one that fails later does not take along what was found before.
        if let Some(folder) = &folder {
            report::write(folder, &preface, &chapters)?;
        }
    }
    print!("{}", report::goals(&chapters));
    Ok(())
}
