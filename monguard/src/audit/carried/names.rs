//! The names in an entry that a document carries.

/// The number of the format.
pub(super) const FORMAT: &str = "f";
/// The operation.
pub(super) const OPERATION: &str = "o";
/// True where the operation is one over many documents, each of which has an entry of it.
pub(super) const IS_OF_MANY: &str = "m";
/// The version that the write made.
pub(super) const VERSION: &str = "v";
/// The version that it replaced.
pub(super) const FROM: &str = "from";
/// The operation that it followed.
pub(super) const PREV: &str = "prev";
/// What was done.
pub(super) const ACTION: &str = "a";
/// Who did it.
pub(super) const BY: &str = "by";
/// When.
pub(super) const AT: &str = "at";
/// What ties it to other work.
pub(super) const TRACE_ID: &str = "trace";
/// What the caller adds.
pub(super) const CUSTOM_DATA: &str = "data";

/// The changed places, as a list.
pub(super) const CHANGES: &str = "d";
/// Of a changed place: the path.
pub(super) const PATH: &str = "p";
/// Of a changed place: what was there, absent where nothing was.
pub(super) const OLD: &str = "o";
/// Of a changed place: what is there now, absent where nothing is.
pub(super) const NEW: &str = "n";
/// Of a changed place: true where both are held as a whole.
pub(super) const WHOLE: &str = "w";

/// True where an image or a value was left out, because it was too large for the document.
pub(super) const OMITTED: &str = "x";
/// The image before.
pub(super) const BEFORE: &str = "before";
/// The image after.
pub(super) const AFTER: &str = "after";
/// The top-level names that changed, beside images.
pub(super) const CHANGED_NAMES: &str = "names";

/// What tells the image that is not here, because it is that of the document itself.
pub(super) const OWED: &str = "owed";
/// Of an owed image: its digest.
pub(super) const DIGEST: &str = "h";
/// Of an owed image: what the write replaced of the fields that monguard owns.
pub(super) const WAS: &str = "was";

/// What was done, as `ACTION` says it.
pub(super) const CREATE: &str = "create";
pub(super) const UPDATE: &str = "update";
pub(super) const SOFT_DELETE: &str = "delete";
pub(super) const HARD_DELETE: &str = "hardDelete";
pub(super) const RESTORE: &str = "restore";
