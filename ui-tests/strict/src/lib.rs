//! The zoo of models under every lint that a user may deny: what the derives generate raises none,
//! in a library whose items are public and documented. Clippy's lints are clippy's to check, which
//! CI runs; its lints about manifests are not about code.
#![deny(
    missing_docs,
    unreachable_pub,
    private_interfaces,
    private_bounds,
    unnameable_types,
    unused_qualifications,
    unused_import_braces,
    unused_lifetimes,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    trivial_casts,
    trivial_numeric_casts,
    variant_size_differences,
    missing_debug_implementations,
    missing_copy_implementations,
    nonstandard_style,
    rust_2018_idioms,
    unused,
    dead_code,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]

/// Monguard by another path.
pub mod facade {
    pub use ::monguard as guard;
}

include!("../../zoo/models.rs");
