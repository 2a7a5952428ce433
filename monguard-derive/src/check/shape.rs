use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, FieldsNamed};

use crate::diag::{Diagnostics, Message};
use crate::model::Kind;

/// A document has named fields, known when it is compiled: an enum, a union or a tuple has none,
/// and a generic struct would be a different document for each of its arguments.
pub(crate) fn check_shape<'a>(
    input: &'a DeriveInput,
    kind: Kind,
    diagnostics: &Diagnostics,
) -> Option<&'a FieldsNamed> {
    let (derive, noun) = match kind {
        Kind::Model => ("Versioned", "documents"),
        Kind::Nested => ("Nested", "nested structs"),
        Kind::Projection => ("Projection", "projections"),
    };
    let headline = format!("`{derive}` can be derived only for structs with named fields");
    let fields = match &input.data {
        Data::Enum(data) => Err(Message::over(data.enum_token, headline)),
        Data::Union(data) => Err(Message::over(data.union_token, headline)),
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields),
            Fields::Unnamed(fields) => Err(Message::new(fields.paren_token.span.join(), headline)),
            Fields::Unit => Err(Message::new(input.ident.span(), headline)),
        },
    };
    let fields = fields.and_then(|fields| {
        if input.generics.params.is_empty() {
            return Ok(fields);
        }
        let list = input.generics.to_token_stream();
        Err(Message::over(
            list,
            format!("generic {noun} are not supported"),
        ))
    });
    fields.map_err(|message| diagnostics.report(message)).ok()
}
