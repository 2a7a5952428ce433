//! What can be asked of every read, kept once for all of them.

use std::time::Duration;

use mongodb::bson::{Bson, Document};
use mongodb::options::{
    AggregateOptions, Collation, CountOptions, DistinctOptions, FindOneOptions, FindOptions, Hint,
    ReadConcern, SelectionCriteria,
};

use super::read::Shown;

/// The options that all reads have, named and meant as the driver's.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadOptions {
    pub(super) shown: Shown,
    pub(super) limit: Option<Duration>,
    pub(super) hint: Option<Hint>,
    pub(super) comment: Option<Bson>,
    pub(super) collation: Option<Collation>,
    pub(super) criteria: Option<SelectionCriteria>,
    pub(super) concern: Option<ReadConcern>,
}

/// What a search asks for beside its filter.
#[derive(Debug, Default)]
pub(super) struct Searched {
    pub(super) sort: Option<Document>,
    pub(super) projection: Option<Document>,
    pub(super) most: Option<i64>,
    pub(super) skip: Option<u64>,
    pub(super) batch: Option<u32>,
}

/// The options of a driver's type that hold what all reads have; `max_time` is the limit that was
/// worked out.
macro_rules! common {
    ($options:expr, $read:ident, $limit:ident) => {{
        let mut options = $options;
        options.max_time = Some($limit);
        options.hint = $read.hint.clone();
        options.comment = $read.comment.clone();
        options.collation = $read.collation.clone();
        options.selection_criteria = $read.criteria.clone();
        options.read_concern = $read.concern.clone();
        options
    }};
}

impl ReadOptions {
    pub(super) fn find(&self, limit: Duration, searched: Searched) -> FindOptions {
        let mut options = common!(FindOptions::default(), self, limit);
        options.sort = searched.sort;
        options.projection = searched.projection;
        options.limit = searched.most;
        options.skip = searched.skip;
        options.batch_size = searched.batch;
        options
    }

    pub(super) fn find_one(
        &self,
        limit: Duration,
        sort: Option<Document>,
        projection: Option<Document>,
    ) -> FindOneOptions {
        let mut options = common!(FindOneOptions::default(), self, limit);
        options.sort = sort;
        options.projection = projection;
        options
    }

    pub(super) fn count(&self, limit: Duration) -> CountOptions {
        common!(CountOptions::default(), self, limit)
    }

    pub(super) fn distinct(&self, limit: Duration) -> DistinctOptions {
        common!(DistinctOptions::default(), self, limit)
    }

    pub(super) fn aggregate(&self, limit: Duration, batch: Option<u32>) -> AggregateOptions {
        let mut options = common!(AggregateOptions::default(), self, limit);
        options.batch_size = batch;
        options
    }
}
