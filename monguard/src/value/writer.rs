use mongodb::bson::error::Error;
use mongodb::bson::raw::{BindRawBsonRef, CStr};
use mongodb::bson::{Bson, Document, RawBson, RawDocumentBuf};

use super::Measure;

/// A document that is written straight to bytes, field by field, and measured on the way.
#[derive(Debug)]
pub(crate) struct RawWriter {
    document: RawDocumentBuf,
    depth: usize,
}

impl RawWriter {
    pub(crate) fn new() -> Self {
        /// Most of what is written is shorter, and would grow several times on the way.
        const ROOM: usize = 256;
        /// The length, and the end.
        const EMPTY: [u8; 5] = [5, 0, 0, 0, 0];
        let mut empty = Vec::with_capacity(ROOM);
        empty.extend_from_slice(&EMPTY);
        RawWriter {
            document: RawDocumentBuf::from_bytes(empty).unwrap_or_default(),
            depth: 1,
        }
    }

    /// Adds a field that is neither a document nor a list.
    ///
    /// # Errors
    /// The name has no form in BSON.
    pub(crate) fn put(&mut self, name: &str, value: impl BindRawBsonRef) -> Result<(), Error> {
        self.document.append(<&CStr>::try_from(name)?, value);
        Ok(())
    }

    /// Adds a document.
    ///
    /// # Errors
    /// The name has no form in BSON.
    pub(crate) fn put_written(&mut self, name: &str, inner: Self) -> Result<(), Error> {
        self.depth = self.depth.max(1 + inner.depth);
        self.put(name, inner.document)
    }

    /// Adds a document whose values are apart.
    ///
    /// # Errors
    /// A name in it has no form in BSON.
    pub(crate) fn put_document(&mut self, name: &str, inner: &Document) -> Result<(), Error> {
        self.depth = self.depth.max(1 + Measure::of_document(inner).depth);
        self.put(name, RawDocumentBuf::try_from(inner)?)
    }

    /// Adds any value.
    ///
    /// # Errors
    /// A name in it has no form in BSON.
    pub(crate) fn put_value(&mut self, name: &str, value: &Bson) -> Result<(), Error> {
        match value {
            Bson::Null => self.put(name, RawBson::Null),
            Bson::Boolean(value) => self.put(name, *value),
            Bson::Int32(value) => self.put(name, *value),
            Bson::Int64(value) => self.put(name, *value),
            Bson::Double(value) => self.put(name, *value),
            Bson::DateTime(value) => self.put(name, *value),
            Bson::ObjectId(value) => self.put(name, *value),
            Bson::String(value) => self.put(name, value.as_str()),
            Bson::Document(value) => self.put_document(name, value),
            other => {
                self.depth = self.depth.max(1 + Measure::of(other).depth);
                self.put(name, RawBson::try_from(other.clone())?)
            }
        }
    }

    pub(crate) fn measure(&self) -> Measure {
        Measure {
            bytes: self.document.as_bytes().len(),
            depth: self.depth,
        }
    }

    pub(crate) fn into_raw(self) -> RawDocumentBuf {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;
    use proptest::prelude::*;

    use super::*;
    use crate::value::arbitrary;

    proptest! {
        #[test]
        fn it_writes_what_the_driver_writes_and_knows_its_measure(document in arbitrary::document(4)) {
            let (mut writer, mut inner) = (RawWriter::new(), RawWriter::new());
            for (name, value) in &document {
                writer.put_value(name, value).unwrap();
                inner.put_value(name, value).unwrap();
            }
            writer.put_written("in it", inner).unwrap();
            let mut whole = document.clone();
            whole.insert("in it", document);
            prop_assert_eq!(writer.measure(), Measure::of_document(&whole));
            let raw = writer.into_raw();
            prop_assert_eq!(raw.as_bytes(), &*whole.to_vec().unwrap());
        }
    }

    #[test]
    fn a_name_that_bson_does_not_have_is_refused() {
        let mut writer = RawWriter::new();
        assert!(writer.put("a\0b", 1).is_err());
        assert!(writer.put_value("a", &doc! { "b\0": 1 }.into()).is_err());
        assert_eq!(writer.into_raw(), RawDocumentBuf::new());
    }
}
