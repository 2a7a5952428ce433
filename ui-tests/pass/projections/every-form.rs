#![no_implicit_prelude]
#![deny(missing_docs, unused_qualifications)]
//! Projections of a model in another module, with names that are keywords, by a renamed crate.

mod facade {
    pub use ::monguard as guard;
}

/// The model.
pub mod shop {
    /// Inside.
    #[derive(
        ::std::fmt::Debug,
        ::std::clone::Clone,
        ::std::default::Default,
        ::std::cmp::PartialEq,
        ::serde::Serialize,
        ::serde::Deserialize,
        crate::facade::guard::Nested,
    )]
    #[serde(default)]
    #[monguard(crate = "crate::facade::guard")]
    pub struct Part {
        /// A keyword.
        pub r#type: ::std::string::String,
        /// Read in a way of its own.
        #[serde(with = "reversed", default)]
        pub word: ::std::string::String,
    }

    /// The model.
    #[derive(
        ::std::fmt::Debug,
        ::std::clone::Clone,
        ::std::cmp::PartialEq,
        ::serde::Serialize,
        ::serde::Deserialize,
        crate::facade::guard::Versioned,
    )]
    #[monguard(collection = "orders", crate = "crate::facade::guard")]
    pub struct Order {
        /// A number.
        #[serde(default = "five")]
        pub amount: i64,
        /// Inside.
        #[serde(default)]
        #[monguard(nested)]
        pub part: Part,
        /// Many.
        #[monguard(nested)]
        pub parts: ::std::vec::Vec<Part>,
    }

    fn five() -> i64 {
        5
    }

    mod reversed {
        pub(super) fn serialize<S: ::serde::Serializer>(
            word: &str,
            to: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            to.serialize_str(word)
        }
        pub(super) fn deserialize<'de, D: ::serde::Deserializer<'de>>(
            from: D,
        ) -> ::std::result::Result<::std::string::String, D::Error> {
            <::std::string::String as ::serde::Deserialize>::deserialize(from)
        }
    }
}

/// Some of it.
#[derive(::std::fmt::Debug, facade::guard::Projection)]
#[monguard(model = "shop::Order", crate = "facade::guard")]
pub struct Line {
    /// A number.
    pub amount: i64,
    #[monguard(path = "part.type")]
    r#type: ::std::string::String,
    #[monguard(path = "part")]
    whole: shop::Part,
    parts: ::std::vec::Vec<shop::Part>,
}

/// Reads it.
pub fn read(orders: &facade::guard::Collection<shop::Order>) {
    let every = |_| facade::guard::Filter::all();
    let find = || orders.find(every);
    ::std::mem::drop(find().select_as::<Line>());
    ::std::mem::drop(find().page(5).select(|o| (o.amount, o.part.word, o.parts.index(0).r#type)));
    ::std::mem::drop(find().select(|o| o.part).with_revision());
}

fn main() {
    let line = |line: Line| (line.amount, line.r#type, line.whole, line.parts);
    ::std::mem::drop(line);
}
