// The model of the application beside this file. The test changes the line of `tracking`.

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders")]
pub struct Order {
    #[monguard(idempotency_key)]
    pub checkout_id: String,
    pub status: String,
    pub amount: i64,
    #[monguard(nested)]
    pub fulfilment: Fulfilment,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub struct Fulfilment {
    pub tracking: Option<String>,
    pub weight: i64,
}
