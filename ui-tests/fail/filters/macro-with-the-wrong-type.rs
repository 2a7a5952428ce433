use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake() -> Result<(), Error> {
    let _ = filter!(Order { amount: "x" });
    Ok(())
}

fn main() {}
