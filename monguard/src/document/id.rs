use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

/// What can be the `_id` of a document: any type that serde can write and read.
///
/// Implemented for every such type; there is nothing to implement.
pub trait DocumentId:
    Clone + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

#[diagnostic::do_not_recommend]
impl<I: Clone + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static> DocumentId
    for I
{
}
