use mongodb::bson::{Bson, RawDocument, RawDocumentBuf};

use super::parse;

/// The document with its whole doubles as integers; `None` where it has none.
///
/// JavaScript stores an integer beyond 32 bits as a double, which serde does not read into an
/// integer type.
pub(crate) fn with_whole_doubles_as_integers(document: &RawDocument) -> Option<RawDocumentBuf> {
    let mut document = parse(document).ok()?;
    let converted = convert_all(document.iter_mut().map(|(_, value)| value));
    converted.then(|| RawDocumentBuf::try_from(&document).ok())?
}

/// Returns whether there was something to convert.
fn convert_all<'v>(values: impl Iterator<Item = &'v mut Bson>) -> bool {
    let mut converted = false;
    for value in values {
        converted |= convert(value);
    }
    converted
}

/// Returns whether there was something to convert.
fn convert(value: &mut Bson) -> bool {
    match value {
        Bson::Double(double) => {
            let Some(integer) = whole(*double) else {
                return false;
            };
            *value = Bson::Int64(integer);
            true
        }
        Bson::Document(inside) => convert_all(inside.iter_mut().map(|(_, value)| value)),
        Bson::Array(items) => convert_all(items.iter_mut()),
        _ => false,
    }
}

/// The integer that a double stands for, where it is one and every integer of its size is exact.
pub(crate) fn whole(double: f64) -> Option<i64> {
    /// Above this, a double no longer holds every integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = double.fract() == 0.0 && double.abs() <= EXACT;
    #[allow(clippy::cast_possible_truncation)] // whole and in range: just tested
    is_whole.then_some(double as i64)
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{doc, rawdoc};

    use super::*;

    #[test]
    fn whole_doubles_become_integers_at_any_depth() {
        let document = rawdoc! { "a": 5e9, "b": { "c": [1.0, 1.5] }, "d": "x" };
        let converted = with_whole_doubles_as_integers(&document).unwrap();
        let converted = parse(&converted).unwrap();
        let expected = doc! { "a": 5_000_000_000_i64, "b": { "c": [1_i64, 1.5] }, "d": "x" };
        assert_eq!(converted, expected);
    }

    #[test]
    fn what_is_no_exact_integer_stays() {
        for double in [0.5, f64::NAN, f64::INFINITY, 1e16] {
            assert!(with_whole_doubles_as_integers(&rawdoc! { "a": double }).is_none());
        }
    }
}
