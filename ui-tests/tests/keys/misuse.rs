use super::mistake::Mistake;
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
            vec![misplaced(row, place)]
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
    // No catch-all: a new form must decide how it can be misused.
    match row.form {
        Form::Flag => mistakes.extend([
            make(
                &format!("{name}(x)"),
                format!("`{name}` takes no list"),
                "(x)",
            ),
            make(
                &assigned("true"),
                format!("`{name}` takes no value"),
                "true",
            ),
            make(&assigned(""), format!("`{name}` takes no value"), name),
        ]),
        Form::Index => mistakes.extend([
            make(
                &assigned("true"),
                format!("`{name}` takes no value"),
                "true",
            ),
            make(&assigned(""), format!("`{name}` takes no value"), name),
        ]),
        Form::Text | Form::Path | Form::Choice(_) | Form::FlagOrChoice(_) => mistakes.extend([
            make(
                &format!("{name}(\"x\")"),
                format!("`{name}` takes no list"),
                "(\"x\")",
            ),
            make(name, no_string(), name),
            make(&assigned(""), no_string(), name),
            make(&assigned("3"), no_string(), "3"),
        ]),
    }
    mistakes.extend(text(row, place));
    mistakes
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

/// The correct form, at a place where it may not stand.
fn misplaced(row: &'static Row, place: Place) -> Mistake {
    let (name, correct) = (row.name, row.correct);
    let on_struct = row.places.iter().any(|place| place.is_struct());
    let in_nested = |place: &Place| matches!(place, Place::NestedStruct | Place::NestedField);
    let (headline, advice) = if in_nested(&place) && !row.places.iter().any(in_nested) {
        let advice = match row.key {
            Key::Index => "help: index the field from the model, as in",
            _ => "help: remove it, or derive `Versioned` for",
        };
        ("a model, not on a nested struct", advice.to_owned())
    } else if on_struct && !place.is_struct() {
        (
            "the struct, not on a field",
            format!("help: move it to `#[monguard({correct})]` above"),
        )
    } else {
        (
            "a field, not on the struct",
            format!("help: write `#[monguard({correct})]` above the field"),
        )
    };
    Mistake {
        advice,
        ..mistake(
            row,
            place,
            correct,
            format!("`{name}` belongs on {headline}"),
            name,
        )
    }
}

fn noun(place: Place) -> &'static str {
    assert!(keys_at(place).next().is_some());
    if place.is_struct() { "struct" } else { "field" }
}
