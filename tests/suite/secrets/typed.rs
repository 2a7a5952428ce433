//! Typed changes: one element for each changed place, and no hidden value printed.

use mongodb::bson::oid::ObjectId;
use monguard::Sealed;
use monguard::prelude::*;
use monguard_tests::models_secret::{
    Account, AccountChange, Address, AddressChange, SafeChange, Settings, SettingsChange, hidden,
    text,
};

use super::{SECRET, assert_debug_hides};

/// What changed from one value to another, after nothing of it was printed.
fn changes(old: &Account, new: &Account) -> Vec<AccountChange> {
    let id = ObjectId::new();
    let stored = |version, value: &Account| Stored::from_parts(id, version, value.clone()).unwrap();
    let changes = stored(2, new).changes_since(&stored(1, old)).unwrap();
    assert_debug_hides(&changes);
    changes
}

fn edited(from: &Account, edit: impl FnOnce(&mut Account)) -> Account {
    let mut edited = from.clone();
    edit(&mut edited);
    edited
}

#[test]
fn equal_values_have_no_changes_between_them() {
    let account = Account::secret("r-1");
    assert_eq!(changes(&account, &account).len(), 0);
}

#[test]
fn two_documents_have_no_changes_between_them() {
    let stored = || Stored::from_parts(ObjectId::new(), 1, Account::secret("r-1")).unwrap();
    let error = super::failed(stored().changes_since(&stored()));
    assert!(error.to_string().contains("`Account`"), "{error}");
}

#[test]
fn a_plain_field_shows_both_values() {
    let old = Account::secret("r-1");
    let new = edited(&old, |account| {
        account.name = "Grace".into();
        account.rank = Some(1);
    });
    let changes = changes(&old, &new);
    let [AccountChange::Name(name), AccountChange::Rank(rank)] = &changes[..] else {
        panic!("{changes:?}")
    };
    assert_eq!((name.old.as_str(), name.new.as_str()), ("Ada", "Grace"));
    assert_eq!(
        *rank,
        Change {
            old: None,
            new: Some(1)
        }
    );
}

#[test]
fn a_hidden_field_is_sealed_and_can_be_revealed() {
    let old = Account::secret("r-1");
    let new = edited(&old, |account| {
        account.pin = hidden("pin-2");
        account.vault.key = text("vault-2");
        account.tokens.clear();
        account.note = None;
    });
    let mut changes = changes(&old, &new).into_iter();
    let Some(AccountChange::Pin(pin)) = changes.next() else {
        panic!("no pin")
    };
    assert_eq!(format!("{pin:?}"), "Sealed(..)");
    let pin = pin.reveal();
    assert_eq!((pin.old, pin.new), (hidden("pin"), hidden("pin-2")));
    let Some(AccountChange::Vault(vault)) = changes.next() else {
        panic!("no vault")
    };
    assert_eq!(vault.reveal().new.key, text("vault-2"));
    let Some(AccountChange::Tokens(tokens)) = changes.next() else {
        panic!("no tokens")
    };
    assert!(tokens.reveal().new.is_empty());
    assert!(changes.next().is_none());
}

#[test]
fn a_nested_struct_shows_what_changed_inside() {
    let old = Account::secret("r-1");
    let new = edited(&old, |account| {
        account.address.street = "Side Street".into();
        account.address.door_code = None;
        account.address.memo = None;
        account.address.safe.as_mut().unwrap().code = text("safe-2");
        account.settings = Settings {
            language: Some("en".into()),
            volume: 3,
        };
    });
    let changes = changes(&old, &new);
    assert!(
        matches!(
            &changes[..],
            [
                AccountChange::Address(AddressChange::Street(_)),
                AccountChange::Address(AddressChange::DoorCode(Sealed { .. })),
                AccountChange::Address(AddressChange::Safe(Part::Inside((), SafeChange::Code(_)))),
                AccountChange::Settings(SettingsChange::Language(_)),
                AccountChange::Settings(SettingsChange::Volume(_)),
            ]
        ),
        "{changes:?}"
    );
}

#[test]
fn an_option_appears_vanishes_or_changes_inside() {
    let none = Account::plain("r-1");
    let some = edited(&none, |account| account.former = Some(Address::secret("a")));
    let other = edited(&some, |account| {
        account.former.as_mut().unwrap().door_code = hidden("door-2");
    });
    let appeared = changes(&none, &some);
    let [AccountChange::Former(Part::Appeared((), address))] = &appeared[..] else {
        panic!("{appeared:?}")
    };
    assert_eq!(*address, Address::secret("a"));
    let vanished = changes(&some, &none);
    assert!(matches!(
        &vanished[..],
        [AccountChange::Former(Part::Vanished((), _))]
    ));
    let inside = changes(&some, &other);
    let [AccountChange::Former(Part::Inside((), AddressChange::DoorCode(sealed)))] = &inside[..]
    else {
        panic!("{inside:?}")
    };
    assert_eq!(sealed.clone().reveal().old, hidden("door"));
}

#[test]
fn a_list_changes_by_index() {
    let old = edited(&Account::plain("r-1"), |account| {
        account.contacts = vec![Address::secret("a"), Address::secret("b")];
    });
    let new = edited(&old, |account| {
        account.contacts[1].street = "c".into();
        account.contacts[1].memo = None;
        account.contacts.push(Address::secret("d"));
    });
    let longer = changes(&old, &new);
    assert!(
        matches!(
            &longer[..],
            [
                AccountChange::Contacts(Part::Inside(1, AddressChange::Street(_))),
                AccountChange::Contacts(Part::Appeared(2, _)),
            ]
        ),
        "{longer:?}"
    );
    let shorter = changes(&new, &Account::plain("r-1"));
    let vanished = shorter.iter().enumerate().all(|(index, change)| {
        matches!(change, AccountChange::Contacts(Part::Vanished(at, _)) if *at == index)
    });
    assert!(vanished && shorter.len() == 3, "{shorter:?}");
}

#[test]
fn a_map_changes_by_key() {
    let with = |entries: &[(&str, &str)]| {
        edited(&Account::plain("r-1"), |account| {
            let entries = entries.iter();
            account.by_name = entries
                .map(|(key, street)| ((*key).to_owned(), Address::secret(street)))
                .collect();
        })
    };
    let old = with(&[("home", "a"), ("work", "b")]);
    let new = with(&[("work", "c"), ("yard", "d")]);
    let changes = changes(&old, &new);
    let [
        AccountChange::ByName(Part::Vanished(gone, _)),
        AccountChange::ByName(Part::Inside(kept, AddressChange::Street(street))),
        AccountChange::ByName(Part::Appeared(added, _)),
    ] = &changes[..]
    else {
        panic!("{changes:?}")
    };
    assert_eq!([gone, kept, added], ["home", "work", "yard"]);
    assert_eq!((street.old.as_str(), street.new.as_str()), ("b", "c"));
    assert!(!format!("{changes:?}").contains(SECRET));
}
