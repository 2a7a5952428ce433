//! A server alone has no transactions, even where it accepts them.

use mongodb::Client;
use monguard::prelude::*;
use monguard::{Audit, Monguard};
use monguard_test_server::{Kind, Server, Topology};

use super::bank::Account;

fn assert_unsupported<R>(result: monguard::Result<R>) {
    let Err(Error::Unsupported(text)) = result.map(drop) else {
        panic!("not refused")
    };
    assert!(text.contains("a standalone server has none"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_that_needs_transactions_is_not_built_and_none_is_begun() {
    let server = Server::start(Topology::Standalone).unwrap();
    if matches!(server.kind(), Kind::External) {
        return;
    }
    let client = Client::with_uri_str(server.uri()).await.unwrap();
    let builder = || Monguard::builder(client.database("bank"));
    let guard = builder().build().await.unwrap();
    assert!(!guard.capabilities().has_transactions());
    assert_unsupported(builder().audit(Audit::transactional()).build().await);
    assert_unsupported(
        builder()
            .audit_of::<Account>(Audit::transactional())
            .build()
            .await,
    );
    let mut runs = 0;
    let transaction = guard.transaction(|_| {
        runs += 1;
        std::future::ready(Ok(()))
    });
    assert_unsupported(transaction.await);
    assert_eq!(runs, 0);
}
