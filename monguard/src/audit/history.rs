use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use mongodb::bson::{Bson, Document};
use serde::de::DeserializeOwned;

use super::chain::{EntryView, Head, Link, order};
use super::entry::is_omitted;
use super::reread::hide;
use super::shown::{Lead, lead, shown_path};
use super::{Change, Delta, EntryChange, PathChange, RawEntry};
use crate::document::Versioned;
use crate::error::{Decode, Error, Result, Subject};
use crate::field::{FieldOf, ReadablePath, addressable};
use crate::value::{decode, equal};

/// One entry of a document's history: a [`RawEntry`], its place, and its changes typed.
pub struct AuditEntry<T> {
    entry: RawEntry,
    life: usize,
    link: Link,
    model: PhantomData<fn() -> T>,
}

impl<T> AuditEntry<T> {
    /// Which life of the document it belongs to, from 0: an id that was hard-deleted and created
    /// again begins another.
    #[must_use]
    pub fn life(&self) -> usize {
        self.life
    }

    /// Whether the entry follows the one before it without a gap: nothing is missing in between.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        matches!(self.link, Link::First | Link::Linked)
    }

    /// Whether it stands beside the entry that the document went on from.
    #[must_use]
    pub fn is_fork(&self) -> bool {
        self.link == Link::Fork
    }

    /// Whether it names no version, as entries of the TypeScript monguard do, and stands where its
    /// time puts it.
    #[must_use]
    pub fn is_unversioned(&self) -> bool {
        self.link == Link::Unversioned
    }

    /// The entry by value.
    #[must_use]
    pub fn into_raw(self) -> RawEntry {
        self.entry
    }
}

impl<T> Deref for AuditEntry<T> {
    type Target = RawEntry;
    fn deref(&self) -> &RawEntry {
        &self.entry
    }
}

impl<T> Clone for AuditEntry<T> {
    fn clone(&self) -> Self {
        let entry = self.entry.clone();
        AuditEntry {
            entry,
            life: self.life,
            link: self.link,
            model: PhantomData,
        }
    }
}

impl<T> fmt::Debug for AuditEntry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditEntry")
            .field("entry", &self.entry)
            .field("life", &self.life)
            .field("link", &self.link)
            .finish()
    }
}

/// A document's entries in the order of its history, without what the model hides.
/// `head`: the last operation on it.
pub(crate) fn in_order<T: Versioned>(
    (entries, head): (Vec<RawEntry>, Option<Head>),
) -> Vec<AuditEntry<T>> {
    let views: Vec<EntryView> = entries.iter().map(EntryView::of).collect();
    let mut entries: Vec<Option<RawEntry>> = entries.into_iter().map(Some).collect();
    let placed = order(views, head).into_iter().filter_map(|placed| {
        let entry = entries.get_mut(placed.index)?.take()?;
        Some(AuditEntry {
            entry: hide(&T::META, entry),
            life: placed.life,
            link: placed.link,
            model: PhantomData,
        })
    });
    placed.collect()
}

/// The values before and after at one path; `None` on a side where there was none.
type Sides = (Option<Bson>, Option<Bson>);

impl<T: Versioned> AuditEntry<T> {
    /// The old and the new value of one field, if this entry changed it.
    ///
    /// A side where the field did not exist is read as null: ask for an `Option` field, or see
    /// [`RawEntry::change`]. The entry of a creation changes nothing.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(orders: Collection<Order>, order: Stored<Order>) -> monguard::Result<()> {
    /// for entry in orders.history(order.id()).await? {
    ///     if let Some(Change { old, new }) = entry.changed(|o| o.amount)? {
    ///         println!("{old} became {new}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] where a value is not as the model says, and [`Error::Unsupported`] where
    /// the entry does not tell: it hides the values or a part of them, they were too large for it,
    /// or it holds only the changes inside the field.
    pub fn changed<F>(&self, field: impl FnOnce(T::Fields) -> F) -> Result<Option<Change<F::Value>>>
    where
        F: FieldOf<T, Value: DeserializeOwned, Path: ReadablePath>,
    {
        let path = addressable(&field(T::fields()).whole().steps())
            .map_err(|refused| self.untold(&refused.0, "has no such key: no path can hold it"))?;
        let Some((old, new)) = self.sides(&path)? else {
            return Ok(None);
        };
        let read = |side: Option<Bson>| {
            decode(&side.unwrap_or(Bson::Null)).map_err(|error| self.undecodable(&path, error))
        };
        Ok(Some(Change {
            old: read(old)?,
            new: read(new)?,
        }))
    }

