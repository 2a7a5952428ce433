use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|p| p.count.elem_match(|_| Filter::all())).await?;
    Ok(())
}

fn main() {}
