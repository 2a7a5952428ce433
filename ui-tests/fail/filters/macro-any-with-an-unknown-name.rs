use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Part>) -> Result<(), Error> {
    parts.find_matching(filter!(Part { boxes: any { wieght: 1 } })).await?;
    Ok(())
}

fn main() {}
