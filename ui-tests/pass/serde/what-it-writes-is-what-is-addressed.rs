use monguard::prelude::*;

mod millis {
    pub(crate) fn serialize<S: serde::Serializer>(time: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{time} ms"))
    }
    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(from)?;
        Ok(text.trim_end_matches(" ms").parse().unwrap_or_default())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE", deny_unknown_fields, default)]
#[derive(Default)]
struct Fulfilment {
    sent_from: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    part_list: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all(serialize = "kebab-case", deserialize = "kebab-case"))]
#[monguard(collection = "orders")]
struct Order {
    placed_at: i64,
    #[serde(with = "millis", alias = "sent")]
    sent_at: i64,
    #[serde(rename(serialize = "remark", deserialize = "remark"))]
    note: String,
    #[serde(skip_serializing, skip_deserializing)]
    scratch: i64,
    #[monguard(nested)]
    fulfilment: Fulfilment,
}

fn main() {
    let fields = Order::fields();
    assert_eq!(fields.placed_at.path(), "placed-at");
    assert_eq!(fields.sent_at.path(), "sent-at");
    assert_eq!(fields.note.path(), "remark");
    assert_eq!(fields.fulfilment.sent_from.path(), "fulfilment.SENT-FROM");
    assert_eq!(fields.fulfilment.part_list.path(), "fulfilment.PART-LIST");
}
