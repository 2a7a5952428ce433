use monguard::prelude::*;
use monguard_ui_tests::shop::*;

// Phase 2 filters on `version`, where the field is called `__v`, matches nothing, and the workflow
// silently stops.
async fn safe_multi_phase_update(
    orders: &Collection<Order>,
    desk: &Writer<Order>,
    order: &Stored<Order>,
) -> Result<(), Error> {
    let phase_1 = desk
        .update(order)
        .set(|o| o.status, OrderStatus::Processing)
        .await?;

    let (id, version) = (phase_1.id(), phase_1.version());
    let phase_2 = orders
        .find_matching(filter!(Order { id: id, version: version }))
        .await?;
    let _ = phase_2;
    Ok(())
}

fn main() {}
