use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|p| p.tags.has_size("1")).await?;
    Ok(())
}

fn main() {}
