//! What the derives cost: the time that `rustc` takes to check models, beside the same structs with
//! serde's derives and with none, and the lines that are generated. Run by `cargo xtask cost`.
//! What it measures is reported, and no test depends on it.

mod lines;
mod report;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use monguard_ui_tests::compiler::Dependencies;
use monguard_ui_tests::cost::{Crate, measure};

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

impl Extent {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// The argument that is none.
    fn asked(arguments: impl IntoIterator<Item = String>) -> Result<&'static Self, String> {
        let mut extent = &WHOLE;
        for argument in arguments {
            if argument != "--smoke" {
                return Err(argument);
            }
            extent = &SMOKE;
        }
        Ok(extent)
    }
}

fn main() -> ExitCode {
    let extent = match Extent::asked(std::env::args().skip(1)) {
        Ok(extent) => extent,
        Err(argument) => {
            eprintln!("cost: unknown argument {argument:?}; there is --smoke");
            return ExitCode::from(2);
        }
    };
    match run(extent, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cost: error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(extent: &Extent, to: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let dependencies = Dependencies::build()?;
    for models in &extent.crates {
        let times = measure(models, extent.rounds, &dependencies)?;
        let lines = lines::expanded(models, &dependencies)?;
        report::write(to, models, extent.rounds, &times, lines)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_the_derives_is_reported() {
        let smoke = Extent::asked(["--smoke".to_owned()]).unwrap();
        let mut said = Vec::new();
        run(smoke, &mut said).unwrap();
        let said = String::from_utf8(said).unwrap();
        for expected in [
            "1 models of 6 fields",
            "2 models of 20 fields",
            "| and monguard's |",
            "they generate ",
        ] {
            assert!(said.contains(expected), "no {expected:?} in {said}");
        }
    }

    #[test]
    fn an_argument_that_is_none_is_named() {
        let asked = Extent::asked(["--smoke", "--smok"].map(str::to_owned));
        assert_eq!(asked.err().as_deref(), Some("--smok"));
    }
}
