use mongodb::bson::error::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// What serde makes of a field that is not there: an `Option` is none, anything else an error.
pub(super) fn missing<V: DeserializeOwned>(name: &str) -> Result<V, Error> {
    V::deserialize(MissingField(name))
}

/// The end of a path that leads to nothing.
struct MissingField<'a>(&'a str);

impl<'de> Deserializer<'de> for MissingField<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(is_missing(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// That a field is not there, in serde's words, so that it is told apart as serde's own errors are.
pub(super) fn is_missing(name: &str) -> Error {
    Error::custom(format!("missing field `{name}`"))
}
