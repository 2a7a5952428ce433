use syn::LitStr;

/// A rule of serde's `rename_all`.
///
/// The rules are those of `serde_derive` (`internals/case.rs`), for fields: it takes a field's name
/// to be written in snake case, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const RULES: [(&str, Rule); 8] = [
    ("lowercase", Rule::Lower),
    ("UPPERCASE", Rule::Upper),
    ("PascalCase", Rule::Pascal),
    ("camelCase", Rule::Camel),
    ("snake_case", Rule::Snake),
    ("SCREAMING_SNAKE_CASE", Rule::ScreamingSnake),
    ("kebab-case", Rule::Kebab),
    ("SCREAMING-KEBAB-CASE", Rule::ScreamingKebab),
];

impl Rule {
    /// The rule that `literal` names. An unknown one is serde's to report.
    pub(super) fn named(literal: &LitStr) -> Option<Self> {
        let name = literal.value();
        RULES
            .iter()
            .find(|(rule, _)| *rule == name)
            .map(|(_, rule)| *rule)
    }

    pub(super) fn apply(self, field: &str) -> String {
        match self {
            Rule::Lower | Rule::Snake => field.to_owned(),
            Rule::Upper | Rule::ScreamingSnake => field.to_ascii_uppercase(),
            Rule::Pascal => pascal(field),
            Rule::Camel => {
                let pascal = pascal(field);
                let mut rest = pascal.chars();
                rest.next().map_or_else(String::new, |first| {
                    format!("{}{}", first.to_ascii_lowercase(), rest.as_str())
                })
            }
            Rule::Kebab => field.replace('_', "-"),
            Rule::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// `validated_by` as `ValidatedBy`, as serde does it.
pub(super) fn pascal(field: &str) -> String {
    let mut capitalize = true;
    let mut pascal = String::new();
    for character in field.chars() {
        if character == '_' {
            capitalize = true;
        } else if capitalize {
            pascal.push(character.to_ascii_uppercase());
            capitalize = false;
        } else {
            pascal.push(character);
        }
    }
    pascal
}

/// The variant of the change enum for a field: `validated_by` becomes `ValidatedBy`.
///
/// `_1` keeps its underscore and `self_` becomes `Self_`, because `1` and `Self` cannot be the
/// names of variants.
pub(super) fn variant(field: &str) -> String {
    let name = pascal(field);
    match name.chars().next() {
        None => field.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_names_fields_as_serde_does() {
        // The rows of serde_derive's own test.
        for (original, upper, pascal, camel, screaming, kebab, screaming_kebab) in [
            (
                "outcome", "OUTCOME", "Outcome", "outcome", "OUTCOME", "outcome", "OUTCOME",
            ),
            (
                "very_tasty",
                "VERY_TASTY",
                "VeryTasty",
                "veryTasty",
                "VERY_TASTY",
                "very-tasty",
                "VERY-TASTY",
            ),
            ("a", "A", "A", "a", "A", "a", "A"),
            ("z42", "Z42", "Z42", "z42", "Z42", "z42", "Z42"),
        ] {
            assert_eq!(Rule::Lower.apply(original), original);
            assert_eq!(Rule::Upper.apply(original), upper);
            assert_eq!(Rule::Pascal.apply(original), pascal);
            assert_eq!(Rule::Camel.apply(original), camel);
            assert_eq!(Rule::Snake.apply(original), original);
            assert_eq!(Rule::ScreamingSnake.apply(original), screaming);
            assert_eq!(Rule::Kebab.apply(original), kebab);
            assert_eq!(Rule::ScreamingKebab.apply(original), screaming_kebab);
        }
    }

    #[test]
    fn odd_names_do_not_panic() {
        assert_eq!(Rule::Camel.apply("__"), "");
        assert_eq!(Rule::Camel.apply("élan"), "élan");
        assert_eq!(variant("__"), "__");
        assert_eq!(variant("_1"), "_1");
        assert_eq!(variant("self_"), "Self_");
        assert_eq!(variant("type"), "Type");
    }
}
