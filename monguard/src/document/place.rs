use mongodb::bson::{Bson, Document, doc};

use super::{FieldMeta, Meta, names};
use crate::value::{EncodeError, equal};

/// Where a document is: its id, and in a sharded collection the shard key, by which the server
/// finds the shard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    pub(crate) id: Bson,
    /// The fields of the shard key without the id, in the order of the key; empty where the
    /// collection is not sharded. A field that the document lacks is null here: to the server both
    /// are one value of the key.
    pub(crate) shard_key: Document,
}

impl Place {
    /// The place of a document in a collection that is not sharded, or sharded by the id.
    pub(crate) fn by_id(id: Bson) -> Self {
        let shard_key = Document::new();
        Place { id, shard_key }
    }

    /// Where a stored document is.
    pub(crate) fn of(meta: &Meta, document: &Document) -> Self {
        Place::from_fields(meta, |name| document.get(name).cloned())
    }

    /// Where a document is that has these fields.
    pub(crate) fn from_fields(meta: &Meta, field: impl Fn(&str) -> Option<Bson>) -> Self {
        let value = |name: &str| field(name).unwrap_or(Bson::Null);
        let key = meta.shard_key().map(FieldMeta::stored_name);
        let shard_key = key.filter(|name| *name != names::ID);
        Place {
            id: value(names::ID),
            shard_key: shard_key
                .map(|name| (name.to_owned(), value(name)))
                .collect(),
        }
    }

    /// The top-level fields that say where a document is.
    pub(crate) fn fields(meta: &Meta) -> impl Iterator<Item = &'static str> {
        let key = meta.shard_key().map(FieldMeta::stored_name);
        std::iter::once(names::ID).chain(key)
    }

    /// Matches the document. Each field of the shard key is compared by equality, so that the
    /// server asks one shard alone.
    pub(crate) fn filter(&self) -> Document {
        let mut filter = doc! { names::ID: equal_to(&self.id) };
        filter.extend(self.shard_key_filter());
        filter
    }

    /// Matches the documents of the same shard key.
    pub(crate) fn shard_key_filter(&self) -> Document {
        let fields = self.shard_key.iter();
        fields
            .map(|(name, value)| (name.clone(), Bson::Document(doc! { "$eq": value.clone() })))
            .collect()
    }

    /// The field of the shard key that has another value in `document`.
    pub(crate) fn differing_field(&self, document: &Document) -> Option<&str> {
        let differs = |(name, value): &(&String, &Bson)| {
            !equal(document.get(name.as_str()).unwrap_or(&Bson::Null), value)
        };
        let differing = self.shard_key.iter().find(differs);
        differing.map(|(name, _)| name.as_str())
    }
}

/// Matches this value: what could be read as operators, or as a pattern, is compared all the same.
pub(crate) fn equal_to(value: &Bson) -> Bson {
    match value {
        Bson::Document(_) | Bson::RegularExpression(_) => doc! { "$eq": value.clone() }.into(),
        value => value.clone(),
    }
}

/// Where a document of a sharded collection is, by its id and the other fields of its shard key as
/// the model writes them.
///
/// # Errors
/// Where a value has no BSON form.
pub fn place<const N: usize>(
    id: Result<Option<Bson>, EncodeError>,
    shard_key: [(&'static str, Result<Option<Bson>, EncodeError>); N],
) -> Result<Place, EncodeError> {
    let fields = shard_key.into_iter().map(|(name, value)| {
        let value = value?.unwrap_or(Bson::Null);
        Ok((name.to_owned(), value))
    });
    Ok(Place {
        id: id?.unwrap_or(Bson::Null),
        shard_key: fields.collect::<Result<_, EncodeError>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    static FIELDS: [FieldMeta; 4] = [
        FieldMeta::new("number", "_id").shard_key(),
        FieldMeta::new("region", "region").shard_key(),
        FieldMeta::new("amount", "amount"),
        FieldMeta::new("tenant", "tenantId").shard_key(),
    ];
    const META: Meta = Meta::new("Shipment", &FIELDS);

    #[test]
    fn a_place_is_matched_by_id_and_shard_key() {
        let document = doc! { "_id": 1, "tenantId": 7, "region": "eu", "amount": 5 };
        let place = Place::of(&META, &document);
        let filter = doc! { "_id": 1, "region": { "$eq": "eu" }, "tenantId": { "$eq": 7 } };
        assert_eq!(place.filter(), filter);
        assert_eq!(place.differing_field(&document), None);
        let moved = doc! { "_id": 1, "tenantId": 7, "region": "us" };
        assert_eq!(place.differing_field(&moved), Some("region"));
    }

    #[test]
    fn a_missing_field_of_the_shard_key_is_its_null() {
        let place = Place::of(&META, &doc! { "_id": 1, "region": "eu" });
        let null = Bson::Document(doc! { "$eq": null });
        assert_eq!(place.filter().get("tenantId"), Some(&null));
        assert_eq!(
            place.differing_field(&doc! { "region": "eu", "tenantId": null }),
            None
        );
    }

    #[test]
    fn an_id_is_never_read_as_operators() {
        let id = Bson::Document(doc! { "$gt": "" });
        let filter = Place::by_id(id.clone()).filter();
        assert_eq!(filter, doc! { "_id": { "$eq": id } });
    }

    #[test]
    fn a_model_without_a_shard_key_is_found_by_the_id_alone() {
        static PLAIN: [FieldMeta; 1] = [FieldMeta::new("region", "region")];
        let place = Place::of(
            &Meta::new("Order", &PLAIN),
            &doc! { "_id": 1, "region": "eu" },
        );
        assert_eq!(place, Place::by_id(Bson::Int32(1)));
        assert_eq!(place.filter(), doc! { "_id": 1 });
    }
}
