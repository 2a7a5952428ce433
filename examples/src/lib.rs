//! Runnable examples of monguard are in `examples/`. This library compiles the code of the README
//! and of the guide.

/// The code blocks of a document, compiled as tests of the documentation.
macro_rules! compiled {
    ($($name:ident = $path:literal;)*) => {$(
        #[cfg(doctest)]
        #[doc = include_str!($path)]
        #[derive(Debug)]
        pub struct $name;
    )*};
}

compiled! {
    Readme = "../../README.md";
    VersionsAndConflicts = "../../docs/guide/versions-and-conflicts.md";
    Updates = "../../docs/guide/updates.md";
    AuditTrail = "../../docs/guide/audit-trail.md";
    CarriedEntries = "../../docs/guide/carried-entries.md";
    Filters = "../../docs/guide/filters.md";
    Idempotency = "../../docs/guide/idempotency.md";
    Indexes = "../../docs/guide/indexes.md";
    Deleting = "../../docs/guide/deleting.md";
    Reading = "../../docs/guide/reading.md";
    Errors = "../../docs/guide/errors.md";
    Options = "../../docs/guide/options.md";
}
