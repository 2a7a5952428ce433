//! Which updates a server can work out by itself, exactly as they are worked out here.

use mongodb::bson::Bson;

use super::{Amount, Operation, Operator};
use crate::audit::hiding;
use crate::document::{AuditPolicy, FieldMeta, Meta, Shape};
use crate::field::{Number, NumberKind, Step};

/// A change of one field, at a path of structs alone, to or by a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlainChange {
    pub(crate) path: Vec<&'static str>,
    pub(crate) becomes: Becomes,
    pub(crate) policy: AuditPolicy,
}

/// What a field becomes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Becomes {
    /// This value.
    Value(Bson),
    /// More by an amount.
    Sum(Box<Sum>),
}

/// A sum with an amount that is not 0. The stored number must be of the type that the amount is,
/// and within the bounds, so that the sum is one of the field's own type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sum {
    pub(crate) by: Bson,
    pub(crate) least: Bson,
    pub(crate) most: Bson,
}

/// The deepest path at which an entry shows a change by itself, and not as a part of the whole
/// around it.
const DEEPEST: usize = 3;

/// The operations as plain changes; `None` where one of them is not plain. Whatever would be
/// refused is not.
pub(crate) fn plain_changes(meta: &Meta, operations: &[Operation]) -> Option<Vec<PlainChange>> {
    let changes: Option<Vec<_>> = operations
        .iter()
        .filter(|operation| !matches!(operation.operator, Operator::Keep))
        .map(|operation| plain_change(meta, operation))
        .collect();
    let changes = changes.filter(|changes| !changes.is_empty())?;
    let overlap = |(i, a): (usize, &PlainChange)| {
        let others = changes.iter().skip(i + 1);
        others
            .map(|b| &b.path)
            .any(|b| a.path.starts_with(b) || b.starts_with(&a.path))
    };
    let overlaps = changes.iter().enumerate().any(overlap);
    (!overlaps).then_some(changes)
}

fn plain_change(meta: &Meta, operation: &Operation) -> Option<PlainChange> {
    if operation.is_raw || operation.path.len() > DEEPEST {
        return None;
    }
    let (path, policy) = place(meta.fields(), &operation.path)?;
    let becomes = match &operation.operator {
        Operator::Set(value) if is_plain(value) => Becomes::Value(value.clone()),
        Operator::Increment(Amount {
            by: Number::Integer(by),
            kind: Some(kind),
        }) => sum(*by, *kind)?,
        _ => return None,
    };
    Some(PlainChange {
        path,
        becomes,
        policy,
    })
}

/// The path, and what the log shows of what it leads to.
fn place(
    mut fields: &'static [FieldMeta],
    steps: &[Step],
) -> Option<(Vec<&'static str>, AuditPolicy)> {
    let mut path = Vec::with_capacity(steps.len());
    let mut is_skipped = false;
    let (last, inner) = steps.split_last()?;
    for step in inner {
        let field = plain_field(fields, step)?;
        path.push(field.stored_name());
        match field.audit_policy() {
            AuditPolicy::Log => {}
            AuditPolicy::Skip => is_skipped = true,
            // The entry is about the whole.
            AuditPolicy::Redact => return None,
        }
        let Some(Shape::Struct(inside)) = field.shape() else {
            return None;
        };
        fields = inside;
    }
    let field = plain_field(fields, last)?;
    if hiding(field.shape()).is_some() {
        // What is stored there may be of another kind, and is then hidden as a whole.
        return None;
    }
    path.push(field.stored_name());
    let policy = if is_skipped {
        AuditPolicy::Skip
    } else {
        field.audit_policy()
    };
    Some((path, policy))
}

fn plain_field(fields: &'static [FieldMeta], step: &Step) -> Option<&'static FieldMeta> {
    let Step::Name(name) = step else {
        return None;
    };
    let field = fields.iter().find(|field| field.stored_name() == *name)?;
    let is_plain = field.other_names().is_empty()
        && field.managed_as().is_none()
        && !field.is_idempotency_key()
        && !field.is_shard_key()
        && is_identifier(field.stored_name());
    is_plain.then_some(field)
}

/// Whether a name means the same in an expression and as a field.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    begins && characters.all(|next| next.is_ascii_alphanumeric() || next == '_')
}

/// Whether the server compares values of this kind as they are compared here.
fn is_plain(value: &Bson) -> bool {
    match value {
        Bson::Null
        | Bson::Boolean(_)
        | Bson::Int32(_)
        | Bson::Int64(_)
        | Bson::String(_)
        | Bson::DateTime(_)
        | Bson::ObjectId(_) => true,
        Bson::Double(number) => number.is_finite(),
        _ => false,
    }
}

