//! The search.

use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::canonical::canonical;
use crate::properties as holds;
use crate::renaming::Renaming;
use crate::scenario::Scenario;
use crate::world::{Action, World};
use crate::{effect, enabled};

/// What a search came to.
#[derive(Debug)]
pub struct Outcome {
    /// How many different states were met.
    pub states: usize,
    /// Whether these are all that can be reached.
    pub is_whole: bool,
    /// The properties that do not hold, each with the steps that lead to a state in which it does
    /// not. Writers that nothing tells apart may take each other's places from one step to the next.
    pub broken: Vec<(&'static str, Vec<String>)>,
}

struct Protocol {
    scenario: Scenario,
    symmetries: Vec<Renaming>,
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(&self.scenario)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        enabled::actions(&self.scenario, world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let next = effect::next(&self.scenario, world, &action);
        Some(canonical(&self.scenario, &self.symmetries, next))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("every write has its entry", |model, world| {
                holds::every_write_has_its_entry(&model.scenario, world)
            }),
            Property::always("every entry has its write", |_, world| {
                holds::every_entry_has_its_write(world)
            }),
            Property::always("entries say what was replaced", |model, world| {
                holds::entries_say_what_was_replaced(&model.scenario, world)
            }),
            Property::always("no operation applies twice", |_, world| {
                holds::no_operation_applies_twice(world)
            }),
            Property::always("reports are true", |_, world| {
                holds::reports_are_true(world)
            }),
            Property::always("histories are complete", |_, world| {
                holds::histories_are_complete(world)
            }),
            Property::always("no document is overloaded", |model, world| {
                holds::no_document_is_overloaded(&model.scenario, world)
            }),
            Property::always("lives do not fork", |model, world| {
                holds::lives_do_not_fork(&model.scenario, world)
            }),
            Property::always("a recovery finds everything", |model, world| {
                holds::a_recovery_finds_everything(&model.scenario, world)
            }),
        ]
    }
}

/// Searches every state that can be reached, or until a property does not hold.
#[must_use]
pub fn search(scenario: Scenario) -> Outcome {
    search_up_to(scenario, usize::MAX)
}

/// The same, or until so many states were met.
#[must_use]
pub fn search_up_to(scenario: Scenario, most: usize) -> Outcome {
    let symmetries = Renaming::all(&scenario);
    let protocol = Protocol {
        scenario,
        symmetries,
    };
    let checker = protocol
        .checker()
        .finish_when(HasDiscoveries::Any)
        .target_state_count(most)
        .spawn_bfs()
        .join();
    let broken: Vec<_> = checker
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
        is_whole: broken.is_empty() && checker.state_count() < most,
        broken,
    }
}
