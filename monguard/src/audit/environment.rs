use super::Audit;

/// What a guarantee is chosen by: where the data is, and what is asked of it. Each is said, none is
/// assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Environment {
    /// Where the data is.
    pub deployment: Deployment,
    /// How soon a reader has to see a write.
    pub consistency: Consistency,
    /// How many writes are to be made.
    pub throughput: Throughput,
    /// How much a missing entry costs.
    pub integrity: Integrity,
}

/// Where the data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deployment {
    /// One server, without replication: it has no transactions.
    Standalone,
    /// A replica set, or a sharded cluster of them.
    ReplicaSet,
    /// `MongoDB` Atlas.
    Atlas,
    /// Azure Cosmos DB for `MongoDB`: it has no transactions over data and log.
    CosmosDb,
}

/// How soon a reader has to see a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consistency {
    /// In the end.
    Eventual,
    /// At once, data and entry together.
    Strong,
}

/// How many writes are to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Throughput {
    /// As many as the server takes: a round trip more for each counts.
    High,
    /// Some.
    Moderate,
    /// Few.
    Low,
}

/// How much a missing entry costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integrity {
    /// None may be missing.
    Critical,
    /// None should be missing.
    Important,
    /// One that is missing, and shows as missing, can be lived with.
    Basic,
}

impl Audit {
    /// The guarantee for an environment, as deltas.
    ///
    /// | deployment | consistency | throughput | integrity | guarantee |
    /// | --- | --- | --- | --- | --- |
    /// | standalone, Cosmos DB | any | any | critical, important | [`Audit::carried`] |
    /// | standalone, Cosmos DB | any | any | basic | [`Audit::after_write`] |
    /// | replica set, Atlas | strong | any | critical | [`Audit::transactional`] |
    /// | replica set, Atlas | strong | high | important | [`Audit::carried`] |
    /// | replica set, Atlas | eventual | high | critical, important | [`Audit::carried`] |
    /// | replica set, Atlas | any | high | basic | [`Audit::after_write`] |
    /// | replica set, Atlas | any | moderate, low | any (but for strong and critical: as above) | [`Audit::transactional`] |
    ///
    /// Where these rules say transactions is where the TypeScript monguard's `selectStrategy` says
    /// so. Where that one says optimistic there are two guarantees here, and `integrity` decides
    /// between them. `carried` loses no entry either, needs no transactions, and takes one round
    /// trip a write: `transactional` has over it that data and entry are in their collections at
    /// the same moment, and that one transaction may hold several writes. So `carried` may be
    /// chosen wherever this returns `transactional` and that is not needed.
    ///
    /// What the server does not keep, `build` refuses, whichever was chosen.
    ///
    /// ```
    /// use monguard::Audit;
    /// use monguard::audit::{Consistency, Deployment, Environment, Integrity, Throughput};
    ///
    /// let shop = Environment {
    ///     deployment: Deployment::Atlas,
    ///     consistency: Consistency::Eventual,
    ///     throughput: Throughput::High,
    ///     integrity: Integrity::Critical,
    /// };
    /// assert_eq!(Audit::choose(shop), Audit::carried());
    ///
    /// let ledger = Environment { consistency: Consistency::Strong, ..shop };
    /// assert_eq!(Audit::choose(ledger), Audit::transactional());
    /// ```
    #[must_use]
    pub const fn choose(environment: Environment) -> Audit {
        if environment.is_transactional() {
            return Audit::transactional();
        }
        match environment.integrity {
            Integrity::Critical | Integrity::Important => Audit::carried(),
            Integrity::Basic => Audit::after_write(),
        }
    }
}

impl Environment {
    /// The rules, in this order: without transactions there is no choice; what has to be strong and
    /// complete takes them; what has to be fast does not; everything else does.
    const fn is_transactional(self) -> bool {
        let Environment {
            deployment,
            consistency,
            throughput,
            integrity,
        } = self;
        let has_transactions = match deployment {
            Deployment::Standalone | Deployment::CosmosDb => false,
            Deployment::ReplicaSet | Deployment::Atlas => true,
        };
        let is_ledger = matches!(
            (consistency, integrity),
            (Consistency::Strong, Integrity::Critical)
        );
        has_transactions && (is_ledger || !matches!(throughput, Throughput::High))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Guarantee::{self, AfterWrite, Carried, Transactional};

    const CONSISTENCIES: [Consistency; 2] = [Consistency::Eventual, Consistency::Strong];
    const THROUGHPUTS: [Throughput; 3] = [Throughput::High, Throughput::Moderate, Throughput::Low];
    const INTEGRITIES: [Integrity; 3] =
        [Integrity::Critical, Integrity::Important, Integrity::Basic];

    /// For each consistency and throughput, the guarantees by integrity.
    fn of(deployment: Deployment) -> Vec<[Guarantee; 3]> {
        let rows = CONSISTENCIES
            .into_iter()
            .flat_map(|consistency| THROUGHPUTS.map(|throughput| (consistency, throughput)));
        rows.map(|(consistency, throughput)| {
            INTEGRITIES.map(|integrity| {
                Audit::choose(Environment {
                    deployment,
                    consistency,
                    throughput,
                    integrity,
                })
                .guarantee()
            })
        })
        .collect()
    }

    #[test]
    fn without_transactions_the_integrity_decides_alone() {
        for deployment in [Deployment::Standalone, Deployment::CosmosDb] {
            assert_eq!(
                of(deployment),
                [[Carried, Carried, AfterWrite]; 6],
                "{deployment:?}"
            );
        }
    }

    #[test]
    fn with_transactions_the_rules_hold_in_their_order() {
        let transactional = [Transactional; 3];
        // Critical, important, basic; each by high, moderate and low throughput.
        let expected = [
            // Eventual.
            [Carried, Carried, AfterWrite],
            transactional,
            transactional,
            // Strong.
            [Transactional, Carried, AfterWrite],
            transactional,
            transactional,
        ];
        for deployment in [Deployment::ReplicaSet, Deployment::Atlas] {
            assert_eq!(of(deployment), expected, "{deployment:?}");
        }
    }

    #[test]
    fn what_is_chosen_is_a_delta() {
        let environment = Environment {
            deployment: Deployment::Standalone,
            consistency: Consistency::Eventual,
            throughput: Throughput::Low,
            integrity: Integrity::Basic,
        };
        assert_eq!(Audit::choose(environment), Audit::after_write().delta());
    }
}
