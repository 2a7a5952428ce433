use std::fmt;

use super::InvalidFilterReason;

/// Why a write was refused before it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReason {
    /// Nothing was to be changed.
    Empty,
    /// Two operators write one path, or a path and one inside it.
    Overlap,
    /// The path leads through something that is not a sub-document.
    NotADocument(&'static str),
    /// A number was to be added to something that is not one.
    NotANumber(&'static str),
    /// Elements were to be added to, or taken from, something that is not a list.
    NotAList(&'static str),
    /// A key was to be renamed in something that is not a map.
    NotAMap(&'static str),
    /// The path leads through elements of something that is not a list.
    NoElements(&'static str),
    /// The path leads through an element beyond the end of the stored list: the index, and how many
    /// elements there are.
    BeyondTheEnd(usize, usize),
    /// No element meets the condition of `first_match`.
    NoMatch,
    /// The condition on an element cannot be decided.
    Condition(InvalidFilterReason),
    /// An element of a list was to be removed as if it were a field.
    NotAField,
    /// Without the field the document could not be read.
    Required,
    /// A key of a map that no path can hold.
    Key,
    /// The key of a map that is stored among other fields is the name of one of them.
    NameTaken,
    /// The map has no such key.
    NoSuchKey,
    /// The map has a value under that key already.
    KeyIsThere,
    /// The result does not fit into the field's Rust type.
    OutOfRange(&'static str),
    /// A name in the value contains a dot or NUL, or begins with a dollar sign.
    Name,
    /// The value has no BSON form.
    NotEncodable(&'static str),
    /// The field never changes after the document's creation.
    Immutable,
    /// monguard alone writes the field.
    Owned,
    /// A raw update names a field that the model does not have; the name that was probably meant.
    UnknownField(Option<&'static str>),
    /// A raw update is not made of operators.
    NoOperator,
    /// A raw update has what only the server can apply; what to use instead.
    NotOnClient(&'static str),
    /// The operand of an operator of a raw update has none of the forms that it may have.
    Operand,
    /// The path of a raw update leads through a list without saying which element.
    Position,
    /// A raw update renames what is not the key of a map, or into another map.
    NotAKey,
    /// After a raw update the model could not read the document.
    Unreadable,
    /// The field is a part of the shard key, which says where the document is.
    ShardKey,
    /// The value of a field of the shard key is a list.
    ShardKeyIsList,
    /// The id is null or missing, and its type takes no `ObjectId` made in its place.
    NoId,
    /// An idempotency key that is null or missing.
    NoKey,
    /// An idempotency key that is a list: a unique index tells its elements apart, not the list.
    KeyIsList,
    /// No index that the model declares lets only one document have a value of the field.
    NotUnique,
    /// The value by which the document is known is null or missing.
    NoUniqueValue,
    /// The value by which the document is known is a list: a unique index tells its elements apart,
    /// not the list.
    UniqueValueIsList,
    /// The model does not say that its creates may carry an idempotency key.
    NoKeyField,
    /// The document would be larger than the server takes: bytes, and the limit.
    TooLarge(usize, usize),
    /// The document would be nested more deeply than the server takes: levels, and the limit.
    TooDeep(usize, usize),
    /// The audit entry would be larger than the log takes, even without images: bytes, and the
    /// limit.
    EntryTooLarge(usize, usize),
    /// The collection of the model is that of the audit log.
    InTheLog,
    /// The version has no successor.
    VersionsUsedUp,
    /// The stored document has something else where the entries are that it carries.
    ForeignTrail,
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidReason::NotADocument(found) => write!(
                f,
                "cannot be reached, because the stored document has {found} on the way there: set the whole sub-document first"
            ),
            InvalidReason::NotANumber(found) => {
                write!(
                    f,
                    "cannot be computed with, because it holds {found}: set it first"
                )
            }
            InvalidReason::NotAList(found) => {
                write!(f, "has no elements, because it holds {found}: set it first")
            }
            InvalidReason::NotAMap(found) => {
                write!(f, "has no keys, because it holds {found}: set it first")
            }
            InvalidReason::NoElements(found) => write!(
                f,
                "cannot be reached, because the stored document has {found} where the path has elements of a list: set the whole list first"
            ),
            InvalidReason::BeyondTheEnd(index, length) => write!(
                f,
                "cannot be reached, because the stored list has {length} elements and none at {index}: use `push` to add one"
            ),
            InvalidReason::Condition(why) => write!(f, "is searched by a condition that {why}"),
            InvalidReason::UnknownField(Some(meant)) => {
                write!(f, "is not a field of the model: did you mean `{meant}`?")
            }
            InvalidReason::NotOnClient(instead) => {
                write!(f, "cannot be applied on the client: use {instead}")
            }
            InvalidReason::OutOfRange(kind) => write!(f, "would leave the range of {kind}"),
            InvalidReason::NotEncodable(why) => write!(f, "cannot be stored: {why}"),
            InvalidReason::TooLarge(bytes, limit) => {
                write!(
                    f,
                    "the document would take {bytes} bytes, and the limit is {limit}"
                )
            }
            InvalidReason::TooDeep(levels, limit) => {
                write!(
                    f,
                    "the document would be {levels} levels deep, and the limit is {limit}"
                )
            }
            InvalidReason::EntryTooLarge(bytes, limit) => write!(
                f,
                "its audit entry would take {bytes} bytes, and the limit is {limit}: carry less custom data"
            ),
            // `words` decides about each of the others.
            fixed => f.write_str(fixed.words()),
        }
    }
}

impl InvalidReason {
    /// The text of a reason that is the same each time; nothing for the others.
    fn words(&self) -> &'static str {
        match self {
            InvalidReason::Empty => "it changes nothing: add `set` or another operator",
            InvalidReason::Overlap => {
                "is written twice: use one operator for a path and what is inside it"
            }
            InvalidReason::NoMatch => "has no element that meets the condition of `first_match`",
            InvalidReason::NotAField => {
                "is an element of a list, and would leave a hole: use `pull`, `pop_first` or `pop_last`"
            }
            InvalidReason::Required => {
                "is not removed, because the document could not be read without it: it is neither optional nor has a serde default"
            }
            InvalidReason::Key
            | InvalidReason::NameTaken
            | InvalidReason::NoSuchKey
            | InvalidReason::KeyIsThere => self.words_of_maps(),
            InvalidReason::Name => {
                "has a name that cannot be stored: names must not contain a dot or NUL, nor begin with a dollar sign"
            }
            InvalidReason::Immutable => "never changes after the document's creation",
            InvalidReason::Owned => "is written by monguard alone",
            InvalidReason::UnknownField(_)
            | InvalidReason::NoOperator
            | InvalidReason::NotOnClient(_)
            | InvalidReason::Operand
            | InvalidReason::Position
            | InvalidReason::NotAKey
            | InvalidReason::Unreadable => self.words_of_raw_updates(),
            InvalidReason::ShardKey
            | InvalidReason::ShardKeyIsList
            | InvalidReason::NoId
            | InvalidReason::NoKey
            | InvalidReason::KeyIsList
            | InvalidReason::NotUnique
            | InvalidReason::NoUniqueValue
            | InvalidReason::UniqueValueIsList
            | InvalidReason::NoKeyField => self.words_of_creates(),
            InvalidReason::InTheLog => {
                "its collection is that of the audit log: name another one with `audit_collection`"
            }
            InvalidReason::VersionsUsedUp => "the version has no successor",
            InvalidReason::ForeignTrail => {
                "is not the list of audit entries that this version of monguard keeps there: use the one that wrote it, or, if that was another tool, unset it first"
            }
            InvalidReason::NotADocument(..)
            | InvalidReason::NotANumber(..)
            | InvalidReason::NotAList(..)
            | InvalidReason::NotAMap(..)
            | InvalidReason::NoElements(..)
            | InvalidReason::BeyondTheEnd(..)
            | InvalidReason::Condition(..)
            | InvalidReason::OutOfRange(..)
            | InvalidReason::NotEncodable(..)
            | InvalidReason::TooLarge(..)
            | InvalidReason::TooDeep(..)
            | InvalidReason::EntryTooLarge(..) => "",
        }
    }

    /// The same, of the keys of maps.
    fn words_of_maps(&self) -> &'static str {
        match self {
            InvalidReason::Key => {
                "is a map with a key that no path can hold: keys must not be empty, contain a dot or NUL, nor begin with a dollar sign"
            }
            InvalidReason::NameTaken => {
                "is the name of another field that is stored beside this map"
            }
            InvalidReason::NoSuchKey => "has no value under the key to rename",
            InvalidReason::KeyIsThere => {
                "has a value under the new key already: unset it first, in a write of its own"
            }
            _ => "",
        }
    }

    /// The same, of what says which document is meant.
    fn words_of_creates(&self) -> &'static str {
        match self {
            InvalidReason::ShardKey => {
                "is a part of the shard key, which never changes: create the document anew under the other key"
            }
            InvalidReason::ShardKeyIsList => {
                "is a part of the shard key, and must not be a list: the server takes none there"
            }
            InvalidReason::NoId => {
                "is missing, and an `ObjectId` in its place would not be of its type: give the document an id"
            }
            InvalidReason::NoKey => "is the idempotency key, and must not be null or missing",
            InvalidReason::KeyIsList => {
                "is the idempotency key, and must not be a list: a unique index tells its elements apart, not the list"
            }
            InvalidReason::NotUnique => {
                "cannot tell documents apart: mark the field `#[monguard(index(unique))]`, and run `ensure_indexes`"
            }
            InvalidReason::NoUniqueValue => {
                "is what the document is known by, and must not be null or missing"
            }
            InvalidReason::UniqueValueIsList => {
                "is what the document is known by, and must not be a list: a unique index tells its elements apart, not the list"
            }
            InvalidReason::NoKeyField => {
                "is not a field of the model: add `#[monguard(idempotency_key)]` to the struct, and run `ensure_indexes`"
            }
            _ => "",
        }
    }

    /// The same, of the reasons for which raw updates are refused.
    fn words_of_raw_updates(&self) -> &'static str {
        match self {
            InvalidReason::UnknownField(None) => "is not a field of the model",
            InvalidReason::NoOperator => {
                "is no operator: write `$set` and its kin, or use `replace` for a whole document"
            }
            InvalidReason::Operand => {
                "has an operand of another form than its operator takes on the client"
            }
            InvalidReason::Position => {
                "does not say which element is meant: write an index or `$[]`, or use `first_match`"
            }
            InvalidReason::NotAKey => {
                "is not a key of a map that can have another in the same map: use `$set` and `$unset`"
            }
            InvalidReason::Unreadable => "would have a value that the model cannot read",
            _ => "",
        }
    }
}
