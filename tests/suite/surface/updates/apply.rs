//! Typed changes between two states, applied to a third.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_one_state_are_applied_to_another() {
    let basket = Basket {
        lines: vec![line("x", 1), line("y", 2), line("z", 3)],
        by_region: BTreeMap::from([("eu".into(), line("r", 1)), ("us".into(), line("u", 1))]),
        secrets: BTreeMap::from([("k".into(), 1)]),
        ..Basket::default()
    };
    let (stage, first) = Stage::with(basket).await;
    let mut edited = (*first).clone();
    edited.note = Some("edited".into());
    edited.tags = names(&["t"]);
    edited.lines.truncate(2);
    edited.lines[1].count = 20;
    edited.lines[1].parts.push(Part { name: "p".into() });
    edited.returned = Some(line("back", 1));
    edited.by_region.remove("us");
    edited.by_region.insert("asia".into(), line("a", 1));
    edited.secrets.insert("k".into(), 2);
    let second = stage
        .write(stage.desk.replace(&first, edited.clone()))
        .await;
    let changes = second.changes_since(&first).unwrap();
    assert!(!format!("{changes:?}").contains("42"));

    // Back, by the changes the other way, and again, by these.
    let back = first.changes_since(&second).unwrap();
    let third = stage.write(stage.desk.update(&second).apply(back)).await;
    assert_eq!(*third, *first);
    let fourth = stage
        .write(stage.desk.update_latest(third.id()).apply(changes.clone()))
        .await;
    assert_eq!(*fourth, edited);

    // Beside another operator, and on a state that differs elsewhere.
    let fifth = stage
        .write(stage.desk.update(&fourth).set(|b| b.amount, 9))
        .await;
    let back = first.changes_since(&second).unwrap();
    let update = stage.desk.update(&fifth).apply(back).inc(|b| b.small, 1);
    let sixth = stage.write(update).await;
    assert_eq!(
        (sixth.amount, sixth.small, &sixth.lines),
        (9, 1, &first.lines)
    );

    // The list is too short for what changed in it.
    let shorter = stage
        .write(stage.desk.update(&sixth).set(|b| b.lines, vec![]))
        .await;
    let update = stage.desk.update(&shorter).apply(changes.clone());
    let (reason, _) = stage.refusal(update).await;
    assert_eq!(reason, InvalidReason::BeyondTheEnd(1, 0));
    let twice = stage
        .desk
        .update(&sixth)
        .set(|b| b.note, "n")
        .apply(changes);
    assert_eq!(stage.refusal(twice).await.0, InvalidReason::Overlap);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_changes_write_nothing() {
    let (stage, old) = Stage::with(Basket::default()).await;
    let nothing = old.changes_since(&old).unwrap();
    assert!(is_unchanged(&stage.desk.update(&old).apply(nothing).await));
}
