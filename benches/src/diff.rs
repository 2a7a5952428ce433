//! Diffs of two states of a document.

use std::process::Command;

use serde::Deserialize;

use crate::Outcome;
use crate::extent::Extent;
use crate::measure::to_float;
use crate::report::{Bound, Chapter, Chart, Goal, Table};

/// Diffs of documents of three sizes with few and many changes.
///
/// # Errors
/// What the program says that makes them.
#[allow(clippy::unused_async, reason = "the parts have one form")]
pub async fn run(extent: Extent) -> Outcome<Chapter> {
    let printed = printed(extent)?;
    let all: Result<Vec<Measured>, _> = printed.lines().map(serde_json::from_str).collect();
    let all = All(all?);
    let mut chapter = Chapter {
        title: "Diffs".to_owned(),
        text: TEXT.to_owned(),
        skipped: vec![NOT_SO_MANY.to_owned()],
        ..Chapter::default()
    };
    for size in all.sizes() {
        chapter.tables.push(all.table(size));
    }
    chapter.charts = vec![all.over_sizes(), all.over_changes()];
    if let Some(middle) = all.sizes().get(1) {
        for own in [DELTA, TYPED] {
            for is_near in [true, false] {
                chapter.goals.extend(all.goals(own, *middle, is_near));
            }
        }
    }
    Ok(chapter)
}

/// What the program beside this one prints.
fn printed(extent: Extent) -> Outcome<String> {
    let program = std::env::current_exe()?.with_file_name("bench-diff");
    if !program.is_file() {
        return Err("`bench-diff` is not built: run `cargo xtask bench`, which builds it".into());
    }
    let arguments: &[&str] = extent.pick(&[], &["--smoke"]);
    let output = Command::new(program).args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

const DELTA: &str = "monguard, delta of an entry";
const TYPED: &str = "monguard, typed";

const TEXT: &str = "
The document is an order with shipments, lists of at most 20 lines, with texts, numbers, dates and
nested structs. A write makes two diffs of the stored documents: the **paths of an update**, which
are what is sent, and the **delta of an entry**, which is what the log shows. The **typed** diff is
that of `changes_since`, over the models; no write makes it. A change near the root is one of a
field of the order; the others are spread over fields of lines, which lie deeper than a delta goes:
it holds both states of such a line as a whole, which is most of the time and of the allocations
that it takes. The crates make diffs of the same data as JSON, paths and new values alone; what
`serde_json_diff` consumes was made before the clock started. Times are those of the quickest of 15 rounds;
`: equal` is the ratio to the same diff of two equal documents.
";

const NOT_SO_MANY: &str = "100 changes in the smallest document, which has fewer fields; how many \
    changes `serde_json_diff` found, which says only whether there are any";

/// What is printed for one subject on one pair of documents.
#[derive(Debug, Deserialize)]
struct Measured {
    subject: String,
    bytes: u64,
    changes: u32,
    is_near: bool,
    allocations: u64,
    allocated: u64,
    rounds: Vec<f64>,
}

impl Measured {
    /// Microseconds, of the round that nothing interfered with: whatever does only adds to it.
    fn time(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min) / 1e3
    }

    fn label(&self) -> String {
        if self.is_near {
            format!("{} near the root", self.changes)
        } else {
            self.changes.to_string()
        }
    }
}

struct All(Vec<Measured>);

impl All {
    fn sizes(&self) -> Vec<u64> {
        let mut sizes: Vec<u64> = self.0.iter().map(|measured| measured.bytes).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    fn of_size(&self, bytes: u64) -> impl Iterator<Item = &Measured> {
        self.0
            .iter()
            .filter(move |measured| measured.bytes == bytes)
    }

    /// The same subject on two equal documents of this size.
    fn equal(&self, own: &Measured) -> Option<&Measured> {
        let mut same = self.of_size(own.bytes);
        same.find(|other| other.subject == own.subject && other.changes == 0)
    }

    fn ratio_to_equal(&self, own: &Measured) -> Option<f64> {
        Some(own.time() / self.equal(own)?.time())
    }

    fn table(&self, bytes: u64) -> Table {
        let rows = self.of_size(bytes).map(|measured| {
            let ratio = self.ratio_to_equal(measured);
            vec![
                measured.subject.clone(),
                measured.label(),
                format!("{:.2}", measured.time()),
                ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
                measured.allocations.to_string(),
                format!("{:.1}", to_float(measured.allocated) / 1e3),
            ]
        });
        let head = ["diff", "changes", "µs", ": equal", "allocations", "kB"];
        Table {
            caption: format!("A document of {:.1} kB", to_float(bytes) / 1e3),
            head: head.map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }
    }

    fn subjects(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for measured in &self.0 {
            if !names.contains(&&*measured.subject) && !measured.subject.starts_with("equality") {
                names.push(&measured.subject);
            }
        }
        names
    }

    fn lines(&self, point: impl Fn(&Measured) -> Option<f64>) -> Vec<(String, Vec<(f64, f64)>)> {
        let line = |subject: &&str| {
            let own = self
                .0
                .iter()
                .filter(|measured| measured.subject == *subject);
            let points = own.filter_map(|measured| Some((point(measured)?, measured.time())));
            ((*subject).to_owned(), points.collect())
        };
        self.subjects().iter().map(line).collect()
    }

    fn over_sizes(&self) -> Chart {
        let is_shown = |measured: &Measured| measured.changes == 1 && !measured.is_near;
        let size = |measured: &Measured| is_shown(measured).then(|| to_float(measured.bytes) / 1e3);
        Chart {
            file: "diff-sizes".to_owned(),
            caption: "A diff of two documents with one change in a line".to_owned(),
            x: "size in kB".to_owned(),
            y: "µs".to_owned(),
            lines: self.lines(size),
        }
    }

    fn over_changes(&self) -> Chart {
        let middle = self.sizes().get(1).copied();
        let is_shown = |measured: &Measured| {
            Some(measured.bytes) == middle && measured.changes > 0 && !measured.is_near
        };
        let changes = |measured: &Measured| is_shown(measured).then(|| measured.changes.into());
        Chart {
            file: "diff-changes".to_owned(),
            caption: "A diff of two documents of 15 kB".to_owned(),
            x: "changes".to_owned(),
            y: "µs".to_owned(),
            lines: self.lines(changes),
        }
    }

    /// That of one change.
    fn goals(&self, own: &str, bytes: u64, is_near: bool) -> Vec<Goal> {
        let mut all = self.of_size(bytes);
        let one = all.find(|measured| {
            measured.subject == own && measured.changes == 1 && measured.is_near == is_near
        });
        let Some(one) = one else {
            return Vec::new();
        };
        let (place, note) = if is_near {
            ("near the root", "")
        } else {
            (
                "in a line",
                "the format holds the line as a whole, old and new",
            )
        };
        let what = format!("{own}, 15 kB, one change {place}");
        let time = Goal {
            what: what.clone(),
            bound: Bound::AtMost(10.0),
            measured: one.time(),
            unit: "µs".to_owned(),
            note: note.to_owned(),
        };
        let ratio = self.ratio_to_equal(one).map(|ratio| Goal {
            what: format!("{what}, against two equal documents"),
            bound: Bound::AtMost(1.2),
            measured: ratio,
            unit: String::new(),
            note: note.to_owned(),
        });
        [time].into_iter().chain(ratio).collect()
    }
}
