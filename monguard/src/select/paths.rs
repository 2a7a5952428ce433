use mongodb::bson::Document;

use super::Column;
use crate::document::names;

/// The projection that asks for `columns`, for the paths `also`, and for the id.
///
/// MongoDB refuses a path beside one inside of it, so that only the outer one is asked for.
pub(crate) fn projection_of(columns: &[Column], also: &[String]) -> Document {
    let mut paths: Vec<String> = columns.iter().flat_map(Column::paths).collect();
    paths.extend(also.iter().cloned());
    paths.push(names::ID.to_owned());
    paths.sort_unstable();
    paths.dedup();
    let is_inside = |path: &str| {
        let mut ends = path.match_indices('.').map(|(end, _)| &path[..end]);
        ends.any(|outer| paths.iter().any(|other| other == outer))
    };
    paths
        .iter()
        .filter(|path| !is_inside(path))
        .map(|path| (path.clone(), 1.into()))
        .collect()
}
