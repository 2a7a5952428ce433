//! Documents as one word of text, for what a client holds and hands back unread: base64url of a
//! kind, a checksum and the BSON.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mongodb::bson::{self, Document, RawBsonRef, RawDocument};
use sha2::{Digest, Sha256};

use super::EncodeError;

/// What a text stands for, so that one is not taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum OpaqueKind {
    /// The state of a document.
    Revision = 1,
    /// A place in a list of documents.
    Cursor = 2,
    /// How far a recovery has come.
    Recovery = 3,
}

/// Bytes of the digest that a text begins with: enough to tell what was cut or mistyped. It is no
/// protection against whoever makes one up.
const CHECKSUM: usize = 4;

pub(crate) fn write_opaque(kind: OpaqueKind, document: &Document) -> Result<String, EncodeError> {
    Ok(write_opaque_bytes(kind, &bson::serialize_to_vec(document)?))
}

/// The text of what should be a document's bytes.
pub(crate) fn write_opaque_bytes(kind: OpaqueKind, body: &[u8]) -> String {
    let mut bytes = vec![kind as u8];
    bytes.extend(checksum(kind, body));
    bytes.extend(body);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// `None` where the text is none of this kind.
pub(crate) fn read_opaque(kind: OpaqueKind, text: &str) -> Option<Document> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (found, rest) = bytes.split_first()?;
    let (sum, body) = rest.split_at_checked(CHECKSUM)?;
    if *found != kind as u8 || sum != checksum(kind, body) {
        return None;
    }
    let body = RawDocument::from_bytes(body).ok()?;
    // Before anything goes into it by recursion: a text from outside may nest without end.
    if !is_shallow(body) {
        return None;
    }
    Document::try_from(body).ok()
}

/// Whether a document is whole, and no more levels deep than one that MongoDB stores.
fn is_shallow(document: &RawDocument) -> bool {
    const MOST_LEVELS: usize = 100;
    let mut inside = vec![(document, 1)];
    while let Some((document, level)) = inside.pop() {
        for element in document {
            let Ok((_, value)) = element else {
                return false;
            };
            let deeper = match value {
                RawBsonRef::Document(document) => document,
                RawBsonRef::Array(array) => match RawDocument::from_bytes(array.as_bytes()) {
                    Ok(array) => array,
                    Err(_) => return false,
                },
                RawBsonRef::JavaScriptCodeWithScope(code) => code.scope,
                _ => continue,
            };
            if level == MOST_LEVELS {
                return false;
            }
            inside.push((deeper, level + 1));
        }
    }
    true
}

fn checksum(kind: OpaqueKind, body: &[u8]) -> [u8; CHECKSUM] {
    let mut digest = Sha256::new();
    digest.update([kind as u8]);
    digest.update(body);
    let digest = digest.finalize();
    let mut sum = [0; CHECKSUM];
    sum.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    sum
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;
    use proptest::prelude::*;

    use super::*;
    use crate::value::arbitrary;

    #[test]
    fn a_text_of_another_kind_is_none() {
        let text = write_opaque(OpaqueKind::Cursor, &doc! { "a": 1 }).unwrap();
        assert!(read_opaque(OpaqueKind::Revision, &text).is_none());
        assert_eq!(
            read_opaque(OpaqueKind::Cursor, &text),
            Some(doc! { "a": 1 })
        );
    }

    #[test]
    fn a_text_of_endless_depth_is_none() {
        let nested = |levels: usize| {
            let mut body = vec![5, 0, 0, 0, 0];
            for _ in 1..levels {
                let length = i32::try_from(body.len() + 8).unwrap();
                let mut outer = length.to_le_bytes().to_vec();
                outer.extend([3, b'i', 0]);
                outer.extend(&body);
                outer.push(0);
                body = outer;
            }
            read_opaque(
                OpaqueKind::Cursor,
                &write_opaque_bytes(OpaqueKind::Cursor, &body),
            )
        };
        assert!(nested(100).is_some());
        assert!(nested(101).is_none());
        assert!(nested(5_000).is_none());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(document in arbitrary::document(3)) {
            let text = write_opaque(OpaqueKind::Revision, &document).unwrap();
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'));
            let read = read_opaque(OpaqueKind::Revision, &text).unwrap();
            prop_assert_eq!(
                bson::serialize_to_vec(&read).unwrap(),
                bson::serialize_to_vec(&document).unwrap()
            );
        }

        #[test]
        fn no_text_ends_in_a_panic(text in ".*", cut in 0_usize..26) {
            read_opaque(OpaqueKind::Cursor, &text);
            let mut whole = write_opaque(OpaqueKind::Cursor, &doc! { "a": "b" }).unwrap();
            if cut < whole.len() {
                whole.truncate(cut);
                prop_assert!(read_opaque(OpaqueKind::Cursor, &whole).is_none());
            }
        }
    }
}
