//! Makes a fresh `mongod` the primary of a replica set of one node.

use std::io;

use crate::wire::{Document, command};

/// The name of the replica set.
pub(crate) const NAME: &str = "rs0";

/// Whether the server answers, and takes writes.
pub(crate) fn is_writable(port: u16) -> bool {
    command(port, Document::new().integer("hello", 1))
        .is_ok_and(|answer| answer.is_ok() && answer.flag("isWritablePrimary"))
}

/// Whether the server answers at all.
pub(crate) fn answers(port: u16) -> bool {
    command(port, Document::new().integer("hello", 1)).is_ok_and(|answer| answer.is_ok())
}

/// Tells the server that it is a replica set of its own.
pub(crate) fn initiate(port: u16) -> io::Result<()> {
    let member = Document::new()
        .integer("_id", 0)
        .text("host", &format!("127.0.0.1:{port}"));
    let configuration = Document::new()
        .text("_id", NAME)
        .array_of_one("members", member);
    let answer = command(
        port,
        Document::new().document("replSetInitiate", configuration),
    )?;
    // A server that is restarted on its storage is one already.
    if answer.is_ok() || answer.text("codeName") == Some("AlreadyInitialized") {
        return Ok(());
    }
    Err(io::Error::other(
        answer
            .text("errmsg")
            .unwrap_or("replSetInitiate failed")
            .to_owned(),
    ))
}
