use tokio::sync::oneshot;

use crate::document::Snapshot;

/// Shows the document that a write left as soon as it has landed, while its entry is still on its
/// way.
#[derive(Debug)]
pub(crate) struct Preview(oneshot::Sender<Snapshot>);

/// Waits for what is shown. It fails where nothing will be.
pub(crate) type Previewed = oneshot::Receiver<Snapshot>;

impl Preview {
    pub(crate) fn new() -> (Self, Previewed) {
        let (shows, previewed) = oneshot::channel();
        (Preview(shows), previewed)
    }

    pub(super) fn show(self, document: &Snapshot) {
        // Whoever was to see it may have gone.
        self.0.send(document.clone()).ok();
    }
}
