//! Writes of many documents as parts of a transaction.

use monguard::Audit;
use monguard::prelude::*;

use super::bank::{Account, Bank, movement};

fn account(number: &str, balance: i64) -> Account {
    Account {
        number: number.to_owned(),
        balance,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_documents_are_written_as_one() {
    for audit in [
        Audit::carried(),
        Audit::after_write(),
        Audit::transactional(),
    ] {
        let Some(bank) = Bank::of(|builder| builder.audit(audit)).await else {
            return;
        };
        let opened = bank
            .guard
            .transaction(async |tx| {
                let clerk = bank.accounts.within(&tx);
                let created = clerk
                    .create_many([account("c", 10), account("d", 20)])
                    .await?;
                assert!(created.is_complete(), "{created:?}");
                // It sees what the transaction wrote.
                let report = clerk
                    .update_many(|a| a.balance.lte(20))
                    .inc(|a| a.balance, 5)
                    .await?;
                assert!(report.is_complete(), "{report:?}");
                let first = clerk
                    .collection()
                    .find_by_id("c".to_owned())
                    .await?
                    .unwrap();
                let second = clerk
                    .collection()
                    .find_by_id("d".to_owned())
                    .await?
                    .unwrap();
                let bulk = clerk
                    .bulk()
                    .update(&first, |u| u.inc(|a| a.balance, 1))
                    .delete(&second)
                    .await?;
                assert!(bulk.is_complete(), "{bulk:?}");
                Ok(report.modified())
            })
            .await
            .unwrap();
        assert_eq!(opened, 2);
        let accounts = bank.guard.collection::<Account>();
        let found = accounts.find_by_id("c".to_owned()).await.unwrap().unwrap();
        assert_eq!((found.balance, found.version().get()), (16, Some(3)));
        assert!(accounts.find_by_id("d".to_owned()).await.unwrap().is_none());
        bank.guard.flush().await.unwrap();
        bank.assert_audited().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_many_is_left_by_a_transaction_that_is_aborted() {
    let Some(bank) = Bank::open().await else {
        return;
    };
    let aborted = bank
        .guard
        .transaction(async |tx| {
            let report = bank
                .accounts
                .within(&tx)
                .update_many(|a| a.balance.gt(0))
                .inc(|a| a.balance, 5)
                .await?;
            assert_eq!(report.modified(), 2);
            let lines = bank.ledger.within(&tx);
            let created = lines
                .create_many([movement("t-1", 1), movement("t-2", 2)])
                .await?;
            assert!(created.is_complete(), "{created:?}");
            Err::<(), _>(Error::abort("not today"))
        })
        .await;
    assert!(matches!(aborted, Err(Error::Abort(_))), "{aborted:?}");
    assert_eq!(bank.state().await, (100, 100, 0));
    bank.assert_audited().await;
}
