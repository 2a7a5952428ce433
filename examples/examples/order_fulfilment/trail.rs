//! The audit trail, as a person would want to read it.

use mongodb::bson::{Bson, DateTime, Document};
use monguard::AuditEntry;
use monguard::audit::{EntryChange, PathChange};
use monguard::prelude::*;

use super::model::Order;
use super::{Result, story::Story};

pub(crate) async fn tell(
    orders: &Collection<Order>,
    order: &Stored<Order>,
    story: &mut Story<'_>,
) -> Result<()> {
    story.chapter("The audit trail")?;
    story.line(&row(["version", "when", "who", "trace", "what"]))?;
    let history = orders.history(order.id()).await?;
    for entry in &history {
        story.line(&head(entry))?;
        for (path, what) in changes(&entry.change) {
            story.line(&format!("{:<9}{path:<31}{what}", ""))?;
        }
    }
    let gaps = history.iter().filter(|entry| !entry.is_linked()).count();
    let (entries, version) = (history.len(), order.version());
    story.line("")?;
    story.line(&format!(
        "{entries} entries for {version} versions, {gaps} gaps"
    ))?;
    Ok(())
}

fn head(entry: &AuditEntry<Order>) -> String {
    let version = entry
        .version
        .map_or_else(|| "-".to_owned(), |version| version.to_string());
    let when = instant(entry.timestamp);
    let who = entry.user.as_ref().map_or_else(|| "-".to_owned(), shown);
    let trace = entry.trace_id.as_deref().unwrap_or("-");
    row([&version, &when, &who, trace, entry.action.as_str()])
}

fn row([version, when, who, trace, what]: [&str; 5]) -> String {
    format!("{version:<9}{when:<26}{who:<16}{trace:<11}{what}")
}

/// The changed places, with what happened there.
fn changes(change: &EntryChange) -> Vec<(String, String)> {
    match change {
        EntryChange::Created { after: Some(after) } => {
            let mut values = Vec::new();
            flatten("", after, &mut values);
            values
        }
        EntryChange::Delta(delta) => delta.iter().map(from_to).collect(),
        // This story neither deletes nor restores, and its log holds deltas.
        _ => Vec::new(),
    }
}

fn from_to(change: &PathChange) -> (String, String) {
    let [old, new] = [&change.old, &change.new].map(|side| side.as_ref().map_or_else(none, shown));
    let what = if old == HIDDEN && new == HIDDEN {
        "changed, values hidden".to_owned()
    } else {
        format!("{old} -> {new}")
    };
    (change.path.clone(), what)
}

/// The values of a new document, without those that say nothing and those that monguard keeps.
fn flatten(parent: &str, document: &Document, values: &mut Vec<(String, String)>) {
    const KEPT: [&str; 6] = [
        "_id",
        "__v",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
    ];
    for (name, value) in document {
        let path = if parent.is_empty() {
            name.clone()
        } else {
            format!("{parent}.{name}")
        };
        match value {
            Bson::Null => {}
            _ if parent.is_empty() && KEPT.contains(&name.as_str()) => {}
            Bson::Document(inside) if !is_hidden(inside) => flatten(&path, inside, values),
            value => values.push((path, shown(value))),
        }
    }
}

const HIDDEN: &str = "(hidden)";

fn none() -> String {
    "(none)".to_owned()
}

fn shown(value: &Bson) -> String {
    match value {
        Bson::Null => none(),
        Bson::String(text) => text.clone(),
        Bson::DateTime(date) => instant(*date),
        Bson::Document(document) if is_hidden(document) => HIDDEN.to_owned(),
        other => other.to_string(),
    }
}

/// What stands in the log in the place of a redacted value.
fn is_hidden(value: &Document) -> bool {
    value.len() == 1 && value.get_bool("redacted").unwrap_or(false)
}

/// A time to the millisecond, always of the same width.
fn instant(date: DateTime) -> String {
    let text = date.try_to_rfc3339_string().unwrap_or_default();
    let text = text.trim_end_matches('Z').replace('T', " ");
    let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
    format!("{seconds}.{fraction:0<3}")
}
