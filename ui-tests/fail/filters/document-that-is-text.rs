use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|_| Filter::all()).filter_document("{ count: 1 }").await?;
    Ok(())
}

fn main() {}
