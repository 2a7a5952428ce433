use std::borrow::Cow;
use std::sync::Arc;

use mongodb::bson::error::Error;
use mongodb::bson::{Document, RawDocument, RawDocumentBuf, doc};

use super::{Snapshot, names};
use crate::audit::{Held, NoTrail, Trail};
use crate::value::{Measure, parse, parse_some};

/// A stored document, of which those fields are parsed that a write looks at, and what it carries
/// is apart from them.
///
/// An update changes few fields of a document. To parse, clone and measure all the others is most
/// of what it costs its caller.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    parsed: Arc<Parsed>,
    /// `None`: that is all.
    source: Option<Source>,
}

#[derive(Debug)]
struct Parsed {
    fields: Document,
    held: Option<Held>,
}

#[derive(Clone, Debug)]
struct Source {
    raw: Arc<RawDocumentBuf>,
    /// How long the fields are that were not parsed.
    rest: usize,
}

impl Parsed {
    /// `apart`: the trail of a document that is without it.
    fn of(mut fields: Document, apart: Option<&Trail>) -> Arc<Self> {
        let own = fields.remove(names::AUDIT).map(Held::from);
        let held = own.or_else(|| apart.cloned().map(Held::Trail));
        Arc::new(Parsed { fields, held })
    }
}

impl Excerpt {
    /// All of a document.
    pub(crate) fn whole(document: Document) -> Self {
        Excerpt {
            parsed: Parsed::of(document, None),
            source: None,
        }
    }

    /// The same of a snapshot.
    ///
    /// # Errors
    /// It is no valid BSON.
    pub(crate) fn of_all(snapshot: &Snapshot) -> Result<Self, Error> {
        Ok(Excerpt {
            parsed: Parsed::of(parse(snapshot.document())?, snapshot.trail()),
            source: None,
        })
    }

    /// The fields of a document that are wanted, and what it carries.
    ///
    /// # Errors
    /// What is read of it is no valid BSON.
    pub(crate) fn of(snapshot: &Snapshot, is_wanted: impl Fn(&str) -> bool) -> Result<Self, Error> {
        let raw = snapshot.document().clone();
        let parsed = parse_some(&raw, |name| name == names::AUDIT || is_wanted(name))?;
        let whole = raw.as_bytes().len();
        let rest = whole.saturating_sub(Measure::of_document(&parsed).bytes);
        Ok(Excerpt {
            parsed: Parsed::of(parsed, snapshot.trail()),
            source: Some(Source { raw, rest }),
        })
    }

    /// The fields that were parsed, in their order.
    pub(crate) fn fields(&self) -> &Document {
        &self.parsed.fields
    }

    /// What the document carries.
    ///
    /// # Errors
    /// It has something else there.
    pub(crate) fn trail(&self) -> Result<&Trail, NoTrail> {
        static NONE: Trail = Trail::NONE;
        self.parsed.held.as_ref().map_or(Ok(&NONE), Held::trail)
    }

    /// The bytes that it was taken from, where it is not the whole document.
    pub(crate) fn source(&self) -> Option<&RawDocument> {
        self.source.as_ref().map(|source| &**source.raw)
    }

