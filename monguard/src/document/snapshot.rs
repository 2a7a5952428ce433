use std::sync::Arc;

use mongodb::bson::{RawDocument, RawDocumentBuf};

use crate::audit::Trail;

/// A stored document, as it was read or as the server returned it.
///
/// What it carries may be apart from it: a write knows that, since it made it. To have it returned,
/// and to parse it for the next write, is most of what an answer costs.
#[derive(Clone, Debug)]
pub struct Snapshot {
    document: Arc<RawDocumentBuf>,
    trail: Option<Trail>,
}

impl Snapshot {
    /// The answer of a write that had left out of it what the document carries, which is this.
    pub(crate) fn apart(document: RawDocumentBuf, trail: Trail) -> Self {
        Snapshot {
            document: Arc::new(document),
            trail: Some(trail),
        }
    }

    /// The document, with or without what it carries.
    pub(crate) fn document(&self) -> &Arc<RawDocumentBuf> {
        &self.document
    }

    /// What the document carries, where that is apart from it.
    pub(crate) fn trail(&self) -> Option<&Trail> {
        self.trail.as_ref()
    }
}

impl AsRef<RawDocument> for Snapshot {
    fn as_ref(&self) -> &RawDocument {
        &self.document
    }
}

impl From<Arc<RawDocumentBuf>> for Snapshot {
    fn from(document: Arc<RawDocumentBuf>) -> Self {
        Snapshot {
            document,
            trail: None,
        }
    }
}

impl From<RawDocumentBuf> for Snapshot {
    fn from(document: RawDocumentBuf) -> Self {
        Arc::new(document).into()
    }
}
