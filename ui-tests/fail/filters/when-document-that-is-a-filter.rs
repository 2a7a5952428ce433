use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(desk: &Writer<Item>, part: &Stored<Item>) -> Result<(), Error> {
    desk.delete(part).when_document(Item::fields().count.eq(1)).await?;
    Ok(())
}

fn main() {}
