//! One message of the wire protocol, as bytes: its header, and the command that it holds.

use std::io;

use mongodb::bson::{Bson, Document, RawDocument};
use tokio::io::{AsyncRead, AsyncReadExt};

const HEADER_LENGTH: usize = 16;
/// `maxMessageSizeBytes` of the servers; what claims to be larger is not a wire message.
const MAX_LENGTH: usize = 48_000_000;

const OP_QUERY: i32 = 2004;
const OP_MSG: i32 = 2013;

const CHECKSUM_PRESENT: u32 = 1;
const MORE_TO_COME: u32 = 1 << 1;
const CHECKSUM_LENGTH: usize = 4;

const BODY_SECTION: u8 = 0;
const SEQUENCE_SECTION: u8 = 1;

/// A whole message, header included. It is forwarded byte for byte, unless a rule makes it a command
/// that the server does not know.
#[derive(Debug)]
pub(super) struct Frame {
    bytes: Vec<u8>,
}

impl Frame {
    /// The next message of the stream, or `None` where the stream ends between two messages.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER_LENGTH];
        let first = stream.read(&mut header).await?;
        if first == 0 {
            return Ok(None);
        }
        stream.read_exact(&mut header[first..]).await?;

        let length = int32(&header, 0)
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| (HEADER_LENGTH..=MAX_LENGTH).contains(length))
            .ok_or(io::ErrorKind::InvalidData)?;
        let mut bytes = vec![0; length];
        bytes[..HEADER_LENGTH].copy_from_slice(&header);
        stream.read_exact(&mut bytes[HEADER_LENGTH..]).await?;
        Ok(Some(Self { bytes }))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The first `length` bytes, but never all of them.
    pub(super) fn part(&self, length: usize) -> &[u8] {
        &self.bytes[..length.min(self.bytes.len() - 1)]
    }

    /// Changes the first letter of the command's name, which is that of the body's first field.
    pub(super) fn rename_command(&mut self) {
        /// Flags, kind of section, length of the document, and type of its first field.
        const BEFORE_NAME: usize = HEADER_LENGTH + 4 + 1 + 4 + 1;
        let is_body = self.bytes.get(HEADER_LENGTH + 4) == Some(&BODY_SECTION);
        if self.opcode() == OP_MSG
            && is_body
            && let Some(letter) = self.bytes.get_mut(BEFORE_NAME)
        {
            *letter = b'x';
        }
    }

    pub(super) fn request_id(&self) -> i32 {
        int32(&self.bytes, 4).unwrap_or_default()
    }

    pub(super) fn response_to(&self) -> i32 {
        int32(&self.bytes, 8).unwrap_or_default()
    }

    /// Whether the sender of this message sends more without being asked: a request like this gets
    /// no answer, an answer like this is followed by another one.
    pub(super) fn more_to_come(&self) -> bool {
        self.opcode() == OP_MSG && self.flags() & MORE_TO_COME != 0
    }

    /// The command document, with the document sequences (the documents of an insert, say) put
    /// where they belong. `None` for a message that holds none, or one that cannot be read.
    pub(super) fn command_document(&self) -> Option<Document> {
        match self.opcode() {
            OP_MSG => self.message_document(),
            OP_QUERY => self.query_document(),
            _ => None,
        }
    }

    fn opcode(&self) -> i32 {
        int32(&self.bytes, 12).unwrap_or_default()
    }

    fn flags(&self) -> u32 {
        int32(&self.bytes, HEADER_LENGTH)
            .unwrap_or_default()
            .cast_unsigned()
    }

    fn message_document(&self) -> Option<Document> {
        let mut end = self.bytes.len();
        if self.flags() & CHECKSUM_PRESENT != 0 {
            end = end.checked_sub(CHECKSUM_LENGTH)?;
        }
        let mut rest = self.bytes.get(HEADER_LENGTH + size_of::<u32>()..end)?;
        let mut body = Document::new();
        let mut sequences = Document::new();
        while let Some((&kind, section)) = rest.split_first() {
            let length = usize::try_from(int32(section, 0)?).ok()?;
            let (section, after) = section.split_at_checked(length)?;
            match kind {
                BODY_SECTION => body = document(section)?,
                SEQUENCE_SECTION => {
                    let (name, documents) = sequence(section)?;
                    sequences.insert(name, documents);
                }
                _ => return None,
            }
            rest = after;
        }
        body.extend(sequences);
        Some(body)
    }

    /// The first handshake of a connection may still come as a query of `admin.$cmd`.
    fn query_document(&self) -> Option<Document> {
        let (namespace, rest) = c_string(self.bytes.get(HEADER_LENGTH + size_of::<i32>()..)?)?;
        let database = namespace.strip_suffix(".$cmd")?;
        let skip_and_limit = 2 * size_of::<i32>();
        let body = rest.get(skip_and_limit..)?;
        let length = usize::try_from(int32(body, 0)?).ok()?;
        let mut body = document(body.get(..length)?)?;
        body.insert("$db", database);
        Some(body)
    }
}

/// A section of several documents: its length, the name of the field that they are, and they.
fn sequence(section: &[u8]) -> Option<(String, Vec<Bson>)> {
    let (name, mut rest) = c_string(section.get(size_of::<i32>()..)?)?;
    let mut documents = Vec::new();
    while !rest.is_empty() {
        let length = usize::try_from(int32(rest, 0)?).ok()?;
        let (bytes, after) = rest.split_at_checked(length)?;
        documents.push(Bson::Document(document(bytes)?));
        rest = after;
    }
    Some((name.to_owned(), documents))
}

