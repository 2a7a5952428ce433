//! What must compile, and what must not: one mistake a file, with the compiler's words beside it.
//!
//! `TRYBUILD=overwrite cargo test -p monguard-ui-tests` writes the words anew. Read the difference
//! before it is committed: one mistake is one error, at the smallest place, and says what to do.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*/*.rs");
    cases.compile_fail("fail/*/*.rs");
}
