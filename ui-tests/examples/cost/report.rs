use std::io::{self, Write};
use std::time::Duration;

use monguard_ui_tests::cost::{Crate, DERIVES, Derives, Times};

/// What a model of six fields may take to check beyond serde's share, in milliseconds.
const AIM: f64 = 15.0;

pub(crate) fn write(
    to: &mut impl Write,
    models: &Crate,
    rounds: usize,
    times: &Times,
    lines: usize,
) -> io::Result<()> {
    writeln!(
        to,
        "\n{} models of {} fields, {rounds} rounds, medians; rustc alone, without incremental compilation\n",
        models.models,
        models.fields()
    )?;
    writeln!(
        to,
        "| derives | check, wall | processor | per model beyond the line above |"
    )?;
    writeln!(to, "| --- | ---: | ---: | ---: |")?;
    for derives in DERIVES {
        writeln!(
            to,
            "| {} | {:.0} ms | {:.0} ms | {} |",
            name(derives),
            milliseconds(times.wall(derives)),
            milliseconds(times.processor(derives)),
            share(models, times, derives)
                .map_or_else(String::new, |share| format!("{share:.1} ms")),
        )?;
    }
    let share = |derives| share(models, times, derives).unwrap_or_default();
    let (serde, own) = (share(Derives::Serde), share(Derives::Monguard));
    writeln!(
        to,
        "\nmonguard's derives take {:.2} times what serde's take; they generate {lines} lines",
        own / serde
    )?;
    if models.fields() == 6 {
        let kept = if own <= AIM { "kept" } else { "not kept" };
        writeln!(to, "the aim of {AIM:.0} ms beyond serde's: {kept}")?;
    }
    Ok(())
}

fn name(derives: Derives) -> &'static str {
    match derives {
        Derives::Std => "`Debug`, `Clone`, `PartialEq`",
        Derives::Serde => "and serde's",
        Derives::Monguard => "and monguard's",
    }
}

/// The processor time of one model beyond what it takes with the derives before these.
fn share(models: &Crate, times: &Times, derives: Derives) -> Option<f64> {
    let before = match derives {
        Derives::Std => return None,
        Derives::Serde => Derives::Std,
        Derives::Monguard => Derives::Serde,
    };
    let took = |derives| milliseconds(times.processor(derives));
    let models = f64::from(u32::try_from(models.models).unwrap_or(u32::MAX));
    Some((took(derives) - took(before)) / models)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
