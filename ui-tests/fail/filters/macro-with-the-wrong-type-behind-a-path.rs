use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find_matching(filter!(Item { boxes.index(0).weight.gt("x") })).await?;
    Ok(())
}

fn main() {}
