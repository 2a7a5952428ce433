use proc_macro2::Ident;
use quote::format_ident;

use super::{Audit, Field, Flat, Header, Index, Kind, Managed, Model, Role, VersionKind};
use crate::attr::{Key, Value};

impl Header {
    /// The struct of handles: `OrderFields`.
    pub(crate) fn fields_ident(&self) -> Ident {
        format_ident!("{}Fields", self.ident)
    }

    /// The enum of changes: `OrderChange`.
    pub(crate) fn change_ident(&self) -> Ident {
        format_ident!("{}Change", self.ident)
    }

    /// The collection's name; empty where it is missing, which `check` has reported.
    pub(crate) fn collection(&self) -> String {
        match self
            .attributes
            .get(Key::Collection)
            .map(|given| &given.value)
        {
            Some(Value::Text(name)) => name.value(),
            Some(_) | None => String::new(),
        }
    }
}

impl Model {
    pub(crate) fn is_document(&self) -> bool {
        match self.header.kind {
            Kind::Model => true,
            Kind::Nested | Kind::Projection => false,
        }
    }

    /// The fields that are part of the stored document. One of a reserved name has been reported,
    /// and would clash with what is generated.
    pub(crate) fn stored_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| field.is_stored() && !field.is_reserved())
    }

    /// The fields whose changes are shown.
    pub(crate) fn tracked_fields(&self) -> impl Iterator<Item = &Field> {
        self.stored_fields()
            .filter(|field| field.audit != Audit::Skip && !field.is_managed())
    }

    /// The fields with handles of their own inside.
    pub(crate) fn nested_fields(&self) -> impl Iterator<Item = &Field> {
        self.stored_fields()
            .filter(|field| field.has_inner_handles())
    }

    /// The fields with an entry of their own in the table of fields.
    pub(crate) fn listed_fields(&self) -> impl Iterator<Item = &Field> {
        self.stored_fields()
            .filter(|field| field.flat() != Some(Flat::Unknown))
    }

    /// Whether fields of other structs are stored among those of the struct.
    pub(crate) fn flattens(&self) -> bool {
        self.stored_fields()
            .any(|field| field.flat() == Some(Flat::Inline))
    }

    /// The map of the fields that the model does not know.
    pub(crate) fn unknown_fields(&self) -> Option<&Field> {
        self.stored_fields()
            .find(|field| field.flat() == Some(Flat::Unknown))
    }

    pub(crate) fn managed_field(&self, wanted: Managed) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| matches!(field.role, Role::Managed(managed, _) if managed == wanted))
    }

    pub(crate) fn id_field(&self) -> Option<&Field> {
        self.managed_field(Managed::Id)
    }

    pub(crate) fn version_field(&self) -> Option<&Field> {
        self.managed_field(Managed::Version)
    }

    /// What kind of version the documents have: what the field marked `version` says, else the
    /// struct.
    pub(crate) fn version_kind(&self) -> VersionKind {
        let on_field = self.version_field().map(|field| &field.attributes);
        let attributes = on_field.unwrap_or(&self.header.attributes);
        match attributes.get(Key::Version).map(|given| &given.value) {
            Some(Value::Choice("uuid")) => VersionKind::Token,
            Some(_) | None => VersionKind::Counter,
        }
    }

    /// The name that the version is stored under, where it is not `__v`.
    pub(crate) fn version_name(&self) -> Option<String> {
        if let Some(field) = self.version_field() {
            return Some(field.stored.name.clone());
        }
        let given = self.header.attributes.get(Key::VersionName);
        match given.map(|given| &given.value) {
            Some(Value::Text(name)) => Some(name.value()),
            Some(_) | None => None,
        }
    }

    /// The fields of the shard key, in its order.
    pub(crate) fn shard_key(&self) -> impl Iterator<Item = &Field> {
        self.stored_fields().filter(|field| field.is_shard_key())
    }

    /// The fields of the shard key beside the id: what finds a document together with it.
    pub(crate) fn locating_fields(&self) -> impl Iterator<Item = &Field> {
        self.shard_key().filter(|field| !field.is_managed())
    }

    /// Whether the last handle is that of a nested struct, whose size rustc cannot tell where the
    /// struct lacks its derive.
    pub(crate) fn ends_on_nested_handle(&self) -> bool {
        let last = self.stored_fields().last();
        self.declares_id_handle() && last.is_some_and(Field::has_inner_handles)
    }

    /// Whether the model has a field `id` of its own, so that the handle `id` is not generated.
    pub(crate) fn declares_id_handle(&self) -> bool {
        self.stored_fields().any(|field| field.name == "id")
    }

    /// The indexes all of whose fields have handles. Of the others a mistake has been reported.
    pub(crate) fn sound_indexes(&self) -> impl Iterator<Item = &Index> {
        self.indexes.iter().filter(|index| {
            !index.keys.is_empty() && index.keys.iter().all(|key| key.has_handle(self))
        })
    }

    /// Whether a create may carry an idempotency key beside the document.
    pub(crate) fn accepts_idempotency_keys(&self) -> bool {
        self.header.attributes.has(Key::IdempotencyKey)
    }

    /// Whether the audit trail hides a field of the struct itself. A skipped field counts: a parent
    /// that does not look inside would log it.
    pub(crate) fn hides_own_fields(&self) -> bool {
        self.stored_fields().any(|field| field.audit != Audit::Log)
    }
}
