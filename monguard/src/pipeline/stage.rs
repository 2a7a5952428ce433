use mongodb::bson::{Bson, Document};

use crate::error::InvalidReadReason;

/// What a stage does, as far as a read must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Takes documents and passes documents on.
    Step,
    /// `$match`
    Match,
    /// Finds documents of the collection itself, and must be the first stage.
    Search,
    /// `$geoNear`: likewise, with a filter of its own.
    GeoNear,
    /// Writes.
    Write,
    /// Finds something else than the documents of the collection.
    Foreign,
    /// Counts documents that no condition can keep out.
    Opaque,
}

impl Stage {
    pub(super) fn named(name: &str) -> Self {
        match name {
            "$match" => Stage::Match,
            "$geoNear" => Stage::GeoNear,
            "$search" | "$vectorSearch" => Stage::Search,
            "$searchMeta" => Stage::Opaque,
            "$out" | "$merge" => Stage::Write,
            "$changeStream"
            | "$changeStreamSplitLargeEvent"
            | "$collStats"
            | "$currentOp"
            | "$documents"
            | "$indexStats"
            | "$listClusterCatalog"
            | "$listLocalSessions"
            | "$listSampledQueries"
            | "$listSearchIndexes"
            | "$listSessions"
            | "$planCacheStats"
            | "$queryStats"
            | "$shardedDataDistribution" => Stage::Foreign,
            _ => Stage::Step,
        }
    }
}

/// That no stage of the pipeline, nor of one inside of it, writes or reads what it must not.
///
/// A stage of a kind that the server adds later passes, and is the server's to judge.
pub(super) fn check(pipeline: &[Document]) -> Result<(), InvalidReadReason> {
    for (name, value) in pipeline.iter().flatten() {
        match Stage::named(name) {
            Stage::Write => return Err(InvalidReadReason::WritingStage(name.clone())),
            Stage::Foreign => return Err(InvalidReadReason::ForeignStage(name.clone())),
            Stage::Opaque => return Err(InvalidReadReason::OpaqueStage(name.clone())),
            Stage::Step | Stage::Match | Stage::Search | Stage::GeoNear => {}
        }
        for inner in inner_pipelines(name, value) {
            check(&inner)?;
        }
    }
    Ok(())
}

/// The pipelines inside of a stage.
pub(super) fn inner_pipelines(name: &str, value: &Bson) -> Vec<Vec<Document>> {
    let Some(value) = value.as_document() else {
        return Vec::new();
    };
    let facets = value.iter().filter(|(key, _)| match name {
        "$facet" => true,
        "$lookup" | "$unionWith" => *key == "pipeline",
        // Fusions of searches have named pipelines, in a document of their own.
        _ => false,
    });
    let named = value
        .get_document("input")
        .and_then(|input| input.get_document("pipelines"));
    let named = named.ok().into_iter().flatten();
    facets
        .chain(named)
        .filter_map(|(_, pipeline)| stages(pipeline))
        .collect()
}

pub(super) fn stages(pipeline: &Bson) -> Option<Vec<Document>> {
    let stages = pipeline.as_array()?.iter();
    Some(stages.filter_map(Bson::as_document).cloned().collect())
}
