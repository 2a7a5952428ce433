use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Part>) -> Result<(), Error> {
    parts.find_matching(filter!(Part { boxes.index(0).weight.gt("x") })).await?;
    Ok(())
}

fn main() {}
