//! The integration suite: everything here runs against a real server.

mod fixture;
mod proxy;
