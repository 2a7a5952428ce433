//! `cargo xtask cost` works. Its example is a part of this test, which so needs no program beside it:
//! when the tests run, cargo may have built none.
#![allow(clippy::unwrap_used)] // Test code, in a module of its own.

#[allow(dead_code)] // What only the program calls.
#[path = "../examples/cost/main.rs"]
mod example;
