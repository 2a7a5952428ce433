//! Structs that serde flattens: their fields are stored among those of the struct around them, and
//! the tables of that struct list them as its own, so that nothing has to look for them.

use std::marker::PhantomData;

use mongodb::bson::Bson;

use super::meta::FieldMeta;
use super::names;
use super::nested::Nested;
use crate::field::{AssignFrom, EncodeError};

/// The type of a flattened struct as a whole. The struct has no place of its own in the document, so
/// that nothing can be assigned to it or compared with it.
#[derive(Debug)]
pub struct Inline<T>(PhantomData<fn() -> T>);

/// The encoder of what is never written.
///
/// # Errors
/// Always.
pub fn encode_inline<T>(_: &Inline<T>) -> Result<Option<Bson>, EncodeError> {
    Err(EncodeError::refused(
        "a flattened struct has no place of its own",
    ))
}

/// Only so that an attempt is one error, and that of [`Whole`].
#[diagnostic::do_not_recommend]
impl<T, X: Nested> AssignFrom<X> for Inline<T> {
    fn assign(_: X) -> Self {
        Inline(PhantomData)
    }
}

/// The type of a nested struct that has a place of its own, and can be written and compared as a
/// whole.
#[diagnostic::on_unimplemented(
    message = "a flattened struct has no place of its own in the document",
    label = "its fields are stored beside this model's own",
    note = "name one of its fields, as in `|o| o.flattened.some_field`"
)]
pub trait Whole {
    /// The type itself.
    type Value;
}

#[diagnostic::do_not_recommend]
impl<T: Nested> Whole for T {
    type Value = T;
}

/// How many fields there are, those of flattened structs counted one by one.
#[must_use]
pub const fn count_flattened(fields: &[FieldMeta]) -> usize {
    let (mut count, mut i) = (0, 0);
    while i < fields.len() {
        count += match fields[i].inside() {
            Some(inside) => inside.len(),
            None => 1,
        };
        i += 1;
    }
    count
}

/// The fields, with those of flattened structs in the place of the structs. What a flattened
/// struct hides, or what holds for it in a comparison of requests, holds for each of its fields.
#[must_use]
pub const fn flatten<const N: usize>(fields: &[FieldMeta]) -> [FieldMeta; N] {
    let mut flat = [FieldMeta::new("", ""); N];
    let (mut count, mut i) = (0, 0);
    while i < fields.len() {
        if let Some(inside) = fields[i].inside() {
            let mut j = 0;
            while j < inside.len() {
                flat[count] = inside[j].within(&fields[i]);
                count += 1;
                j += 1;
            }
        } else {
            flat[count] = fields[i];
            count += 1;
        }
        i += 1;
    }
    flat
}

