use std::time::Duration;

use tokio::time::Instant;

/// How long the outcome of a command is pursued: until it can no longer take effect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long the server may work on one command.
    pub(crate) limit: Duration,
    end: Instant,
    wait: Duration,
}

impl Patience {
    /// The wait before the first repetition, which later ones double, up to [`Patience::LONGEST`].
    const FIRST: Duration = Duration::from_millis(5);
    const LONGEST: Duration = Duration::from_millis(500);

    /// Starts now.
    pub(crate) fn new(limit: Duration, margin: Duration) -> Self {
        let end = Instant::now() + limit.saturating_add(margin);
        Patience {
            limit,
            end,
            wait: Self::FIRST,
        }
    }

    /// A command was sent just now: it may take effect for a full time from here.
    pub(crate) fn renew(&mut self, margin: Duration) {
        self.end = Instant::now() + self.limit.saturating_add(margin);
    }

    /// Whether no command that was sent can take effect any more.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// How long to wait before the next look: longer each time, but not past the end.
    pub(crate) fn next_wait(&mut self) -> Duration {
        let until_end = self.end.saturating_duration_since(Instant::now());
        let wait = self.wait;
        self.wait = (wait * 2).min(Self::LONGEST);
        // A loop must not spin, even at the very end.
        wait.min(until_end.max(Self::FIRST))
    }
}
