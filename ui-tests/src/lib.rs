//! What the cases share: the models that they use, and the compiler that they are put to.

pub mod compiler;
pub mod cost;
pub mod shop;
pub mod stock;
