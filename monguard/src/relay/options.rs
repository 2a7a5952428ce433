use std::time::Duration;

/// How carried entries are copied to the audit log.
///
/// ```
/// use monguard::RelayOptions;
///
/// let options = RelayOptions::default().entries(50_000).bytes(256 * 1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayOptions {
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
    pub(crate) gather: Duration,
    pub(crate) backpressure: Duration,
}

impl Default for RelayOptions {
    /// At most 10,000 entries and 64 MiB in memory; gathered for 20 ms; writes wait 5 s for room.
    fn default() -> Self {
        RelayOptions {
            entries: 10_000,
            bytes: 64 * 1024 * 1024,
            gather: Duration::from_millis(20),
            backpressure: Duration::from_secs(5),
        }
    }
}

impl RelayOptions {
    /// How many entries may wait in memory. Default 10,000; at least 1.
    ///
    /// Where the log is slower than the writes, or takes nothing, further writes wait for room.
    #[must_use]
    pub fn entries(mut self, entries: usize) -> Self {
        self.entries = entries.max(1);
        self
    }

    /// How many bytes the entries that wait may have. Default 64 MiB.
    ///
    /// No write begins while there are more. Those that have begun hand over their entries, so it
    /// is exceeded by as much as they bring.
    #[must_use]
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes.max(1);
        self
    }

    /// How long entries are gathered before they are inserted together, where there are not enough
    /// for a batch, and no document carries 2 KiB of them. Default 20 ms, at most 60 s. A `flush`
    /// does not wait for it.
    #[must_use]
    pub fn gather(mut self, time: Duration) -> Self {
        const LONGEST: Duration = Duration::from_secs(60);
        self.gather = time.min(LONGEST);
        self
    }

    /// How long a write waits for room before it fails with
    /// [`Error::AuditBacklog`](crate::Error::AuditBacklog). Default 5 s; zero is not to wait.
    #[must_use]
    pub fn backpressure(mut self, time: Duration) -> Self {
        self.backpressure = time;
        self
    }
}
