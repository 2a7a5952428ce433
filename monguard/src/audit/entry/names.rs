//! The names in a document of the audit log.

pub(super) const ID: &str = "_id";
pub(super) const REF: &str = "ref";
pub(super) const REF_COLLECTION: &str = "collection";
pub(super) const REF_ID: &str = "id";
pub(super) const ACTION: &str = "action";
pub(super) const USER_ID: &str = "userId";
pub(super) const TIMESTAMP: &str = "timestamp";
pub(super) const METADATA: &str = "metadata";
pub(super) const TRACE_ID: &str = "traceId";

pub(super) const SOFT_DELETE: &str = "softDelete";
pub(super) const HARD_DELETE: &str = "hardDelete";
pub(super) const BEFORE: &str = "before";
pub(super) const AFTER: &str = "after";
pub(super) const CHANGES: &str = "changes";
pub(super) const DELTA_CHANGES: &str = "deltaChanges";
pub(super) const CUSTOM_DATA: &str = "customData";
pub(super) const STORAGE_MODE: &str = "storageMode";
pub(super) const VERSION: &str = "version";
pub(super) const FROM: &str = "from";
pub(super) const PREV: &str = "prev";
pub(super) const IMAGE_OMITTED: &str = "imageOmitted";

/// Of an update of several documents by TypeScript.
pub(super) const MULTI_DOCUMENT_UPDATE: &str = "multiDocumentUpdate";
pub(super) const DOCUMENTS_MODIFIED: &str = "documentsModified";
pub(super) const FILTER: &str = "filter";
