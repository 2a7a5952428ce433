//! What the updates of one document come to.

use std::time::Duration;

use super::contest::{
    AFTER_WRITE, CARRIED, Entrant, FLOOR, HAND, HAND_TXN, Load, SAME_AFTER_WRITE, SAME_CARRIED,
    SAME_TRANSACTIONAL, TRANSACTIONAL, contest, entrants,
};
use crate::extent::Extent;
use crate::measure::{FIGURES, Round, Rounds};
use crate::models::{Narrow, Sample, Wide};
use crate::report::{Bound, Chapter, Goal, Table};
use crate::stage::Way;
use crate::{Outcome, Running};

/// Updates of one document, at each distance, of each size, under each load.
///
/// # Errors
/// What a subject says.
pub fn run(extent: Extent) -> Running {
    Box::pin(measured(extent))
}

async fn measured(extent: Extent) -> Outcome<Chapter> {
    let mut chapter = Chapter {
        title: "An update of one document".to_owned(),
        text: TEXT.to_owned(),
        ..Chapter::default()
    };
    for round_trip in extent.pick(&[0, 500, 2000][..], &[0, 500]) {
        let way = Way::of(Duration::from_micros(*round_trip)).await?;
        of_size::<Narrow>(&way, extent, &mut chapter).await?;
        of_size::<Wide>(&way, extent, &mut chapter).await?;
    }
    Ok(chapter)
}

const TEXT: &str = "
Each task sets one field of its document, based on the state that its last update returned; on one
document for all tasks, it reads the document first and begins anew when another task came first.
**floor** is a `findOneAndUpdate` with the version in its filter and no audit, **hand** the same and
an insert of an audit entry, **hand-txn** both in a transaction: as one would write it. **carried, by
hand** and its like are the very commands that monguard sends in that mode and nothing else of it: with
its filter, its stamps and its entries, which say more; carried entries are copied eight at a time. What
these are above **floor** and **hand** is the server's and the driver's, and the rest is monguard's.
All are written on the driver, with the same
write concern (the majority, journalled), decoding the answer into the same struct. Throughput includes
what is done behind the updates: the clock stops when all entries are in the log. The processor time
is the client's. Ratios are medians over the rounds, with the least and the greatest.
The document of 15 KB is ten structs of twenty texts: of one struct of 200 texts, it is the code of
serde's derive alone that takes the compiler minutes to optimize.
";

/// How many tasks, and whether all of them write one document.
const WHOLE: &[(usize, bool)] = &[(1, false), (8, false), (64, false), (64, true)];
const SMOKE: &[(usize, bool)] = &[(1, false), (4, true)];

async fn of_size<T: Sample>(way: &Way, extent: Extent, chapter: &mut Chapter) -> Outcome<()> {
    let client = way.client().await?;
    for &(tasks, is_hot) in extent.pick(WHOLE, SMOKE) {
        let entrants = entrants::<T>(&client, is_hot).await?;
        let load = Load {
            tasks,
            is_hot,
            lasting: extent.pick(Duration::from_millis(400), Duration::from_millis(20)),
        };
        let rounds = contest(&entrants, load, extent.pick(5, 1)).await?;
        let table = table::<T>(way, load, &entrants, &rounds);
        eprintln!("{}", crate::report::rendered(&table));
        chapter.tables.push(table);
        chapter
            .goals
            .extend(goals::<T>(way, load, &entrants, &rounds));
    }
    Ok(())
}

fn table<T: Sample>(way: &Way, load: Load, entrants: &[Entrant], all: &[Rounds]) -> Table {
    let (floor, hand) = (named(entrants, all, FLOOR), named(entrants, all, HAND));
    let rows = entrants.iter().zip(all).map(|(entrant, rounds)| {
        let ratios = [
            rounds.ratio(floor, |round| round.p50).to_string(),
            rounds.ratio(hand, |round| round.p50).to_string(),
            rounds.ratio(hand, |round| round.throughput).to_string(),
        ];
        let name = [entrant.name.to_owned()];
        name.into_iter()
            .chain(rounds.figures())
            .chain(ratios)
            .collect()
    });
    let ratios = ["p50 : floor", "p50 : hand", "throughput : hand"];
    let head = ["subject"].into_iter().chain(FIGURES).chain(ratios);
    Table {
        caption: format!("{}, {}, {}", T::LABEL, load.label(), way.label()),
        head: head.map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}

/// What became of the entrant of this name.
pub(crate) fn named<'a>(entrants: &[Entrant], all: &'a [Rounds], name: &str) -> &'a Rounds {
    let at = entrants.iter().position(|entrant| entrant.name == name);
    &all[at.unwrap_or_default()]
}

/// The goals that are judged under this load.
fn goals<T: Sample>(way: &Way, load: Load, entrants: &[Entrant], all: &[Rounds]) -> Vec<Goal> {
    let goal = |(own, same), figure: fn(&Round) -> f64, name: &str, other: &str, bound: Bound| {
        let other_rounds = named(entrants, all, other);
        let ratio = named(entrants, all, own).ratio(other_rounds, figure);
        let by_hand = named(entrants, all, same).ratio(other_rounds, figure);
        Goal {
            what: format!(
                "{own} update of {}, {name}, {}, {}, against {other}",
                T::LABEL,
                load.label(),
                way.label()
            ),
            bound,
            measured: ratio.median,
            unit: String::new(),
            note: format!(
                "{:.2} to {:.2}; the same commands by hand: {:.2}",
                ratio.least, ratio.greatest, by_hand.median
            ),
        }
    };
    let p50 = |round: &Round| round.p50;
    let throughput = |round: &Round| round.throughput;
    match (way.label().as_str(), load.tasks, load.is_hot) {
        ("+0.5 ms", 1, _) => vec![goal(
            (CARRIED, SAME_CARRIED),
            p50,
            "p50",
            FLOOR,
            Bound::AtMost(1.05),
        )],
        ("loopback", 64, false) => {
            vec![goal(
                (CARRIED, SAME_CARRIED),
                throughput,
                "throughput",
                HAND,
                Bound::AtLeast(1.25),
            )]
        }
        ("loopback", 1, _) => vec![
            goal(
                (AFTER_WRITE, SAME_AFTER_WRITE),
                p50,
                "p50",
                HAND,
                Bound::AtMost(1.05),
            ),
            goal(
                (TRANSACTIONAL, SAME_TRANSACTIONAL),
                p50,
                "p50",
                HAND_TXN,
                Bound::AtMost(1.05),
            ),
        ],
        _ => Vec::new(),
    }
}
