//! A model of many like fields.

/// Declares a model: its name, collection and label, the length of its texts, and their fields.
macro_rules! sample {
    (#[doc = $doc:literal] $name:ident, $collection:literal, $label:literal, $length:literal; $($field:ident)*) => {
        use monguard::prelude::*;

        #[doc = $doc]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
        #[monguard(collection = $collection)]
        pub struct $name {
            counter: i64,
            $($field: String,)*
        }

        impl $crate::models::Texts for $name {
            const FIELDS: usize = 1 + [$(stringify!($field)),*].len();
            const LENGTH: usize = $length;
        }

        impl $crate::models::Sample for $name {
            const LABEL: &'static str = $label;

            fn sample() -> Self {
                let mut number = 0;
                let mut next = || {
                    number += 1;
                    $crate::models::text(number, $length)
                };
                $name { counter: 0, $($field: next(),)* }
            }

            fn set_counter<U>(update: Update<Self, U>, value: i64) -> Update<Self, U> {
                update.set(|model| model.counter, value)
            }

            fn counter(&self) -> i64 {
                self.counter
            }
        }
    };
}

pub(super) use sample;
