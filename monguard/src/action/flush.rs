use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::ActionFuture;
use crate::client::Monguard;
use crate::error::Result;
use crate::relay::Flushed;

/// The emptying of the relay, started with [`Monguard::flush`].
#[must_use = "nothing is done unless awaited"]
pub struct Flush<'a> {
    monguard: &'a Monguard,
    within: Option<Duration>,
}

/// The end of the relay, started with [`Monguard::shutdown`].
#[must_use = "nothing is done unless awaited"]
pub struct Shutdown<'a> {
    monguard: &'a Monguard,
    within: Option<Duration>,
}

impl Monguard {
    /// Waits until the audit entries of all writes that were made before through this guard (and
    /// its clones) are in the audit log, or refused by it for good. `await` returns the refused
    /// ones.
    ///
    /// It waits as long as the log takes no entries, unless [`within`](Flush::within) says for how
    /// long. Dropping it is safe. Without carried entries it returns at once.
    ///
    /// # Errors
    /// [`Error::AuditBacklog`](crate::Error::AuditBacklog) where the time is up, or the driver's
    /// client was shut down: entries still wait, on their documents too.
    ///
    /// ```no_run
    /// # async fn example(monguard: monguard::Monguard) -> monguard::Result<()> {
    /// for entry in monguard.flush().await?.refused {
    ///     eprintln!("{entry}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn flush(&self) -> Flush<'_> {
        Flush {
            monguard: self,
            within: None,
        }
    }

    /// Ends the relay: flushes, and takes no entries any more. `await` returns as
    /// [`flush`](Monguard::flush) does. For the end of a service, after its last write.
    ///
    /// The guard can be used as before, but audit entries of later writes stay on their documents,
    /// where the next writer of the document, or `recover`, brings them to the log.
    ///
    /// Without it nothing is lost. Where all handles of a guard are dropped, what waits is brought
    /// as long as the runtime lives; where the process ends before, it stays on the documents.
    ///
    /// # Errors
    /// As [`flush`](Monguard::flush). What still waits is brought as long as the runtime lives.
    ///
    /// ```no_run
    /// # async fn example(monguard: monguard::Monguard) -> monguard::Result<()> {
    /// use std::time::Duration;
    ///
    /// monguard.shutdown().within(Duration::from_secs(10)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn shutdown(&self) -> Shutdown<'_> {
        Shutdown {
            monguard: self,
            within: None,
        }
    }
}

impl Flush<'_> {
    /// How long to wait at the most. Default: without end.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }
}

impl Shutdown<'_> {
    /// How long to wait at the most. Default: without end.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }
}

impl<'a> IntoFuture for Flush<'a> {
    type Output = Result<Flushed>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let flushed = self.monguard.relay().flush();
        ActionFuture::new(bounded(self.monguard, self.within, flushed))
    }
}

impl<'a> IntoFuture for Shutdown<'a> {
    type Output = Result<Flushed>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let flushed = self.monguard.relay().shutdown();
        ActionFuture::new(bounded(self.monguard, self.within, flushed))
    }
}

async fn bounded(
    monguard: &Monguard,
    within: Option<Duration>,
    flushed: impl Future<Output = Result<Flushed>>,
) -> Result<Flushed> {
    let Some(within) = within else {
        return flushed.await;
    };
    match tokio::time::timeout(within, flushed).await {
        Ok(flushed) => flushed,
        Err(_) => Err(monguard.relay().backlog().into()),
    }
}

impl fmt::Debug for Flush<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flush")
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Shutdown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shutdown")
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}
