#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders")]
pub struct Order {
    #[monguard(idempotency_key)]
    pub checkout_id: String,
    pub status: OrderStatus,
    pub amount: i64,
    #[monguard(nested)]
    pub fulfilment: Fulfilment,
    #[monguard(audit = "redact")]
    pub card_token: Option<String>,
    pub tags: Vec<String>,
}
