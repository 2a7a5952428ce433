//! The search.

use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::properties as holds;
use crate::scenario::Scenario;
use crate::world::{Action, World};
use crate::{effect, enabled};

/// What a search came to.
#[derive(Debug)]
pub struct Outcome {
    /// How many different states were met.
    pub states: usize,
    /// The properties that do not hold, each with the steps that lead to a state in which it does
    /// not.
    pub broken: Vec<(&'static str, Vec<String>)>,
}

struct Protocol(Scenario);

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(&self.0)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        enabled::actions(&self.0, world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        Some(effect::next(&self.0, world, &action))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("every write has its entry", |model, world| {
                holds::every_write_has_its_entry(&model.0, world)
            }),
            Property::always("every entry has its write", |model, world| {
                holds::every_entry_has_its_write(&model.0, world)
            }),
            Property::always("entries say what was replaced", |model, world| {
                holds::entries_say_what_was_replaced(&model.0, world)
            }),
            Property::always("no operation applies twice", |model, world| {
                holds::no_operation_applies_twice(&model.0, world)
            }),
            Property::always("reports are true", |model, world| {
                holds::reports_are_true(&model.0, world)
            }),
            Property::always("histories are complete", |model, world| {
                holds::histories_are_complete(&model.0, world)
            }),
        ]
    }
}

/// Searches every state that can be reached, or until a property does not hold.
#[must_use]
pub fn search(scenario: Scenario) -> Outcome {
    let checker = Protocol(scenario)
        .checker()
        .finish_when(HasDiscoveries::Any)
        .spawn_bfs()
        .join();
    let broken = checker
        .discoveries()
        .into_iter()
        .map(|(property, path)| {
            let steps = path
                .into_actions()
                .iter()
                .map(|step| format!("{step:?}"))
                .collect();
            (property, steps)
        })
        .collect();
    Outcome {
        states: checker.unique_state_count(),
        broken,
    }
}
