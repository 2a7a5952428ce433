//! What `tracing` was told, recorded as text: for tests that search it for a value that must not
//! be there, or for a span that must.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, Scope};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The record of everything that `tracing` was told in this process since it was started.
///
/// The work of a test runs on many threads, so there is one record for all tests of the process. A
/// test finds its own by something unique in it: the name of its database, or a value that it made.
///
/// ```no_run
/// # use monguard_tests::traces::Traces;
/// let traces = Traces::record();
/// // … let monguard work with a card token …
/// assert_eq!(traces.containing("tok_5f2c9a"), Vec::<String>::new());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Traces {
    from: usize,
}

impl Traces {
    /// Starts to look. The first call in a process installs the recording subscriber, for good.
    #[must_use]
    pub fn record() -> Self {
        static INSTALLED: OnceLock<()> = OnceLock::new();
        INSTALLED.get_or_init(|| {
            let subscriber = Registry::default().with(Recorder);
            tracing::subscriber::set_global_default(subscriber)
                .expect("no other subscriber is installed in the test process");
        });
        Self {
            from: lines().len(),
        }
    }

    /// What was recorded since [`record`](Self::record), of all tests: a line for each new span,
    /// for each field recorded later, and for each event. A line has the spans around it, all
    /// levels, targets, names and fields.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lines()[self.from..].to_vec()
    }

    /// The lines that contain this text.
    #[must_use]
    pub fn containing(&self, text: &str) -> Vec<String> {
        let mut found = self.lines();
        found.retain(|line| line.contains(text));
        found
    }
}

fn lines() -> std::sync::MutexGuard<'static, Vec<String>> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Recorder;

/// The text of a span so far, kept with the span.
struct SpanText(String);

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut text = Text::new(attributes.metadata());
        attributes.record(&mut text);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanText(text.0));
        }
        push("span", id, &context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(SpanText(text)) = span.extensions_mut().get_mut() {
            let mut longer = Text(std::mem::take(text));
            values.record(&mut longer);
            *text = longer.0;
        }
        push("record", id, &context);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut text = Text::new(event.metadata());
        event.record(&mut text);
        let around = context
            .event_span(event)
            .map(|span| around(&span.id(), &context));
        lines().push(format!("event {}{}", around.unwrap_or_default(), text.0));
    }
}

fn push<S: Subscriber + for<'span> LookupSpan<'span>>(
    what: &str,
    id: &Id,
    context: &Context<'_, S>,
) {
    let line = format!("{what} {}", around(id, context));
    lines().push(line);
}

/// The span and those around it, outermost first.
fn around<S: Subscriber + for<'span> LookupSpan<'span>>(
    id: &Id,
    context: &Context<'_, S>,
) -> String {
    let mut text = String::new();
    for span in context
        .span_scope(id)
        .into_iter()
        .flat_map(Scope::from_root)
    {
        if let Some(SpanText(span)) = span.extensions().get() {
            text.push_str(span);
            text.push_str(" > ");
        }
    }
    text
}

/// Collects fields as ` name=value`.
struct Text(String);

impl Text {
    fn new(metadata: &tracing::Metadata<'_>) -> Self {
        Self(format!(
            "{} {} {}",
            metadata.level(),
            metadata.target(),
            metadata.name()
        ))
    }
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        // Unquoted and unescaped, so that a search finds the value as it is.
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut next = Some(value);
        while let Some(error) = next {
            self.record_debug(field, &format_args!("{error} ({error:?})"));
            next = error.source();
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a string takes all text");
    }
}
