//! What the derives cost: the time that `rustc` takes to check models, beside the same structs with
//! serde's derives and with none, and the lines that are generated. Run by `cargo xtask cost`.

mod lines;
mod measure;
mod models;
mod report;

use std::error::Error;
use std::process::ExitCode;

use measure::measure;
use models::Crate;
use monguard_ui_tests::compiler::Dependencies;

/// How much is measured.
struct Extent {
    /// Rounds in which each program is checked once; the medians are reported.
    rounds: usize,
    crates: [Crate; 2],
}

/// Enough for a median that stands still on a quiet machine.
const WHOLE: Extent = Extent {
    rounds: 5,
    crates: [Crate::of_six_fields(50), Crate::of_twenty_fields(100)],
};

/// Only to see that the command works.
const SMOKE: Extent = Extent {
    rounds: 1,
    crates: [Crate::of_six_fields(1), Crate::of_twenty_fields(2)],
};

fn main() -> ExitCode {
    let mut extent = WHOLE;
    for argument in std::env::args().skip(1) {
        if argument == "--smoke" {
            extent = SMOKE;
        } else {
            eprintln!("cost: unknown argument {argument:?}; there is --smoke");
            return ExitCode::from(2);
        }
    }
    match run(&extent) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cost: error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(extent: &Extent) -> Result<(), Box<dyn Error>> {
    let dependencies = Dependencies::build()?;
    for models in &extent.crates {
        let times = measure(models, extent.rounds, &dependencies)?;
        let lines = lines::expanded(models, &dependencies)?;
        report::print(models, extent.rounds, &times, lines);
    }
    Ok(())
}
