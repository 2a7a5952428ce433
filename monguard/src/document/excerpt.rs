use std::borrow::Cow;
use std::sync::Arc;

use mongodb::bson::error::Error;
use mongodb::bson::raw::CStr;
use mongodb::bson::{Document, RawBsonRef, RawDocument, RawDocumentBuf};

use crate::value::{Measure, parse, parse_some};

/// A stored document, of which those fields are parsed that a write looks at.
///
/// An update changes few fields of a document. To parse, clone and measure all the others is most
/// of what it costs its caller.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    fields: Arc<Document>,
    /// `None`: these are all.
    source: Option<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    raw: Arc<RawDocumentBuf>,
    /// How long the fields are that were not parsed.
    rest: usize,
}

impl Excerpt {
    /// All of a document.
    pub(crate) fn whole(document: Document) -> Self {
        Excerpt {
            fields: Arc::new(document),
            source: None,
        }
    }

    /// The fields of a document that are wanted.
    ///
    /// # Errors
    /// What is read of it is no valid BSON.
    pub(crate) fn of(
        raw: Arc<RawDocumentBuf>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Self, Error> {
        let fields = parse_some(&raw, is_wanted)?;
        let rest = raw
            .as_bytes()
            .len()
            .saturating_sub(Measure::of_document(&fields).bytes);
        Ok(Excerpt {
            fields: Arc::new(fields),
            source: Some(Source { raw, rest }),
        })
    }

    /// The fields that were parsed, in their order.
    pub(crate) fn fields(&self) -> &Document {
        &self.fields
    }

    /// The bytes that it was taken from, where it is not the whole document.
    pub(crate) fn source(&self) -> Option<&RawDocument> {
        self.source.as_ref().map(|source| &**source.raw)
    }

    /// The whole document.
    ///
    /// # Errors
    /// What was not parsed before is no valid BSON.
    pub(crate) fn to_whole(&self) -> Result<Cow<'_, Document>, Error> {
        match self.source() {
            None => Ok(Cow::Borrowed(&self.fields)),
            Some(raw) => parse(raw).map(Cow::Owned),
        }
    }

    /// The whole document, with these fields instead of those that were parsed.
    ///
    /// # Errors
    /// What was not parsed before is no valid BSON.
    pub(crate) fn whole_with<'a>(&self, fields: &'a Document) -> Result<Cow<'a, Document>, Error> {
        if self.source.is_none() {
            return Ok(Cow::Borrowed(fields));
        }
        parse(&self.with(fields)?).map(Cow::Owned)
    }

    /// How large the document is with these fields instead of those that were parsed.
    pub(crate) fn measure_with(&self, fields: &Document) -> Measure {
        let mut measure = Measure::of_document(fields);
        measure.bytes += self.source.as_ref().map_or(0, |source| source.rest);
        measure
    }

    /// The document with these fields instead of those that were parsed. The others stay as and
    /// where they are.
    ///
    /// # Errors
    /// It has no form in BSON.
    pub(crate) fn with(&self, fields: &Document) -> Result<RawDocumentBuf, Error> {
        let fields = RawDocumentBuf::try_from(fields)?;
        let Some(source) = self.source() else {
            return Ok(fields);
        };
        let mut document = RawDocumentBuf::new();
        for element in source {
            let (name, stored) = element?;
            if !self.fields.contains_key(name.as_str()) {
                document.append(name, stored);
            } else if let Some(value) = fields.get(name)? {
                document.append(name, value);
            }
        }
        for element in &fields {
            let (name, value): (&CStr, RawBsonRef<'_>) = element?;
            if !self.fields.contains_key(name.as_str()) {
                document.append(name, value);
            }
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;
    use proptest::prelude::*;

    use super::*;
    use crate::value::arbitrary;

    fn excerpt(document: &Document, wanted: &[&str]) -> Excerpt {
        let raw = RawDocumentBuf::try_from(document).unwrap();
        Excerpt::of(Arc::new(raw), |name| wanted.contains(&name)).unwrap()
    }

    #[test]
    fn the_fields_that_are_wanted_are_parsed() {
        let document = doc! { "a": 1, "b": { "c": [2] }, "d": "e" };
        let excerpt = excerpt(&document, &["d", "b", "x"]);
        assert_eq!(excerpt.fields(), &doc! { "b": { "c": [2] }, "d": "e" });
        assert_eq!(*excerpt.to_whole().unwrap(), document);
    }

    #[test]
    fn what_is_written_comes_to_its_place_and_what_is_new_to_the_end() {
        let document = doc! { "a": 1, "b": 2, "c": 3, "d": 4 };
        let excerpt = excerpt(&document, &["b", "c", "e"]);
        let left = excerpt.with(&doc! { "e": 5, "b": 6 }).unwrap();
        assert_eq!(
            parse(&left).unwrap(),
            doc! { "a": 1, "b": 6, "d": 4, "e": 5 }
        );
        let whole = Excerpt::whole(document);
        assert_eq!(
            parse(&whole.with(&doc! { "f": 1 }).unwrap()).unwrap(),
            doc! { "f": 1 }
        );
    }

    proptest! {
        #[test]
        fn it_is_as_large_as_the_document_that_it_makes(
            document in arbitrary::document(3), fields in arbitrary::document(3),
            is_wanted in proptest::collection::vec(any::<bool>(), 8),
        ) {
            let names = document.keys().zip(is_wanted);
            let wanted: Vec<&str> = names.filter(|(_, is)| *is).map(|(name, _)| name.as_str()).collect();
            let excerpt = excerpt(&document, &wanted);
            prop_assert_eq!(excerpt.fields().len(), wanted.len());
            // What is written is among what was looked at.
            let is_other = |name: &String| document.contains_key(name) && !wanted.contains(&name.as_str());
            let fields: Document = fields.into_iter().filter(|(name, _)| !is_other(name)).collect();
            let left = excerpt.with(&fields).unwrap();
            prop_assert_eq!(excerpt.measure_with(&fields).bytes, left.as_bytes().len());
            let kept = document.len() - wanted.len();
            prop_assert_eq!(parse(&left).unwrap().len(), kept + fields.len());
        }
    }
}
