/// How writes are audited: a guarantee, and a form.
///
/// ```
/// use monguard::Audit;
///
/// let audit = Audit::after_write().full();
/// assert_ne!(audit, Audit::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audit {
    guarantee: Guarantee,
    form: Form,
}

/// What is promised of the entry of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guarantee {
    /// It comes after the data.
    AfterWrite,
    /// It travels in the document.
    Carried,
    /// It is in one transaction with the data.
    Transactional,
}

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Delta,
    Full,
}

impl Default for Audit {
    /// [`Audit::carried`], as deltas.
    fn default() -> Self {
        Audit::carried()
    }
}

impl Audit {
    /// The data first, then the entry. A crash between the two leaves a write without its entry;
    /// a wrong or a double entry is not possible. Each version has exactly one entry, so a missing
    /// one can be found. Works on every server.
    #[must_use]
    pub const fn after_write() -> Self {
        Audit {
            guarantee: Guarantee::AfterWrite,
            form: Form::Delta,
        }
    }

    /// The entry travels inside the document's own write, so there is no write without its entry,
    /// whatever crashes, and an audited write is one round trip. A relay copies entries to the log
    /// in batches, soon after; until then the document carries them, in `__audit`, and
    /// [`history`](crate::Collection::history) reads them there. Works on every server, with a write
    /// concern of majority, journaled.
    ///
    /// End the program with [`Monguard::shutdown`](crate::Monguard::shutdown), so that the log is
    /// complete.
    #[must_use]
    pub const fn carried() -> Self {
        Audit {
            guarantee: Guarantee::Carried,
            form: Form::Delta,
        }
    }

    /// Data and entry in one transaction. Needs a replica set or a sharded cluster.
    #[must_use]
    pub const fn transactional() -> Self {
        Audit {
            guarantee: Guarantee::Transactional,
            form: Form::Delta,
        }
    }

    /// Entries hold the old and new values of what changed. The default.
    #[must_use]
    pub const fn delta(mut self) -> Self {
        self.form = Form::Delta;
        self
    }

    /// Entries hold the whole document before and after.
    #[must_use]
    pub const fn full(mut self) -> Self {
        self.form = Form::Full;
        self
    }

    pub(crate) const fn guarantee(self) -> Guarantee {
        self.guarantee
    }

    pub(crate) const fn form(self) -> Form {
        self.form
    }
}
