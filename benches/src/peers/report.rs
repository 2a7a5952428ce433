//! What the neighbours come to.

use std::time::Duration;

use super::install::{Installed, Neighbour};
use super::program;
use crate::extent::Extent;
use crate::measure::{FIGURES, Rounds};
use crate::models::{Narrow, Texts, Wide};
use crate::report::{Bound, Chapter, Goal, Table};
use crate::single::{
    AFTER_WRITE, CARRIED, Entrant, FLOOR, HAND, Load, SAME_CARRIED, contest, entrants, named,
};
use crate::stage::{Way, database_name};
use crate::{Outcome, Running};

const TEXT: &str = "
The update of one field as one writes it with the libraries of other languages: Mongoose on Node, with
`optimisticConcurrency`, `timestamps` and an audit entry created in a hook after each save; Beanie on
Python, with `use_revision`, state management and an audit entry inserted in an event after each
update. Their programs are in `benches/peers/`: the same server, the same document, the same write
concern, each task updating a document of its own. A process of theirs is one thread, and its clock
starts after a second of warming up. **floor**, **hand** and **carried, by hand** are those of the chapter
on one document: the driver alone, without an entry, with one, and with monguard's commands. The clock of **carried** stops when all entries are
in the log. Ratios are medians over the rounds, with the least and the greatest.
";

/// The neighbours beside ours.
///
/// # Errors
/// What a subject says.
pub fn run(extent: Extent) -> Running {
    Box::pin(measured(extent))
}

async fn measured(extent: Extent) -> Outcome<Chapter> {
    let mut chapter = Chapter {
        title: "Neighbours".to_owned(),
        text: TEXT.to_owned(),
        ..Chapter::default()
    };
    let mut installed = Vec::new();
    for neighbour in Neighbour::ALL {
        match neighbour.install(extent).await {
            Ok(program) => installed.push(program),
            Err(failure) => {
                let skipped = format!("{}: {failure}", neighbour.name());
                eprintln!("left out: {skipped}");
                chapter.skipped.push(skipped);
            }
        }
    }
    of_size::<Narrow>(&installed, &[1, 8], extent, &mut chapter).await?;
    of_size::<Wide>(&installed, &[1], extent, &mut chapter).await?;
    Ok(chapter)
}

async fn of_size<T: Texts>(
    installed: &[Installed],
    tasks: &[usize],
    extent: Extent,
    chapter: &mut Chapter,
) -> Outcome<()> {
    let way = Way::Loopback;
    let client = way.client().await?;
    let mut entrants = entrants::<T>(&client, false).await?;
    let ours = [CARRIED, SAME_CARRIED, AFTER_WRITE, FLOOR, HAND];
    entrants.retain(|entrant| ours.contains(&entrant.name));
    for program in installed {
        let (run, place) = (program.clone(), (way.uri(), database_name()));
        entrants.push(Entrant::running(program.neighbour.name(), move |load| {
            program::round::<T>(run.clone(), place.clone(), load)
        }));
    }
    for &tasks in tasks {
        let load = Load {
            tasks,
            is_hot: false,
            lasting: extent.pick(Duration::from_millis(1200), Duration::from_millis(20)),
        };
        let all = contest(&entrants, load, extent.pick(5, 1)).await?;
        let table = table::<T>(load, &entrants, &all);
        eprintln!("{}", crate::report::rendered(&table));
        chapter.tables.push(table);
        if tasks == 1 && T::FIELDS == Narrow::FIELDS {
            chapter.goals.extend(goals::<T>(load, &entrants, &all));
        }
    }
    Ok(())
}

fn carried<'a>(entrants: &[Entrant], all: &'a [Rounds]) -> &'a Rounds {
    named(entrants, all, CARRIED)
}

fn table<T: Texts>(load: Load, entrants: &[Entrant], all: &[Rounds]) -> Table {
    let carried = carried(entrants, all);
    let rows = entrants.iter().zip(all).map(|(entrant, rounds)| {
        let ratios = [
            rounds.ratio(carried, |round| round.p50).to_string(),
            carried.ratio(rounds, |round| round.throughput).to_string(),
        ];
        rounds.row(entrant.name, ratios)
    });
    let ratios = ["p50 : carried", "throughput of carried : its"];
    let head = ["subject"].into_iter().chain(FIGURES).chain(ratios);
    Table {
        caption: format!("{}, {}, loopback", T::LABEL, load.label()),
        head: head.map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}

/// One for each neighbour that was run.
fn goals<T: Texts>(load: Load, entrants: &[Entrant], all: &[Rounds]) -> Vec<Goal> {
    let carried = carried(entrants, all);
    let names = Neighbour::ALL.map(Neighbour::name);
    let theirs = entrants
        .iter()
        .zip(all)
        .filter(|(entrant, _)| names.contains(&entrant.name));
    let goals = theirs.map(|(entrant, rounds)| {
        let ratio = carried.ratio(rounds, |round| round.throughput);
        let [same, floor] = [SAME_CARRIED, FLOOR]
            .map(|name| named(entrants, all, name).ratio(rounds, |round| round.throughput));
        Goal {
            what: format!(
                "{CARRIED} update of {}, throughput, {}, loopback, against {}",
                T::LABEL,
                load.label(),
                entrant.name
            ),
            bound: Bound::AtLeast(3.0),
            measured: ratio.median,
            unit: String::new(),
            note: format!(
                "{:.2} to {:.2}; the same commands by hand: {:.2}; the floor, without an audit: {:.2}",
                ratio.least, ratio.greatest, same.median, floor.median
            ),
        }
    });
    goals.collect()
}
