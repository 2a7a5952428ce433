//! Pipelines of stages, as values: which documents they begin with, and what they may do. No I/O.

mod begin;
mod stage;
#[cfg(test)]
mod tests;

pub(crate) use begin::begun;
