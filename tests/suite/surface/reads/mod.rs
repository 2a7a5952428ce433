//! Reads: parts of documents, pages, ids, values and pipelines.

mod aggregate;
mod by_ids;
mod distinct;
mod hidden;
mod options;
mod page_order;
mod pages;
mod projection;
mod stage;
