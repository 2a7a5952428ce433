//! What tells two create requests apart, for `idempotentHash`.

use mongodb::bson::{Binary, Bson, Document, spec::BinarySubtype};
use sha2::{Digest, Sha256};

use crate::{
    document::{Meta, names},
    value::write_canonical,
};

/// How the fingerprint is made: its first byte. A change of the rules below is a new format.
const FORMAT: u8 = 1;

/// The fingerprint of a create request: the format, then the SHA-256 of what the request says.
///
/// Over the fields of the model as serde writes them, without the id, what monguard owns and the
/// fields marked `idempotency = "ignore"`. The order of keys and the width of numbers do not
/// matter. A null at the top level counts as absent, so that a request retried after the model
/// gained an optional field is still the same; deeper, null, absent and empty are three things.
pub(crate) fn fingerprint(meta: &Meta, request: &Document) -> Binary {
    let is_compared = |name: &str| {
        let field = meta.fields().iter().find(|field| field.is_stored_as(name));
        let is_ignored = field
            .is_some_and(|field| field.is_idempotency_ignored() || field.managed_as().is_some());
        !is_ignored && !names::is_owned(name, meta.version_name())
    };
    let compared = request
        .iter()
        .filter(|(name, value)| **value != Bson::Null && is_compared(name));
    let mut fields: Vec<(&String, &Bson)> = compared.collect();
    fields.sort_unstable_by_key(|(name, _)| *name);

    let mut canonical = Vec::new();
    for (name, value) in fields {
        canonical.extend((name.len() as u64).to_be_bytes());
        canonical.extend(name.as_bytes());
        write_canonical(value, &mut canonical);
    }
    let mut bytes = vec![FORMAT];
    bytes.extend(Sha256::digest(&canonical));
    Binary {
        subtype: BinarySubtype::Generic,
        bytes,
    }
}

/// How a request relates to the one that created a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// It says the same.
    Same,
    /// It says something else.
    Different,
    /// The document has no fingerprint, or one of a format that this version does not know.
    NotCompared,
}

/// Compares a request's fingerprint with the one stored on a document.
pub(crate) fn compare(stored: Option<&Bson>, request: &Binary) -> Comparison {
    match stored {
        Some(Bson::Binary(stored)) if stored.bytes.first() == Some(&FORMAT) => {
            if stored.bytes == request.bytes {
                Comparison::Same
            } else {
                Comparison::Different
            }
        }
        _ => Comparison::NotCompared,
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        audit::models::OPEN,
        document::{FieldMeta, ManagedField},
        value::{arbitrary, equal_documents},
    };

    static FIELDS: [FieldMeta; 4] = [
        FieldMeta::new("key", "key").idempotency_key(),
        FieldMeta::new("sent_at", "sentAt").idempotency_ignore(),
        FieldMeta::new("revision", "revision").managed(ManagedField::Version),
        FieldMeta::new("amount", "amount"),
    ];
    const MODEL: Meta = Meta::new("Payment", &FIELDS).version_field("revision");

    #[test]
    fn only_what_the_request_says_counts() {
        let request = doc! { "key": "k", "amount": 1, "lines": [{ "a": 1, "b": 2.0 }] };
        let first = fingerprint(&MODEL, &request);
        assert_eq!((first.bytes.len(), first.bytes[0]), (33, 1));
        let same = doc! {
            "_id": 7, "lines": [{ "b": 2, "a": 1_i64 }], "amount": 1.0, "key": "k", "sentAt": 5, "revision": 1, "added": null,
            "createdAt": 1, "__w": 1, "idempotentKey": "x",
        };
        assert_eq!(fingerprint(&MODEL, &same), first);
        for different in [
            doc! { "key": "k", "amount": 2, "lines": [{ "a": 1, "b": 2.0 }] },
            doc! { "key": "k", "amount": 1, "lines": [{ "a": 1, "b": 2.0, "c": null }] },
            doc! { "key": "k", "amount": 1 },
            doc! { "key": "k", "amount": 1, "lines": [{ "a": 1, "b": 2.0 }], "added": {} },
        ] {
            assert_ne!(fingerprint(&MODEL, &different), first, "{different}");
        }
    }

    #[test]
    fn the_format_stays() {
        let stored = fingerprint(&OPEN, &doc! { "a": 1, "b": ["x", { "c": null }], "d": 0.5 });
        let hex = format!("{:x?}", stored.bytes);
        let pinned = "[1, f2, eb, ba, b, 5e, dd, 59, b4, fb, 0, c6, 4d, 57, a4, 58, 75, e7, 41, 4a, 3a, 3a, 40, 6e, d2, 52, 75, 14, 15, d2, be, 78, 1c]";
        assert_eq!(hex, pinned);
    }

    #[test]
    fn an_unknown_format_is_not_compared() {
        let request = fingerprint(&OPEN, &doc! { "a": 1 });
        let mut newer = request.clone();
        newer.bytes[0] = 2;
        assert_eq!(
            compare(Some(&Bson::Binary(request.clone())), &request),
            Comparison::Same
        );
        assert_eq!(
            compare(Some(&Bson::Binary(fingerprint(&OPEN, &doc! {}))), &request),
            Comparison::Different
        );
        assert_eq!(
            compare(Some(&Bson::Binary(newer)), &request),
            Comparison::NotCompared
        );
        assert_eq!(
            compare(Some(&Bson::Null), &request),
            Comparison::NotCompared
        );
        assert_eq!(compare(None, &request), Comparison::NotCompared);
    }

    /// The part of a document that a fingerprint is made of.
    fn compared(document: &Document) -> Document {
        let kept = document
            .clone()
            .into_iter()
            .filter(|(name, value)| *value != Bson::Null && !names::is_owned(name, names::VERSION));
        kept.collect()
    }

    proptest! {
        #[test]
        fn fingerprints_agree_with_the_equality(
            request in arbitrary::document(3),
            edits in proptest::collection::vec((any::<u16>(), proptest::option::of(arbitrary::scalar())), 0..2),
        ) {
            let other = arbitrary::edited(&request, &edits);
            let equal = equal_documents(&compared(&request), &compared(&other));
            prop_assert_eq!(fingerprint(&OPEN, &request) == fingerprint(&OPEN, &other), equal);
            let Bson::Document(same) = arbitrary::restored(&Bson::Document(request.clone())) else { unreachable!() };
            prop_assert_eq!(fingerprint(&OPEN, &request), fingerprint(&OPEN, &same));
        }
    }
}
