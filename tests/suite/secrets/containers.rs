//! What is hidden inside of a container other than `Option`, `Vec` and `BTreeMap`.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use monguard_tests::models_secret::text;

use super::{assert_database_hides, assert_debug_hides, audits};

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Nested)]
struct Key {
    label: String,
    #[monguard(audit = "redact")]
    code: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
enum Room {
    Kitchen,
    Attic,
}

#[allow(
    clippy::vec_box,
    reason = "a pointer inside of a list is what is tested"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
#[monguard(collection = "accounts")]
struct House {
    #[monguard(nested)]
    front: Box<Key>,
    #[monguard(nested)]
    back: Option<Box<Key>>,
    #[monguard(nested)]
    shed: VecDeque<Box<Key>>,
    #[monguard(nested)]
    pair: [Key; 2],
    #[monguard(nested)]
    queue: VecDeque<Key>,
    #[monguard(nested)]
    ring: BTreeSet<Key>,
    #[monguard(nested)]
    bunch: HashSet<Key>,
    #[monguard(nested)]
    rooms: HashMap<Room, Key>,
}

fn key(label: &str, code: &str) -> Key {
    Key {
        label: label.to_owned(),
        code: text(code),
    }
}

fn house(code: &str) -> House {
    House {
        front: Box::new(key("front", code)),
        back: Some(Box::new(key("back", code))),
        shed: VecDeque::from([Box::new(key("shed", code))]),
        pair: [key("one", code), key("two", code)],
        queue: VecDeque::from([key("queue", code)]),
        ring: BTreeSet::from([key("ring", code)]),
        bunch: HashSet::from([key("bunch", code)]),
        rooms: HashMap::from([(Room::Kitchen, key("kitchen", code))]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_fields_stay_hidden_in_every_container() {
    for audit in audits().await {
        let db = TestDb::new().await;
        let guard = after_write(db.database().clone()).audit(audit);
        let houses = guard.build().await.unwrap().collection::<House>();
        let desk = houses.by("desk");
        let first = desk.create(house("a")).await.unwrap().into_stored();
        let second = desk.replace(&first, house("b")).await.unwrap();
        let third = desk
            .update(&second)
            .set(|o| o.front.code, text("c"))
            .set(|o| o.back.label, "rear")
            .await
            .unwrap();
        assert_debug_hides(&second.changes_since(&first).unwrap());
        let mut edited = (*third).clone();
        edited.rooms.insert(Room::Attic, key("attic", "d"));
        let fourth = desk.replace(&third, edited).await.unwrap();
        desk.hard_delete(&fourth).await.unwrap();
        assert_database_hides(&db).await;
        let history = houses.history(first.id()).await.unwrap();
        assert_debug_hides(&history);
        let label = history[2].changed(|o| o.back.label).unwrap().unwrap();
        assert_eq!(label.new, "rear");
    }
}

#[test]
fn each_container_has_typed_changes() {
    let id = mongodb::bson::oid::ObjectId::new();
    let stored = |house| Stored::from_parts(id, 1, house).unwrap();
    let mut new = house("a");
    new.front.label = "door".into();
    new.back.as_mut().unwrap().label = "rear".into();
    new.pair[1].code = text("b");
    new.queue.push_back(key("next", "a"));
    new.ring.clear();
    new.rooms.insert(Room::Attic, key("attic", "a"));
    let changes = stored(new).changes_since(&stored(house("a"))).unwrap();
    assert_debug_hides(&changes);
    assert!(
        matches!(
            &changes[..],
            [
                HouseChange::Front(KeyChange::Label(_)),
                HouseChange::Back(Part::Inside((), KeyChange::Label(_))),
                HouseChange::Pair(Part::Inside(1, KeyChange::Code(_))),
                HouseChange::Queue(Part::Appeared(1, _)),
                HouseChange::Ring(Part::Vanished((), _)),
                HouseChange::Rooms(Part::Appeared(Room::Attic, _)),
            ]
        ),
        "{changes:?}"
    );
}
