use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|p| p.tags.ends_with("x")).await?;
    Ok(())
}

fn main() {}