    /// The whole document, with or without what it carries.
    ///
    /// # Errors
    /// What was not parsed before is no valid BSON.
    pub(crate) fn to_whole(&self) -> Result<Cow<'_, Document>, Error> {
        match self.source() {
            None => Ok(Cow::Borrowed(self.fields())),
            Some(raw) => parse(raw).map(Cow::Owned),
        }
    }

    /// The same, with these fields instead of those that were parsed.
    ///
    /// # Errors
    /// What was not parsed before is no valid BSON.
    pub(crate) fn whole_with<'a>(&self, fields: &'a Document) -> Result<Cow<'a, Document>, Error> {
        if self.source.is_none() {
            return Ok(Cow::Borrowed(fields));
        }
        parse(&self.with(fields, None)?).map(Cow::Owned)
    }

    /// How large the document is with these fields instead of those that were parsed, and this
    /// trail instead of its own.
    pub(crate) fn measure_with(&self, fields: &Document, trail: Option<&Trail>) -> Measure {
        let own = || self.parsed.held.as_ref().map(Held::measure);
        let held = trail.map(Trail::measure).or_else(own);
        let mut measure = Measure::of_document(fields);
        if let Some(held) = held {
            measure = measure.with_field(names::AUDIT, held);
        }
        measure.bytes += self.source.as_ref().map_or(0, |source| source.rest);
        measure
    }

    /// The document with these fields instead of those that were parsed, and this trail instead of
    /// its own. Everything else stays as and where it is.
    ///
    /// # Errors
    /// It has no form in BSON.
    pub(crate) fn with(
        &self,
        fields: &Document,
        trail: Option<&Trail>,
    ) -> Result<RawDocumentBuf, Error> {
        let keeps_own = trail.is_none();
        let (mut document, has_own) = self.composed(fields, keeps_own)?;
        let own = || self.parsed.held.as_ref().filter(|_| !has_own);
        let held = trail
            .map(Trail::to_bson)
            .or_else(|| own().map(Held::to_bson));
        if let Some(held) = held {
            let carried = RawDocumentBuf::try_from(&doc! { names::AUDIT: held })?;
            for element in &carried {
                let (name, value) = element?;
                document.append(name, value);
            }
        }
        Ok(document)
    }

    /// The same without what the document carries.
    ///
    /// # Errors
    /// It has no form in BSON.
    pub(crate) fn bare_with(&self, fields: &Document) -> Result<RawDocumentBuf, Error> {
        self.composed(fields, false).map(|(document, _)| document)
    }

    /// The document with these fields instead of those that were parsed, and whether it has what it
    /// carries, which it has only if that is kept where it is among its bytes.
    fn composed(
        &self,
        fields: &Document,
        keeps_own: bool,
    ) -> Result<(RawDocumentBuf, bool), Error> {
        let written = RawDocumentBuf::try_from(fields)?;
        let written = elements(&written).collect::<Result<Vec<_>, _>>()?;
        let mut bytes = vec![0; LENGTH];
        let mut has_own = false;
        for element in self.source().into_iter().flat_map(elements) {
            let (name, element) = element?;
            let is_parsed = self.fields().contains_key(name);
            if name == names::AUDIT {
                if keeps_own {
                    bytes.extend_from_slice(element);
                    has_own = true;
                }
            } else if !is_parsed {
                bytes.extend_from_slice(element);
            } else if let Some((_, element)) = written.iter().find(|(other, _)| *other == name) {
                bytes.extend_from_slice(element);
            }
        }
        for (name, element) in written {
            if self.source.is_none() || !self.fields().contains_key(name) {
                bytes.extend_from_slice(element);
            }
        }
        bytes.push(0);
        // What is too long for its length is refused by `from_bytes`.
        let length = i32::try_from(bytes.len()).unwrap_or_default();
        bytes[..LENGTH].copy_from_slice(&length.to_le_bytes());
        RawDocumentBuf::from_bytes(bytes).map(|document| (document, has_own))
    }
}

/// How long the length of a document is, which its bytes begin with.
const LENGTH: usize = size_of::<i32>();

