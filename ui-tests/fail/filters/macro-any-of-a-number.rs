use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Part>) -> Result<(), Error> {
    parts.find_matching(filter!(Part { count: any { weight: 1 } })).await?;
    Ok(())
}

fn main() {}
