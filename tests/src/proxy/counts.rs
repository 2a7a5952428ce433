//! How often each command was seen.

use std::collections::HashMap;
use std::sync::Mutex;

use super::transactions::Transactions;
use super::wire_command::WireCommand;

/// How often each command was seen, by name and collection, and which transactions it began.
#[derive(Debug, Default)]
pub(super) struct Counts {
    seen: Mutex<HashMap<(String, Option<String>), usize>>,
    transactions: Transactions,
}

impl Counts {
    pub(super) fn record(&self, command: &WireCommand) {
        self.transactions.record(command);
        let mut seen = self.seen.lock().expect("no panic while counting");
        *seen.entry((command.name.clone(), None)).or_default() += 1;
        for collection in &command.collections {
            *seen
                .entry((command.name.clone(), Some(collection.clone())))
                .or_default() += 1;
        }
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

    pub(super) fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    pub(super) fn clear(&self) {
        self.seen.lock().expect("no panic while counting").clear();
    }
}
