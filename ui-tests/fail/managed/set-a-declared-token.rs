use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Profile>, profile: &Stored<Profile>) -> Result<(), Error> {
    desk.update(profile).set(|p| p.etag, mongodb::bson::Uuid::new()).await?;
    Ok(())
}

fn main() {}
