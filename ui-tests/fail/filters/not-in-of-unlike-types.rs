use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|p| p.count.not_in(["x"])).await?;
    Ok(())
}

fn main() {}