fn sum(by: i128, kind: NumberKind) -> Option<Becomes> {
    let (least, most) = match kind {
        NumberKind::I8 => (i8::MIN.into(), i8::MAX.into()),
        NumberKind::I16 => (i16::MIN.into(), i16::MAX.into()),
        NumberKind::I32 => (i32::MIN.into(), i32::MAX.into()),
        NumberKind::U8 => (u8::MIN.into(), u8::MAX.into()),
        NumberKind::U16 => (u16::MIN.into(), u16::MAX.into()),
        NumberKind::I64 => (i64::MIN.into(), i64::MAX.into()),
        NumberKind::U32 => (u32::MIN.into(), u32::MAX.into()),
        NumberKind::U64 => (0, i64::MAX.into()),
        NumberKind::F32 | NumberKind::F64 => return None,
    };
    if by == 0 {
        return None;
    }
    // The stored number before: in the bounds by itself, and with the amount.
    let least: i128 = i128::max(least, least.checked_sub(by)?);
    let most: i128 = i128::min(most, most.checked_sub(by)?);
    let is_wide = matches!(kind, NumberKind::I64 | NumberKind::U32 | NumberKind::U64);
    let number = |number: i128| {
        if is_wide {
            i64::try_from(number).ok().map(Bson::Int64)
        } else {
            i32::try_from(number).ok().map(Bson::Int32)
        }
    };
    Some(Becomes::Sum(Box::new(Sum {
        by: number(by)?,
        least: number(least)?,
        most: number(most)?,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    static INSIDE: [FieldMeta; 2] = [
        FieldMeta::new("row", "row"),
        FieldMeta::new("lock", "lock").audit_redact(),
    ];
    static FIELDS: [FieldMeta; 5] = [
        FieldMeta::new("amount", "amount"),
        FieldMeta::new("renamed", "renamed").aliases(&["old"]),
        FieldMeta::new("odd", "a.b"),
        FieldMeta::new("shelf", "shelf").nested(|| Shape::Struct(&INSIDE)),
        FieldMeta::new("vault", "vault")
            .nested(|| Shape::Struct(&INSIDE))
            .audit_redact(),
    ];
    const META: Meta = Meta::new("Item", &FIELDS);

    fn set(path: &[&'static str], value: impl Into<Bson>) -> Operation {
        Operation {
            path: path.iter().map(|name| Step::Name(name)).collect(),
            operator: Operator::Set(value.into()),
            is_raw: false,
        }
    }

    fn inc(by: i128, kind: NumberKind) -> Operation {
        let by = Number::Integer(by);
        let amount = Amount {
            by,
            kind: Some(kind),
        };
        Operation {
            operator: Operator::Increment(amount),
            ..set(&["amount"], 0)
        }
    }

    fn policies(operations: &[Operation]) -> Option<Vec<AuditPolicy>> {
        let changes = plain_changes(&META, operations)?;
        Some(changes.iter().map(|change| change.policy).collect())
    }

    #[test]
    fn scalars_at_paths_of_structs_are_plain() {
        let log = Some(vec![AuditPolicy::Log]);
        assert_eq!(policies(&[set(&["amount"], "$cardToken")]), log);
        assert_eq!(policies(&[set(&["shelf", "row"], 1_i64)]), log);
        let hidden = policies(&[set(&["shelf", "lock"], "s")]);
        assert_eq!(hidden, Some(vec![AuditPolicy::Redact]));
    }

    #[test]
    fn what_the_server_could_see_otherwise_is_not_plain() {
        for operation in [
            set(&["amount"], Bson::Document(mongodb::bson::doc! {})),
            set(&["amount"], Bson::Array(Vec::new())),
            set(&["amount"], f64::NAN),
            set(&["renamed"], 1),
            set(&["a.b"], 1),
            set(&["unknown"], 1),
            set(&["vault", "row"], 1),
            set(&["shelf"], Bson::Null),
            inc(0, NumberKind::I32),
            inc(1, NumberKind::F64),
            inc(i128::MAX, NumberKind::I64),
        ] {
            assert_eq!(
                policies(std::slice::from_ref(&operation)),
                None,
                "{operation:?}"
            );
        }
        let raw = Operation {
            is_raw: true,
            ..set(&["amount"], 1)
        };
        assert_eq!(policies(&[raw]), None);
        let twice = [set(&["shelf", "row"], 1), set(&["shelf", "row"], 2)];
        assert_eq!(policies(&twice), None);
        assert_eq!(policies(&[]), None);
    }

    #[test]
    fn a_sum_stays_in_the_type_of_its_field() {
        let sum = |by, kind| match plain_changes(&META, &[inc(by, kind)])?.remove(0).becomes {
            Becomes::Sum(sum) => Some([sum.by, sum.least, sum.most]),
            Becomes::Value(_) => None,
        };
        let of_32 = |numbers: [i32; 3]| Some(numbers.map(Bson::Int32));
        assert_eq!(sum(5, NumberKind::I32), of_32([5, i32::MIN, i32::MAX - 5]));
        assert_eq!(sum(-5, NumberKind::U8), of_32([-5, 5, 255]));
        let wide = [1, i64::MIN, i64::MAX - 1].map(Bson::Int64);
        assert_eq!(sum(1, NumberKind::I64), Some(wide));
    }
}
