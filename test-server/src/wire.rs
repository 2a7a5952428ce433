//! One command and its answer over the wire protocol of `MongoDB` (`OP_MSG`).
//!
//! Only what it takes to make a `mongod` a replica set before any driver connects to it; a driver
//! here would make every developer command wait for its build.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const OP_MSG: u32 = 2013;
/// How long the server may take to answer one command.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest message that a server sends, 48 MB.
const MAX_MESSAGE: u32 = 48_000_000;

/// A BSON document in the making; only the types that are needed here.
pub(crate) struct Document(Vec<u8>);

impl Document {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn text(self, name: &str, value: &str) -> Self {
        let bytes = [value.as_bytes(), &[0]].concat();
        self.element(
            0x02,
            name,
            &[&length(bytes.len()), bytes.as_slice()].concat(),
        )
    }

    pub(crate) fn integer(self, name: &str, value: i32) -> Self {
        self.element(0x10, name, &value.to_le_bytes())
    }

    pub(crate) fn document(self, name: &str, value: Self) -> Self {
        self.element(0x03, name, &value.into_bytes())
    }

    pub(crate) fn array_of_one(self, name: &str, value: Self) -> Self {
        self.element(0x04, name, &Self::new().document("0", value).into_bytes())
    }

    fn element(mut self, kind: u8, name: &str, value: &[u8]) -> Self {
        self.0.push(kind);
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(0);
        self.0.extend_from_slice(value);
        self
    }

    fn into_bytes(self) -> Vec<u8> {
        [length(self.0.len() + 5).as_slice(), &self.0, &[0]].concat()
    }
}

/// The top-level booleans, numbers and texts of a server's answer.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    flags: Vec<(String, bool)>,
    texts: Vec<(String, String)>,
    ok: bool,
}

impl Answer {
    pub(crate) fn is_ok(&self) -> bool {
        self.ok
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.flags.iter().any(|(key, value)| key == name && *value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn parse(mut bytes: &[u8]) -> Option<Self> {
        let mut answer = Self::default();
        take(&mut bytes, 4)?;
        loop {
            let kind = *take(&mut bytes, 1)?.first()?;
            if kind == 0 {
                return Some(answer);
            }
            let end = bytes.iter().position(|byte| *byte == 0)?;
            let name = String::from_utf8_lossy(take(&mut bytes, end + 1)?.get(..end)?).into_owned();
            let size = size(kind, bytes)?;
            let value = take(&mut bytes, size)?;
            match kind {
                0x08 => answer.flags.push((name, value != [0])),
                0x02 => answer.texts.push((name, text(value)?)),
                0x01 if name == "ok" => answer.ok = value.iter().any(|byte| *byte != 0),
                // Nothing else is asked for.
                _ => {}
            }
        }
    }
}

/// Sends one command to a server on this machine and reads its answer.
pub(crate) fn command(port: u16, command: Document) -> io::Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let body = command.text("$db", "admin").into_bytes();
    // Header: length, request id, response to, operation. Then flags and one section of kind 0.
    let header = [
        length(16 + 5 + body.len()),
        length(1),
        length(0),
        OP_MSG.to_le_bytes(),
    ]
    .concat();
    stream.write_all(&[header.as_slice(), &[0; 5], &body].concat())?;

    let mut header = [0; 16];
    stream.read_exact(&mut header)?;
    let total = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    if !(21..=MAX_MESSAGE).contains(&total) || header[12..] != OP_MSG.to_le_bytes() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the answer is not MongoDB's",
        ));
    }
    let mut rest = vec![0; total as usize - 16];
    stream.read_exact(&mut rest)?;
    Answer::parse(&rest[5..])
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is not BSON"))
}

/// A length as BSON writes it. Only documents of this crate come here, all of them small.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

/// The size in bytes of a BSON value of this kind, of which `bytes` begins with.
fn size(kind: u8, bytes: &[u8]) -> Option<usize> {
    let prefix = || {
        bytes
            .get(..4)?
            .try_into()
            .ok()
            .map(|first| u32::from_le_bytes(first) as usize)
    };
    Some(match kind {
        0x0A => 0,
        0x08 => 1,
        0x10 => 4,
        0x01 | 0x09 | 0x11 | 0x12 => 8,
        0x07 => 12,
        0x13 => 16,
        0x03 | 0x04 => prefix()?,
        0x02 => prefix()? + 4,
        0x05 => prefix()? + 5,
        _ => return None,
    })
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (first, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(first)
}

fn text(value: &[u8]) -> Option<String> {
    Some(String::from_utf8_lossy(value.get(4..value.len().checked_sub(1)?)?).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_the_bson_that_the_specification_shows() {
        let bytes = Document::new().text("hello", "world").into_bytes();
        assert_eq!(
            bytes,
            b"\x16\x00\x00\x00\x02hello\x00\x06\x00\x00\x00world\x00\x00"
        );
    }

    #[test]
    fn an_answer_is_read_past_values_of_other_types() {
        let mut document = Document::new()
            .document("topology", Document::new().integer("counter", 6))
            .array_of_one("hosts", Document::new())
            .text("errmsg", "not yet");
        document = document.element(0x08, "isWritablePrimary", &[1]);
        document = document.element(0x01, "ok", &1.0_f64.to_le_bytes());
        let answer = Answer::parse(&document.into_bytes()).unwrap();
        assert!(answer.is_ok() && answer.flag("isWritablePrimary") && !answer.flag("secondary"));
        assert_eq!(answer.text("errmsg"), Some("not yet"));
    }

    #[test]
    fn a_broken_answer_is_no_answer() {
        let bytes = Document::new().text("a", "b").into_bytes();
        for end in 0..bytes.len() {
            assert!(Answer::parse(&bytes[..end]).is_none());
        }
        assert!(Answer::parse(b"\x10\x00\x00\x00\x02a\x00\xff\xff\xff\xff\x00").is_none());
    }
}
