//! What the writes of many documents come to.

use super::contest::{
    AT_ONCE, CARRIED, Entrant, FLOOR, LOOP, LOOP_OF_8, PUSHED, Result, contest, entrants,
};
use crate::Outcome;
use crate::extent::Extent;
use crate::measure::{Ratio, Rounds, median, to_float};
use crate::report::{Bound, Chapter, Goal, Table};
use crate::stage::Way;

/// Writes of many documents.
///
/// # Errors
/// What a program says.
pub async fn run(extent: Extent) -> Outcome<Chapter> {
    let client = Way::Loopback.client().await?;
    let entrants = entrants(&client);
    let documents = extent.pick(10_000, 50);
    let all = contest(&entrants, documents, extent.pick(4, 1)).await?;
    let table = table(documents, &entrants, &all);
    eprintln!("{}", crate::report::rendered(&table));
    Ok(Chapter {
        title: "A write of many documents".to_owned(),
        text: TEXT.to_owned(),
        tables: vec![table],
        goals: goals(documents, &entrants, &all),
        ..Chapter::default()
    })
}

const TEXT: &str = "
One field of each document of a collection is set; the documents have 20 fields, 1 KB. **floor** is one
`updateMany` on the driver, without versions to check and without an audit. **hand: updateMany, an entry
pushed** is the same with one entry that is put into every document alike: no old value is read, nothing is
checked, and nothing is copied to the log, so that no carried entry can take less of the server. **hand:
updateMany, entries after it** is **floor** between one read of the old values and one insert of all
entries: what an audit asks at least where the entries are not carried, checked by nobody, and lost where
the program ends in between. **hand: loop** reads the documents once, and then makes a
`findOneAndUpdate` with the version in its filter and an insert of an entry for each: what a careful
program does, by one task or by eight. **call** is how long it took until the call returned, **drain** how
much longer until all entries were in the log: the throughput includes it. `bulk` is given states that were
read before. The processor time is the client's, for each document. Each round has new documents, which were
written once since they were created, but for those called new: these still carry the entry of their
creation, whose image the server puts in. Transactional writes are made one by one, and of fewer documents.
";

/// The least ratio of the throughputs that is to be reached.
const WANTED: f64 = 20.0;

fn table(documents: u64, entrants: &[Entrant], all: &[Result]) -> Table {
    let of = |name| named(entrants, all, name);
    let (floor, hand, hand_8) = (of(FLOOR), of(LOOP), of(LOOP_OF_8));
    let rows = entrants.iter().zip(all).map(|(entrant, result)| {
        let Result { rounds, drains } = result;
        let throughput = |base: &Rounds| rounds.ratio(base, |round| round.throughput);
        vec![
            match entrant.fewer {
                1 => entrant.name.to_owned(),
                fewer => format!("{}, {} documents", entrant.name, documents / fewer),
            },
            format!("{:.0}", rounds.median(|round| round.p50) / 1e3),
            format!("{:.0}", median(drains.clone()) / 1e3),
            format!("{:.0}", rounds.median(|round| round.throughput)),
            format!("{:.1}", rounds.median(|round| round.cpu)),
            throughput(floor).to_string(),
            throughput(hand).to_string(),
            throughput(hand_8).to_string(),
            faster(rounds, hand).to_string(),
        ]
    });
    let head = [
        "program",
        "call ms",
        "drain ms",
        "documents a second",
        "CPU µs",
        "throughput : floor",
        "throughput : loop, 1 task",
        "throughput : loop, 8 tasks",
        "loop, 1 task : call",
    ];
    Table {
        caption: format!("{documents} documents"),
        head: head.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn named<'a>(entrants: &[Entrant], all: &'a [Result], name: &str) -> &'a Rounds {
    let at = entrants.iter().position(|entrant| entrant.name == name);
    &all[at.unwrap_or_default()].rounds
}

/// How many times sooner than the baseline the call returned, for each document.
fn faster(own: &Rounds, base: &Rounds) -> Ratio {
    base.ratio(own, |round| round.p50 / to_float(round.operations))
}

fn goals(documents: u64, entrants: &[Entrant], all: &[Result]) -> Vec<Goal> {
    let of = |name| named(entrants, all, name);
    let (own, hand) = (of(CARRIED), of(LOOP));
    // What the server can do at all: without an audit, with carried entries, and with others.
    let least = |name| faster(of(name), hand).median;
    let (floor, pushed, audited) = (least(FLOOR), least(PUSHED), least(AT_ONCE));
    // The rest of the time is the server's.
    let client = own.median(|round| round.cpu * round.throughput / 1e4);
    let goal = |what: &str, ratio: Ratio| Goal {
        what: format!("carried update_many of {documents} documents, {what}, against {LOOP}"),
        bound: Bound::AtLeast(WANTED),
        measured: ratio.median,
        unit: String::new(),
        note: format!(
            "{:.1} to {:.1}; one updateMany of the server without an audit: {floor:.1}, with one entry, \
             the same, pushed into each document: {pushed:.1}, with an unchecked audit by hand: \
             {audited:.1}; the client works for {client:.0} % of the time",
            ratio.least, ratio.greatest
        ),
    };
    vec![
        goal(
            "throughput with all entries in the log",
            own.ratio(hand, |round| round.throughput),
        ),
        goal("throughput of the call", faster(own, hand)),
    ]
}
