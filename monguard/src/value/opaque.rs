//! Documents as one word of text, for what a client holds and hands back unread: base64url of a
//! kind, a checksum and the BSON.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mongodb::bson::{self, Document};
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
}

/// Bytes of the digest that a text begins with: enough to tell what was cut or mistyped. It is no
/// protection against whoever makes one up.
const CHECKSUM: usize = 4;

pub(crate) fn write_opaque(kind: OpaqueKind, document: &Document) -> Result<String, EncodeError> {
    let body = bson::serialize_to_vec(document)?;
    let mut bytes = vec![kind as u8];
    bytes.extend(checksum(kind, &body));
    bytes.extend(body);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `None` where the text is none of this kind.
pub(crate) fn read_opaque(kind: OpaqueKind, text: &str) -> Option<Document> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (found, rest) = bytes.split_first()?;
    let (sum, body) = rest.split_at_checked(CHECKSUM)?;
    if *found != kind as u8 || sum != checksum(kind, body) {
        return None;
    }
    bson::deserialize_from_slice(body).ok()
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
        fn no_text_ends_in_a_panic(text in ".*", cut in 0_usize..40) {
            read_opaque(OpaqueKind::Cursor, &text);
            let mut whole = write_opaque(OpaqueKind::Cursor, &doc! { "a": "b" }).unwrap();
            if cut < whole.len() {
                whole.truncate(cut);
                prop_assert!(read_opaque(OpaqueKind::Cursor, &whole).is_none());
            }
        }
    }
}
