//! A document of 200 texts, about 15 KB.
//!
//! In ten parts of twenty fields: what serde's derive generates for one struct of 200 texts is read
//! by a function that LLVM takes minutes to optimize, whatever else the struct derives.

use monguard::prelude::*;

use super::{Sample, Texts, text};

/// A document of 200 texts, about 15 KB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "wide")]
pub struct Wide {
    counter: i64,
    #[monguard(nested)]
    p0: Part,
    #[monguard(nested)]
    p1: Part,
    #[monguard(nested)]
    p2: Part,
    #[monguard(nested)]
    p3: Part,
    #[monguard(nested)]
    p4: Part,
    #[monguard(nested)]
    p5: Part,
    #[monguard(nested)]
    p6: Part,
    #[monguard(nested)]
    p7: Part,
    #[monguard(nested)]
    p8: Part,
    #[monguard(nested)]
    p9: Part,
}

/// Declares the part: its fields are numbered by their places.
macro_rules! part {
    ($($field:ident)*) => {
        /// Twenty texts.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
        pub struct Part {
            $($field: String,)*
        }

        impl Part {
            const FIELDS: usize = [$(stringify!($field)),*].len();

            fn sample(part: usize) -> Self {
                let mut number = part * Self::FIELDS;
                let mut next = || {
                    number += 1;
                    text(number, Wide::LENGTH)
                };
                Part { $($field: next(),)* }
            }
        }
    };
}

part! {
    f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19
}

impl Texts for Wide {
    const FIELDS: usize = 1 + 10 * Part::FIELDS;
    const LENGTH: usize = 64;
}

impl Sample for Wide {
    const LABEL: &'static str = "15 KB";

    fn sample() -> Self {
        Wide {
            counter: 0,
            p0: Part::sample(0),
            p1: Part::sample(1),
            p2: Part::sample(2),
            p3: Part::sample(3),
            p4: Part::sample(4),
            p5: Part::sample(5),
            p6: Part::sample(6),
            p7: Part::sample(7),
            p8: Part::sample(8),
            p9: Part::sample(9),
        }
    }

    fn set_counter<U>(update: Update<Self, U>, value: i64) -> Update<Self, U> {
        update.set(|model| model.counter, value)
    }

    fn counter(&self) -> i64 {
        self.counter
    }
}
