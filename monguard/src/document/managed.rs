/// A field that monguard writes and a model may declare to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedField {
    /// The document's id.
    Id,
    /// Its version.
    Version,
    /// When it was created.
    CreatedAt,
    /// When it was last written.
    UpdatedAt,
    /// Who created it.
    CreatedBy,
    /// Who last wrote it.
    UpdatedBy,
    /// When it was soft-deleted.
    DeletedAt,
    /// Who soft-deleted it.
    DeletedBy,
}
