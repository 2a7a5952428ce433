//! The typed surface: what can be written, asked and read, field by field.

mod fidelity;
