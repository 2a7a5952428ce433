//! Which values of a document a path leads to: through lists as MongoDB's filters go.

use mongodb::bson::{Bson, Document};

/// Whether a path that ends at a list leads to its elements too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AtList {
    ElementsToo,
    ListAlone,
}

/// Whether `test` holds for any value that the path leads to; `None` where it leads to a document
/// without the field. A path through a list leads into each of its documents, and to nothing at
/// all where it has none.
pub(super) fn any_at<E>(
    document: &Document,
    path: &[&str],
    at_list: AtList,
    test: &mut impl FnMut(Option<&Bson>) -> Result<bool, E>,
) -> Result<bool, E> {
    let Some((name, rest)) = path.split_first() else {
        return Ok(false);
    };
    match (document.get(name), rest) {
        (None, _) => test(None),
        (Some(value @ Bson::Array(items)), []) if at_list == AtList::ElementsToo => {
            for item in items {
                if test(Some(item))? {
                    return Ok(true);
                }
            }
            test(Some(value))
        }
        (Some(value), []) => test(Some(value)),
        (Some(Bson::Document(inside)), rest) => any_at(inside, rest, at_list, test),
        (Some(Bson::Array(items)), rest) => any_inside(items, rest, at_list, test),
        (Some(_), _) => test(None),
    }
}

/// A path that goes on inside a list: in each of its documents, and at the element whose index its
/// next name is.
fn any_inside<E>(
    items: &[Bson],
    path: &[&str],
    at_list: AtList,
    test: &mut impl FnMut(Option<&Bson>) -> Result<bool, E>,
) -> Result<bool, E> {
    for (index, item) in items.iter().enumerate() {
        if let Bson::Document(inside) = item
            && any_at(inside, path, at_list, test)?
        {
            return Ok(true);
        }
        let Some((_, rest)) = path.split_first().filter(|(name, _)| is_index(name, index)) else {
            continue;
        };
        let found = match (item, rest) {
            // The element itself: MongoDB does not look inside it once more.
            (item, []) => test(Some(item))?,
            (Bson::Document(inside), rest) => any_at(inside, rest, at_list, test)?,
            (Bson::Array(inside), rest) => any_inside(inside, rest, at_list, test)?,
            _ => false,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_index(name: &str, index: usize) -> bool {
    // Compared as numbers only after the first look, since this runs for every element.
    name.bytes().all(|byte| byte.is_ascii_digit()) && name == index.to_string()
}