/// The fields of a struct that can be flattened.
///
/// # Panics
/// Where it cannot: at compile time, in a constant.
// At the field, not in here, is where rustc says that it was evaluated.
#[track_caller]
#[must_use]
pub const fn assert_flat(fields: Option<&'static [FieldMeta]>) -> &'static [FieldMeta] {
    match fields {
        Some(fields) => fields,
        None => panic!(
            "only a struct that derives `Nested` can be flattened, itself or in a `Box`: serde reads an optional struct as `None` wherever a part of it does not decode, and the next write would remove what it did not see"
        ),
    }
}

/// What else the names of a flattened struct's fields must not be.
#[derive(Clone, Copy, Debug)]
pub enum Around {
    /// Fields of a struct inside a document.
    Nested,
    /// Fields of a document whose version is stored under this name. `plain`: a field that looks
    /// like a lock version is known to be data.
    Document {
        /// The stored name of the version.
        version: &'static str,
        /// Whether the field is marked `plain`.
        plain: bool,
        /// Whether a map takes the fields that the model does not know.
        unknown: bool,
    },
}

/// Refuses the flattened struct in `fields[at]` where a field of it is stored under a name that is
/// taken.
///
/// # Panics
/// Where it is so: at compile time, in a constant.
// At the field, not in here, is where rustc says that it was evaluated.
#[track_caller]
pub const fn assert_free(fields: &[FieldMeta], at: usize, around: Around) {
    let Some(inside) = fields[at].inside() else {
        return;
    };
    let mut i = 0;
    while i < inside.len() {
        assert_taken_by_serde(&inside[i], around);
        let mut name = Some((inside[i].stored_name(), 0));
        while let Some((stored, next)) = name {
            assert_free_of_owned(stored, around);
            let mut j = 0;
            while j < fields.len() {
                // Of two flattened structs, the later one is in the way.
                let counts = j != at && (fields[j].inside().is_none() || j < at);
                if counts && is_taken_by(&fields[j], stored) {
                    refuse(
                        stored,
                        "`, and so is another field of the struct around it: rename one of the two",
                    );
                }
                j += 1;
            }
            let others = inside[i].other_names();
            name = if next < others.len() {
                Some((others[next], next + 1))
            } else {
                None
            };
        }
        i += 1;
    }
}

/// A struct that flattens another one leaves its fields to what is flattened after it.
#[track_caller]
const fn assert_taken_by_serde(field: &FieldMeta, around: Around) {
    if let Around::Document { unknown: true, .. } = around {
        assert!(
            !field.is_inside(),
            "this flattened struct flattens another one, and serde would show the map of unknown fields what is inside: flatten on one level, or have no such map"
        );
    }
}

const fn is_taken_by(field: &FieldMeta, name: &str) -> bool {
    match field.inside() {
        None => has_name(field, name),
        Some(inside) => {
            let mut i = 0;
            while i < inside.len() {
                if has_name(&inside[i], name) {
                    return true;
                }
                i += 1;
            }
            false
        }
    }
}

const fn has_name(field: &FieldMeta, name: &str) -> bool {
    same(field.stored_name(), name) || contains(field.other_names(), name)
}

#[track_caller]
const fn assert_free_of_owned(stored: &str, around: Around) {
    match around {
        Around::Nested => {}
        Around::Document {
            version,
            plain,
            unknown: _,
        } => {
            if same(stored, version) || contains(&names::OWNED, stored) {
                refuse(
                    stored,
                    "`, a name that monguard owns: rename it, or do not flatten the struct",
                );
            }
            if !plain && contains(&names::LOOKS_LIKE_A_VERSION, stored) {
                refuse(
                    stored,
                    "`, which looks like a lock version: mark the flattened field `#[monguard(plain)]` if it is data",
                );
            }
        }
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if same(names[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[track_caller]
const fn refuse(name: &str, why: &str) -> ! {
    let text = Text::new()
        .with("a field of this flattened struct is stored as `")
        .with(name)
        .with(why);
    panic!("{}", text.as_str())
}

/// A text put together at compile time; what does not fit is cut off.
struct Text {
    bytes: [u8; Text::MAX],
    length: usize,
}

impl Text {
    const MAX: usize = 400;

    const fn new() -> Self {
        Text {
            bytes: [0; Text::MAX],
            length: 0,
        }
    }

    const fn with(mut self, more: &str) -> Self {
        let more = more.as_bytes();
        let mut i = 0;
        while i < more.len() && self.length < Text::MAX {
            self.bytes[self.length] = more[i];
            self.length += 1;
            i += 1;
        }
        self
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "a field of this flattened struct is stored under a name that is taken",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::AuditPolicy;

    static PLACE: [FieldMeta; 2] = [
        FieldMeta::new("city", "city").aliases(&["town"]),
        FieldMeta::new("door", "door").audit_skip(),
    ];
    const FIELDS: [FieldMeta; 2] = [
        FieldMeta::new("amount", "amount"),
        FieldMeta::new("place", "place")
            .audit_redact()
            .idempotency_ignore()
            .flattened(&PLACE),
    ];
    const FLAT: [FieldMeta; count_flattened(&FIELDS)] = flatten(&FIELDS);

    #[test]
    fn fields_of_a_flattened_struct_take_its_place_and_what_holds_for_it() {
        let stored: Vec<_> = FLAT.iter().map(FieldMeta::stored_name).collect();
        assert_eq!(stored, ["amount", "city", "door"]);
        let policies: Vec<_> = FLAT.iter().map(FieldMeta::audit_policy).collect();
        let expected = [AuditPolicy::Log, AuditPolicy::Redact, AuditPolicy::Skip];
        assert_eq!(policies, expected);
        assert!(FLAT[1].is_stored_as("town"));
        let ignored: Vec<_> = FLAT.iter().map(FieldMeta::is_idempotency_ignored).collect();
        assert_eq!(ignored, [false, true, true]);
    }

    fn refusal(fields: &'static [FieldMeta], at: usize, around: Around) -> Option<String> {
        let refused = std::panic::catch_unwind(|| assert_free(fields, at, around)).err()?;
        refused.downcast_ref::<String>().cloned()
    }

    const DOCUMENT: Around = Around::Document {
        version: "rowVersion",
        plain: false,
        unknown: true,
    };

    #[test]
    fn names_that_are_free_are_accepted() {
        static FREE: [FieldMeta; 2] = FIELDS;
        assert_eq!(refusal(&FREE, 1, DOCUMENT), None);
    }

    #[test]
    fn names_that_are_taken_are_refused() {
        const fn holder(inside: &'static [FieldMeta]) -> FieldMeta {
            FieldMeta::new("inner", "inner").flattened(inside)
        }
        static STAMPED: [FieldMeta; 1] = [FieldMeta::new("a", "createdAt")];
        static VERSIONED: [FieldMeta; 1] = [FieldMeta::new("a", "a").aliases(&["rowVersion"])];
        static LOOKALIKE: [FieldMeta; 1] = [FieldMeta::new("version", "version")];
        static FIELDS: [FieldMeta; 7] = [
            holder(&PLACE),
            FieldMeta::new("home", "home").aliases(&["city"]),
            FieldMeta::new("x", "town"),
            holder(&PLACE),
            holder(&STAMPED),
            holder(&VERSIONED),
            holder(&LOOKALIKE),
        ];
        for (at, name) in [
            (0, "city"),
            (3, "city"),
            (4, "createdAt"),
            (5, "rowVersion"),
            (6, "version"),
        ] {
            let text = refusal(&FIELDS, at, DOCUMENT).expect(name);
            assert!(text.contains(&format!("stored as `{name}`")), "{text}");
        }
        let plain = Around::Document {
            version: "__v",
            plain: true,
            unknown: false,
        };
        assert_eq!(refusal(&FIELDS, 6, plain), None);
        assert_eq!(refusal(&FIELDS, 4, Around::Nested), None);
    }

    #[test]
    fn a_text_too_long_is_cut() {
        let long = Text::new().with(&"é".repeat(300));
        assert!(long.as_str().len() <= Text::MAX);
    }
}
