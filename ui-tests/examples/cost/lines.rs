use std::error::Error;

use monguard_ui_tests::compiler::{Dependencies, Program};
use monguard_ui_tests::cost::{Crate, Derives};

/// The lines that monguard's derives generate for one model, formatted, without empty ones.
pub(crate) fn expanded(
    models: &Crate,
    dependencies: &Dependencies,
) -> Result<usize, Box<dyn Error>> {
    let program = Program::new(&models.one_model().source(Derives::Monguard))?;
    let output = program
        .command(dependencies)
        .env("MONGUARD_DERIVE_DEBUG", "1")
        .output()?;
    let said = String::from_utf8(output.stderr)?;
    // The compiler's own messages are JSON, a line each.
    let generated = said
        .lines()
        .filter(|line| !line.starts_with("{\"$message_type\""));
    let generated: String = generated.fold(String::new(), |text, line| text + line + "\n");
    let formatted = prettyplease::unparse(&syn::parse_file(&generated)?);
    Ok(formatted.lines().filter(|line| !line.is_empty()).count())
}
