use mongodb::bson::{Bson, Document, doc};

use super::stage::{Stage, check, stages};
use crate::error::InvalidReadReason;

/// The pipeline, so that it sees the documents of `collection` that `filter` matches, and no others.
pub(crate) fn begun(
    collection: &str,
    filter: &Document,
    pipeline: Vec<Document>,
) -> Result<Vec<Document>, InvalidReadReason> {
    check(&pipeline)?;
    Ok(filtered(collection, filter, filter, pipeline))
}

/// `first`: what the pipeline itself begins with. `own`: what the pipelines inside of it begin with
/// where they read the collection once more.
fn filtered(
    collection: &str,
    first: &Document,
    own: &Document,
    pipeline: Vec<Document>,
) -> Vec<Document> {
    let mut rest = pipeline
        .into_iter()
        .map(|stage| within(collection, own, stage))
        .collect::<Vec<_>>();
    if first.is_empty() {
        return rest;
    }
    let stage = rest.first().and_then(|stage| stage.keys().next());
    match stage.map_or(Stage::Step, |name| Stage::named(name)) {
        // In one stage, because a `$text` must be in the first.
        Stage::Match => merge(rest.first_mut(), "$match", first),
        Stage::GeoNear => {
            let geo = rest.first_mut().and_then(|stage| stage.get_mut("$geoNear"));
            merge(geo.and_then(Bson::as_document_mut), "query", first);
        }
        Stage::Search => rest.insert(1, doc! { "$match": first.clone() }),
        Stage::Step | Stage::Write | Stage::Foreign | Stage::Opaque => {
            rest.insert(0, doc! { "$match": first.clone() });
        }
    }
    rest
}

/// Joins `filter` with the one that `stage` has under `name`.
fn merge(stage: Option<&mut Document>, name: &str, filter: &Document) {
    let Some(stage) = stage else { return };
    let joined = match stage.remove(name) {
        Some(own) => doc! { "$and": [filter.clone(), own] },
        None => filter.clone(),
    };
    stage.insert(name, joined);
}

/// A stage whose inner pipelines are filtered too, where they read the collection itself.
fn within(collection: &str, own: &Document, stage: Document) -> Document {
    let inner = |from: Option<&str>, pipeline: &Bson| {
        let first = if from == Some(collection) {
            own
        } else {
            &Document::new()
        };
        let pipeline = stages(pipeline).unwrap_or_default();
        Bson::from(filtered(collection, first, own, pipeline))
    };
    let each = |(name, value): (String, Bson)| {
        let value = match (name.as_str(), value) {
            ("$facet", Bson::Document(facets)) => facets
                .into_iter()
                .map(|(facet, pipeline)| (facet, inner(None, &pipeline)))
                .collect::<Document>()
                .into(),
            ("$lookup", Bson::Document(lookup)) => joined(lookup, "from", inner),
            ("$unionWith", Bson::String(from)) if from == collection => {
                joined(doc! { "coll": from }, "coll", inner)
            }
            ("$unionWith", Bson::Document(union)) => joined(union, "coll", inner),
            ("$graphLookup", Bson::Document(mut lookup)) => {
                if lookup.get_str("from").ok() == Some(collection) {
                    merge(Some(&mut lookup), "restrictSearchWithMatch", own);
                }
                lookup.into()
            }
            (_, value) => value,
        };
        (name, value)
    };
    stage.into_iter().map(each).collect()
}

/// A stage that reads the collection it names as `from`, by a pipeline of its own.
fn joined(mut stage: Document, from: &str, inner: impl Fn(Option<&str>, &Bson) -> Bson) -> Bson {
    let none = Bson::Array(Vec::new());
    let pipeline = stage.get("pipeline").unwrap_or(&none);
    let filtered = inner(stage.get_str(from).ok(), pipeline);
    if filtered != none {
        stage.insert("pipeline", filtered);
    }
    stage.into()
}
