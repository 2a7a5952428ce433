use mongodb::bson::{Bson, Document};

use crate::audit::fingerprint;
use crate::document::{Meta, names};
use crate::error::{InvalidReason, InvalidUpdate};

/// What makes a create idempotent: a unique key, and the fingerprint of the request.
#[derive(Clone, Debug)]
pub(crate) struct IdempotencyKey {
    pub(crate) field: &'static str,
    pub(crate) value: Bson,
    pub(crate) fingerprint: mongodb::bson::Binary,
}

impl IdempotencyKey {
    /// The key of a request, if it has one: `given` with the request, or the model's own field.
    pub(crate) fn of(
        meta: &Meta,
        request: &Document,
        given: Option<Bson>,
    ) -> Result<Option<Self>, InvalidUpdate> {
        let (field, value) = match (given, meta.idempotency_key()) {
            (Some(value), _) if meta.has_request_keys() => (names::IDEMPOTENT_KEY, Some(value)),
            (Some(_), _) => {
                return Err(InvalidUpdate::new(
                    names::IDEMPOTENT_KEY,
                    InvalidReason::NoKeyField,
                ));
            }
            (None, Some(field)) => (
                field.stored_name(),
                request.get(field.stored_name()).cloned(),
            ),
            (None, None) => return Ok(None),
        };
        match value {
            None | Some(Bson::Null) => Err(InvalidUpdate::new(field, InvalidReason::NoKey)),
            Some(Bson::Array(_)) => Err(InvalidUpdate::new(field, InvalidReason::KeyIsList)),
            Some(value) => {
                let fingerprint = fingerprint(meta, request);
                Ok(Some(IdempotencyKey {
                    field,
                    value,
                    fingerprint,
                }))
            }
        }
    }
}
