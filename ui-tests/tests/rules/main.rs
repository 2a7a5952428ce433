//! Rules for the compiler's words. They find what they are about by themselves, so that they hold for
//! what is added later: each text of a trait is shown by a case, each case is one mistake and one
//! error, and what the derives report is on a page.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Test code, outside of `#[test]` functions too.

mod cases;
mod headlines;
mod messages;
mod tree;
