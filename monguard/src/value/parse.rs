//! A document in bytes, its values apart.

use mongodb::bson::error::Error;
use mongodb::bson::{Bson, Document, RawBsonRef, RawDocument};

/// Parses a document, down to its last value.
///
/// What the driver has for it copies the bytes of a document once for each level that it is inside
/// of others, which is most of its time.
pub(crate) fn parse(document: &RawDocument) -> Result<Document, Error> {
    document
        .iter()
        .map(|element| {
            let (name, value) = element?;
            Ok((name.as_str().to_owned(), value_of(value)?))
        })
        .collect()
}

/// The same of those fields alone that are wanted. Of the others it is made sure that they can be
/// read, not what is inside of them.
pub(crate) fn parse_some(
    document: &RawDocument,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Document, Error> {
    let mut parsed = Document::new();
    for element in document.iter_elements() {
        let element = element?;
        let name = element.key().as_str();
        let value = element.value()?;
        if is_wanted(name) {
            parsed.insert(name, value_of(value)?);
        }
    }
    Ok(parsed)
}

fn value_of(value: RawBsonRef<'_>) -> Result<Bson, Error> {
    match value {
        RawBsonRef::Document(document) => Ok(Bson::Document(parse(document)?)),
        RawBsonRef::Array(items) => {
            let items = items.into_iter().map(|item| value_of(item?));
            Ok(Bson::Array(items.collect::<Result<_, _>>()?))
        }
        // The rest holds no values, or hardly ever occurs.
        rest => Bson::try_from(rest),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::arbitrary;

    #[test]
    fn bytes_that_are_no_document_are_refused() {
        // The length of the text is that of more than there is.
        let mut bytes = mongodb::bson::doc! { "a": [{ "b": "text" }] }
            .to_vec()
            .unwrap();
        let at = bytes.windows(4).position(|four| four == b"text").unwrap();
        bytes[at - 4] = 200;
        let raw = RawDocument::from_bytes(&bytes).unwrap();
        assert!(parse(raw).is_err());
        assert!(Document::try_from(raw).is_err());
    }

    proptest! {
        #[test]
        fn it_is_what_the_driver_parses(document in arbitrary::document(4)) {
            let bytes = document.to_vec().unwrap();
            let raw = RawDocument::from_bytes(&bytes).unwrap();
            // By their texts: not a number is not equal to itself.
            let (ours, theirs) = (parse(raw).unwrap(), Document::try_from(raw).unwrap());
            prop_assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        }
    }
}
