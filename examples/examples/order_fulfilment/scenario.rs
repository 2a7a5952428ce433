//! The story of one order, from the checkout to the log.

use std::io::Write;

use monguard::Monguard;

use super::model::Order;
use super::{Result, billing, checkout, desk, entries, story::Story, trail, warehouse};

/// Plays the story in the database of `monguard`, writes it to `out`, and ends `monguard`.
pub(crate) async fn play(monguard: &Monguard, out: &mut (dyn Write + Send)) -> Result<()> {
    let story = &mut Story::new(out);
    let orders = monguard.collection::<Order>();
    orders.ensure_indexes().await?;

    let placed = checkout::place(&orders, story).await?;
    let validated = desk::validate(&orders, &placed, story).await?;
    let shipped = warehouse::pack_and_ship(&orders, &validated, story).await?;
    let billed = billing::bill(&orders, &shipped, story).await?;
    trail::tell(&orders, &billed, story).await?;
    entries::follow(monguard, &billed, story).await
}
