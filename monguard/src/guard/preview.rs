use std::sync::Arc;

use mongodb::bson::RawDocumentBuf;
use tokio::sync::oneshot;

/// Shows the document that a write makes as soon as the server has answered with it, while its entry
/// is still on its way.
#[derive(Debug)]
pub(crate) struct Preview(oneshot::Sender<Arc<RawDocumentBuf>>);

/// Waits for what is shown. It fails where nothing will be.
pub(crate) type Previewed = oneshot::Receiver<Arc<RawDocumentBuf>>;

impl Preview {
    pub(crate) fn new() -> (Self, Previewed) {
        let (shows, previewed) = oneshot::channel();
        (Preview(shows), previewed)
    }

    pub(crate) fn show(self, document: &Arc<RawDocumentBuf>) {
        // Whoever was to see it may have gone.
        self.0.send(document.clone()).ok();
    }
}
