use crate::attr::{Key, Value};
use crate::diag::{Diagnostics, Message};
use crate::model::Model;

/// A model names its collection, because no rule for deriving a name from the struct's would suit
/// every database; and the name is one that the server takes.
pub(super) fn check_collection(model: &Model, diagnostics: &Diagnostics) {
    if !model.is_document() {
        return;
    }
    let header = &model.header;
    let help = |does: &str| {
        format!(
            "{does} `#[monguard(collection = \"{}s\")]`",
            suggestion(model)
        )
    };
    let Some(given) = header.attributes.get(Key::Collection) else {
        // A misspelt or misplaced `collection` has been reported as what it is.
        let meant = header.attributes.means(Key::Collection)
            || model
                .fields
                .iter()
                .any(|field| field.attributes.means(Key::Collection));
        if !meant {
            let headline = format!("`{}` does not name its collection", header.ident);
            diagnostics.report(Message::new(header.ident.span(), headline).help(help("add")));
        }
        return;
    };
    let Value::Text(literal) = &given.value else {
        return;
    };
    let name = literal.value();
    let headline = if name.is_empty() {
        "the name of the collection is empty".to_owned()
    } else if name.contains(['$', '\0']) || name.starts_with("system.") {
        format!(
            "MongoDB takes no collection named `{}`",
            name.escape_debug()
        )
    } else {
        return;
    };
    diagnostics.report(Message::new(literal.span(), headline).help(help("write")));
}

fn suggestion(model: &Model) -> String {
    model.header.ident.to_string().to_lowercase()
}
