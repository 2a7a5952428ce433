use mongodb::bson::{Bson, Document};

use crate::error::{InvalidReason, InvalidUpdate};

/// Refuses names that no path can reach: with a dot or NUL in them, or a dollar sign in front.
pub(crate) fn check_names(path: &str, value: &Bson) -> Result<(), InvalidUpdate> {
    match value {
        Bson::Document(document) => check_document(path, document),
        Bson::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(i, item)| check_names(&join(path, i), item)),
        _ => Ok(()),
    }
}

/// The same of a whole document, whose own names may be those of a map of unknown fields.
pub(crate) fn check_all_names(document: &Document) -> Result<(), InvalidUpdate> {
    check_document("", document)
}

fn check_document(path: &str, document: &Document) -> Result<(), InvalidUpdate> {
    document.iter().try_for_each(|(name, value)| {
        let path = join(path, name);
        if !is_reachable(name) {
            return Err(InvalidUpdate::new(path, InvalidReason::Name));
        }
        check_names(&path, value)
    })
}

/// Whether a path can name it.
pub(super) fn is_reachable(name: &str) -> bool {
    !name.starts_with('$') && !name.contains(['.', '\0'])
}

fn join(path: &str, step: impl std::fmt::Display) -> String {
    if path.is_empty() {
        step.to_string()
    } else {
        format!("{path}.{step}")
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Bson, doc};

    use super::check_names;

    #[test]
    fn names_that_no_path_reaches_are_refused_with_their_path() {
        for (value, path) in [
            (doc! { "a.b": 1 }, "labels.a.b"),
            (doc! { "$set": 1 }, "labels.$set"),
            (doc! { "list": [1, { "x\0": 1 }] }, "labels.list.1.x\0"),
        ] {
            let error = check_names("labels", &Bson::Document(value)).unwrap_err();
            assert_eq!(error.path(), path);
        }
        assert!(check_names("labels", &Bson::Document(doc! { "": 1, "a$": [2] })).is_ok());
    }
}
