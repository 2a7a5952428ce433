//! What models, builders and reads can say.

mod etags;
mod including_deleted;
mod sharded;
mod stage;
mod tokens;
