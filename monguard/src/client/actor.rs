use std::fmt;

use mongodb::bson::{Bson, Document};

/// Who writes. The id is stored in `createdBy`, `updatedBy` and `deletedBy`, and as `userId` in the
/// audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    id: Bson,
}

impl Actor {
    /// A person or a service, by an id of any BSON type.
    pub fn new(id: impl Into<Bson>) -> Self {
        Actor { id: id.into() }
    }

    /// The system itself, as the job `name`: its id is the string `system:name`.
    ///
    /// ```
    /// use monguard::Actor;
    ///
    /// assert_eq!(Actor::system("nightly-close"), Actor::new("system:nightly-close"));
    /// ```
    #[must_use]
    pub fn system(name: &str) -> Self {
        Actor::new(format!("system:{name}"))
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &Bson {
        &self.id
    }
}

/// The id as a person reads it.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Bson::String(id) => f.write_str(id),
            other => other.fmt(f),
        }
    }
}

/// Who writes, and what an entry says beside it.
#[derive(Clone, Debug)]
pub(crate) struct Author {
    pub(crate) actor: Actor,
    pub(crate) trace_id: Option<String>,
    pub(crate) custom_data: Option<Document>,
}
