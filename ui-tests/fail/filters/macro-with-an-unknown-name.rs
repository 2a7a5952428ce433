use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake() -> Result<(), Error> {
    let _ = filter!(Order { state: OrderStatus::Pending });
    Ok(())
}

fn main() {}
