use monguard::prelude::*;
use monguard_tests::crash::Told;
use monguard_tests::models::Parcel;

/// What is done, on a document that is as it needs to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operation {
    Create,
    /// Of an id that was there before.
    CreateAgain,
    Update,
    Modify,
    /// Of a document that carries as many entries as it may.
    UpdateAtTheLimit,
    Delete,
    Restore,
    HardDelete,
    /// An update, with a create in the same transaction.
    Transaction,
}

pub(super) const OPERATIONS: [Operation; 9] = [
    Operation::Create,
    Operation::CreateAgain,
    Operation::Update,
    Operation::Modify,
    Operation::UpdateAtTheLimit,
    Operation::Delete,
    Operation::Restore,
    Operation::HardDelete,
    Operation::Transaction,
];

/// How many entries a document may carry in these tests.
pub(super) const CARRIED: usize = 3;

impl Operation {
    /// Makes the document as it needs to be.
    pub(super) async fn prepare(
        self,
        desk: &Writer<Parcel>,
        label: &str,
    ) -> Option<Stored<Parcel>> {
        if self == Operation::Create {
            return None;
        }
        let created = desk.create(Parcel::labelled(label, label)).await.unwrap();
        let mut base = created.into_stored();
        match self {
            Operation::Restore => base = desk.delete(&base).await.unwrap(),
            Operation::CreateAgain => {
                desk.hard_delete(&base).await.unwrap();
                return None;
            }
            Operation::UpdateAtTheLimit => {
                for _ in 1..CARRIED {
                    base = desk.update(&base).inc(|p| p.weight, 1).await.unwrap();
                }
            }
            _ => {}
        }
        Some(base)
    }

    pub(super) async fn run(
        self,
        desk: &Writer<Parcel>,
        label: &str,
        base: Option<Stored<Parcel>>,
    ) -> Told {
        let Some(base) = base else {
            let created = desk.create(Parcel::labelled(label, label)).await;
            return Told::of_write(&created.map(Created::into_stored)).await;
        };
        let wrote = match self {
            Operation::Delete => desk.delete(&base).await,
            Operation::Restore => desk.restore(&base).await,
            Operation::HardDelete => {
                return Told::of_removal(&desk.hard_delete(&base).await).await;
            }
            Operation::Modify => {
                let modify = desk.modify(base.id(), |_, update| update.inc(|p| p.weight, 5));
                modify.await
            }
            _ => {
                let update = desk.update(&base).inc(|p| p.weight, 5);
                update.set(|p| p.code, Some("door-2".to_owned())).await
            }
        };
        Told::of_write(&wrote).await
    }

    /// The operation that is two.
    pub(super) async fn transact(
        guard: &Monguard,
        desk: &Writer<Parcel>,
        [label, other]: [&str; 2],
    ) -> Told {
        let created = desk.clone().trace(other);
        let transaction = guard.transaction(async |tx| {
            let (desk, created) = (desk.within(&tx), created.within(&tx));
            let update = desk.update_latest(label.to_owned());
            update.inc(|p| p.weight, 5).await?;
            created.create(Parcel::labelled(other, other)).await?;
            Ok(())
        });
        Told::of_transaction(&transaction.await).await
    }
}
