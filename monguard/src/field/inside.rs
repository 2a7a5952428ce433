//! Handles of what is inside a list or a map that is a field.

use serde::Serialize;

use super::step::{ElementFilter, MapKey};
use super::{Addressable, Field, Indexed, KeyOf, Keyed, Map, Path, Positional, Step};
use crate::filter::Filter;
use crate::value::encode;

impl<R, V, P: Path> Field<R, V, P> {
    /// The element of a list at a place, counted from 0.
    ///
    /// An update refuses a place beyond the end of the stored list: no nulls are filled in. A
    /// filter does not match there.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "posts")]
    /// # struct Post { tags: Vec<String> }
    /// let first_is_rust: Filter<Post> = Post::fields().tags.index(0).eq("rust");
    /// ```
    pub fn index<I, K>(&self, index: usize) -> Field<R, I, K>
    where
        V: Indexed<Item = I>,
        I: Serialize,
        P: Addressable<Inside = K>,
    {
        Field::new(self.whole_path().inside(Step::Index(index)), encode::<I>)
    }

    /// Every element of a list, for updates: the operator is applied to each.
    pub fn all<I>(&self) -> Field<R, I, Positional>
    where
        V: Indexed<Item = I>,
        I: Serialize,
        P: Addressable,
    {
        Field::new(self.whole_path().position(Step::All), encode::<I>)
    }

    /// The first element of a list that meets a condition, for updates. An update of a document in
    /// which none does is refused.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "posts")]
    /// # struct Post { tags: Vec<String> }
    /// # async fn example(editor: Writer<Post>, post: Stored<Post>) -> monguard::Result<()> {
    /// editor
    ///     .update(&post)
    ///     .set(|p| p.tags.first_match(|tag| tag.eq("rsut")), "rust")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn first_match<I>(
        &self,
        condition: impl FnOnce(Field<I, I, Keyed>) -> Filter<I>,
    ) -> Field<R, I, Positional>
    where
        V: Indexed<Item = I>,
        I: Serialize,
        P: Addressable,
    {
        let step = first_match(condition(Field::element()));
        Field::new(self.whole_path().position(step), encode::<I>)
    }

    /// The value of a map under a key.
    ///
    /// A key must not be empty, begin with `$`, or contain `.` or NUL: no path can hold it. An
    /// operation with such a key is refused.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # use std::collections::HashMap;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "stock")]
    /// # struct Stock { by_region: HashMap<String, i64> }
    /// let plenty: Filter<Stock> = Stock::fields().by_region.key("eu").gt(100);
    /// ```
    pub fn key<K, I, X, N>(&self, key: X) -> Field<R, I, N>
    where
        V: Map<Key = K, Item = I>,
        X: KeyOf<K>,
        K: Serialize,
        I: Serialize,
        P: Addressable<Inside = N>,
    {
        let step = Step::Key(MapKey::of(&key.into_key()));
        Field::new(self.whole_path().inside(step), encode::<I>)
    }
}

impl<I: Serialize> Field<I, I, Keyed> {
    /// An element of a list on its own, as the closures have it that are about elements.
    pub(crate) fn element() -> Self {
        Field::new(Keyed::here(), encode::<I>)
    }
}

pub(super) fn first_match<I>(condition: Filter<I>) -> Step {
    Step::FirstMatch(ElementFilter::new(condition.into_node()))
}
