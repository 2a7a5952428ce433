#![no_implicit_prelude]

mod facade {
    pub use ::monguard as guard;
}

::std::include!("../../zoo/models.rs");

fn main() {
    let _ = <Order as ::monguard::Versioned>::fields().address.place.town.exists();
    let _ = <Account as ::monguard::Versioned>::fields().balance.gt(3);
    let _ = <Invoice as ::monguard::Versioned>::indexes();
    let read = |orders: ::monguard::Collection<Order>| {
        let every = |_| ::monguard::Filter::<Order>::all();
        ::std::mem::drop(orders.find(every).select_as::<Parcel>());
    };
    let _ = read;
}
