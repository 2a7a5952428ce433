//! What a path in MongoDB's own words leads to, by the stored names of a model.

use mongodb::bson::Bson;

use super::meta::{FieldMeta, Meta};
use super::names;
use super::nearest::{nearest, plain};
use super::shape::Shape;

/// What other systems call the lock version; the derive refuses plain fields of these names.
const VERSION_LIKE: [&str; 5] = ["version", "v", "rev", "revision", "rowversion"];

/// A place in a document, and which names there are inside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope<'m> {
    /// The document of a model, with the fields that monguard owns.
    Document(&'m Meta),
    /// A value of this shape.
    Shape(Shape),
    /// A value that the model says nothing about: every name is one.
    Open,
}

/// A name that the model does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownName {
    /// The path, up to the name.
    pub(crate) path: String,
    /// The name that was probably meant.
    pub(crate) suggestion: Option<&'static str>,
}

impl UnknownName {
    /// The same, inside of what is at `place`.
    pub(crate) fn below(mut self, place: &str) -> Self {
        self.path = format!("{place}.{}", self.path);
        self
    }
}

impl<'m> Scope<'m> {
    /// Follows a dotted path, which may lead through lists by index, by position (`$`, `$[]`,
    /// `$[line]`), or, as in filters, without either.
    pub(crate) fn follow(self, path: &str) -> Result<Scope<'m>, UnknownName> {
        let mut scope = self;
        let mut end = 0;
        for name in path.split('.') {
            end += name.len();
            scope = scope.inside(name).map_err(|suggestion| UnknownName {
                path: path.get(..end).unwrap_or(path).to_owned(),
                suggestion,
            })?;
            end += 1;
        }
        Ok(scope)
    }

    /// The scope of an element, where this may be a list.
    pub(crate) fn element(self) -> Scope<'m> {
        match self {
            Scope::Shape(Shape::List(item)) => Scope::Shape(item()),
            // A filter may say `$elemMatch` of what is no list: it matches nothing.
            other => other,
        }
    }

    /// What the field `name` has inside, or the name that was probably meant.
    pub(crate) fn inside(self, name: &str) -> Result<Scope<'m>, Option<&'static str>> {
        match self {
            Scope::Open => Ok(Scope::Open),
            Scope::Document(meta) => match field(meta.fields(), name) {
                Some(field) => Ok(Scope::of(field)),
                None if names::is_owned(name, meta.version_name()) => Ok(Scope::Open),
                None if meta.has_unknown_fields() => Ok(Scope::Open),
                None => Err(in_document(meta, name)),
            },
            Scope::Shape(Shape::Struct(fields)) => match field(fields, name) {
                Some(field) => Ok(Scope::of(field)),
                None => Err(suggested(fields, name, [])),
            },
            Scope::Shape(Shape::Map(item)) if !name.is_empty() => Ok(Scope::Shape(item())),
            Scope::Shape(Shape::Map(_)) => Err(None),
            Scope::Shape(Shape::List(item)) if is_position(name) => Ok(Scope::Shape(item())),
            // A filter leads into each element.
            Scope::Shape(Shape::List(item)) => Scope::Shape(item()).inside(name),
        }
    }

    /// The field that is stored as `name`, where this is a struct.
    pub(crate) fn field(self, name: &str) -> Option<&'static FieldMeta> {
        match self {
            Scope::Document(meta) => field(meta.fields(), name),
            Scope::Shape(Shape::Struct(fields)) => field(fields, name),
            Scope::Shape(Shape::List(_) | Shape::Map(_)) | Scope::Open => None,
        }
    }

    /// Refuses a value that has a name in it which the model does not have. A dot is part of a name
    /// there.
    pub(crate) fn check_value(self, path: &str, value: &Bson) -> Result<(), UnknownName> {
        match (self, value) {
            (Scope::Open, _) => Ok(()),
            (scope, Bson::Document(fields)) => fields.iter().try_for_each(|(name, value)| {
                let path = format!("{path}.{name}");
                match scope.inside(name) {
                    Ok(inside) => inside.check_value(&path, value),
                    Err(suggestion) => Err(UnknownName { path, suggestion }),
                }
            }),
            (scope, Bson::Array(items)) => items
                .iter()
                .try_for_each(|item| scope.element().check_value(path, item)),
            _ => Ok(()),
        }
    }

    fn of(field: &FieldMeta) -> Self {
        field.shape().map_or(Scope::Open, Scope::Shape)
    }
}