/// The elements of a document by name, as the bytes that they are.
fn elements(document: &RawDocument) -> impl Iterator<Item = Result<(&str, &[u8]), Error>> {
    let mut at = LENGTH;
    document.iter_elements().map(move |element| {
        let element = element?;
        let name = element.key().as_str();
        // Its type, its name, the end of that, and its value.
        let end = at + 1 + name.len() + 1 + element.size();
        let bytes = document.as_bytes().get(at..end).unwrap_or_default();
        at = end;
        Ok((name, bytes))
    })
}

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;
    use proptest::prelude::*;

    use super::*;
    use crate::value::arbitrary;

    fn excerpt(document: &Document, wanted: &[&str]) -> Excerpt {
        let raw = RawDocumentBuf::try_from(document).unwrap();
        Excerpt::of(&raw.into(), |name| wanted.contains(&name)).unwrap()
    }

    /// A trail of one element.
    fn trail(element: i32) -> Trail {
        Trail::of(&doc! { "__audit": [element] }).unwrap()
    }

    #[test]
    fn the_fields_that_are_wanted_are_parsed_and_the_trail_apart_from_them() {
        let document = doc! { "a": 1, "b": { "c": [2] }, "__audit": [1], "d": "e" };
        let excerpt = excerpt(&document, &["d", "b", "x"]);
        assert_eq!(excerpt.fields(), &doc! { "b": { "c": [2] }, "d": "e" });
        assert_eq!(excerpt.trail(), Ok(&trail(1)));
        assert_eq!(*excerpt.to_whole().unwrap(), document);
    }

    #[test]
    fn what_is_written_comes_to_its_place_and_what_is_new_to_the_end() {
        let document = doc! { "a": 1, "b": 2, "__audit": [1], "c": 3, "d": 4 };
        let excerpt = excerpt(&document, &["b", "c", "e"]);
        let fields = doc! { "e": 5, "b": 6 };
        let left =
            |excerpt: &Excerpt, trail| parse(&excerpt.with(&fields, trail).unwrap()).unwrap();
        let rest = doc! { "a": 1, "b": 6, "__audit": [1], "d": 4, "e": 5 };
        assert_eq!(left(&excerpt, None), rest);
        let another = doc! { "a": 1, "b": 6, "d": 4, "e": 5, "__audit": [2] };
        let trail = trail(2);
        assert_eq!(left(&excerpt, Some(&trail)), another);
        let whole = Excerpt::whole(document);
        assert_eq!(left(&whole, None), doc! { "e": 5, "b": 6, "__audit": [1] });
        assert_eq!(
            left(&whole, Some(&trail)),
            doc! { "e": 5, "b": 6, "__audit": [2] }
        );
    }

    #[test]
    fn a_trail_that_is_apart_is_the_documents_own() {
        let document = doc! { "a": 1, "b": 2 };
        let raw = RawDocumentBuf::try_from(&document).unwrap();
        let snapshot = Snapshot::apart(raw, trail(1));
        let fields = doc! { "b": 3 };
        let some = Excerpt::of(&snapshot, |name| name == "b").unwrap();
        for excerpt in [some, Excerpt::of_all(&snapshot).unwrap()] {
            assert_eq!(excerpt.trail(), Ok(&trail(1)));
            assert_eq!(*excerpt.to_whole().unwrap(), document);
            let left = parse(&excerpt.with(&fields, None).unwrap()).unwrap();
            assert_eq!(left.get("__audit"), Some(&bson!([1])));
            let left = parse(&excerpt.with(&fields, Some(&trail(2))).unwrap()).unwrap();
            assert_eq!(left.get("__audit"), Some(&bson!([2])));
        }
    }

    #[test]
    fn a_document_that_cannot_be_read_is_refused_whatever_is_wanted_of_it() {
        let mut bytes = doc! { "a": 1, "b": "text" }.to_vec().unwrap();
        let at = bytes.windows(4).position(|four| four == b"text").unwrap();
        bytes[at] = 0xff;
        let raw = RawDocumentBuf::from_bytes(bytes).unwrap();
        assert!(Excerpt::of(&raw.into(), |name| name == "a").is_err());
    }

    proptest! {
        #[test]
        fn it_is_as_large_as_the_document_that_it_makes(
            mut document in arbitrary::document(3), fields in arbitrary::document(3),
            is_wanted in proptest::collection::vec(any::<bool>(), 8),
            trails in any::<[bool; 2]>(),
        ) {
            let names = document.keys().cloned().zip(is_wanted);
            let wanted: Vec<String> = names.filter(|(_, is)| *is).map(|(name, _)| name).collect();
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            // What is written is among what was looked at.
            let is_other = |name: &String| document.contains_key(name) && !wanted.contains(&name.as_str());
            let fields: Document = fields.into_iter().filter(|(name, _)| !is_other(name)).collect();
            let fields_left = document.len() - wanted.len() + fields.len();
            if trails[0] {
                document.insert("__audit", bson!([{ "f": 1 }]));
            }
            let trail = trails[1].then(|| Trail::of(&doc! { "__audit": [{ "f": 1 }, 2] }).unwrap());
            let mut bare = document.clone();
            let apart = bare.remove("__audit").map(|_| {
                let apart = Trail::of(&document).unwrap();
                let bare = RawDocumentBuf::try_from(&bare).unwrap();
                Excerpt::of(&Snapshot::apart(bare, apart), |name| wanted.contains(&name)).unwrap()
            });
            let excerpts = [excerpt(&document, &wanted), Excerpt::whole(document)];
            for excerpt in excerpts.into_iter().chain(apart) {
                let left = excerpt.with(&fields, trail.as_ref()).unwrap();
                let measure = excerpt.measure_with(&fields, trail.as_ref());
                let whole = Measure::of_document(&parse(&left).unwrap());
                // What was not parsed is as deep as it was.
                prop_assert!(measure.depth <= whole.depth);
                prop_assert!(excerpt.source().is_some() || measure.depth == whole.depth);
                prop_assert_eq!(measure.bytes, left.as_bytes().len());
                let trails = usize::from(trails[0] || trails[1]);
                if excerpt.source().is_some() {
                    prop_assert_eq!(parse(&left).unwrap().len(), fields_left + trails);
                }
            }
        }
    }
}
