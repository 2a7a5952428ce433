use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find_matching(filter!(Item { count.more_than(1) })).await?;
    Ok(())
}

fn main() {}
