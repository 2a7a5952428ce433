//! What an order is.

use mongodb::bson::DateTime;
use monguard::prelude::*;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OrderStatus {
    Pending,
    Processing,
    Shipped,
    Completed,
}

/// An order. Its id, version and stamps are monguard's business.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders")]
pub(crate) struct Order {
    /// A checkout that is sent twice is the same order.
    #[monguard(idempotency_key)]
    pub(crate) checkout_id: String,
    pub(crate) status: OrderStatus,
    /// In cents.
    pub(crate) amount: i64,
    #[monguard(nested)]
    pub(crate) fulfilment: Fulfilment,
    /// The log shows that it changed, never what it was.
    #[monguard(audit = "redact")]
    pub(crate) card_token: Option<String>,
}

/// What the departments did. Each writes its own fields; none has to repeat those of the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fulfilment {
    pub(crate) customer_id: String,
    pub(crate) validated_by: Option<String>,
    pub(crate) validated_at: Option<DateTime>,
    pub(crate) packed_by: Option<String>,
    pub(crate) packed_at: Option<DateTime>,
    pub(crate) tracking_number: Option<String>,
    pub(crate) billed_by: Option<String>,
    pub(crate) billed_at: Option<DateTime>,
    #[serde(default)]
    pub(crate) payment_processed: bool,
}

impl OrderStatus {
    /// The status as it is stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            OrderStatus::Pending => "pending",
            OrderStatus::Processing => "processing",
            OrderStatus::Shipped => "shipped",
            OrderStatus::Completed => "completed",
        }
    }
}
