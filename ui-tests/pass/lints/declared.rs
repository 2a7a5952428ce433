//! Neither does it in a crate that declares its models by a macro of its own: what its tokens make
//! is that crate's code to the compiler.
#![deny(
    missing_docs,
    unreachable_pub,
    private_interfaces,
    unused_qualifications,
    unused,
    nonstandard_style,
    missing_debug_implementations
)]

use monguard::prelude::*;

macro_rules! model {
    ($doc:literal $part:ident $name:ident: $($field:ident)*) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
        pub struct $part {
            $($field: String,)*
        }

        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
        #[monguard(collection = "models")]
        pub struct $name {
            amount: i64,
            #[monguard(nested)]
            part: Option<$part>,
            $($field: String,)*
        }

        impl $name {
            /// The amount.
            pub fn amount(&self) -> i64 {
                self.amount
            }
        }
    };
}

model! { "A model." Part Model: first second }

fn main() {
    let _ = Model::fields().amount.gt(3);
    let _: fn(&Model) -> i64 = Model::amount;
}
