use std::cmp::Reverse;

use mongodb::bson::{Bson, Document, doc};

use super::names;
use crate::value::Measure;

/// What one document of the log may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EntryLimits {
    /// Its size in bytes. Default: 16 MiB, the server's limit.
    pub(crate) bytes: usize,
    /// Levels of documents and arrays. Default: 100, the server's documented limit.
    pub(crate) depth: usize,
}

impl Default for EntryLimits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            depth: 100,
        }
    }
}

impl EntryLimits {
    pub(super) fn hold(self, measure: Measure) -> bool {
        measure.bytes <= self.bytes && measure.depth <= self.depth
    }
}

/// An entry is too large even without its images.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an audit entry of {bytes} bytes and {depth} levels is too large for the log \
     ({} bytes, {} levels)", limits.bytes, limits.depth
)]
pub(crate) struct EntryTooLarge {
    /// Its size in bytes, without images.
    pub(crate) bytes: usize,
    /// Its levels, without images.
    pub(crate) depth: usize,
    /// What the log can hold.
    pub(crate) limits: EntryLimits,
}

/// The entry within the limits: its largest images and values make room until it fits.
pub(super) fn fitted(mut entry: Document, limits: EntryLimits) -> Result<Document, EntryTooLarge> {
    if limits.hold(Measure::of_document(&entry)) {
        return Ok(entry);
    }
    if let Some(Bson::Document(metadata)) = entry.get_mut(names::METADATA) {
        metadata.insert(names::IMAGE_OMITTED, true);
    }
    omit_images(&mut entry, limits);
    omit_values(&mut entry, limits);
    let Measure { bytes, depth } = Measure::of_document(&entry);
    if limits.hold(Measure { bytes, depth }) {
        Ok(entry)
    } else {
        Err(EntryTooLarge {
            bytes,
            depth,
            limits,
        })
    }
}

/// Leaves out the larger image first, then the other one.
fn omit_images(entry: &mut Document, limits: EntryLimits) {
    loop {
        let total = Measure::of_document(entry);
        let Some(Bson::Document(metadata)) = entry.get_mut(names::METADATA) else {
            return;
        };
        let images = [names::BEFORE, names::AFTER].into_iter();
        let largest = images
            .filter(|name| metadata.contains_key(name))
            .max_by_key(|name| {
                let measure = metadata.get(name).map(Measure::of).unwrap_or_default();
                if total.bytes > limits.bytes {
                    measure.bytes
                } else {
                    measure.depth
                }
            });
        match largest {
            Some(name) if !limits.hold(total) => metadata.remove(name),
            _ => return,
        };
    }
}

/// Replaces the values of a delta, the largest first, as far as that makes it smaller; where its
/// paths alone are too many, the whole of it.
fn omit_values(entry: &mut Document, limits: EntryLimits) {
    let mut total = Measure::of_document(entry);
    let Some(Bson::Document(metadata)) = entry.get_mut(names::METADATA) else {
        return;
    };
    let Some(Bson::Document(changes)) = metadata.get_mut(names::DELTA_CHANGES) else {
        return;
    };
    let mut values: Vec<(Measure, &mut Bson)> = Vec::new();
    for (_, change) in changes.iter_mut() {
        let Bson::Document(change) = change else {
            continue;
        };
        values.extend(
            change
                .iter_mut()
                .map(|(_, value)| (Measure::of(&*value), value)),
        );
    }
    values.sort_by_key(|(measure, _)| Reverse(measure.bytes));
    let small = Measure::of(&omitted());
    for (measure, value) in values {
        // The entry, its metadata, the delta, the change.
        let is_too_deep = 4 + measure.depth > limits.depth;
        let makes_room = total.bytes > limits.bytes && measure.bytes > small.bytes;
        if is_too_deep || makes_room {
            *value = omitted();
            total.bytes = total.bytes + small.bytes - measure.bytes;
        }
    }
    if total.bytes > limits.bytes {
        *changes = doc! { "": { "old": omitted(), "new": omitted(), "fullDocument": true } };
    }
}

/// Whether a value in an entry that lacks some stands for one of those.
pub(crate) fn is_omitted(value: &Bson) -> bool {
    *value == omitted()
}

/// What stands in the place of a value that is too large for the log.
pub(crate) fn omitted() -> Bson {
    Bson::Document(doc! { "omitted": true })
}
