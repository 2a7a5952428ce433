use super::Subject;

/// A unique index already has this value. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[error("write to {subject} rejected: {} already has this value", index_text(.index, .fields))]
pub struct DuplicateKey {
    subject: Subject,
    index: String,
    fields: Vec<String>,
    #[source]
    cause: Option<mongodb::error::Error>,
}

/// Not every server names the index and its fields.
fn index_text(index: &str, fields: &[String]) -> String {
    match (index, fields) {
        ("", []) => "a unique index".to_owned(),
        (index, []) => format!("the unique index `{index}`"),
        ("", fields) => format!("the unique index on `{}`", fields.join("`, `")),
        (index, fields) => format!("the unique index `{index}` on `{}`", fields.join("`, `")),
    }
}

impl DuplicateKey {
    pub(crate) fn new(
        subject: Subject,
        index: String,
        fields: Vec<String>,
        cause: Option<mongodb::error::Error>,
    ) -> Self {
        DuplicateKey {
            subject,
            index,
            fields,
            cause,
        }
    }

    /// The document that was to be written.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The name of the violated index; empty where the server does not say.
    #[must_use]
    pub fn index(&self) -> &str {
        &self.index
    }

    /// The stored names of the index's fields; none where the server does not say.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }
}

/// The idempotency key was used before, for another request. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[error(
    "create of {subject} rejected: its idempotency key `{field}` was used before, for another request"
)]
pub struct IdempotencyMismatch {
    subject: Subject,
    field: String,
}

impl IdempotencyMismatch {
    pub(crate) fn new(subject: Subject, field: String) -> Self {
        IdempotencyMismatch { subject, field }
    }

    /// The document that the first request created.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The stored name of the key.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}
