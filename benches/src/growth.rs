//! What grows with the log, and with the document.

mod document;
mod log;
mod program;

use crate::Outcome;
use crate::extent::Extent;
use crate::report::Chapter;
use crate::stage::Way;

/// What grows with the log, and with the document.
///
/// # Errors
/// What a program says.
pub async fn run(extent: Extent) -> Outcome<Chapter> {
    let client = Way::Loopback.client().await?;
    let mut chapter = Chapter {
        title: "Growth".to_owned(),
        text: TEXT.to_owned(),
        ..Chapter::default()
    };
    log::run(&client, extent, &mut chapter).await?;
    document::run(&client, extent, &mut chapter).await?;
    Ok(chapter)
}

const TEXT: &str = "
How an update of one small field, a history and a recovery grow with the number of entries in the log,
which are those of other documents; the log has its indexes. Then how the update grows with the
document, which is a list of nested structs. **floor** is the hand-written `findOneAndUpdate` without an
audit. One task each; the logs of all sizes are kept side by side, and rounds alternate between them.
";
