//! What may be done with fields of other crates' types, each behind the feature of its name: a
//! program cannot implement the traits for them itself.

#[cfg(feature = "chrono-0_4")]
mod chrono;
#[cfg(feature = "jiff-0_2")]
mod jiff;
#[cfg(feature = "time-0_3")]
mod time;
#[cfg(feature = "uuid-1")]
mod uuid;
