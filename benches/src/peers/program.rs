//! One round of a program that is not ours.

use serde::Deserialize;

use super::install::Installed;
use crate::Outcome;
use crate::measure::{Round, to_float};
use crate::models::Texts;
use crate::single::Load;

/// What a program prints.
#[derive(Debug, Deserialize)]
struct Printed {
    operations: u64,
    p50_us: f64,
    p99_us: f64,
    throughput: f64,
    cpu_us: f64,
}

/// One round of the program. Its clock starts when it is warm.
///
/// # Errors
/// What the program says.
pub(super) async fn round<T: Texts>(
    program: Installed,
    (uri, database): (String, String),
    load: Load,
) -> Outcome<Round> {
    let numbers = [
        to_float(u64::try_from(load.tasks)?),
        load.lasting.as_secs_f64(),
        to_float(u64::try_from(T::FIELDS)?),
        to_float(u64::try_from(T::LENGTH)?),
    ];
    let mut command = program.command();
    command.arg(uri).arg(database);
    command.args(numbers.map(|number| number.to_string()));
    let output = command.output().await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {}", program.neighbour.name(), said.trim()).into());
    }
    let Printed {
        operations,
        p50_us,
        p99_us,
        throughput,
        cpu_us,
    } = serde_json::from_slice(&output.stdout)?;
    Ok(Round {
        operations,
        p50: p50_us,
        p99: p99_us,
        throughput,
        cpu: cpu_us,
    })
}
