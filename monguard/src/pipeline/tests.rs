use mongodb::bson::{Document, doc};

use super::begun;
use crate::error::InvalidReadReason;

fn live() -> Document {
    doc! { "deletedAt": { "$exists": false } }
}

fn begin(pipeline: impl IntoIterator<Item = Document>) -> Vec<Document> {
    begun("orders", &live(), pipeline.into_iter().collect()).unwrap()
}

fn refused(stage: Document) -> InvalidReadReason {
    begun("orders", &live(), vec![doc! { "$match": {} }, stage]).unwrap_err()
}

#[test]
fn the_condition_goes_first() {
    let count = doc! { "$count": "n" };
    assert_eq!(begin([count.clone()]), [doc! { "$match": live() }, count]);
    assert_eq!(begin([]), [doc! { "$match": live() }]);
}

#[test]
fn a_stage_that_must_be_first_stays_first() {
    let text = doc! { "$text": { "$search": "x" } };
    assert_eq!(
        begin([doc! { "$match": text.clone() }]),
        [doc! { "$match": { "$and": [live(), text] } }]
    );
    let near = |query: Document| doc! { "$geoNear": { "near": [0, 0], "query": query } };
    assert_eq!(
        begin([doc! { "$geoNear": { "near": [0, 0] } }]),
        [near(live())]
    );
    assert_eq!(
        begin([near(doc! { "a": 1 })]),
        [near(doc! { "$and": [live(), { "a": 1 }] })]
    );
    for search in ["$search", "$vectorSearch"] {
        let search = doc! { search: { "index": "i" } };
        assert_eq!(begin([search.clone()]), [search, doc! { "$match": live() }]);
    }
}

#[test]
fn what_writes_is_refused_at_any_depth() {
    let merge = doc! { "$merge": { "into": "orders" } };
    for stage in [
        merge.clone(),
        doc! { "$facet": { "a": [merge.clone()] } },
        doc! { "$lookup": { "from": "other", "pipeline": [merge.clone()] } },
        doc! { "$unionWith": { "coll": "other", "pipeline": [merge.clone()] } },
        doc! { "$facet": { "a": [{ "$lookup": { "from": "x", "pipeline": [merge.clone()] } }] } },
        doc! { "$rankFusion": { "input": { "pipelines": { "a": [merge] } } } },
    ] {
        let expected = InvalidReadReason::WritingStage("$merge".to_owned());
        assert_eq!(refused(stage.clone()), expected, "{stage}");
    }
    assert_eq!(
        refused(doc! { "$out": "copy" }),
        InvalidReadReason::WritingStage("$out".to_owned())
    );
}

#[test]
fn what_reads_no_documents_is_refused() {
    assert!(matches!(
        refused(doc! { "$indexStats": {} }),
        InvalidReadReason::ForeignStage(_)
    ));
    assert!(matches!(
        refused(doc! { "$searchMeta": {} }),
        InvalidReadReason::OpaqueStage(_)
    ));
}

#[test]
fn the_collection_is_filtered_wherever_it_is_read_again() {
    let inner = |stage: Document| begin([doc! { "$match": {} }, stage]).pop().unwrap();
    let matched = doc! { "$match": live() };
    assert_eq!(
        inner(
            doc! { "$lookup": { "from": "orders", "localField": "a", "foreignField": "b", "as": "c" } }
        ),
        doc! { "$lookup": {
            "from": "orders", "localField": "a", "foreignField": "b", "as": "c",
            "pipeline": [matched.clone()],
        } }
    );
    assert_eq!(
        inner(doc! { "$unionWith": "orders" }),
        doc! { "$unionWith": { "coll": "orders", "pipeline": [matched.clone()] } }
    );
    assert_eq!(
        inner(doc! { "$graphLookup": { "from": "orders", "restrictSearchWithMatch": { "a": 1 } } }),
        doc! { "$graphLookup": {
            "from": "orders", "restrictSearchWithMatch": { "$and": [live(), { "a": 1 }] },
        } }
    );
    let nested = doc! { "$facet": { "a": [{ "$unionWith": "orders" }] } };
    assert_eq!(
        inner(nested),
        doc! { "$facet": { "a": [
            { "$unionWith": { "coll": "orders", "pipeline": [matched.clone()] } },
        ] } }
    );
    let through = doc! { "$lookup": { "from": "other", "pipeline": [{ "$unionWith": "orders" }] } };
    assert_eq!(
        inner(through),
        doc! { "$lookup": { "from": "other", "pipeline": [
            { "$unionWith": { "coll": "orders", "pipeline": [matched] } },
        ] } }
    );
}

#[test]
fn other_collections_and_unknown_stages_stay_as_they_are() {
    for stage in [
        doc! { "$lookup": { "from": "other", "localField": "a", "foreignField": "b", "as": "c" } },
        doc! { "$unionWith": "other" },
        doc! { "$unionWith": { "coll": "other" } },
        doc! { "$someday": { "pipeline": [] } },
        doc! { "$lookup": "what the server refuses" },
    ] {
        let begun = begin([doc! { "$match": {} }, stage.clone()]);
        assert_eq!(begun.last(), Some(&stage));
    }
}
