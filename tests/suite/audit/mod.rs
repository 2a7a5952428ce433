//! The three guarantees of the audit: what they promise, and where.

mod capabilities;
mod hazards;
