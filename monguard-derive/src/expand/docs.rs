use crate::model::{Header, Kind};

pub(super) fn doc_fields(header: &Header) -> String {
    let ident = &header.ident;
    match header.kind {
        Kind::Model => format!("Handles for the fields of [`{ident}`], for filters and updates."),
        Kind::Nested | Kind::Projection => {
            format!("Handles for the fields of a [`{ident}`] inside a document.")
        }
    }
}

pub(super) fn doc_change(header: &Header) -> String {
    format!("One changed field of [`{}`].", header.ident)
}
