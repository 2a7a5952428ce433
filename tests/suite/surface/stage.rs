//! The models that filters are tried on.

use std::collections::{BTreeMap, BTreeSet};

use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

/// A sale, with a field of each kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "sales")]
pub(super) struct Sale {
    pub(super) number: i64,
    pub(super) part_code: String,
    pub(super) note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) coupon: Option<String>,
    pub(super) points: Vec<i64>,
    #[serde(default)]
    pub(super) grades: Vec<Option<i64>>,
    #[serde(default)]
    pub(super) grid: Vec<Vec<i64>>,
    pub(super) labels: BTreeSet<String>,
    #[monguard(nested)]
    pub(super) lines: Vec<Line>,
    pub(super) stock: BTreeMap<String, i64>,
    #[monguard(nested)]
    pub(super) by_region: BTreeMap<String, Total>,
    #[serde(alias = "sum")]
    pub(super) total: Option<i64>,
    #[monguard(audit = "redact", nested)]
    pub(super) accounts: BTreeMap<String, Total>,
}

/// A line of a sale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) sku_code: String,
    pub(super) count: u32,
}

/// What a region came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
pub(super) struct Total {
    pub(super) amount: i64,
}

pub(super) fn sale(number: i64) -> Sale {
    Sale {
        number,
        ..Sale::default()
    }
}

pub(super) fn line(sku_code: &str, count: u32) -> Line {
    Line {
        sku_code: sku_code.to_owned(),
        count,
    }
}

pub(super) async fn empty(db: &TestDb) -> Collection<Sale> {
    let monguard = after_write(db.database().clone()).build().await;
    let sales = monguard.unwrap().collection::<Sale>();
    sales.ensure_indexes().await.unwrap();
    sales
}

/// A collection of these sales.
pub(super) async fn sales(db: &TestDb, all: impl IntoIterator<Item = Sale>) -> Collection<Sale> {
    let sales = empty(db).await;
    for sale in all {
        sales.by("desk").create(sale).await.unwrap();
    }
    sales
}

/// The numbers of the sales that match, ascending; on the server and in memory alike, where it can
/// be decided there.
pub(super) async fn found(sales: &Collection<Sale>, filter: Filter<Sale>) -> Vec<i64> {
    let found = sales
        .find_matching(filter.clone())
        .sort(|s| s.number.ascending())
        .await
        .unwrap();
    let numbers: Vec<i64> = found.iter().map(|sale| sale.number).collect();
    for document in raw(sales).await {
        let is_found = numbers.contains(&document.get_i64("number").unwrap());
        match filter.matches(&document) {
            Ok(here) => assert_eq!(here, is_found, "{document}"),
            Err(error) => assert!(error.to_string().contains("on the client"), "{error}"),
        }
    }
    numbers
}

async fn raw(sales: &Collection<Sale>) -> Vec<mongodb::bson::Document> {
    use futures_util::TryStreamExt;
    let all = sales.driver_unchecked().find(mongodb::bson::doc! {}).await;
    all.unwrap().try_collect().await.unwrap()
}