    fn sides(&self, path: &str) -> Result<Option<Sides>> {
        match lead(&T::META, path) {
            Lead::LeftOut(_) => return Err(self.untold(path, "is left out of the audit log")),
            Lead::Redacted(hidden) if self.touches(hidden) => {
                return Err(self.untold(path, "is redacted in the audit log"));
            }
            Lead::Shown(Some(_)) if self.touches(path) => {
                return Err(self.untold(path, "is partly redacted: ask for a field in it"));
            }
            Lead::Redacted(_) | Lead::Shown(Some(_)) => return Ok(None),
            Lead::Shown(None) | Lead::Unknown(_) => {}
        }
        match &self.entry.change {
            EntryChange::Delta(delta) | EntryChange::RestoredDelta(delta) => {
                self.in_delta(delta, path)
            }
            EntryChange::Full { before, after, .. }
            | EntryChange::Restored { before, after, .. } => match (before, after) {
                (Some(before), Some(after)) => {
                    Ok(differing((value_at(before, path), value_at(after, path))))
                }
                _ => Err(self.untold(path, "is not in the entry, which lacks an image")),
            },
            _ => Ok(None),
        }
    }

    /// Whether the entry may be about a change at, above or below a path.
    fn touches(&self, path: &str) -> bool {
        match &self.entry.change {
            EntryChange::Delta(delta) | EntryChange::RestoredDelta(delta) => {
                let about = |change: &str| {
                    change == path || is_above(change, path) || is_above(path, change)
                };
                delta.iter().any(|change| about(&change.path))
            }
            EntryChange::Full { changes, .. } | EntryChange::Restored { changes, .. } => {
                let top = path.split('.').next();
                changes.is_empty() || changes.iter().any(|name| Some(name.as_str()) == top)
            }
            _ => false,
        }
    }

    fn in_delta(&self, delta: &Delta, path: &str) -> Result<Option<Sides>> {
        for change in delta {
            let is_about = change.path == path || is_above(&change.path, path);
            if is_about && (change.unrecoverable || self.is_omitted(change)) {
                return Err(self.untold(path, "has values that are not in the entry"));
            }
            if change.path == path {
                return Ok(Some((change.old.clone(), change.new.clone())));
            }
            if is_above(path, &change.path) {
                return Err(self.untold(path, "changed inside: ask for a field in it"));
            }
            if is_about {
                let inside = path.get(change.path.len()..).unwrap_or_default();
                let inside = inside.trim_start_matches('.');
                let side = |whole: &Option<Bson>| value_inside(whole.as_ref()?, inside);
                return Ok(differing((side(&change.old), side(&change.new))));
            }
        }
        Ok(None)
    }

    fn is_omitted(&self, change: &PathChange) -> bool {
        let sides = [&change.old, &change.new];
        self.entry.image_omitted && sides.into_iter().flatten().any(is_omitted)
    }

    fn untold(&self, path: &str, why: &str) -> Error {
        let path = shown_path(&T::META, path);
        Error::Unsupported(format!("field `{path}` of {} {why}", self.subject()))
    }

    fn undecodable(&self, path: &str, error: mongodb::bson::error::Error) -> Error {
        let cause = (!T::META.redacts()).then_some(error);
        let path = shown_path(&T::META, path);
        Decode::new(self.subject(), Some(path.to_owned()), None, cause).into()
    }

    fn subject(&self) -> Subject {
        let id = Some(self.entry.document_id.clone());
        Subject::new(T::META.name(), self.entry.collection.as_str().into(), id)
    }
}

/// Whether a path leads through another one.
fn is_above(above: &str, below: &str) -> bool {
    let rest = below.strip_prefix(above);
    rest.is_some_and(|rest| rest.starts_with('.') || (above.is_empty() && !rest.is_empty()))
}

fn differing((old, new): Sides) -> Option<Sides> {
    let is_same = match (&old, &new) {
        (Some(old), Some(new)) => equal(old, new),
        (old, new) => old.is_none() && new.is_none(),
    };
    (!is_same).then_some((old, new))
}

fn value_at(document: &Document, path: &str) -> Option<Bson> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    value_inside(document.get(name)?, rest)
}

/// The value at a path inside of another; that value itself, where the path is empty.
fn value_inside(whole: &Bson, path: &str) -> Option<Bson> {
    let mut value = whole;
    for step in path.split('.').filter(|_| !path.is_empty()) {
        value = match value {
            Bson::Document(inside) => inside.get(step)?,
            Bson::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value.clone())
}
