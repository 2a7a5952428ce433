//! Golden expansions, one for each generated part. `MONGUARD_BLESS=1 cargo test -p monguard-derive`
//! writes them anew; read the difference before it is committed.

use std::fs;
use std::path::PathBuf;

use proc_macro2::TokenStream;

use crate::pipeline::{Derive, derive};

/// The most lines that the derives of the six-field model below may add, as the budget has it.
const BUDGET: usize = 250;

// The command that measures what the derives cost (`cargo xtask cost`) has the same model.
const FULFILMENT: &str = include_str!("../../tests/models/fulfilment.rs");
const ORDER: &str = include_str!("../../tests/models/order.rs");

#[test]
fn versioned() {
    assert_golden("versioned", Derive::Versioned, ORDER);
}

#[test]
fn auditable() {
    assert_golden("auditable", Derive::Auditable, ORDER);
}

#[test]
fn nested() {
    assert_golden("nested", Derive::Nested, FULFILMENT);
}

#[test]
fn nested_in_nested() {
    let tree = r#"
    struct Tree {
        #[monguard(nested)] children: Vec<Self>,
        #[monguard(nested)] place: Option<Place>,
        #[monguard(nested, audit = "skip")] secret: Secret,
        r#type: Kind,
    }"#;
    assert_golden("nested_in_nested", Derive::Nested, tree);
}

#[test]
fn declared_managed_fields() {
    let managed = r#"
    #[monguard(collection = "accounts", idempotency_key, crate = "facade::monguard")]
    pub(crate) struct Account {
        #[serde(rename = "_id")]
        #[monguard(id)]
        number: AccountNumber,
        #[monguard(version)]
        row_version: i64,
        #[serde(rename = "createdAt", with = "millis")]
        #[monguard(created_at)]
        pub created_at: DateTime,
        #[monguard(idempotency = "ignore")]
        #[serde(alias = "remark")]
        note: String,
    }"#;
    assert_golden("declared_managed_fields", Derive::Versioned, managed);
}

#[test]
fn sharded() {
    let sharded = r#"
    #[serde(rename_all = "camelCase")]
    #[monguard(collection = "shipments", version = "uuid", version_name = "rowVersion")]
    pub struct Shipment {
        #[monguard(shard_key)]
        pub region: String,
        #[monguard(shard_key)]
        #[serde(with = "millis")]
        pub sent_at: Time,
        pub weight: i64,
    }"#;
    assert_golden("sharded", Derive::Versioned, sharded);
}

#[test]
fn encoders() {
    let encoded = r#"
    struct Parcel {
        #[serde(skip_serializing_if = "Option::is_none")]
        tracking: Option<String>,
        #[serde(with = "crate::millis", skip_serializing_if = "is_epoch")]
        sent: Time,
        #[serde(serialize_with = "upper")]
        street: String,
        #[serde(skip_serializing_if = "Place::is_nowhere")]
        #[monguard(nested)]
        place: Place,
    }"#;
    assert_golden("encoders", Derive::Nested, encoded);
}

#[test]
fn flattened() {
    let model = r#"
    #[monguard(collection = "orders")]
    struct Order {
        amount: i64,
        #[serde(flatten)] #[monguard(nested, audit = "redact")] place: Place,
        #[serde(flatten)] extra: Document,
    }"#;
    assert_golden("flattened", Derive::Versioned, model);
    let nested = r"
    struct Parcel {
        #[serde(flatten)] #[monguard(nested)] place: Place,
        weight: i64,
    }";
    assert_golden("flattened_in_nested", Derive::Nested, nested);
}

#[test]
fn readers() {
    let read = r#"
    #[serde(default = "Parcel::empty")]
    struct Parcel {
        #[serde(default)]
        tracking: Option<String>,
        #[serde(with = "crate::millis", default = "epoch")]
        sent: Time,
        #[serde(deserialize_with = "lower")]
        place: String,
    }"#;
    assert_golden("readers", Derive::Nested, read);
}

#[test]
fn projection() {
    let line = r#"
    #[monguard(model = "shop::Order")]
    pub struct OrderLine {
        pub status: OrderStatus,
        #[monguard(path = "fulfilment.tracking")]
        r#type: Option<String>,
        #[monguard(path = "kind.type")]
        kind: Kind,
    }"#;
    assert_golden("projection", Derive::Projection, line);
}

#[test]
fn indexes() {
    let indexed = r#"
    #[monguard(collection = "accounts", index(fields(plan, -balance, contact.city), sparse))]
    pub struct Account {
        #[monguard(index(unique = "live"))]
        email: String,
        #[monguard(index(descending, name = "by_plan"))]
        plan: Plan,
        balance: i64,
        #[monguard(nested)]
        contact: Contact,
        #[monguard(index(expire_after = "30 days", partial = "rules::is_closed"))]
        closed: Option<DateTime>,
    }"#;
    assert_golden("indexes", Derive::Versioned, indexed);
}

#[test]
fn fallbacks() {
    assert_golden(
        "fallback_versioned",
        Derive::Versioned,
        "pub struct Order<T> where T: Clone { item: T }",
    );
    assert_golden(
        "fallback_auditable",
        Derive::Auditable,
        "pub struct Order<T> where T: Clone { item: T }",
    );
    assert_golden("fallback_nested", Derive::Nested, "enum Part { A }");
    assert_golden(
        "fallback_projection",
        Derive::Projection,
        "#[monguard(model = \"Order\")] pub struct Line<T> where T: Clone { item: T }",
    );
}

#[test]
fn six_fields_keep_to_the_budget() {
    let lines = expanded_lines(Derive::Versioned, ORDER)
        + expanded_lines(Derive::Auditable, ORDER)
        + expanded_lines(Derive::Nested, FULFILMENT);
    assert!(lines <= BUDGET, "{lines} lines, of at most {BUDGET}");
}

#[test]
fn the_output_is_deterministic() {
    assert_eq!(
        pretty(expand(Derive::Versioned, ORDER)),
        pretty(expand(Derive::Versioned, ORDER))
    );
}

fn expand(which: Derive, source: &str) -> TokenStream {
    derive(which, source.parse().expect(source))
}

fn pretty(tokens: TokenStream) -> String {
    let text = tokens.to_string();
    prettyplease::unparse(&syn::parse2(tokens).expect(&text))
}

fn expanded_lines(which: Derive, source: &str) -> usize {
    let expansion = expand(which, source);
    pretty(expansion)
        .lines()
        .filter(|line| !line.is_empty())
        .count()
}

fn assert_golden(name: &str, which: Derive, source: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/expanded/{name}.rs"));
    let found = pretty(expand(which, source));
    if std::env::var_os("MONGUARD_BLESS").is_some_and(|value| value == "1") {
        fs::write(&file, &found).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "the expansion differs from {}; MONGUARD_BLESS=1 writes it anew:\n{found}",
        file.display()
    );
}
