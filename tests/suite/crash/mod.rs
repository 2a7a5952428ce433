//! Whoever dies, and whatever is lost: the audit keeps what it promises.

mod away;
mod killed;
mod lost;
mod stage;
