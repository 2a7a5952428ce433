//! The conflict as the body of an HTTP answer with status 409.

use monguard::error::Conflict;
use monguard::prelude::*;

use super::Result;
use super::model::{Order, OrderStatus};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConflictAnswer {
    error: &'static str,
    message: String,
    attempted_version: Option<i64>,
    current_version: Option<i64>,
    current_state: PublicOrder,
    suggestion: &'static str,
}

/// What a client may see of an order: not the card token, which the model has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PublicOrder {
    checkout_id: String,
    status: OrderStatus,
    packed_by: Option<String>,
    tracking_number: Option<String>,
}

pub(crate) fn conflict_answer(conflict: &Conflict) -> Result<String> {
    let current: Stored<Order> = conflict.current()?;
    let Order {
        checkout_id,
        status,
        fulfilment,
        ..
    } = current.into_inner();
    let answer = ConflictAnswer {
        error: "Conflict",
        message: format!(
            "{} was modified by another request",
            conflict.subject().model()
        ),
        attempted_version: conflict.expected_version().as_i64(),
        current_version: conflict.current_version().as_i64(),
        current_state: PublicOrder {
            checkout_id,
            status,
            packed_by: fulfilment.packed_by,
            tracking_number: fulfilment.tracking_number,
        },
        suggestion: "Fetch the latest state and retry",
    };
    Ok(serde_json::to_string_pretty(&answer)?)
}
