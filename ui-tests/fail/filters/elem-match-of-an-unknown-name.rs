use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|p| p.boxes.elem_match(|carton| carton.wieght.eq(1))).await?;
    Ok(())
}

fn main() {}
