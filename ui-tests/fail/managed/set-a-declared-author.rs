use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Profile>, profile: &Stored<Profile>) -> Result<(), Error> {
    desk.update(profile).set(|p| p.updated_by, "me".to_owned()).await?;
    Ok(())
}

fn main() {}
