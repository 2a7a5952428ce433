//! How often each command was seen.

use std::collections::HashMap;
use std::sync::Mutex;

use mongodb::bson::Document;

use super::wire_command::WireCommand;

/// How often each command was seen, by name and collection.
#[derive(Debug, Default)]
pub(super) struct Counts {
    seen: Mutex<HashMap<(String, Option<String>), usize>>,
    transacting: Mutex<Vec<Document>>,
}

impl Counts {
    pub(super) fn record(&self, command: &WireCommand) {
        if command.body.contains_key("startTransaction")
            && let Ok(session) = command.body.get_document("lsid")
        {
            let mut transacting = self.transacting.lock().expect("no panic while counting");
            if !transacting.contains(session) {
                transacting.push(session.clone());
            }
        }
        let mut seen = self.seen.lock().expect("no panic while counting");
        *seen.entry((command.name.clone(), None)).or_default() += 1;
        for collection in &command.collections {
            *seen
                .entry((command.name.clone(), Some(collection.clone())))
                .or_default() += 1;
        }
    }

    /// The sessions in which transactions were begun.
    pub(super) fn transacting(&self) -> Vec<Document> {
        let transacting = self.transacting.lock().expect("no panic while counting");
        transacting.clone()
    }

    pub(super) fn named(&self, name: &str, collection: Option<&str>) -> usize {
        let key = (name.to_owned(), collection.map(str::to_owned));
        self.seen
            .lock()
            .expect("no panic while counting")
            .get(&key)
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn clear(&self) {
        self.seen.lock().expect("no panic while counting").clear();
    }
}
