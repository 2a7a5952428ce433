use monguard::prelude::*;
use monguard_ui_tests::stock::*;

async fn mistake(desk: &Writer<Part>, part: &Stored<Part>) -> Result<(), Error> {
    desk.delete(part).when_document(Part::fields().count.eq(1)).await?;
    Ok(())
}

fn main() {}
