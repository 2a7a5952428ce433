use monguard::prelude::*;
use monguard_ui_tests::stock::*;

fn mistake() -> Filter<Carton> {
    Filter::document(Default::default())
}

fn main() {}
