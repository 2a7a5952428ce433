use std::fmt;

use mongodb::IndexModel;
use mongodb::bson::{Bson, Document};

use super::plan::name_of;
use super::validator::{WrittenField, forbids};
use super::wanted::WantedIndex;

/// Something about a collection that would take entries from the audit, or keep writes from being
/// made. It says what to do; nothing is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hazard {
    /// An index expires documents, with the entries that they carry.
    ExpiringDocuments {
        /// The collection of the model.
        collection: String,
        /// The index: declared by the model, or found on the server.
        index: String,
    },
    /// The server drops the oldest documents, with the entries that they carry.
    CappedDocuments {
        /// The collection of the model.
        collection: String,
    },
    /// A validator takes no document with fields that monguard writes.
    ForbiddenFields {
        /// The collection of the model, or the audit log.
        collection: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// An index expires entries of the audit log.
    ExpiringEntries {
        /// The audit log.
        collection: String,
        /// The index.
        index: String,
    },
    /// A unique index refuses entries of the audit log for good.
    UniqueEntries {
        /// The audit log.
        collection: String,
        /// The index.
        index: String,
    },
    /// The server drops the oldest entries of the audit log.
    CappedEntries {
        /// The audit log.
        collection: String,
    },
    /// The audit log is a time-series collection, whose entries have no id of their own.
    TimeSeriesEntries {
        /// The audit log.
        collection: String,
    },
}

impl Hazard {
    /// The collection.
    #[must_use]
    pub fn collection(&self) -> &str {
        match self {
            Hazard::ExpiringDocuments { collection, .. }
            | Hazard::CappedDocuments { collection }
            | Hazard::ForbiddenFields { collection, .. }
            | Hazard::ExpiringEntries { collection, .. }
            | Hazard::UniqueEntries { collection, .. }
            | Hazard::CappedEntries { collection }
            | Hazard::TimeSeriesEntries { collection } => collection,
        }
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hazard::ExpiringDocuments { collection, index } => write!(
                f,
                "index `{index}` would expire documents of `{collection}`, and with them the audit entries that they carry: remove it, and hard-delete what is due in a job, or choose `Audit::after_write()` for the model with `audit_of`"
            ),
            Hazard::CappedDocuments { collection } => write!(
                f,
                "`{collection}` is capped, and loses the audit entries that its documents carry: use another collection, or choose `Audit::after_write()` for the model with `audit_of`"
            ),
            Hazard::ForbiddenFields { collection, fields } => write!(
                f,
                "the validator of `{collection}` takes no document with `{}`, which monguard writes: add them to its `properties`",
                fields.join("`, `")
            ),
            Hazard::ExpiringEntries { collection, index } => write!(
                f,
                "index `{index}` expires entries of the audit log `{collection}`: drop it, and remove old entries in a job"
            ),
            Hazard::UniqueEntries { collection, index } => write!(
                f,
                "index `{index}` of the audit log `{collection}` is unique, and refuses entries for good: drop it, or make it one that is not unique"
            ),
            Hazard::CappedEntries { collection } => write!(
                f,
                "the audit log `{collection}` is capped, and loses its oldest entries: name another collection with `audit_collection`"
            ),
            Hazard::TimeSeriesEntries { collection } => write!(
                f,
                "the audit log `{collection}` is a time-series collection, where one entry can be there twice: name another collection with `audit_collection`"
            ),
        }
    }
}

/// How the server stores a collection, as far as it matters to the audit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Storage {
    is_capped: bool,
    is_time_series: bool,
    /// What each document has to meet.
    validator: Option<Document>,
}

impl Storage {
    /// By its description, as `listCollections` gives it.
    pub(crate) fn read(description: &Document) -> Self {
        let none = Document::new();
        let options = description.get_document("options").unwrap_or(&none);
        let says = |name: &str, value: &str| options.get_str(name).is_ok_and(|is| is == value);
        let is_enforced = !says("validationAction", "warn") && !says("validationLevel", "off");
        let validator = options.get_document("validator").ok();
        Storage {
            is_capped: options.get("capped").is_some_and(is_true),
            is_time_series: options.contains_key("timeseries"),
            validator: validator.filter(|_| is_enforced).cloned(),
        }
    }
}

fn is_true(value: &Bson) -> bool {
    !matches!(value, Bson::Boolean(false) | Bson::Int32(0) | Bson::Null)
}

/// A collection as it is, and what shall be there.
#[derive(Debug)]
pub(crate) struct Looked<'a> {
    pub(crate) collection: &'a str,
    pub(crate) storage: &'a Storage,
    pub(crate) existing: &'a [IndexModel],
}

impl Looked<'_> {
    /// What is in the way in the collection of a model. `carries`: its documents carry entries.
    pub(crate) fn hazards_of_documents(
        &self,
        wanted: &[WantedIndex],
        written: &[WrittenField],
        carries: bool,
    ) -> Vec<Hazard> {
        let collection = || self.collection.to_owned();
        let mut hazards = Vec::new();
        if carries {
            let declared = wanted.iter().filter(|index| index.expire_after.is_some());
            let mut expiring: Vec<String> = declared.map(|index| index.name.clone()).collect();
            let others = self
                .expiring()
                .filter(|name| !wanted.iter().any(|index| index.name == *name));
            expiring.extend(others);
            let hazard = |index| Hazard::ExpiringDocuments {
                collection: collection(),
                index,
            };
            hazards.extend(expiring.into_iter().map(hazard));
            if self.storage.is_capped {
                hazards.push(Hazard::CappedDocuments {
                    collection: collection(),
                });
            }
        }
        hazards.extend(self.forbidden(written));
        hazards
    }

    /// What is in the way in the audit log.
    pub(crate) fn hazards_of_entries(&self, written: &[WrittenField]) -> Vec<Hazard> {
        /// The index of the id, which is unique as it has to be.
        const OF_THE_ID: &str = "_id_";
        let collection = || self.collection.to_owned();
        let mut hazards = Vec::new();
        if self.storage.is_capped {
            hazards.push(Hazard::CappedEntries {
                collection: collection(),
            });
        }
        if self.storage.is_time_series {
            hazards.push(Hazard::TimeSeriesEntries {
                collection: collection(),
            });
        }
        let expiring = self.expiring();
        hazards.extend(expiring.map(|index| Hazard::ExpiringEntries {
            collection: collection(),
            index,
        }));
        let unique = self
            .existing
            .iter()
            .filter(|index| is_unique(index))
            .map(name_of);
        let unique = unique.filter(|name| name != OF_THE_ID);
        hazards.extend(unique.map(|index| Hazard::UniqueEntries {
            collection: collection(),
            index,
        }));
        hazards.extend(self.forbidden(written));
        hazards
    }

    /// The names of the indexes that expire documents.
    fn expiring(&self) -> impl Iterator<Item = String> {
        let expiring = self.existing.iter().filter(|index| {
            index
                .options
                .as_ref()
                .is_some_and(|options| options.expire_after.is_some())
        });
        expiring.map(name_of)
    }

    fn forbidden(&self, written: &[WrittenField]) -> Option<Hazard> {
        let validator = self.storage.validator.as_ref()?;
        let forbidden = written.iter().filter(|field| forbids(validator, **field));
        let fields: Vec<String> = forbidden.map(|field| field.name.to_owned()).collect();
        let collection = self.collection.to_owned();
        (!fields.is_empty()).then_some(Hazard::ForbiddenFields { collection, fields })
    }
}

fn is_unique(index: &IndexModel) -> bool {
    index
        .options
        .as_ref()
        .is_some_and(|options| options.unique == Some(true))
}
