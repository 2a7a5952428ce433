/// How writes are audited: a guarantee, and a form.
///
/// | guarantee | where the entry is written | can one be missing | round trips of a write |
/// | --- | --- | --- | --- |
/// | [`carried`](Self::carried), the default | in the document, by the same command; a relay copies it to the log | no | 1 |
/// | [`after_write`](Self::after_write) | in the log, after the data | yes, after a crash | 2; 1 from MongoDB 8.0 on |
/// | [`transactional`](Self::transactional) | in the log, in one transaction with the data | no | 3; 2 from MongoDB 8.0 on |
///
/// `carried` is the default because it loses no entry, runs on every server, and takes the fewest
/// round trips. [`choose`](Self::choose) decides by the environment.
///
/// In all of them an entry is never wrong, never there twice, and never about a write that was not
/// made, and a missing one shows. They may be used side by side on the same documents, and a
/// service may go from one to another. In a [`transaction`](crate::Monguard::transaction), the
/// entry is a part of that, whatever was chosen.
///
/// ```
/// use monguard::Audit;
///
/// assert_eq!(Audit::default(), Audit::carried().delta());
/// let audit = Audit::carried().full();
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
    /// The data first, then the entry. Where the process dies between the two, or the log cannot be
    /// written, a write is without its entry, for good:
    /// [`on_audit_failure`](crate::MonguardBuilder::on_audit_failure) says what the write does then.
    /// Works on every server, with any acknowledged write concern.
    ///
    /// From MongoDB 8.0 on both are one command (`bulkWrite`), but for creates, for writes under a
    /// condition, and in a sharded cluster.
    ///
    /// For documents that the server may expire or drop, or that are to carry nothing.
    #[must_use]
    pub const fn after_write() -> Self {
        Audit {
            guarantee: Guarantee::AfterWrite,
            form: Form::Delta,
        }
    }

    /// The entry travels inside the document's own write, so there is no write without its entry,
    /// whatever crashes, and an audited write is one round trip. A relay copies entries to the log
    /// in batches, soon after; until then the document carries them, in `__audit`, at most
    /// [16](crate::MonguardBuilder::carried_entries), and [`history`](crate::Collection::history)
    /// reads them there. Works on every server, with a write concern of majority, journaled.
    ///
    /// End the program with [`Monguard::shutdown`](crate::Monguard::shutdown), so that the log is
    /// complete. What a crash leaves on documents, [`recover`](crate::Collection::recover) brings.
    ///
    /// Documents carry entries, so an index must not expire them, nor a validator forbid `__audit`:
    /// [`ensure_indexes`](crate::Collection::ensure_indexes) looks for both.
    #[must_use]
    pub const fn carried() -> Self {
        Audit {
            guarantee: Guarantee::Carried,
            form: Form::Delta,
        }
    }

    /// Data and entry in one transaction, so that the log has the entry at the moment that the
    /// collection has the data. Needs a replica set, of one server if need be, or a sharded cluster.
    /// From MongoDB 8.0 on both are one command of the transaction (`bulkWrite`).
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
