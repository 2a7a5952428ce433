use serde::Deserialize;

/// One error or warning.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Its first line, without the code: what the caret is about.
    pub headline: String,
    /// All of its own text, with the lines of help and notes that it carries itself.
    pub text: String,
    /// `E0609`, and none for an error of a macro.
    pub code: Option<String>,
    /// The line that the caret stands on, counted from one; zero if it stands nowhere.
    pub line: usize,
    /// What the caret underlines.
    pub token: String,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "message")]
    text: String,
    level: String,
    code: Option<Code>,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    is_primary: bool,
    line_start: usize,
    text: Vec<Underlined>,
}

#[derive(Deserialize)]
struct Underlined {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// The errors and warnings that the compiler has written as JSON, a line each.
pub(super) fn read(lines: &[u8]) -> Vec<Diagnostic> {
    String::from_utf8_lossy(lines)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.level == "error" || message.level == "warning")
        // "aborting due to 3 previous errors", "3 warnings emitted"
        .filter(|message| !message.spans.is_empty() || message.code.is_some())
        .map(Diagnostic::from)
        .collect()
}

impl From<Message> for Diagnostic {
    fn from(message: Message) -> Self {
        let primary = message.spans.iter().find(|span| span.is_primary);
        Self {
            headline: message.text.lines().next().unwrap_or("").to_owned(),
            code: message.code.map(|code| code.code),
            line: primary.map_or(0, |span| span.line_start),
            token: primary.map(token).unwrap_or_default(),
            text: message.text,
        }
    }
}

/// The underlined characters, of which the compiler counts from one.
fn token(span: &Span) -> String {
    let part = |line: &Underlined| -> String {
        let length = line.highlight_end.saturating_sub(line.highlight_start);
        let characters = line
            .text
            .chars()
            .skip(line.highlight_start.saturating_sub(1));
        characters.take(length).collect()
    };
    span.text.iter().map(part).collect::<Vec<_>>().join("\n")
}
