//! What the updates of one document come to.

use std::time::Duration;

use super::contest::{CARRIED, Entrant, FLOOR, HAND, Load, SAME_CARRIED, contest, entrants};
use super::turns;
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
    let way = Way::Loopback;
    for (table, goals) in [
        turns::report::<Narrow>(&way, extent).await?,
        turns::report::<Wide>(&way, extent).await?,
    ] {
        chapter.tables.push(table);
        chapter.goals.extend(goals);
    }
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
write concern (the majority, journalled), and decode the document into the same struct: **floor**,
**hand** and **hand-txn** as the server returns it, monguard and its commands by hand as they work it out,
because the answer to an `update` or a `bulkWrite`, which they send, does not have it. Throughput includes
what is done behind the updates: the clock stops when all entries are in the log. The processor time
is the client's. Ratios are medians over the rounds, with the least and the greatest.
In the tables **in turn** one task sets one field of one document after the other, each of another
subject, so that what slows the machine down for a moment meets all of them; they are of those alone that
do nothing behind their updates.
The document of 15 KB is ten structs of twenty texts: of one struct of 200 texts, it is the code of
serde's derive alone that takes the compiler minutes to optimize.
";

/// How many tasks, and whether all of them write one document.
const WHOLE: &[(usize, bool)] = &[(1, false), (8, false), (64, false), (64, true)];
const SMOKE: &[(usize, bool)] = &[(1, false), (4, true)];

/// How many rounds, and how long each is. Where one task waits for one command after the other, what
/// slows the machine down for a while is most of what differs between two rounds: more and shorter
/// ones.
fn rounds(tasks: usize) -> (usize, Duration) {
    match tasks {
        1 => (11, Duration::from_millis(200)),
        _ => (5, Duration::from_millis(400)),
    }
}

async fn of_size<T: Sample>(way: &Way, extent: Extent, chapter: &mut Chapter) -> Outcome<()> {
    let client = way.client().await?;
    for &(tasks, is_hot) in extent.pick(WHOLE, SMOKE) {
        let entrants = entrants::<T>(&client, is_hot).await?;
        let (rounds, lasting) = extent.pick(rounds(tasks), (1, Duration::from_millis(20)));
        let load = Load {
            tasks,
            is_hot,
            lasting,
        };
        let rounds = contest(&entrants, load, rounds).await?;
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
        rounds.row(entrant.name, ratios)
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
    let goal = |figure: fn(&Round) -> f64, name: &str, other: &str, bound: Bound| {
        let rounds = [CARRIED, SAME_CARRIED, other].map(|name| named(entrants, all, name));
        Goal {
            what: format!(
                "{CARRIED} update of {}, {name}, {}, {}, against {other}",
                T::LABEL,
                load.label(),
                way.label()
            ),
            ..against(rounds, figure, bound)
        }
    };
    match (way.label().as_str(), load.tasks, load.is_hot) {
        ("+0.5 ms", 1, _) => vec![goal(|round| round.p50, "p50", FLOOR, Bound::AtMost(1.05))],
        ("loopback", 64, false) => {
            let figure: fn(&Round) -> f64 = |round| round.throughput;
            vec![goal(figure, "throughput", HAND, Bound::AtLeast(1.25))]
        }
        _ => Vec::new(),
    }
}

/// How one figure of monguard's, and of its commands by hand, compares with that of another.
pub(super) fn against(
    [own, same, other]: [&Rounds; 3],
    figure: fn(&Round) -> f64,
    bound: Bound,
) -> Goal {
    let (ratio, by_hand) = (own.ratio(other, figure), same.ratio(other, figure));
    Goal {
        what: String::new(),
        bound,
        measured: ratio.median,
        unit: String::new(),
        note: format!(
            "{:.2} to {:.2}; the same commands by hand: {:.2}",
            ratio.least, ratio.greatest, by_hand.median
        ),
    }
}
