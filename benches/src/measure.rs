//! Latencies, throughput and processor time of one subject in one round, and what becomes of them
//! over the rounds.

use std::time::Duration;

use cpu_time::ProcessTime;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// What one subject did in one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Operations that were done.
    pub operations: u64,
    /// The median latency, in microseconds.
    pub p50: f64,
    /// The latency that one of a hundred exceeds, in microseconds.
    pub p99: f64,
    /// Operations a second, what is done behind them included.
    pub throughput: f64,
    /// Processor time of the client for each operation, in microseconds.
    pub cpu: f64,
}

/// A round under way.
#[derive(Debug)]
pub struct Clock {
    cpu: ProcessTime,
    begun: std::time::Instant,
}

impl Clock {
    /// Begins.
    #[must_use]
    pub fn start() -> Self {
        Clock {
            cpu: ProcessTime::now(),
            begun: std::time::Instant::now(),
        }
    }

    /// The time since.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Ends, with the latency of one call that did so many operations.
    #[must_use]
    pub fn stop_after(self, operations: u64, call: Duration) -> Round {
        let count = to_float(operations.max(1));
        let call = call.as_secs_f64() * 1e6;
        Round {
            operations,
            p50: call,
            p99: call,
            throughput: count / self.begun.elapsed().as_secs_f64(),
            cpu: self.cpu.elapsed().as_secs_f64() * 1e6 / count,
        }
    }

    /// Ends, with the latencies of the operations of this round.
    #[must_use]
    pub fn stop(self, latencies: &Latencies) -> Round {
        let operations = latencies.0.len();
        let count = to_float(operations.max(1));
        Round {
            operations,
            p50: latencies.quantile(0.5),
            p99: latencies.quantile(0.99),
            throughput: count / self.begun.elapsed().as_secs_f64(),
            cpu: self.cpu.elapsed().as_secs_f64() * 1e6 / count,
        }
    }
}

/// How long operations took, to three digits.
#[derive(Clone, Debug)]
pub struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        #[allow(
            clippy::unwrap_used,
            reason = "three digits are among those allowed, 0 to 5"
        )]
        Latencies(Histogram::new(3).unwrap())
    }
}

impl Latencies {
    /// One more.
    pub fn add(&mut self, latency: Duration) {
        // The histogram grows with its values, so none is out of range.
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX / 4);
        let _ = self.0.record(nanos);
    }

    /// Those of another task.
    pub fn join(&mut self, other: &Latencies) {
        let _ = self.0.add(&other.0);
    }

    /// A quantile in microseconds.
    #[must_use]
    pub fn quantile(&self, at: f64) -> f64 {
        to_float(self.0.value_at_quantile(at)) / 1e3
    }
}

/// What the tables call the figures of a round.
pub const FIGURES: [&str; 4] = ["p50 µs", "p99 µs", "a second", "CPU µs"];

/// The rounds of one subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rounds(pub Vec<Round>);

impl Rounds {
    /// The median of one figure over the rounds.
    pub fn median(&self, figure: impl Fn(&Round) -> f64) -> f64 {
        median(self.0.iter().map(figure).collect())
    }

    /// The medians of all figures, in the order of [`FIGURES`].
    #[must_use]
    pub fn figures(&self) -> [String; 4] {
        let figures: [fn(&Round) -> f64; 4] = [
            |round| round.p50,
            |round| round.p99,
            |round| round.throughput,
            |round| round.cpu,
        ];
        figures.map(|figure| format!("{:.0}", self.median(figure)))
    }

    /// The row of a table: a name, the figures, and some ratios.
    #[must_use]
    pub fn row<const N: usize>(&self, name: &str, ratios: [String; N]) -> Vec<String> {
        let name = [name.to_owned()].into_iter();
        name.chain(self.figures()).chain(ratios).collect()
    }

    /// A figure as a ratio to that of a baseline: the median of the ratios of like rounds, which
    /// were run one right after the other, and the least and greatest of them.
    pub fn ratio(&self, baseline: &Rounds, figure: impl Fn(&Round) -> f64) -> Ratio {
        let pairs = self.0.iter().zip(&baseline.0);
        Ratio::of(
            pairs
                .map(|(own, other)| figure(own) / figure(other))
                .collect(),
        )
    }
}

/// A ratio to a baseline, over several rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The median.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Ratio {
    /// Of the ratios of the rounds.
    #[must_use]
    pub fn of(ratios: Vec<f64>) -> Self {
        Ratio {
            least: ratios.iter().copied().fold(f64::INFINITY, f64::min),
            greatest: ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            median: median(ratios),
        }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Ratio {
            median,
            least,
            greatest,
        } = self;
        write!(f, "{median:.2} ({least:.2} to {greatest:.2})")
    }
}

/// The median; not a number where there is none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// A count as a number to calculate with.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    reason = "counts of operations and nanoseconds are far below 2^53"
)]
pub fn to_float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(p50: f64) -> Round {
        Round {
            operations: 1,
            p50,
            p99: p50,
            throughput: 1.0,
            cpu: 1.0,
        }
    }

    #[test]
    fn ratios_are_those_of_like_rounds() {
        let own = Rounds([2.0, 30.0, 5.0].map(round).to_vec());
        let other = Rounds([1.0, 10.0, 5.0].map(round).to_vec());
        let ratio = own.ratio(&other, |round| round.p50);
        assert_eq!(ratio.to_string(), "2.00 (1.00 to 3.00)");
    }

    #[test]
    fn the_median_of_an_even_number_is_between_two() {
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn latencies_have_quantiles_in_microseconds() {
        let mut latencies = Latencies::default();
        for micros in 1..=100 {
            latencies.add(Duration::from_micros(micros));
        }
        assert!((latencies.quantile(0.5) - 50.0).abs() < 0.1);
        assert!((latencies.quantile(0.99) - 99.0).abs() < 0.1);
    }
}