fn field(fields: &'static [FieldMeta], name: &str) -> Option<&'static FieldMeta> {
    fields.iter().find(|field| field.stored_name() == name)
}

/// An index, or one of MongoDB's words for a position.
fn is_position(name: &str) -> bool {
    let is_index = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    is_index || name == "$" || (name.starts_with("$[") && name.ends_with(']'))
}

fn in_document(meta: &Meta, name: &str) -> Option<&'static str> {
    let version = meta.version_name();
    if VERSION_LIKE.contains(&plain(name).as_str()) {
        return Some(version);
    }
    if plain(name) == "id" {
        return Some(names::ID);
    }
    let owned = [
        version,
        names::ID,
        names::CREATED_AT,
        names::UPDATED_AT,
        names::CREATED_BY,
        names::UPDATED_BY,
        names::DELETED_AT,
        names::DELETED_BY,
        names::IDEMPOTENT_KEY,
    ];
    suggested(meta.fields(), name, owned)
}

/// The stored name of the field that is called so in Rust or in old documents; else the nearest.
fn suggested<const N: usize>(
    fields: &'static [FieldMeta],
    name: &str,
    owned: [&'static str; N],
) -> Option<&'static str> {
    let known_as = |field: &&FieldMeta| field.rust_name() == name || field.is_stored_as(name);
    let known = fields.iter().find(known_as).map(FieldMeta::stored_name);
    known.or_else(|| nearest(name, fields.iter().map(FieldMeta::stored_name).chain(owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    static LINE: [FieldMeta; 2] = [
        FieldMeta::new("sku", "sku").aliases(&["code"]),
        FieldMeta::new("unit_price", "unitPrice"),
    ];
    static MODEL: [FieldMeta; 5] = [
        FieldMeta::new("checkout_id", "checkoutId"),
        FieldMeta::new("amount", "amount").aliases(&["sum"]),
        FieldMeta::new("lines", "lines").nested(lines),
        FieldMeta::new("by_region", "byRegion").nested(by_region),
        FieldMeta::new("extra", "extra"),
    ];
    const META: Meta = Meta::new("Order", &MODEL);

    fn line() -> Shape {
        Shape::Struct(&LINE)
    }
    fn lines() -> Shape {
        Shape::List(line)
    }
    fn by_region() -> Shape {
        Shape::Map(line)
    }

    fn unknown(path: &str) -> (String, Option<&'static str>) {
        let unknown = Scope::Document(&META).follow(path).unwrap_err();
        (unknown.path, unknown.suggestion)
    }

    #[test]
    fn stored_names_are_known() {
        for path in [
            "checkoutId",
            "lines",
            "lines.sku",
            "lines.0.sku",
            "lines.$.sku",
            "lines.$[].unitPrice",
            "lines.$[line].sku",
            "byRegion.eu.sku",
            "extra.what.ever.0",
            "_id",
            "_id.part",
            "__v",
            "updatedAt",
            "createdBy.name",
            "idempotentHash",
        ] {
            assert!(Scope::Document(&META).follow(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn other_names_come_with_what_was_meant() {
        for (path, cut, meant) in [
            ("version", "version", Some("__v")),
            ("_v", "_v", Some("__v")),
            ("row_version", "row_version", Some("__v")),
            ("id", "id", Some("_id")),
            ("checkout_id", "checkout_id", Some("checkoutId")),
            ("sum", "sum", Some("amount")),
            ("amonut", "amonut", Some("amount")),
            ("updated_at", "updated_at", Some("updatedAt")),
            ("lines.0.code", "lines.0.code", Some("sku")),
            (
                "lines.$[].unit_price.x",
                "lines.$[].unit_price",
                Some("unitPrice"),
            ),
            ("lines.skuu", "lines.skuu", Some("sku")),
            ("byRegion.eu.skuu", "byRegion.eu.skuu", Some("sku")),
            ("colour", "colour", None),
            ("lines..sku", "lines.", None),
            ("", "", None),
        ] {
            assert_eq!(unknown(path), (cut.to_owned(), meant), "{path}");
        }
    }

    #[test]
    fn the_version_is_meant_under_the_name_that_the_model_gives_it() {
        let meta = META.version_field("revision");
        let unknown = Scope::Document(&meta).follow("version").unwrap_err();
        assert_eq!(unknown.suggestion, Some("revision"));
        assert!(Scope::Document(&meta).follow("__v").is_err());
    }
}
