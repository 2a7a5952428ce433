//! The audit trail: what each guarantee promises, whatever happens.

mod many;
