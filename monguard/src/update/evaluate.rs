use mongodb::bson::{Bson, Document};

use super::{Amount, Operation, Operator};
use crate::document::{FieldMeta, Meta, Shape};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::field::{Number, NumberKind, Step, dotted};
use crate::value::{kind_name, whole};

/// What the operators make of a stored document.
///
/// The new values are computed here and written as they are, so that what the audit trail says is
/// what was stored, and so that no number leaves its Rust type.
pub(crate) fn evaluate(
    meta: &Meta,
    stored: &Document,
    operations: &[Operation],
) -> Result<Document, InvalidUpdate> {
    if operations.is_empty() {
        return Err(InvalidUpdate::new("", InvalidReason::Empty));
    }
    refuse_overlaps(operations)?;
    let mut document = stored.clone();
    for operation in operations {
        apply(meta, &mut document, operation)?;
    }
    Ok(document)
}

/// MongoDB refuses two operators on one path, or on a path and one inside it: their order would
/// decide.
fn refuse_overlaps(operations: &[Operation]) -> Result<(), InvalidUpdate> {
    for (i, later) in operations.iter().enumerate() {
        for earlier in operations.iter().take(i) {
            let common = later.path.len().min(earlier.path.len());
            let pairs = later.path.iter().zip(&earlier.path).take(common);
            if pairs
                .into_iter()
                .all(|steps| matches!(steps, (Step::Name(a), Step::Name(b)) if a == b))
            {
                return Err(InvalidUpdate::new(
                    dotted(&later.path),
                    InvalidReason::Overlap,
                ));
            }
        }
    }
    Ok(())
}

fn apply(meta: &Meta, document: &mut Document, operation: &Operation) -> Result<(), InvalidUpdate> {
    let path = || dotted(&operation.path);
    let mut names = Vec::new();
    for step in &operation.path {
        let Step::Name(name) = step else {
            return Err(InvalidUpdate::new(path(), InvalidReason::Name));
        };
        names.push(*name);
    }
    let Some((last, parents)) = names.split_last() else {
        return Ok(());
    };
    let mut fields = Some(meta.fields());
    let mut place = document;
    for name in parents {
        use_current_name(fields, place, name);
        fields = fields_inside(fields, name);
        place = match place.get_mut(*name) {
            Some(Bson::Document(inside)) => inside,
            // There is nothing to remove inside of nothing.
            None | Some(Bson::Null) if matches!(operation.operator, Operator::Unset) => {
                return Ok(());
            }
            found => {
                let found = found.map_or("nothing", |value| kind_name(value));
                return Err(InvalidUpdate::new(
                    path(),
                    InvalidReason::NotADocument(found),
                ));
            }
        };
    }
    use_current_name(fields, place, last);
    match &operation.operator {
        Operator::Set(value) => {
            place.insert(*last, value.clone());
        }
        Operator::Unset => {
            place.remove(last);
        }
        Operator::Increment(amount) => {
            let sum = add(place.get(last), *amount)
                .map_err(|reason| InvalidUpdate::new(path(), reason))?;
            place.insert(*last, sum);
        }
        Operator::Push(item) => {
            append(place, last, item.clone())
                .map_err(|reason| InvalidUpdate::new(path(), reason))?;
        }
        Operator::Invalid(error) => return Err(InvalidUpdate::encode(path(), error.clone())),
    }
    Ok(())
}

/// A field that was stored under an alias moves to its current name when it is written: under both
/// names, the document would no longer decode.
fn use_current_name(fields: Option<&[FieldMeta]>, place: &mut Document, name: &str) {
    let field = fields.and_then(|fields| fields.iter().find(|field| field.stored_name() == name));
    for alias in field.map_or(&[][..], FieldMeta::other_names) {
        if let Some(value) = place.remove(alias) {
            place.entry(name.to_owned()).or_insert(value);
        }
    }
}

/// The fields of the struct in the field `name`, where it is one.
fn fields_inside(fields: Option<&[FieldMeta]>, name: &str) -> Option<&'static [FieldMeta]> {
    match fields?
        .iter()
        .find(|field| field.stored_name() == name)?
        .shape()?
    {
        Shape::Struct(inside) => Some(inside),
        Shape::List(_) | Shape::Map(_) => None,
    }
}

fn add(stored: Option<&Bson>, amount: Amount) -> Result<Bson, InvalidReason> {
    let number = match stored {
        None => Number::Integer(0),
        Some(Bson::Int32(number)) => Number::Integer(i128::from(*number)),
        Some(Bson::Int64(number)) => Number::Integer(i128::from(*number)),
        Some(Bson::Double(number)) => Number::Float(*number),
        Some(other) => return Err(InvalidReason::NotANumber(kind_name(other))),
    };
    let sum = match (as_stored_by(amount.kind, number), amount.by) {
        (Number::Integer(number), Number::Integer(by)) => {
            // An amount of a type of the caller's own may be any.
            let sum = number.checked_add(by);
            Number::Integer(sum.ok_or(InvalidReason::OutOfRange(amount.kind.name()))?)
        }
        (number, by) => Number::Float(as_float(number) + as_float(by)),
    };
    amount
        .kind
        .store(sum)
        .ok_or(InvalidReason::OutOfRange(amount.kind.name()))
}

