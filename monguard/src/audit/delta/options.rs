/// How finely a delta tells changes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeltaOptions {
    /// At this depth documents are held as a whole. A top-level field has depth 1. Default: 3.
    pub(crate) max_depth: usize,
    /// Arrays with more elements are held as a whole. Default: 20.
    pub(crate) array_diff_max_size: usize,
}

impl Default for DeltaOptions {
    fn default() -> Self {
        Self {
            max_depth: 3,
            array_diff_max_size: 20,
        }
    }
}
