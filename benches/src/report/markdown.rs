//! The report as a page of Markdown.

use std::fmt::Write as _;
use std::path::Path;

use super::{Chapter, Goal, Table};
use crate::Outcome;

/// Writes the page and its charts into the folder.
///
/// # Errors
/// What the file system says.
pub fn write(folder: &Path, preface: &str, chapters: &[Chapter]) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("README.md"), page(preface, chapters))?;
    for chart in chapters.iter().flat_map(|chapter| &chapter.charts) {
        chart.draw(folder)?;
    }
    Ok(())
}

fn page(preface: &str, chapters: &[Chapter]) -> String {
    let mut page = format!("# Benchmarks\n\n{}\n", preface.trim());
    let _ = write!(page, "\n## What was to be reached\n\n{}", goals(chapters));
    for chapter in chapters {
        page.push_str(&self::chapter(chapter));
    }
    page
}

/// The goals of all chapters, as a table.
#[must_use]
pub fn goals(chapters: &[Chapter]) -> String {
    let goals = chapters.iter().flat_map(|chapter| &chapter.goals);
    let rows = goals.map(|goal: &Goal| {
        let unit = if goal.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", goal.unit)
        };
        vec![
            goal.what.clone(),
            format!("{}{unit}", goal.bound),
            format!("{:.2}{unit}", goal.measured),
            if goal.is_met() { "met" } else { "**missed**" }.to_owned(),
            goal.note.clone(),
        ]
    });
    let head = ["what", "bound", "measured", "", "note"];
    rendered(&Table {
        caption: String::new(),
        head: head.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    })
}

/// One chapter of the page.
pub(crate) fn chapter(chapter: &Chapter) -> String {
    let mut text = format!("\n## {}\n\n{}\n", chapter.title, chapter.text.trim());
    for table in &chapter.tables {
        let _ = write!(text, "\n{}\n\n{}", table.caption, rendered(table));
    }
    for chart in &chapter.charts {
        let _ = write!(text, "\n![{}]({}.svg)\n", chart.caption, chart.file);
    }
    for skipped in &chapter.skipped {
        let _ = write!(text, "\nLeft out: {skipped}\n");
    }
    text
}

/// A table as Markdown.
#[must_use]
pub fn rendered(table: &Table) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = |at: usize| if at == 0 { "---" } else { "---:" };
    let rules: Vec<String> = (0..table.head.len())
        .map(|at| rule(at).to_owned())
        .collect();
    let rows = table.rows.iter().map(|row| line(row));
    [line(&table.head), line(&rules)]
        .into_iter()
        .chain(rows)
        .collect()
}
