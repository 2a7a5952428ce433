//! What must compile, and what must not: one mistake a file, with the compiler's words beside it.
//!
//! `TRYBUILD=overwrite cargo test -p monguard-ui-tests` writes the words anew. Read the difference
//! before it is committed: one mistake is one error, at the smallest place, and says what to do.

#[test]
fn ui_pass() {
    trybuild::TestCases::new().pass("pass/*/*.rs");
}

// Apart from what must run: these are only checked then, all of them by one command of cargo.
#[test]
fn ui_fail() {
    trybuild::TestCases::new().compile_fail("fail/*/*.rs");
}
