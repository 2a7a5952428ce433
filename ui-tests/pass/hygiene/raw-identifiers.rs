use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct r#Match {
    r#fn: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "PascalCase")]
#[monguard(collection = "orders")]
struct Order {
    r#type: String,
    r#async: Option<i64>,
    self_: i64,
    #[monguard(nested)]
    r#match: r#Match,
}

fn main() {
    let fields = Order::fields();
    assert_eq!(fields.r#type.path(), "Type");
    assert_eq!(fields.r#async.path(), "Async");
    assert_eq!(fields.self_.path(), "Self");
    assert_eq!(fields.r#match.r#fn.path(), "Match.fn");

    fn place(change: OrderChange) -> &'static str {
        match change {
            OrderChange::Type(_) => "type",
            OrderChange::Async(_) => "async",
            OrderChange::Self_(_) => "self",
            OrderChange::Match(MatchChange::Fn(_)) => "match",
        }
    }
    let _ = place;
}
