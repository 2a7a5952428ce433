//! The fields of two documents side by side.

use std::iter::Peekable;

use mongodb::bson::{Bson, Document, document::Iter};

use super::equal;

/// A name with what the one and what the other document hold under it; at least one holds
/// something.
pub(crate) type Pair<'a> = (&'a str, Option<&'a Bson>, Option<&'a Bson>);

/// Every name of two documents once: the old one's in their order, then those that are new.
///
/// Documents in the same order are paired without a look-up.
pub(crate) struct Pairs<'a> {
    old: &'a Document,
    new: &'a Document,
    olds: Iter<'a>,
    /// First runs beside `olds`, then once more over all of `new` for the added names.
    news: Peekable<Iter<'a>>,
    shared: usize,
    adding: bool,
}

impl<'a> Pairs<'a> {
    pub(crate) fn of(old: &'a Document, new: &'a Document) -> Self {
        Self {
            old,
            new,
            olds: old.iter(),
            news: new.iter().peekable(),
            shared: 0,
            adding: false,
        }
    }

    /// Only the names under which the two differ.
    pub(crate) fn differing(
        old: &'a Document,
        new: &'a Document,
    ) -> impl Iterator<Item = Pair<'a>> {
        let is_same =
            |pair: &Pair<'_>| matches!(pair, (_, Some(old), Some(new)) if equal(old, new));
        Self::of(old, new).filter(move |pair| !is_same(pair))
    }

    /// What the new document holds under `key`.
    fn partner(&mut self, key: &str) -> Option<&'a Bson> {
        let found = match self.news.peek() {
            Some((name, value)) if *name == key => Some(*value),
            _ => self.new.get(key),
        };
        // Also after a look-up: two names that changed places do not throw the rest out of step.
        if found.is_some() {
            self.news.next();
            self.shared += 1;
        }
        found
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Pair<'a>;

    fn next(&mut self) -> Option<Pair<'a>> {
        if !self.adding {
            if let Some((key, old)) = self.olds.next() {
                return Some((key, Some(old), self.partner(key)));
            }
            self.adding = true;
            self.news = self.new.iter().peekable();
        }
        if self.shared == self.new.len() {
            return None;
        }
        let old = self.old;
        let (key, new) = self.news.find(|(key, _)| !old.contains_key(key))?;
        self.shared += 1;
        Some((key, None, Some(new)))
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn names(old: &Document, new: &Document) -> Vec<(String, bool, bool)> {
        Pairs::of(old, new)
            .map(|(key, old, new)| (key.to_owned(), old.is_some(), new.is_some()))
            .collect()
    }

    #[test]
    fn every_name_comes_once_the_old_ones_first() {
        let old = doc! { "b": 1, "gone": 1, "a": 1 };
        let new = doc! { "first": 2, "a": 2, "b": 2, "last": 2 };
        let expected = [
            ("b", true, true),
            ("gone", true, false),
            ("a", true, true),
            ("first", false, true),
            ("last", false, true),
        ];
        assert_eq!(
            names(&old, &new),
            expected.map(|(key, a, b)| (key.to_owned(), a, b))
        );
    }

    #[test]
    fn partners_belong_together_in_any_order() {
        let old = doc! { "a": 1, "b": 2, "c": 3, "d": 4 };
        let new = doc! { "d": 4, "b": 2, "x": 0, "c": 3 };
        for (_, old, new) in Pairs::of(&old, &new) {
            assert!(old.is_none() || new.is_none() || old == new);
        }
        assert_eq!(names(&doc! {}, &doc! {}), []);
    }
}
