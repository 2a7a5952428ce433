use super::misplaced;
use super::mistake::Mistake;
use super::options;
use super::table::{Form, KEYS, Key, Place, Row, keys_at};
use super::zoo::Zoo;

/// Every mistake that can be made with the key of `row`, at each place.
pub(crate) fn of(row: &'static Row, zoo: &Zoo) -> Vec<Mistake> {
    let at = |place: &Place| {
        let place = *place;
        if row.places.contains(&place) {
            let correct = zoo.find(row.name, place).unwrap_or(row.correct.to_owned());
            let mut mistakes = spelling(row, place);
            mistakes.push(duplicate(row, place, &correct));
            mistakes.extend(form(row, place));
            mistakes
        } else {
            vec![misplaced::at(row, place)]
        }
    };
    places().iter().flat_map(at).collect()
}

/// Every place where any key may stand.
fn places() -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for place in KEYS.iter().flat_map(|row| row.places) {
        if !places.contains(place) {
            places.push(*place);
        }
    }
    places
}

fn mistake(row: &Row, place: Place, written: &str, headline: String, token: &str) -> Mistake {
    Mistake {
        key: row.name,
        place,
        written: written.to_owned(),
        headline,
        advice: format!("help: the correct form is `#[monguard({})]`", row.correct),
        token: token.to_owned(),
    }
}

fn spelling(row: &'static Row, place: Place) -> Vec<Mistake> {
    let (name, noun) = (row.name, noun(place));
    let typo = misspelt(name, place);
    let followed = format!("{name} extra");
    vec![
        Mistake {
            advice: format!("help: did you mean `{name}`?"),
            ..mistake(
                row,
                place,
                &typo,
                format!("unknown {noun} attribute `{typo}`"),
                &typo,
            )
        },
        Mistake {
            advice: "help: separate the attributes with commas".to_owned(),
            ..mistake(
                row,
                place,
                &followed,
                format!("expected a comma after `{name}`"),
                "extra",
            )
        },
    ]
}

/// The name with two letters swapped, so that it is no other key's.
fn misspelt(name: &str, place: Place) -> String {
    let swapped = |at: usize| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.swap(at, at + 1);
        letters.into_iter().collect::<String>()
    };
    (0..name.len() - 1)
        .map(swapped)
        .find(|typo| typo != name && KEYS.iter().all(|row| row.name != typo))
        .unwrap_or_else(|| panic!("no misspelling of `{name}` at {place:?}"))
}

fn duplicate(row: &'static Row, place: Place, correct: &str) -> Mistake {
    // The second has the value of the first, so that it is right but for being the second.
    if row.may_repeat(place) {
        return Mistake {
            advice: "help: remove one of the two, or join their options".to_owned(),
            ..mistake(
                row,
                place,
                &format!("{correct}, {correct}"),
                format!("there is an index on `{}` already", listed(correct)),
                row.name,
            )
        };
    }
    Mistake {
        advice: "help: remove one of the two".to_owned(),
        ..mistake(
            row,
            place,
            &format!("{correct}, {correct}"),
            format!("duplicate attribute `{}`", row.name),
            row.name,
        )
    }
}

/// What stands in `fields(...)`, as the messages have it.
fn listed(correct: &str) -> String {
    let compact = correct.replace(' ', "");
    let list = compact.split_once("fields(").map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = list
        .split(')')
        .next()
        .unwrap_or_default()
        .split(',')
        .collect();
    fields.join(", ")
}

fn form(row: &'static Row, place: Place) -> Vec<Mistake> {
    let name = row.name;
    let make = |written: &str, headline: String, token: &str| {
        mistake(row, place, written, headline, token)
    };
    let assigned = |value: &str| format!("{name} = {value}");
    let no_string = || format!("`{name}` expects a string");
    let mut mistakes = vec![make(
        &format!("{name}()"),
        format!("`{name}()` is empty"),
        "()",
    )];
    let no_list = |list: &str| {
        let written = format!("{name}{list}");
        make(&written, format!("`{name}` takes no list"), list)
    };
    let no_value = || {
        let headline = format!("`{name}` takes no value");
        [
            make(&assigned("true"), headline.clone(), "true"),
            make(&assigned(""), headline, name),
        ]
    };
    let no_text = || {
        [
            make(&assigned(""), no_string(), name),
            make(&assigned("3"), no_string(), "3"),
        ]
    };
    // No catch-all: a new form must decide how it can be misused.
    match row.form {
        Form::Flag => {
            mistakes.push(no_list("(x)"));
            mistakes.extend(no_value());
        }
        Form::Index => {
            mistakes.extend(no_value());
            mistakes.extend(options::of(row, place));
        }
        Form::Text | Form::Path | Form::Choice(_) => {
            mistakes.push(no_list("(\"x\")"));
            mistakes.push(make(name, no_string(), name));
            mistakes.extend(no_text());
        }
        Form::FlagOrChoice(_) => {
            mistakes.push(no_list("(\"x\")"));
            mistakes.extend(no_text());
            mistakes.extend(flag(row, place));
        }
    }
    mistakes.extend(text(row, place));
    mistakes
}

/// The bare key, where a choice must be made.
fn flag(row: &'static Row, place: Place) -> Option<Mistake> {
    let name = row.name;
    let headline = format!("`{name}` on the struct expects a kind");
    let is_wrong = row.key == Key::Version && place.is_struct();
    is_wrong.then(|| mistake(row, place, name, headline, name))
}

/// A string, and not one that the key takes.
fn text(row: &'static Row, place: Place) -> Vec<Mistake> {
    let name = row.name;
    let make = |text: &str, headline: String| {
        let quoted = format!("\"{text}\"");
        mistake(row, place, &format!("{name} = {quoted}"), headline, &quoted)
    };
    match row.form {
        Form::Flag | Form::Text | Form::Index => Vec::new(),
        Form::Path => vec![make("a b", format!("`{name}` expects a path"))],
        Form::Choice(choices) | Form::FlagOrChoice(choices) => {
            let near = choices.iter().map(|choice| near(row, place, choice));
            let far = Mistake {
                advice: "note: expected ".to_owned(),
                ..make("another", format!("unknown value `another` of `{name}`"))
            };
            near.chain([far]).collect()
        }
    }
}

/// A choice with a letter too many.
fn near(row: &'static Row, place: Place, choice: &str) -> Mistake {
    let (name, typo) = (row.name, format!("{choice}s"));
    Mistake {
        advice: format!("help: did you mean `{name} = \"{choice}\"`?"),
        ..mistake(
            row,
            place,
            &format!("{name} = \"{typo}\""),
            format!("unknown value `{typo}` of `{name}`"),
            &format!("\"{typo}\""),
        )
    }
}

fn noun(place: Place) -> &'static str {
    assert!(keys_at(place).next().is_some());
    if place.is_struct() { "struct" } else { "field" }
}
