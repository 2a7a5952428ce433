//! Each fault does what it says.

mod connections;
mod cut;
mod delay;
mod gate;
mod partial;
mod streamed;
mod transparent;
