//! The instructions that a client spends, counted and not timed.

mod callgrind;
mod parts;

use monguard_tests::fixture::server_uri;

use crate::Outcome;
use crate::extent::Extent;
use crate::measure::to_float;
use crate::report::{Bound, Chapter, Goal, Table};
use crate::single::{self, CARRIED, COUNTED, HAND, SAME_CARRIED};
use callgrind::Counted;

/// Instructions for each operation: of whole updates on the server of the run, and of what is done
/// without one.
///
/// # Errors
/// What a program says that is counted.
pub async fn run(extent: Extent) -> Outcome<Chapter> {
    let mut chapter = Chapter {
        title: "Instructions of the client".to_owned(),
        text: TEXT.to_owned(),
        ..Chapter::default()
    };
    if !callgrind::is_there() {
        let skipped = "the instructions of the client: install `valgrind` to have them counted";
        chapter.skipped.push(skipped.to_owned());
        return Ok(chapter);
    }
    if extent == Extent::Smoke {
        return smoke(chapter).await;
    }
    let whole = counted(&COUNTED.map(str::to_owned), 300)?;
    chapter
        .tables
        .push(table("A whole update of 1 KB, server and all", &whole));
    let carried = goal("a carried update of 1 KB", &whole, CARRIED, HAND);
    let by_hand = named(&whole, SAME_CARRIED).zip(named(&whole, HAND));
    let note = by_hand.map(|(same, hand)| format!("the same commands by hand: {:.2}", same / hand));
    chapter.goals.extend(carried.map(|goal| Goal {
        note: note.unwrap_or_default(),
        ..goal
    }));
    let parts = counted(&parts::cases(), 200)?;
    chapter
        .tables
        .push(table("Parts of it, without a server", &parts));
    for size in ["1 KB", "15 KB"] {
        let [own, other] = ["ours", "hand"].map(|who| format!("update, {who}, {size}"));
        let what = format!("an update of {size} worked out and written as bytes");
        chapter.goals.extend(goal(&what, &parts, &own, &other));
    }
    Ok(chapter)
}

const TEXT: &str = "
Counted by callgrind, which counts every instruction of a program: each case is run so many times,
and twice as many, and the difference is that of the operations alone, whatever came before them.
**A whole update** sets one field of a document that the last update returned: all that the client
does for it, the driver's part and what is done behind it included; **hand** is a
`findOneAndUpdate` and an insert of an entry, which are two commands where ours is one, and
**carried, by hand** sends the commands of the carried mode and nothing else, as in the first table.
**Update** is the part from the document as it was returned to the bytes of the command and of the
entry, **decode** from bytes to the model and **encode** back; by hand, that is `doc!`, serde and
nothing else: no old value is read from the stored document, nothing is compared or checked.
";

/// Every case, not counted, and one of them counted: each start of callgrind takes a second.
async fn smoke(mut chapter: Chapter) -> Outcome<Chapter> {
    let mut cases = parts::cases();
    let updates = COUNTED.map(str::to_owned);
    for case in cases.iter().chain(&updates) {
        run_case(case, 2).await?;
    }
    cases.truncate(1);
    let counts = counted(&cases, 2)?;
    chapter.tables.push(table("One part", &counts));
    Ok(chapter)
}

/// One case, so many times: what the program does whose instructions are counted.
///
/// # Errors
/// There is no such case, or what the case says.
pub async fn run_case(case: &str, times: u32) -> Outcome<()> {
    if COUNTED.contains(&case) {
        return single::counted(case, times).await;
    }
    parts::run(case, times)
}

/// The instructions of one operation of each case.
fn counted(cases: &[String], times: u32) -> Outcome<Vec<(String, f64)>> {
    let program = std::env::current_exe()?;
    let uri = server_uri();
    let mut counts = Vec::with_capacity(cases.len());
    for case in cases {
        let arguments = [format!("--counted={case}"), "--times".to_owned()];
        let counted = Counted {
            program: &program,
            arguments: &arguments,
            uri: &uri,
        };
        let (once, twice) = (counted.times(times)?, counted.times(2 * times)?);
        let each = to_float(twice.saturating_sub(once)) / f64::from(times);
        counts.push((case.clone(), each));
    }
    Ok(counts)
}

fn table(caption: &str, counts: &[(String, f64)]) -> Table {
    let by_hand = |case: &str| {
        let other = case.replace("ours", "hand");
        let other = if other == case { "hand" } else { &other };
        named(counts, other)
    };
    let rows = counts.iter().map(|(case, count)| {
        let ratio = by_hand(case).map_or_else(String::new, |hand| format!("{:.2}", count / hand));
        vec![case.clone(), format!("{:.0}", count / 1e3), ratio]
    });
    Table {
        caption: caption.to_owned(),
        head: ["case", "thousand instructions", ": hand"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    }
}

fn named(counts: &[(String, f64)], name: &str) -> Option<f64> {
    let found = counts.iter().find(|(case, _)| case == name);
    found.map(|(_, count)| *count)
}

fn goal(what: &str, counts: &[(String, f64)], own: &str, other: &str) -> Option<Goal> {
    Some(Goal {
        what: format!("client instructions, {what}, against hand"),
        bound: Bound::AtMost(1.2),
        measured: named(counts, own)? / named(counts, other)?,
        unit: String::new(),
        note: String::new(),
    })
}
