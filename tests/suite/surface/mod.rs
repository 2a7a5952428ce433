//! The typed surface: what filters, updates and reads can say, on the server.

mod matcher;
