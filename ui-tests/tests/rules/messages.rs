use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, MetaNameValue, Token};

use super::tree::{files, matches, read, root};

/// What a trait says where it is not implemented.
struct Words {
    of: String,
    /// `message`, `label` or `note`, and the text.
    lines: Vec<(String, String)>,
}

/// Traits whose message names no type, and why.
const NAMES_NO_TYPE: &[(&str, &str)] = &[
    (
        "SelectingKind",
        "the type is that of a read, which the program does not write",
    ),
    (
        "Whole",
        "the type is that of a flattened struct's handles, which the program does not write",
    ),
];

/// Every item of the library, with those of the modules inside a file.
fn library() -> Vec<Item> {
    let files = files(&root().join("monguard/src"), "rs");
    let parsed = files
        .iter()
        .map(|file| syn::parse_file(&read(file)).expect("it compiles"));
    parsed.flat_map(|file| all(file.items)).collect()
}

fn all(items: Vec<Item>) -> Vec<Item> {
    let inside = |item| match item {
        // Models of unit tests are nobody's candidates.
        Item::Mod(module) if module.attrs.iter().any(is_cfg_test) => Vec::new(),
        Item::Mod(module) => module
            .content
            .map(|(_, items)| all(items))
            .unwrap_or_default(),
        item => vec![item],
    };
    items.into_iter().flat_map(inside).collect()
}

fn is_diagnostic(attribute: &Attribute, name: &str) -> bool {
    let segments: Vec<String> = attribute
        .path()
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    segments == ["diagnostic", name]
}

fn words_of(item: &Item) -> Option<Words> {
    let Item::Trait(item) = item else { return None };
    let attribute = item
        .attrs
        .iter()
        .find(|attribute| is_diagnostic(attribute, "on_unimplemented"))?;
    let parse = Punctuated::<MetaNameValue, Token![,]>::parse_terminated;
    let entries = attribute.parse_args_with(parse).expect("name = \"text\"");
    let line = |entry: &MetaNameValue| match &entry.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => (entry.path.to_token_stream().to_string(), text.value()),
        other => panic!("{} is no text", other.to_token_stream()),
    };
    Some(Words {
        of: item.ident.to_string(),
        lines: entries.iter().map(line).collect(),
    })
}

fn all_words() -> Vec<Words> {
    let found: Vec<Words> = library().iter().filter_map(words_of).collect();
    assert!(
        found.len() >= 10,
        "the rule finds only {} traits with words",
        found.len()
    );
    found
}

#[test]
fn every_text_of_a_trait_is_shown_by_a_case() {
    let shown: Vec<String> = files(&root().join("ui-tests/fail"), "stderr")
        .iter()
        .map(|case| read(case))
        .collect();
    let mut missing = Vec::new();
    for Words { of, lines } in all_words() {
        for (kind, text) in lines {
            if !shown.iter().any(|case| shows(case, &kind, &text)) {
                missing.push(format!("{of}: {kind} = {text:?}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no .stderr in ui-tests/fail shows {missing:#?}"
    );
}

/// Whether one line of `case` is `text`, with something for each placeholder.
fn shows(case: &str, kind: &str, text: &str) -> bool {
    let parts = parts(text);
    let pattern: Vec<&str> = parts.iter().map(String::as_str).collect();
    case.lines().any(|line| match kind {
        "message" => line.split_once("]: ").is_some_and(|(code, headline)| {
            code.starts_with("error[E") && matches(&pattern, headline)
        }),
        "note" => line
            .split_once("= note: ")
            .is_some_and(|(_, note)| matches(&pattern, note)),
        // Behind the line that it hangs on, and the caret.
        "label" => line
            .match_indices(pattern[0])
            .any(|(at, _)| matches(&pattern, &line[at..])),
        other => panic!("`{other}` is not known to this rule"),
    })
}

/// What stands around the placeholders of a text.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut inside = false;
    for character in text.chars() {
        match character {
            '{' => {
                inside = true;
                parts.push(String::new());
            }
            '}' => inside = false,
            _ if inside => {}
            _ => parts.last_mut().expect("there is a first").push(character),
        }
    }
    parts
}

#[test]
fn a_trait_with_words_has_a_message_and_a_short_label() {
    let mut wrong = Vec::new();
    for Words { of, lines } in all_words() {
        let text = |kind: &str| {
            lines
                .iter()
                .find(|(name, _)| name == kind)
                .map(|(_, text)| text)
        };
        let message = text("message").unwrap_or_else(|| panic!("{of} has no message"));
        let label = text("label").unwrap_or_else(|| panic!("{of} has no label"));
        let excepted = NAMES_NO_TYPE.iter().any(|(name, _)| *name == of);
        if message.contains('{') == excepted {
            wrong.push(format!(
                "{of}: the message does not name the type, or is no exception: {message}"
            ));
        }
        if label.split(' ').count() > 8 {
            wrong.push(format!("{of}: more than eight words: {label}"));
        }
        for (_, text) in &lines {
            if text.ends_with('.') || text.starts_with(char::is_uppercase) {
                wrong.push(format!("{of}: lower case and no full stop: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Else rustc lists the implementations, in which users look in vain for what they wrote.
#[test]
fn no_implementation_of_such_a_trait_is_recommended() {
    let traits: Vec<String> = all_words().into_iter().map(|words| words.of).collect();
    let mut wrong = Vec::new();
    for item in library() {
        let Item::Impl(item) = item else { continue };
        let Some((of, _)) = &item.trait_ else {
            continue;
        };
        let Some(name) = of.segments.last().map(|segment| segment.ident.to_string()) else {
            continue;
        };
        let silent = item
            .attrs
            .iter()
            .any(|attribute| is_diagnostic(attribute, "do_not_recommend"));
        let in_tests = item.attrs.iter().any(is_cfg_test);
        if traits.contains(&name) && !silent && !in_tests {
            wrong.push(format!(
                "impl {} for {}",
                of.to_token_stream(),
                item.self_ty.to_token_stream()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "without `#[diagnostic::do_not_recommend]`: {wrong:#?}"
    );
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
}
