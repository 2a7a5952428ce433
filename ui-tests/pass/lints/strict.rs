//! Generated code raises no lint in the crate that it lands in.
#![deny(
    missing_docs,
    unreachable_pub,
    private_interfaces,
    private_bounds,
    unused_qualifications,
    unused_imports,
    dead_code,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    missing_debug_implementations,
    elided_lifetimes_in_paths,
    single_use_lifetimes,
    trivial_casts,
    unused_lifetimes
)]

use monguard::prelude::*;

mod models {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
    pub(crate) struct Fulfilment {
        pub(crate) tracking: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
        #[monguard(nested)]
        parts: Vec<Fulfilment>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Secret(i64);

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "orders")]
    pub(crate) struct Order {
        pub(crate) amount: i64,
        secret: Secret,
        #[monguard(nested)]
        fulfilment: Option<Fulfilment>,
        #[serde(serialize_with = "write", default)]
        state: String,
    }

    fn write<S: serde::Serializer>(state: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(state)
    }

    impl Order {
        pub(crate) fn secret(&self) -> i64 {
            let of = |part: &Fulfilment| part.notes.len() + part.parts.len();
            self.secret.0 + self.state.len() as i64 + self.fulfilment.iter().map(of).sum::<usize>() as i64
        }
    }
}

fn main() {
    let _ = models::Order::fields().amount.gt(3);
    let _: fn(&models::Order) -> i64 = models::Order::secret;
    let _: fn(models::Fulfilment) -> Option<String> = |part| part.tracking;
}
