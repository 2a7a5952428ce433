//! One sequence of bytes for each class of equal values, for digests.

use mongodb::bson::{Bson, Document, doc};

use super::number::Number;

/// Appends the canonical bytes of `value`: two values have the same bytes exactly if they are
/// [`equal`](super::equal). No value's bytes begin with those of another.
pub(crate) fn write_canonical(value: &Bson, out: &mut Vec<u8>) {
    if let Some(number) = Number::of(value) {
        return write_number(number, out);
    }
    match value {
        Bson::Null => out.push(b'0'),
        Bson::Undefined => out.push(b'u'),
        Bson::MinKey => out.push(b'<'),
        Bson::MaxKey => out.push(b'>'),
        Bson::Boolean(flag) => out.extend([b'b', u8::from(*flag)]),
        Bson::String(text) => write_bytes(b's', text.as_bytes(), out),
        Bson::Symbol(text) => write_bytes(b'y', text.as_bytes(), out),
        Bson::JavaScriptCode(code) => write_bytes(b'j', code.as_bytes(), out),
        Bson::JavaScriptCodeWithScope(code) => {
            write_bytes(b'J', code.code.as_bytes(), out);
            write_document(&code.scope, out);
        }
        Bson::DateTime(date) => {
            out.push(b't');
            out.extend(date.timestamp_millis().to_be_bytes());
        }
        Bson::Timestamp(stamp) => {
            out.push(b'T');
            out.extend(stamp.time.to_be_bytes());
            out.extend(stamp.increment.to_be_bytes());
        }
        Bson::ObjectId(id) => {
            out.push(b'o');
            out.extend(id.bytes());
        }
        Bson::Binary(binary) => {
            out.extend([b'x', u8::from(binary.subtype)]);
            write_bytes(b'x', &binary.bytes, out);
        }
        Bson::RegularExpression(regex) => {
            write_bytes(b'r', regex.pattern.as_str().as_bytes(), out);
            write_bytes(b'r', regex.options.as_str().as_bytes(), out);
        }
        Bson::Array(items) => {
            out.push(b'[');
            for item in items {
                write_canonical(item, out);
            }
            out.push(b']');
        }
        Bson::Document(document) => write_document(document, out),
        // A deprecated type whose parts the driver keeps to itself. Numbers are written above.
        Bson::DbPointer(_)
        | Bson::Int32(_)
        | Bson::Int64(_)
        | Bson::Double(_)
        | Bson::Decimal128(_) => {
            let bytes = doc! { "": value.clone() }.to_vec().unwrap_or_default();
            write_bytes(b'p', &bytes, out);
        }
    }
}

fn write_document(document: &Document, out: &mut Vec<u8>) {
    let mut fields: Vec<(&String, &Bson)> = document.iter().collect();
    fields.sort_unstable_by_key(|(key, _)| *key);
    out.push(b'{');
    for (key, value) in fields {
        write_bytes(b':', key.as_bytes(), out);
        write_canonical(value, out);
    }
    out.push(b'}');
}

fn write_number(number: Number, out: &mut Vec<u8>) {
    match number {
        Number::NaN => out.push(b'?'),
        Number::Infinite { negative } => out.extend([b'i', u8::from(negative)]),
        Number::Decimal {
            negative,
            coefficient,
            exponent,
        } => {
            out.extend([b'n', u8::from(negative)]);
            out.extend(coefficient.to_be_bytes());
            out.extend(exponent.to_be_bytes());
        }
        Number::Binary {
            negative,
            mantissa,
            exponent,
        } => {
            out.extend([b'd', u8::from(negative)]);
            out.extend(mantissa.to_be_bytes());
            out.extend(exponent.to_be_bytes());
        }
    }
}

fn write_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;

    use super::*;

    fn canonical(value: &Bson) -> Vec<u8> {
        let mut out = Vec::new();
        write_canonical(value, &mut out);
        out
    }

    #[test]
    fn equal_values_have_one_form() {
        assert_eq!(
            canonical(&bson!({ "b": 1, "a": [2.0] })),
            canonical(&bson!({ "a": [2_i64], "b": 1.0 }))
        );
    }

    #[test]
    fn boundaries_do_not_blur() {
        let values = [
            bson!(["ab", "c"]),
            bson!(["a", "bc"]),
            bson!([["a"], "b"]),
            bson!([["a", "b"]]),
            bson!({ "a": { "b": 1 } }),
            bson!({ "a": {}, "b": 1 }),
            bson!([]),
            bson!({}),
            bson!([[]]),
            bson!("[]"),
        ];
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                assert_eq!(canonical(a) == canonical(b), i == j, "{a} {b}");
            }
        }
    }
}
