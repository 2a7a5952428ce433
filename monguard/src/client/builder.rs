use std::any::TypeId;
use std::collections::HashMap;
use std::time::Duration;

use mongodb::Database;
use mongodb::options::{Acknowledgment, WriteConcern};

use super::{
    Capabilities, ModelAudit, Monguard, OnAuditFailure, Retry, Settings, SettlingReads, Shared,
    promise,
};
use crate::audit::Audit;
use crate::document::Versioned;
use crate::error::{Error, Result};
use crate::relay::RelayOptions;

/// The options of a [`Monguard`].
#[derive(Debug)]
#[must_use = "nothing is built before `build`"]
pub struct MonguardBuilder {
    database: Database,
    settings: Settings,
}

impl MonguardBuilder {
    pub(crate) fn new(database: Database) -> Self {
        let settings = Settings {
            audit: Audit::default(),
            audit_of: HashMap::new(),
            audit_collection: "audit_logs".to_owned(),
            carried_entries: 16,
            bulk_write: true,
            on_audit_failure: OnAuditFailure::default(),
            retry: Retry::default(),
            time_limit: Duration::from_secs(10),
            margin: Duration::from_secs(5),
            write_concern: WriteConcern::builder()
                .w(Acknowledgment::Majority)
                .journal(true)
                .build(),
            settling_reads: SettlingReads::default(),
            relay: RelayOptions::default(),
        };
        MonguardBuilder { database, settings }
    }

    #[cfg(test)]
    pub(super) fn into_settings(self) -> Settings {
        self.settings
    }

    /// How writes are audited. Default [`Audit::carried`], as deltas.
    pub fn audit(mut self, audit: Audit) -> Self {
        self.settings.audit = audit;
        self
    }

    /// How the writes of one model are audited, whatever the others do: it comes before
    /// [`audit`](Self::audit), in whichever order the two are called.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "contracts")]
    /// # struct Contract { text: String }
    /// # async fn example(client: mongodb::Client) -> monguard::Result<()> {
    /// use monguard::{Audit, Monguard};
    ///
    /// let monguard = Monguard::builder(client.database("shop"))
    ///     .audit(Audit::carried().delta())
    ///     .audit_of::<Contract>(Audit::carried().full())
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn audit_of<T: Versioned>(mut self, audit: Audit) -> Self {
        let own = ModelAudit {
            model: const { T::META.name() },
            collection: T::COLLECTION,
            audit,
        };
        self.settings.audit_of.insert(TypeId::of::<T>(), own);
        self
    }

    /// The collection of the audit log. Default `audit_logs`.
    ///
    /// It has no documents of a model: `build` refuses the collection of a model with an
    /// [`audit_of`](Self::audit_of), and the first use of any other's refuses it there.
    pub fn audit_collection(mut self, name: impl Into<String>) -> Self {
        self.settings.audit_collection = name.into();
        self
    }

    /// What a write does whose audit entry cannot be written, with [`Audit::after_write`]. Default
    /// [`OnAuditFailure::Report`].
    pub fn on_audit_failure(mut self, policy: OnAuditFailure) -> Self {
        self.settings.on_audit_failure = policy;
        self
    }

    /// How the writes that start over where another one comes first (`modify`, `create_or_modify`
    /// and the `_latest` ones) try again. Default 10 attempts, with waits from 10 ms to 5 s.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = retry;
        self
    }

    /// How long the server may work on one command (`maxTimeMS`). Default 10 s, at least 1 ms,
    /// at most a day.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.settings.time_limit = limit;
        self
    }

    /// How long after its time limit a command is held to be able to take effect: the allowance
    /// for what the network delays. Default 5 s, at most a day.
    pub fn margin(mut self, margin: Duration) -> Self {
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        self.settings.margin = margin.min(LONGEST);
        self
    }

    /// The write concern of data and audit log. Default majority and journaled, whatever the
    /// connection string says.
    ///
    /// A weaker one is a choice: a write may then be rolled back by a failover after it was
    /// reported. [`Audit::carried`] does not allow it, since the entry goes to the log on the word
    /// that the document is safe; on a standalone server, which is its own majority, `w: 1` with
    /// `j: true` is no weaker. Unacknowledged writes (`w: 0`) are always refused.
    pub fn write_concern(mut self, concern: WriteConcern) -> Self {
        self.settings.write_concern = concern;
        self
    }

    /// With which read concern it is found out what became of a write that was not answered, or
    /// did not match. Default [`SettlingReads::Linearizable`].
    pub fn settling_reads(mut self, reads: SettlingReads) -> Self {
        self.settings.settling_reads = reads;
        self
    }

    /// How entries that documents carry ([`Audit::carried`]) are copied to the audit log. Default
    /// at most 10,000 entries and 64 MiB in memory: see [`RelayOptions`].
    pub fn relay(mut self, options: RelayOptions) -> Self {
        self.settings.relay = options;
        self
    }

    /// How many audit entries a document may carry ([`Audit::carried`]). Default 16; at least 1,
    /// at most 1,000.
    ///
    /// A write that would make it more brings those that are there to the log first. Where the log
    /// does not take them, it fails with [`Error::AuditBacklog`], and nothing is written.
    pub fn carried_entries(mut self, limit: usize) -> Self {
        self.settings.carried_entries = limit.clamp(1, 1000);
        self
    }

    /// Whether a write and its entry may be one command, `bulkWrite`, where the server has it
    /// (MongoDB 8.0): with [`Audit::transactional`] each write of one document, and with
    /// [`Audit::after_write`] each one that changes a document, unsharded and without a condition of
    /// the caller's. It costs one round trip less. Default true.
    ///
    /// Turn it off where something between here and the server does not know the command, as
    /// automatic encryption on the client may not. Where the server itself or a role refuses it, two
    /// commands are sent from then on anyway.
    pub fn bulk_write(mut self, allowed: bool) -> Self {
        self.settings.bulk_write = allowed;
        self
    }

    /// Asks the server what it can do. Returns the guard.
    ///
    /// # Errors
    /// - [`Error::Unsupported`], with the reason, for a guarantee that cannot be kept:
    ///   [`Audit::transactional`] on a server without transactions, [`Audit::carried`] with a write
    ///   concern weaker than majority and journaled, a write concern of `w: 0`, and an audit log in
    ///   the collection of a model.
    /// - [`Error::Driver`] where no server answers.
    pub async fn build(self) -> Result<Monguard> {
        let settings = &self.settings;
        promise::check_settings(settings).map_err(Error::Unsupported)?;
        warn_of_weaker_concern(&self.database, &settings.write_concern);
        let capabilities = Capabilities::probe(&self.database).await?;
        promise::check_server(settings, &capabilities).map_err(Error::Unsupported)?;
        Ok(Monguard::from_shared(Shared::new(
            self.database,
            self.settings,
            capabilities,
        )))
    }
}

/// The client's own concern does not count here, and someone may have meant it to.
fn warn_of_weaker_concern(database: &Database, used: &WriteConcern) {
    if let Some(own) = database
        .write_concern()
        .filter(|own| *own != used && own.w.is_some())
    {
        tracing::warn!(
            database = database.name(),
            client = ?own,
            used = ?used,
            "the client's write concern is not used: set it with `MonguardBuilder::write_concern`"
        );
    }
}