/// JavaScript stores large integers as doubles: in a field of an integer type they are integers.
fn as_stored_by(kind: NumberKind, number: Number) -> Number {
    match number {
        Number::Float(float) if kind.is_integer() => {
            whole(float).map_or(number, |integer| Number::Integer(i128::from(integer)))
        }
        other => other,
    }
}

#[allow(clippy::cast_precision_loss)] // as adding it to a float in Rust would
fn as_float(number: Number) -> f64 {
    match number {
        Number::Integer(integer) => integer as f64,
        Number::Float(float) => float,
    }
}

fn append(place: &mut Document, name: &str, item: Bson) -> Result<(), InvalidReason> {
    match place.get_mut(name) {
        Some(Bson::Array(items)) => items.push(item),
        None => {
            place.insert(name, vec![item]);
        }
        Some(other) => return Err(InvalidReason::NotAList(kind_name(other))),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    static INSIDE: [FieldMeta; 1] = [FieldMeta::new("zip", "zip").aliases(&["postcode"])];
    static FIELDS: [FieldMeta; 2] = [
        FieldMeta::new("total", "total").aliases(&["sum"]),
        FieldMeta::new("address", "address").nested(inside),
    ];
    const META: Meta = Meta::new("Invoice", &FIELDS);

    fn inside() -> Shape {
        Shape::Struct(&INSIDE)
    }

    fn at(path: &[&'static str], operator: Operator) -> Operation {
        Operation {
            path: path.iter().map(|name| Step::Name(name)).collect(),
            operator,
        }
    }

    fn by(amount: i128, kind: NumberKind) -> Operator {
        Operator::Increment(Amount {
            by: Number::Integer(amount),
            kind,
        })
    }

    fn run(stored: &Document, operator: Operator) -> Result<Document, InvalidReason> {
        evaluate(&META, stored, &[at(&["total"], operator)]).map_err(|e| e.reason().clone())
    }

    #[test]
    fn a_sum_stays_in_the_type_of_its_field() {
        assert_eq!(
            run(&doc! { "total": 1_i32 }, by(1, NumberKind::I64)),
            Ok(doc! { "total": 2_i64 })
        );
        assert_eq!(
            run(&doc! {}, by(2, NumberKind::U8)),
            Ok(doc! { "total": 2_i32 })
        );
        assert_eq!(
            run(&doc! { "total": 2.0 }, by(1, NumberKind::I64)),
            Ok(doc! { "total": 3_i64 })
        );
        for (stored, amount, kind) in [
            (doc! { "total": i64::MAX }, 1, NumberKind::I64),
            (doc! { "total": 0_i32 }, -1, NumberKind::U32),
            (doc! { "total": 250_i32 }, 6, NumberKind::U8),
            (doc! { "total": i64::MAX }, 1, NumberKind::U64),
            (doc! { "total": 0.5 }, 1, NumberKind::I64),
            (doc! { "total": 1_i32 }, i128::MAX, NumberKind::I64),
        ] {
            assert_eq!(
                run(&stored, by(amount, kind)),
                Err(InvalidReason::OutOfRange(kind.name()))
            );
        }
    }

    #[test]
    fn only_numbers_are_added_to_and_only_lists_appended_to() {
        let null = doc! { "total": null };
        assert_eq!(
            run(&null, by(1, NumberKind::I64)),
            Err(InvalidReason::NotANumber("null"))
        );
        assert_eq!(
            run(&null, Operator::Push(Bson::Int32(1))),
            Err(InvalidReason::NotAList("null"))
        );
        assert_eq!(
            run(&doc! {}, Operator::Push(Bson::Int32(1))),
            Ok(doc! { "total": [1] })
        );
    }

    #[test]
    fn a_path_through_nothing_is_refused() {
        for (stored, found) in [
            (doc! {}, "nothing"),
            (doc! { "address": null }, "null"),
            (doc! { "address": "x" }, "a string"),
        ] {
            let set = at(&["address", "zip"], Operator::Set(Bson::Int32(1)));
            let error = evaluate(&META, &stored, &[set]).unwrap_err();
            assert_eq!(*error.reason(), InvalidReason::NotADocument(found));
            assert_eq!(error.path(), "address.zip");
        }
        let unset = at(&["address", "zip"], Operator::Unset);
        assert_eq!(evaluate(&META, &doc! {}, &[unset]).unwrap(), doc! {});
    }

    #[test]
    fn a_value_under_an_old_name_moves_to_the_current_one() {
        assert_eq!(
            run(&doc! { "sum": 1_i64 }, by(1, NumberKind::I64)),
            Ok(doc! { "total": 2_i64 })
        );
        let set = at(&["address", "zip"], Operator::Set(Bson::Int32(2)));
        let stored = doc! { "address": { "postcode": 1 } };
        assert_eq!(
            evaluate(&META, &stored, &[set]).unwrap(),
            doc! { "address": { "zip": 2 } }
        );
    }

    #[test]
    fn overlapping_paths_are_refused() {
        let whole = at(&["address"], Operator::Set(Bson::Null));
        let part = at(&["address", "zip"], Operator::Set(Bson::Null));
        for pair in [
            [whole.clone(), part.clone()],
            [part.clone(), whole],
            [part.clone(), part],
        ] {
            let error = evaluate(&META, &doc! { "address": {} }, &pair).unwrap_err();
            assert_eq!(*error.reason(), InvalidReason::Overlap);
        }
        assert_eq!(
            *evaluate(&META, &doc! {}, &[]).unwrap_err().reason(),
            InvalidReason::Empty
        );
    }
}
