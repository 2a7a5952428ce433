//! Every rule of `rename_all`, and names of a field's own.

use monguard::prelude::*;

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

/// A nested struct with this rule.
macro_rules! ruled {
    ($($name:ident, $rule:literal;)*) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
        #[serde(rename_all = $rule)]
        #[allow(non_snake_case)] // a rule must cope with any name
        struct $name {
            one: i32,
            two_words: String,
            _led: bool,
            with__gap: i32,
            v2_number: i32,
            #[serde(rename = "Own Name")]
            renamed: i32,
            #[serde(rename(serialize = "both", deserialize = "both"), alias = "earlier")]
            both: i32,
            #[serde(skip)]
            skipped: i32,
        }

        impl $name {
            fn any(random: &mut Random) -> Self {
                $name {
                    one: random.any(),
                    two_words: random.word(),
                    _led: random.any(),
                    with__gap: random.any(),
                    v2_number: random.any(),
                    renamed: random.any(),
                    both: random.any(),
                    skipped: 0,
                }
            }
        }
    )*};
}

ruled! {
    Lower, "lowercase";
    Upper, "UPPERCASE";
    Pascal, "PascalCase";
    Camel, "camelCase";
    Snake, "snake_case";
    ScreamingSnake, "SCREAMING_SNAKE_CASE";
    Kebab, "kebab-case";
    ScreamingKebab, "SCREAMING-KEBAB-CASE";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all(serialize = "PascalCase", deserialize = "PascalCase"))]
#[monguard(collection = "names")]
struct Names {
    #[monguard(nested)]
    lower: Lower,
    #[monguard(nested)]
    upper: Upper,
    #[monguard(nested)]
    pascal: Pascal,
    #[monguard(nested)]
    camel: Camel,
    #[monguard(nested)]
    snake: Snake,
    #[monguard(nested)]
    screaming_snake: ScreamingSnake,
    #[monguard(nested)]
    kebab: Kebab,
    #[monguard(nested)]
    screaming_kebab: ScreamingKebab,
    #[cfg_attr(all(), serde(rename = "conditional"))]
    by_cfg: i32,
}

impl Specimen for Names {
    fn any(random: &mut Random) -> Self {
        Names {
            lower: Lower::any(random),
            upper: Upper::any(random),
            pascal: Pascal::any(random),
            camel: Camel::any(random),
            snake: Snake::any(random),
            screaming_snake: ScreamingSnake::any(random),
            kebab: Kebab::any(random),
            screaming_kebab: ScreamingKebab::any(random),
            by_cfg: random.any(),
        }
    }
}

macro_rules! check_all_of {
    ($($part:ident),*) => {$(
        check_fields!(Names: $part.one, $part.two_words, $part._led, $part.with__gap, $part.v2_number, $part.renamed, $part.both, $part);
    )*};
}

#[tokio::test(flavor = "multi_thread")]
async fn names_by_the_first_rules_are_those_of_serde() {
    check_all_of!(lower, upper, pascal, camel);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_by_the_other_rules_are_those_of_serde() {
    check_all_of!(snake, screaming_snake, kebab, screaming_kebab);
    check_fields!(Names: by_cfg);
}
