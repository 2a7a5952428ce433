use syn::LitStr;

use crate::diag::Message;

/// The longest time that the server takes, in seconds: 68 years.
const MOST: u64 = 2_147_483_647;

/// Each unit with its seconds, by every name that it may be given.
const UNITS: [(&[&str], u64); 5] = [
    (&["s", "second", "seconds"], 1),
    (&["min", "minute", "minutes"], 60),
    (&["h", "hour", "hours"], 3600),
    (&["d", "day", "days"], 86400),
    (&["w", "week", "weeks"], 604_800),
];

/// Reads `30d`, `30 days`, `90s`: a whole number and its unit.
pub(super) fn seconds(text: &LitStr) -> Result<u32, Message> {
    let written = text.value();
    let digits = written.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = written.split_at(digits);
    let (unit, fail) = (unit.trim(), |headline: String| {
        Err(Message::new(text.span(), headline)
            .help("write a whole number and its unit, as in `expire_after = \"30 days\"`")
            .note("expected one of the units `s`, `min`, `h`, `d`, `w`, or their whole names"))
    });
    if number.is_empty() {
        return fail(format!("`{written}` is not a duration"));
    }
    if unit.is_empty() {
        return fail(format!("`{written}` has no unit"));
    }
    let Some((_, of_unit)) = UNITS.iter().find(|(names, _)| names.contains(&unit)) else {
        return fail(format!("`{unit}` is not a unit of time"));
    };
    let seconds = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(*of_unit));
    match seconds
        .filter(|seconds| *seconds <= MOST)
        .map(u32::try_from)
    {
        Some(Ok(seconds)) => Ok(seconds),
        Some(Err(_)) | None => Err(Message::new(
            text.span(),
            format!("`{written}` is longer than MongoDB can wait"),
        )
        .help(format!(
            "write at most `expire_after = \"{MOST} s\"`, which is 68 years"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn read(text: &str) -> Option<u32> {
        seconds(&LitStr::new(text, Span::call_site())).ok()
    }

    #[test]
    fn a_number_has_a_unit() {
        assert_eq!(read("30d"), Some(2_592_000));
        assert_eq!(read("30 days"), Some(2_592_000));
        assert_eq!(read("0s"), Some(0));
        assert_eq!(read("15 min"), Some(900));
        assert_eq!(read("1 hour"), Some(3600));
        assert_eq!(read("2w"), Some(1_209_600));
        assert_eq!(read("2147483647 s"), Some(2_147_483_647));
        for wrong in [
            "",
            "d",
            "30",
            "30 m",
            "30 D",
            "-1d",
            "1.5h",
            "3551 weeks",
            "99999999999999999999 s",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