fn document(bytes: &[u8]) -> Option<Document> {
    RawDocument::from_bytes(bytes).ok()?.try_into().ok()
}

fn c_string(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

fn int32(bytes: &[u8], at: usize) -> Option<i32> {
    let bytes = bytes.get(at..at + size_of::<i32>())?;
    Some(i32::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn frame(opcode: i32, payload: &[u8]) -> Vec<u8> {
        let length = i32::try_from(HEADER_LENGTH + payload.len()).unwrap();
        let mut bytes = Vec::new();
        for number in [length, 7, 3, opcode] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(payload);
        bytes
    }

    fn message(flags: u32, sections: &[Vec<u8>], tail: &[u8]) -> Frame {
        let mut payload = flags.to_le_bytes().to_vec();
        payload.extend(sections.concat());
        payload.extend(tail);
        Frame {
            bytes: frame(OP_MSG, &payload),
        }
    }

    fn body(document: &Document) -> Vec<u8> {
        let mut section = vec![BODY_SECTION];
        section.extend(document.to_vec().unwrap());
        section
    }

    fn documents(name: &str, documents: &[Document]) -> Vec<u8> {
        let mut content = name.as_bytes().to_vec();
        content.push(0);
        content.extend(
            documents
                .iter()
                .flat_map(|document| document.to_vec().unwrap()),
        );
        let length = i32::try_from(size_of::<i32>() + content.len()).unwrap();
        let mut section = vec![SEQUENCE_SECTION];
        section.extend(length.to_le_bytes());
        section.extend(content);
        section
    }

    #[test]
    fn the_command_of_a_message_is_read() {
        let command = doc! { "find": "orders", "$db": "shop" };
        let frame = message(0, &[body(&command)], &[]);
        assert_eq!(frame.command_document(), Some(command));
        assert_eq!((frame.request_id(), frame.response_to()), (7, 3));
        assert!(!frame.more_to_come());
    }

    #[test]
    fn a_checksum_is_not_taken_for_a_section() {
        let command = doc! { "ping": 1, "$db": "admin" };
        let frame = message(CHECKSUM_PRESENT, &[body(&command)], &[0, 1, 2, 3]);
        assert_eq!(frame.command_document(), Some(command));
    }

    #[test]
    fn a_document_sequence_may_come_before_the_body() {
        let inserted = [doc! { "_id": 1 }, doc! { "_id": 2 }];
        let command = doc! { "insert": "orders", "$db": "shop" };
        let frame = message(
            MORE_TO_COME,
            &[documents("documents", &inserted), body(&command)],
            &[],
        );
        let expected =
            doc! { "insert": "orders", "$db": "shop", "documents": [{ "_id": 1 }, { "_id": 2 }] };
        assert_eq!(frame.command_document(), Some(expected));
        assert!(frame.more_to_come());
    }

    #[test]
    fn a_legacy_handshake_is_read() {
        let mut payload = 0_i32.to_le_bytes().to_vec();
        payload.extend(b"admin.$cmd\0");
        payload.extend([0; 4]);
        payload.extend((-1_i32).to_le_bytes());
        payload.extend(doc! { "isMaster": 1 }.to_vec().unwrap());
        let frame = Frame {
            bytes: frame(OP_QUERY, &payload),
        };
        assert_eq!(
            frame.command_document(),
            Some(doc! { "isMaster": 1, "$db": "admin" })
        );
    }

    #[test]
    fn a_damaged_message_holds_no_command() {
        let whole = message(0, &[body(&doc! { "find": "orders", "$db": "shop" })], &[]);
        for length in HEADER_LENGTH..whole.bytes.len() {
            let cut = Frame {
                bytes: whole.bytes[..length].to_vec(),
            };
            assert!(
                cut.command_document()
                    .is_none_or(|document| document.is_empty())
            );
        }
    }

    #[test]
    fn a_part_is_never_the_whole() {
        let frame = message(0, &[body(&doc! { "ping": 1 })], &[]);
        assert_eq!(frame.part(20).len(), 20);
        assert_eq!(frame.part(usize::MAX).len(), frame.bytes().len() - 1);
    }

    #[tokio::test]
    async fn frames_are_read_one_after_the_other() {
        let one = message(0, &[body(&doc! { "ping": 1 })], &[]);
        let two = message(0, &[body(&doc! { "find": "orders" })], &[]);
        let bytes = [one.bytes(), two.bytes()].concat();
        let mut stream = bytes.as_slice();
        for expected in [&one, &two] {
            let read = Frame::read(&mut stream).await.unwrap().unwrap();
            assert_eq!(read.bytes(), expected.bytes());
        }
        assert!(Frame::read(&mut stream).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn an_end_within_a_frame_is_an_error() {
        let one = message(0, &[body(&doc! { "ping": 1 })], &[]);
        let mut stream = one.part(20);
        assert!(Frame::read(&mut stream).await.is_err());
    }

    #[tokio::test]
    async fn a_length_that_is_none_is_an_error() {
        for length in [-1, 0, 15, i32::MAX] {
            let mut bytes = frame(OP_MSG, &[0; 8]);
            bytes[..4].copy_from_slice(&length.to_le_bytes());
            assert!(Frame::read(&mut bytes.as_slice()).await.is_err());
        }
    }
}
