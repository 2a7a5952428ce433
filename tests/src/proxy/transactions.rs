//! The transactions that were begun through a proxy.

use std::sync::{Arc, Mutex};

use mongodb::Client;
use mongodb::bson::{Document, doc};

use super::wire_command::WireCommand;

/// The sessions in which the driver has begun transactions. Shared: a clone outlives the proxy.
#[derive(Clone, Debug, Default)]
pub struct Transactions(Arc<Mutex<Vec<Document>>>);

impl Transactions {
    pub(super) fn record(&self, command: &WireCommand) {
        if command.body.contains_key("startTransaction")
            && let Ok(session) = command.body.get_document("lsid")
        {
            let mut sessions = self.0.lock().expect("no panic while recording");
            if !sessions.contains(session) {
                sessions.push(session.clone());
            }
        }
    }

    /// Ends those that are open still: of a client that has died, or whose end was lost, they would
    /// hold their documents for a minute.
    ///
    /// # Errors
    /// The server's.
    pub async fn end(&self, client: &Client) -> mongodb::error::Result<()> {
        let sessions = self.0.lock().expect("no panic while recording").clone();
        if !sessions.is_empty() {
            let kill = doc! { "killSessions": sessions };
            client.database("admin").run_command(kill).await?;
        }
        Ok(())
    }
}
