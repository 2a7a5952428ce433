use monguard::prelude::*;

macro_rules! part {
    ($name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
        pub struct $name {
            $(pub $field: $type,)*
        }
    };
}

macro_rules! model {
    ($collection:literal, $name:ident { $($field:ident: $type:ty),* $(,)? }, $inside:ident: $part:ty) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
        #[serde(rename_all = "camelCase")]
        #[monguard(collection = $collection)]
        pub struct $name {
            $(pub $field: $type,)*
            pub added_here: Vec<String>,
            #[monguard(nested)]
            pub $inside: $part,
            #[monguard(nested)]
            pub parts: Vec<Fulfilment>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub note: Option<String>,
            #[monguard(audit = "redact")]
            pub token: Option<String>,
        }
    };
}

part!(Fulfilment { tracking: Option<String>, weight: i64 });
model!("orders", Order { order_amount: i64, state: String }, fulfilment: Option<Fulfilment>);

fn main() {
    assert_eq!(Order::COLLECTION, "orders");
    assert_eq!(Order::fields().order_amount.path(), "orderAmount");
    assert_eq!(Order::fields().added_here.path(), "addedHere");
    assert_eq!(Order::fields().fulfilment.tracking.path(), "fulfilment.tracking");
}
