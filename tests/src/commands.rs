//! What the driver sends, recorded: for tests that count round trips or look at filters.

use std::sync::{Arc, Mutex, PoisonError};

use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;

use crate::proxy::WireCommand;

/// The commands that a client has sent, in order. Clones share one log.
///
/// ```no_run
/// # use monguard_tests::commands::CommandLog;
/// # async fn example(mut options: mongodb::options::ClientOptions) {
/// let log = CommandLog::new();
/// options.command_event_handler = Some(log.handler());
/// // … use a client with these options …
/// assert_eq!(log.names(), ["findAndModify", "insert"]);
/// assert_eq!(log.named("insert")[0].collections, ["audit_logs"]);
/// # }
/// ```
///
/// The driver does not report handshake, monitoring and sign-in, so they are not in the log. A
/// command that it sends again by itself (a retried write) is there once for each time.
#[derive(Clone, Debug, Default)]
pub struct CommandLog {
    commands: Arc<Mutex<Vec<WireCommand>>>,
}

impl CommandLog {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The handler that records into this log, for a client's `command_event_handler`.
    #[must_use]
    pub fn handler(&self) -> EventHandler<CommandEvent> {
        let log = self.clone();
        EventHandler::callback(move |event| {
            if let CommandEvent::Started(started) = event {
                let mut body = started.command;
                body.entry("$db".to_owned())
                    .or_insert_with(|| started.db.into());
                log.commands().extend(WireCommand::from_document(body));
            }
        })
    }

    /// All commands so far.
    #[must_use]
    pub fn all(&self) -> Vec<WireCommand> {
        self.commands().clone()
    }

    /// The names of all commands so far: one for each round trip.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.commands()
            .iter()
            .map(|command| command.name.clone())
            .collect()
    }

    /// The commands of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<WireCommand> {
        let mut commands = self.all();
        commands.retain(|command| command.name == name);
        commands
    }

    /// How many commands of this name were sent.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.named(name).len()
    }

    /// How many commands of this name were sent for this collection.
    #[must_use]
    pub fn count_on(&self, name: &str, collection: &str) -> usize {
        let mut commands = self.named(name);
        commands.retain(|command| command.collections.iter().any(|of| of == collection));
        commands.len()
    }

    /// Forgets what was recorded, so that the next assertion is about what follows.
    pub fn clear(&self) {
        self.commands().clear();
    }

    fn commands(&self) -> std::sync::MutexGuard<'_, Vec<WireCommand>> {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
