use crate::attr::Key;
use crate::diag::{Diagnostics, Message};
use crate::model::{Field, Managed, Model, OWNED, Role, StoredName};

use super::conflicts::is_in_conflict;
use super::roles::is_second_of_role;

/// What other systems call their lock version.
const LOOKS_LIKE_A_VERSION: [&str; 8] = [
    "version",
    "__v",
    "_v",
    "v",
    "rev",
    "revision",
    "row_version",
    "rowVersion",
];

pub(super) fn check_names(model: &Model, diagnostics: &Diagnostics) {
    // What has been reported for its role, or for an attribute that was not understood, is no
    // second mistake for the name that it has.
    let in_order = |field: &&Field| {
        field.serde.flatten.is_none()
            && !field.attributes.has_errors()
            && !is_in_conflict(field)
            && !is_second_of_role(model, field)
    };
    for field in model.stored_fields().filter(in_order) {
        let invalid = names_of(field)
            .filter(|name| !check_valid(name, RENAME, diagnostics))
            .count();
        // Inside a nested struct the names that monguard owns are plain data.
        if invalid == 0 && model.is_document() && check_owned(field, diagnostics) {
            check_lookalike(model, field, diagnostics);
        }
    }
    check_unique(model, diagnostics);
}

fn names_of(field: &Field) -> impl Iterator<Item = &StoredName> {
    std::iter::once(&field.stored).chain(&field.aliases)
}

const RENAME: &str = "store the field under another name: `#[serde(rename = \"...\")]`";

/// A stored name can be addressed by a path: not empty, without `.` and NUL, not beginning with `$`.
pub(super) fn check_valid(name: &StoredName, help: &str, diagnostics: &Diagnostics) -> bool {
    let StoredName { name, span } = name;
    let (headline, why) = if name.is_empty() {
        (
            "the stored name of a field cannot be empty".to_owned(),
            None,
        )
    } else if name.contains('.') {
        let why = "MongoDB reads `.` as a step into a document";
        (
            format!("the stored name `{name}` contains a `.`"),
            Some(why),
        )
    } else if name.contains('\0') {
        let why = "names in a document end at a NUL";
        (
            format!("the stored name `{}` contains a NUL", name.escape_debug()),
            Some(why),
        )
    } else if name.starts_with('$') {
        let why = "MongoDB reads what begins with `$` as an operator";
        (
            format!("the stored name `{name}` begins with `$`"),
            Some(why),
        )
    } else {
        return true;
    };
    let message = Message::new(*span, headline).help(help);
    diagnostics.report(match why {
        Some(why) => message.note(why),
        None => message,
    });
    false
}

/// A field is not stored where monguard stores something of its own, unless it is declared to be
/// that very thing: the two would overwrite each other.
fn check_owned(field: &Field, diagnostics: &Diagnostics) -> bool {
    let stored = std::iter::once((&field.stored, "stored as")).filter(|_| !has_fixed_name(field));
    let aliases = field.aliases.iter().map(|alias| (alias, "also read from"));
    for (StoredName { name, span }, how) in stored.chain(aliases) {
        let Some((_, key)) = OWNED.iter().find(|(owned, _)| owned == name) else {
            continue;
        };
        if key.is_some_and(|key| field.attributes.has(key)) {
            continue;
        }
        let headline = format!(
            "field `{}` is {how} `{name}`, a name that monguard owns",
            field.name
        );
        let rename = "store it under another name: `#[serde(rename = \"...\")]`";
        let help = match key {
            Some(key) if matches!(field.role, Role::Data) && how == "stored as" => {
                format!(
                    "mark it `#[monguard({})]` if it is that field, or {rename}",
                    key.name()
                )
            }
            _ if how != "stored as" => "remove the alias".to_owned(),
            Some(_) | None => rename.to_owned(),
        };
        diagnostics.report(Message::new(*span, headline).help(help));
        return false;
    }
    true
}

/// Roles other than the version fix the stored name; `check_roles` compares it.
fn has_fixed_name(field: &Field) -> bool {
    matches!(field.role, Role::Managed(managed, _) if managed != Managed::Version)
}

/// A field that other systems use as the lock version is not left to chance: as plain data it would
/// stand still while `__v` counts, and code that tests it would be wrong without a word.
fn check_lookalike(model: &Model, field: &Field, diagnostics: &Diagnostics) {
    let looks = |name: &str| LOOKS_LIKE_A_VERSION.contains(&name);
    let is_data = matches!(field.role, Role::Data) && !field.attributes.has(Key::Plain);
    // `check_version` has reported the name that both have.
    let is_reported = model.version_name().as_ref() == Some(&field.stored.name);
    if is_data && !is_reported && (looks(&field.name) || looks(&field.stored.name)) {
        let span = if looks(&field.name) {
            field.ident.span()
        } else {
            field.stored.span
        };
        diagnostics.report(
            Message::new(span, format!("field `{}` looks like a lock version", field.name))
                .help("mark it `#[monguard(version)]` if it is one, or `#[monguard(plain)]` if it is data")
                .note("monguard counts versions in `__v`, or in the field marked `version`"),
        );
    }
}

/// One name in the document, one field: aliases are names too, because a write unsets them.
fn check_unique(model: &Model, diagnostics: &Diagnostics) {
    let mut taken: Vec<(&Field, &StoredName)> = Vec::new();
    for field in model.stored_fields() {
        if field.serde.flatten.is_some() || is_second_of_role(model, field) {
            continue;
        }
        for name in names_of(field) {
            let clash = taken
                .iter()
                .find(|(other, used)| used.name == name.name && other.ident != field.ident);
            if let Some((other, _)) = clash {
                let headline = format!(
                    "fields `{}` and `{}` are both stored as `{}`",
                    other.name, field.name, name.name
                );
                diagnostics.report(Message::new(name.span, headline).help("rename one of the two"));
            }
            taken.push((field, name));
        }
    }
}
