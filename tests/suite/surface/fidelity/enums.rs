//! Enums in all four representations of serde.

use monguard::prelude::*;

use super::stage::{ROUNDS, Random, Specimen, Stage, check_fields};

macro_rules! enums {
    ($($(#[$attribute:meta])* $name:ident;)*) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        $(#[$attribute])*
        #[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
        enum $name {
            OneUnit,
            Inside { first_field: i32, second: Option<String> },
            One(Inner),
        }

        impl $name {
            fn any(random: &mut Random) -> Self {
                match random.of(0..3) {
                    0 => $name::OneUnit,
                    1 => $name::Inside { first_field: random.any(), second: random.any() },
                    _ => $name::One(Inner { deep: random.any() }),
                }
            }
        }
    )*};
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    deep: i64,
}

enums! {
    External;
    #[serde(tag = "kind")]
    Internal;
    #[serde(tag = "kind", content = "what")]
    Adjacent;
    #[serde(untagged)]
    Untagged;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shapes {
    Nothing,
    Tuple(i32, bool),
    Text(String),
    #[serde(rename = "OTHER", alias = "other")]
    Renamed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "enums")]
struct Enums {
    external: External,
    internal: Internal,
    adjacent: Adjacent,
    untagged: Untagged,
    optional: Option<Internal>,
    list: Vec<External>,
    shapes: Shapes,
}

impl Specimen for Enums {
    fn any(random: &mut Random) -> Self {
        let length = random.of(0..3_usize);
        Enums {
            external: External::any(random),
            internal: Internal::any(random),
            adjacent: Adjacent::any(random),
            untagged: Untagged::any(random),
            optional: random.any::<bool>().then(|| Internal::any(random)),
            list: (0..length).map(|_| External::any(random)).collect(),
            shapes: match random.of(0..4) {
                0 => Shapes::Nothing,
                1 => Shapes::Tuple(random.any(), random.any()),
                2 => Shapes::Text(random.word()),
                _ => Shapes::Renamed,
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn enums_are_stored_as_serde_writes_them() {
    check_fields!(Enums: external, internal, adjacent, untagged, optional, list, shapes);
}
