//! The typed surface: what filters, updates and reads can say, on the server.

mod aggregate;
mod by_ids;
mod distinct;
mod hidden_reads;
mod matcher;
mod page_order;
mod pages;
mod projection;
mod read_options;
mod stage;
