use std::fmt;
use std::str::FromStr;

use crate::Error;

/// What a server tells drivers that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Topology {
    /// A replica set of one node: transactions and change streams are there.
    #[default]
    ReplicaSet,
    /// A standalone server: no transactions, no change streams.
    Standalone,
}

impl Topology {
    /// The name in the variable `MONGUARD_TOPOLOGY`: `replica-set` or `standalone`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReplicaSet => "replica-set",
            Self::Standalone => "standalone",
        }
    }
}

impl fmt::Display for Topology {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Topology {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::ReplicaSet, Self::Standalone]
            .into_iter()
            .find(|topology| topology.as_str() == name)
            .ok_or_else(|| Error::UnknownTopology {
                name: name.to_owned(),
            })
    }
}
