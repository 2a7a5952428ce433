use mongodb::bson::{Binary, Bson, Document, doc, spec::BinarySubtype};
use sha2::{Digest, Sha256};

use super::names;
use crate::audit::mask;
use crate::document::{Meta, names as stored};
use crate::value::write_canonical;

/// An image that an entry does not hold, because it is that of the document which carries it: of
/// the document as it is, or, where the write only stamped it, of the document before.
///
/// Whoever moves the document past that state puts the image in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Owed {
    digest: Vec<u8>,
    was: Option<Document>,
}

/// As many bytes of the digest as tell images apart that nobody made to be alike.
const DIGEST_BYTES: usize = 16;

impl Owed {
    /// Owes this image, which is masked already. `was`: what the write replaced of the fields that
    /// monguard owns, where it is the image before.
    pub(crate) fn of(image: &Document, was: Option<Document>) -> Self {
        let digest = digest(image);
        Owed { digest, was }
    }

    /// The image, from the document that carries the entry; `None` where another tool has changed
    /// that since.
    pub(crate) fn image(
        &self,
        meta: &Meta,
        version_field: &str,
        document: &Document,
    ) -> Option<Document> {
        let image = match &self.was {
            None => mask::image(meta, document),
            Some(was) => {
                let before = document_before(document.clone(), version_field, was.clone());
                mask::image(meta, &before)
            }
        };
        self.is(&image).then_some(image)
    }

    /// Whether this is the image.
    pub(super) fn is(&self, image: &Document) -> bool {
        digest(image) == self.digest
    }

    pub(super) fn into_document(self) -> Document {
        let digest = Binary {
            subtype: BinarySubtype::Generic,
            bytes: self.digest,
        };
        let mut owed = doc! { names::DIGEST: digest };
        if let Some(was) = self.was {
            owed.insert(names::WAS, was);
        }
        owed
    }

    pub(super) fn read(owed: &Bson) -> Option<Self> {
        let owed = owed.as_document()?;
        let Some(Bson::Binary(digest)) = owed.get(names::DIGEST) else {
            return None;
        };
        let was = owed.get_document(names::WAS).ok().cloned();
        let digest = digest.bytes.clone();
        Some(Owed { digest, was })
    }
}

/// The document that a write was made of which only stamped it. `was`: the stamps before.
pub(crate) fn document_before(
    mut document: Document,
    version_field: &str,
    mut was: Document,
) -> Document {
    document.remove(stored::TOMBSTONE);
    document.remove(stored::REPLACED);
    for name in stored::replaced_by_tombstone(version_field) {
        match was.remove(name) {
            // In its place, as it stood.
            Some(value) => document.insert(name, value),
            None => document.remove(name),
        };
    }
    document
}

/// The stamps of a document, for [`document_before`].
pub(crate) fn stamps_of(document: &Document, version_field: &str) -> Document {
    stored::replaced_by_tombstone(version_field)
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), document.get(name)?.clone())))
        .collect()
}

fn digest(image: &Document) -> Vec<u8> {
    let mut canonical = Vec::new();
    write_canonical(&Bson::Document(image.clone()), &mut canonical);
    let digest = Sha256::digest(&canonical);
    digest.iter().copied().take(DIGEST_BYTES).collect()
}
