//! What a name that does not exist was probably meant to be.

/// The candidate that is at most two edits away, and nearer than a word of other letters would be.
pub(super) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let plain_candidate = plain(candidate);
            let edits = distance(&plain(written), &plain_candidate);
            (edits <= 2 && edits * 2 <= plain_candidate.len()).then_some((edits, candidate))
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// A name without what conventions differ in: `checkoutId` and `checkout_id` are one word.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|char| !matches!(char, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut swapped: Option<char> = None;
    for (row, left) in a.iter().enumerate() {
        let mut next = vec![row + 1];
        let mut above: Option<char> = None;
        for (column, right) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let mut best = (at(&last, column + 1) + 1)
                .min(at(&next, column) + 1)
                .min(at(&last, column) + usize::from(left != right));
            if above == Some(*left) && swapped == Some(*right) {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            next.push(best);
            above = Some(*right);
        }
        before_last = std::mem::replace(&mut last, next);
        swapped = Some(*left);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let names = ["checkoutId", "status", "amount"];
        assert_eq!(nearest("checkout_id", names), Some("checkoutId"));
        assert_eq!(nearest("statsu", names), Some("status"));
        assert_eq!(nearest("amonut", names), Some("amount"));
        assert_eq!(nearest("total", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn a_swap_is_one_edit() {
        for (a, b, edits) in [
            ("ab", "ba", 1),
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("acb", "abc", 1),
        ] {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }
}
