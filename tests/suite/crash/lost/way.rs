use monguard_tests::proxy::{Command, Loss, Proxy, Rule};

/// What else is lost with a command, and who else is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Way {
    pub(super) losses: Losses,
    /// Whether the driver repeats reads and writes by itself.
    pub(super) driver_retries: bool,
    /// Whether another guard, with a relay of its own, writes the same documents and recovers.
    pub(super) beside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Losses {
    /// The command alone.
    One,
    /// The next command too.
    Two,
    /// The one after the next too: what looks for the outcome finds half of it.
    OneAndThird,
}

const fn way(losses: Losses, driver_retries: bool, beside: bool) -> Way {
    Way {
        losses,
        driver_retries,
        beside,
    }
}

pub(super) const WAYS: [Way; 6] = [
    way(Losses::One, false, false),
    way(Losses::Two, false, false),
    way(Losses::OneAndThird, false, false),
    way(Losses::Two, true, false),
    way(Losses::One, false, true),
    way(Losses::Two, true, true),
];

impl Losses {
    /// Loses the command in this place, of all that come from now on.
    pub(super) fn lose(self, proxy: &Proxy, fault: Loss, first: usize) -> Vec<Rule> {
        let rule = |at, times| {
            // How much of a frame comes is another length each time.
            let bytes = 1 + 13 * (at % 4);
            let rule = proxy.on(Command::any()).skip(at - 1).times(times);
            rule.lose(fault, bytes)
        };
        match self {
            Losses::One => vec![rule(first, 1)],
            Losses::Two => vec![rule(first, 2)],
            Losses::OneAndThird => vec![rule(first, 1), rule(first + 2, 1)],
        }
    }
}
