use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::compiler::{Dependencies, Program};

use super::models::{Crate, DERIVES, Derives};

/// What checking the programs of one crate took: the median over the rounds.
#[derive(Debug)]
pub struct Times {
    wall: [Duration; DERIVES.len()],
    /// User and system time of the compiler. It says more than the wall on a busy machine.
    processor: [Duration; DERIVES.len()],
}

impl Times {
    /// By the clock on the wall.
    #[must_use]
    pub fn wall(&self, derives: Derives) -> Duration {
        self.wall[derives as usize]
    }

    /// What the compiler computed.
    #[must_use]
    pub fn processor(&self, derives: Derives) -> Duration {
        self.processor[derives as usize]
    }
}

/// Each round checks every program once, so that what slows the machine down slows down all.
///
/// # Errors
/// What the operating system says, or the compiler of a program that does not compile.
pub fn measure(models: &Crate, rounds: usize, dependencies: &Dependencies) -> io::Result<Times> {
    let mut programs = Vec::new();
    for derives in DERIVES {
        let program = Program::new(&models.source(derives))?;
        // Also reads what it depends on into the cache of the operating system.
        let errors = program.check(dependencies)?;
        if !errors.is_empty() {
            return Err(io::Error::other(format!("{derives:?}: {errors:#?}")));
        }
        programs.push(program);
    }
    let mut samples = [const { Vec::new() }; DERIVES.len()];
    for _ in 0..rounds {
        for (program, samples) in programs.iter().zip(&mut samples) {
            samples.push(check(&mut program.command(dependencies))?);
        }
    }
    Ok(Times {
        wall: samples
            .each_ref()
            .map(|samples| median(samples.iter().map(|(wall, _)| *wall))),
        processor: samples
            .each_ref()
            .map(|samples| median(samples.iter().map(|(_, cpu)| *cpu))),
    })
}

/// How long the compiler runs, and how long it computes, as the shell that starts it can say.
fn check(compiler: &mut Command) -> io::Result<(Duration, Duration)> {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "\"$@\" || exit; times", "sh"])
        .arg(compiler.get_program())
        .args(compiler.get_args());
    for (name, value) in compiler.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    let start = Instant::now();
    let output = shell.output()?;
    let wall = start.elapsed();
    let said = String::from_utf8_lossy(&output.stdout);
    let processor = said.lines().nth(1).and_then(processor_time);
    match processor {
        Some(processor) if output.status.success() => Ok((wall, processor)),
        _ => Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )),
    }
}

/// `0m0.310s 0m0.090s`: user and system time of what the shell has run.
fn processor_time(line: &str) -> Option<Duration> {
    let part = |text: &str| {
        let (minutes, seconds) = text.strip_suffix('s')?.split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    let (user, system) = line.split_once(' ')?;
    Duration::try_from_secs_f64(part(user)? + part(system)?).ok()
}

fn median(samples: impl Iterator<Item = Duration>) -> Duration {
    let mut samples: Vec<Duration> = samples.collect();
    samples.sort();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_shell_are_read() {
        assert_eq!(
            processor_time("0m1.500s 1m0.25s"),
            Some(Duration::from_millis(61_750))
        );
        assert_eq!(
            processor_time("0m0.010000s 0m0.000000s"),
            Some(Duration::from_millis(10))
        );
        assert_eq!(processor_time("nothing"), None);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let samples = [9, 1, 5].map(Duration::from_millis);
        assert_eq!(median(samples.into_iter()), Duration::from_millis(5));
    }
}
