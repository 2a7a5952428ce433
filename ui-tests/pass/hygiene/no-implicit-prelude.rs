#![no_implicit_prelude]

mod facade {
    pub use ::monguard as guard;
}

::std::include!("../../zoo/models.rs");

fn main() {
    let _ = <Order as ::monguard::Versioned>::fields().address.place.town.exists();
    let _ = <Account as ::monguard::Versioned>::fields().balance.gt(3);
}
