#[serde(rename_all = "camelCase")]
pub struct Fulfilment {
    pub validated_by: Option<String>,
    pub tracking: Option<String>,
}
