use std::time::Duration;

use tokio::time::Instant;

/// How long the outcome of a command is pursued, and how long the command may yet take effect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long after it was sent a command may take effect.
    span: Duration,
    /// When the outcome is given up as unknown.
    deadline: Instant,
    /// When no command that was sent can take effect any more.
    end: Instant,
    wait: Duration,
}

impl Patience {
    /// The wait before the first repetition, which later ones double, up to [`Patience::LONGEST`].
    const FIRST: Duration = Duration::from_millis(5);
    const LONGEST: Duration = Duration::from_millis(500);

    /// Starts now. `limit`: how long the server may work on one command.
    pub(crate) fn new(limit: Duration, margin: Duration) -> Self {
        let span = limit.saturating_add(margin);
        let end = Instant::now() + span;
        Patience {
            span,
            deadline: end,
            end,
            wait: Self::FIRST,
        }
    }

    /// A command is about to be sent.
    pub(crate) fn sending(&mut self) {
        self.deadline = Instant::now() + self.span;
        self.end = self.deadline;
    }

    /// The answer to a command was lost just now. The driver waits for a connection, and repeats a
    /// write by itself: the server may have been sent the command as late as this.
    pub(crate) fn lost(&mut self) {
        self.end = Instant::now() + self.span;
    }

    /// Whether no command that was sent can take effect any more.
    ///
    /// To be asked before a look at the document, not after it: what came between the two would
    /// be missed.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Whether the outcome is not pursued any further.
    pub(crate) fn is_given_up(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// How long one look at the document and the log may take: as long as the outcome is pursued,
    /// and long enough for an answer at the very end.
    pub(crate) fn of_a_look(&self) -> Duration {
        let left = self.deadline.saturating_duration_since(Instant::now());
        left.max(self.span / 4)
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

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_command_whose_answer_is_lost_late_may_take_effect_later_still() {
        let mut patience = Patience::new(HOUR, HOUR);
        assert!(!patience.is_over() && !patience.is_given_up());
        (patience.deadline, patience.end) = (Instant::now(), Instant::now());
        assert!(patience.is_over() && patience.is_given_up());
        patience.lost();
        assert!(patience.is_given_up(), "nobody is kept waiting for longer");
        assert!(!patience.is_over());
        assert!(patience.of_a_look() >= HOUR / 2);
    }

    #[test]
    fn waits_grow_and_end_with_the_patience() {
        let mut patience = Patience::new(HOUR, HOUR);
        assert_eq!(patience.next_wait(), Patience::FIRST);
        assert_eq!(patience.next_wait(), Patience::FIRST * 2);
        patience.end = Instant::now();
        assert_eq!(patience.next_wait(), Patience::FIRST);
    }
}
