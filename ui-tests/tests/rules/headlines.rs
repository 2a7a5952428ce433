use std::collections::BTreeSet;

use super::tree::{files, matches, read, root};

/// What stands for a name or a value on a page.
const ANY: char = '…';

/// What rustc itself reports without a code.
const OF_RUSTC: [&str; 1] = ["future cannot be sent between threads safely"];

/// A headline as a page lists it: in a list, between quotes.
struct Listed {
    page: String,
    text: String,
}

impl Listed {
    fn matches(&self, headline: &str) -> bool {
        let parts: Vec<&str> = self.text.split(ANY).collect();
        matches(&parts, headline)
    }
}

/// `- "a headline": what it means`
fn listed() -> Vec<Listed> {
    let mut found = Vec::new();
    for file in files(&root().join("monguard-derive/docs"), "md") {
        let page = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for line in read(&file).lines() {
            let rest = line.strip_prefix("- \"");
            let text = rest.and_then(|rest| match rest.split_once("\": ") {
                Some((text, _)) => Some(text),
                None => rest.strip_suffix('"'),
            });
            found.extend(text.map(|text| Listed {
                page: page.clone(),
                text: text.to_owned(),
            }));
        }
    }
    found
}

/// The headlines of the derives: errors without a code, at an attribute or an item, and those of
/// constants that could not be evaluated. The words of `filter!` are no derive's.
fn reported() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let by_macro = root().join("ui-tests/fail/filters");
    let cases = files(&root().join("ui-tests/fail"), "stderr");
    for case in cases
        .into_iter()
        .filter(|case| !case.starts_with(&by_macro))
    {
        let is_lint = read(&case.with_extension("rs")).contains("#![deny(");
        let text = read(&case);
        let headline = |line: &str| {
            let of_constant = line.strip_prefix("error[E0080]: evaluation panicked: ");
            of_constant
                .or(line.strip_prefix("error: "))
                .map(str::to_owned)
        };
        let headlines = text.lines().filter_map(headline).filter(|_| !is_lint);
        found.extend(headlines.filter(|headline| !OF_RUSTC.contains(&headline.as_str())));
    }
    found
}

#[test]
fn what_the_derives_report_is_on_a_page() {
    let (listed, reported) = (listed(), reported());
    let missing: Vec<&String> = reported
        .iter()
        .filter(|headline| !listed.iter().any(|page| page.matches(headline)))
        .collect();
    assert!(
        missing.is_empty(),
        "no page in monguard-derive/docs lists (`- \"headline\"`) {missing:#?}"
    );
}

#[test]
fn what_a_page_lists_is_shown_by_a_case() {
    let reported = reported();
    let stale: Vec<String> = listed()
        .into_iter()
        .filter(|page| !reported.iter().any(|headline| page.matches(headline)))
        .map(|Listed { page, text }| format!("{page}.md: {text}"))
        .collect();
    assert!(
        stale.is_empty(),
        "no case in ui-tests/fail shows {stale:#?}"
    );
}

/// An error that names a key of the table is looked for on that key's page.
#[test]
fn an_error_that_is_about_one_key_is_on_its_page() {
    let listed = listed();
    let mut wrong = Vec::new();
    for headline in reported() {
        let pages: Vec<&str> = listed
            .iter()
            .filter(|page| page.matches(&headline))
            .map(|page| page.page.as_str())
            .collect();
        // What can be said of every key is on the page that is about all.
        if pages.contains(&"forms") {
            continue;
        }
        let named = headline.split('`').skip(1).step_by(2).map(key_of);
        let keys: Vec<&str> = named.filter(|word| has_page(word)).collect();
        if !keys.is_empty() && !keys.iter().any(|key| pages.contains(key)) {
            wrong.push(format!("{}.md: {headline}", keys.join(".md or ")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `audit = "skip"` is about `audit`.
fn key_of(word: &str) -> &str {
    word.split([' ', '=']).next().unwrap_or_default()
}

fn has_page(key: &str) -> bool {
    let page = root().join(format!("monguard-derive/docs/{key}.md"));
    !key.is_empty() && page.is_file()
}
