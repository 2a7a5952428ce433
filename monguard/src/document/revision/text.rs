//! A revision outside of the process: as an opaque word, an HTTP entity tag, or a document.

use std::fmt;
use std::str::FromStr;

use mongodb::bson::{Bson, Document, doc};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Revision;
use crate::document::{FieldMeta, Place, VersionKind, Versioned, names};
use crate::error::{InvalidRevision, InvalidRevisionReason};
use crate::guard::State;
use crate::value::{EncodeError, OpaqueKind, decode, read_opaque, write_opaque};

/// Changes with the meaning of the fields below.
const FORMAT: i32 = 1;

const FORMAT_NAME: &str = "f";
const COLLECTION: &str = "c";
const ID: &str = "i";
const SHARD_KEY: &str = "s";
const VERSION: &str = "v";
/// Absent where only the version is known.
const STATE: &str = "b";
const OPERATION: &str = "w";
const UPDATED_AT: &str = "u";

/// What is shown of a revision whose id has no BSON form. It is read as none.
const UNENCODABLE: &str = "unencodable";

type Read<R> = Result<R, InvalidRevisionReason>;

impl<T: Versioned> Revision<T> {
    /// The revision as a strong HTTP entity tag, with its quotes: for an `ETag` header.
    #[must_use]
    pub fn to_etag(&self) -> String {
        format!("\"{self}\"")
    }

    /// Reads what an `If-Match` header holds: one strong entity tag that [`Revision::to_etag`]
    /// made.
    ///
    /// # Errors
    /// [`InvalidRevision`], which says why: the tag was not made by monguard, or of a document in
    /// another collection; it is weak; there are several, or `*`. An HTTP service answers 412
    /// (Precondition Failed) to a tag that names no state of the document.
    pub fn from_etag(header: &str) -> Result<Self, InvalidRevision> {
        let word = one_strong_tag(header.trim_matches([' ', '\t'])).map_err(invalid::<T>)?;
        word.parse()
    }

    fn to_document(&self) -> Result<Document, EncodeError> {
        let Place { id, shard_key } = self.place()?;
        let mut document = doc! { FORMAT_NAME: FORMAT, COLLECTION: T::COLLECTION, ID: id };
        if !shard_key.is_empty() {
            document.insert(SHARD_KEY, shard_key);
        }
        put(&mut document, VERSION, self.version.to_bson());
        if let Some(State {
            operation,
            updated_at,
        }) = &self.state
        {
            let mut state = Document::new();
            put(&mut state, OPERATION, operation.clone());
            put(&mut state, UPDATED_AT, updated_at.clone());
            document.insert(STATE, state);
        }
        Ok(document)
    }

    fn from_document(mut document: Document) -> Read<Self> {
        if document.remove(FORMAT_NAME) != Some(Bson::Int32(FORMAT)) {
            return Err(InvalidRevisionReason::Malformed);
        }
        match document.remove(COLLECTION) {
            Some(Bson::String(name)) if name == T::COLLECTION => {}
            Some(Bson::String(_)) => return Err(InvalidRevisionReason::OtherCollection),
            _ => return Err(InvalidRevisionReason::Malformed),
        }
        let other_model = InvalidRevisionReason::OtherModel;
        let id = document.get(ID).ok_or(InvalidRevisionReason::Malformed)?;
        let version = T::Version::read(document.get(VERSION)).map_err(|_| other_model)?;
        Ok(Revision {
            id: decode(id).map_err(|_| other_model)?,
            stored_id: Some(id.clone()),
            version,
            shard_key: shard_key::<T>(part(&mut document, SHARD_KEY)?)?,
            state: part(&mut document, STATE)?.map(|mut state| State {
                operation: state.remove(OPERATION),
                updated_at: state.remove(UPDATED_AT),
            }),
        })
    }
}

fn put(document: &mut Document, name: &str, value: Option<Bson>) {
    if let Some(value) = value {
        document.insert(name, value);
    }
}

fn part(document: &mut Document, name: &str) -> Read<Option<Document>> {
    match document.remove(name) {
        None => Ok(None),
        Some(Bson::Document(part)) => Ok(Some(part)),
        Some(_) => Err(InvalidRevisionReason::Malformed),
    }
}

/// The fields that the model's shard key has, and no others.
fn shard_key<T: Versioned>(found: Option<Document>) -> Read<Document> {
    let mut found = found.unwrap_or_default();
    let names = T::META.shard_key().map(FieldMeta::stored_name);
    let mut shard_key = Document::new();
    for name in names.filter(|name| *name != names::ID) {
        let value = found.remove(name);
        shard_key.insert(name, value.ok_or(InvalidRevisionReason::OtherModel)?);
    }
    if found.is_empty() {
        Ok(shard_key)
    } else {
        Err(InvalidRevisionReason::OtherModel)
    }
}

/// `"tag"`
fn one_strong_tag(header: &str) -> Read<&str> {
    if header == "*" {
        return Err(InvalidRevisionReason::AnyTag);
    }
    if header.starts_with("W/\"") {
        return Err(InvalidRevisionReason::WeakTag);
    }
    let opened = header.strip_prefix('"');
    let tag = opened.and_then(|opened| opened.split_once('"'));
    match tag {
        Some((tag, "")) => Ok(tag),
        Some((_, rest)) if rest.trim_start().starts_with(',') => {
            Err(InvalidRevisionReason::ManyTags)
        }
        Some(_) | None => Err(InvalidRevisionReason::NotATag),
    }
}

fn invalid<T: Versioned>(reason: InvalidRevisionReason) -> InvalidRevision {
    InvalidRevision::new(T::META.name(), T::COLLECTION, reason)
}

/// One word of letters, digits, `-` and `_`, which [`FromStr`] reads back. (Of a revision made by
/// hand whose id has no BSON form, a word that is read as none.)
impl<T: Versioned> fmt::Display for Revision<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = self.to_document();
        match document.and_then(|document| write_opaque(OpaqueKind::Revision, &document)) {
            Ok(word) => f.write_str(&word),
            Err(_) => f.write_str(UNENCODABLE),
        }
    }
}

impl<T: Versioned> FromStr for Revision<T> {
    type Err = InvalidRevision;

    fn from_str(word: &str) -> Result<Self, InvalidRevision> {
        read_opaque(OpaqueKind::Revision, word)
            .ok_or(InvalidRevisionReason::Malformed)
            .and_then(Self::from_document)
            .map_err(invalid::<T>)
    }
}

/// As one opaque word in text formats, as a document in the bytes of BSON.
impl<T: Versioned> Serialize for Revision<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = self.to_document().map_err(S::Error::custom)?;
        if serializer.is_human_readable() {
            let word = write_opaque(OpaqueKind::Revision, &document);
            serializer.serialize_str(&word.map_err(S::Error::custom)?)
        } else {
            document.serialize(serializer)
        }
    }
}

impl<'de, T: Versioned> Deserialize<'de> for Revision<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Whichever it was written as: BSON is written as bytes, and may be read from a value that
        // answers as text formats do.
        let read = match Bson::deserialize(deserializer)? {
            Bson::String(word) => word.parse(),
            Bson::Document(document) => Self::from_document(document).map_err(invalid::<T>),
            _ => Err(invalid::<T>(InvalidRevisionReason::Malformed)),
        };
        read.map_err(D::Error::custom)
    }
}
