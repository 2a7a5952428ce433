use crate::client::Statement;
use crate::error::InvalidUpdate;
use crate::guard::Part;

/// The most statements of one command.
pub(super) const MOST_STATEMENTS: usize = 1000;

/// The most bytes of the statements of one command: well below the 48 MB that a server takes, and
/// enough for the largest document.
const MOST_BYTES: usize = 20 * 1024 * 1024;

/// Gathers writes until they fill a command.
pub(super) struct Gather<K> {
    keys: Vec<K>,
    parts: Vec<(Part, Statement)>,
    bytes: usize,
    most: usize,
}

/// The writes of one command, each with what it is known by.
pub(super) struct Gathered<K> {
    pub(super) keys: Vec<K>,
    pub(super) parts: Vec<(Part, Statement)>,
}

impl<K> Gather<K> {
    /// `most`: how many writes go into one command.
    pub(super) fn new(most: usize) -> Self {
        Gather {
            keys: Vec::new(),
            parts: Vec::new(),
            bytes: 0,
            most: most.clamp(1, MOST_STATEMENTS),
        }
    }

    /// Adds a write. Returns the gathered ones before it, where it does not go into their command.
    pub(super) fn add(&mut self, key: K, part: Part) -> Result<Option<Gathered<K>>, InvalidUpdate> {
        let statement = part.statement()?;
        let bytes = statement.bytes();
        let is_full = self.parts.len() >= self.most || self.bytes + bytes > MOST_BYTES;
        let full = is_full.then(|| self.take());
        self.bytes += bytes;
        self.keys.push(key);
        self.parts.push((part, statement));
        Ok(full)
    }

    /// What is gathered.
    pub(super) fn take(&mut self) -> Gathered<K> {
        self.bytes = 0;
        Gathered {
            keys: std::mem::take(&mut self.keys),
            parts: std::mem::take(&mut self.parts),
        }
    }
}
