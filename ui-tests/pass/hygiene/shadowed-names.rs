// What generated code names is what it means, whatever the names around it are.
mod facade {
    pub use ::monguard as guard;
}

struct Option;
struct Vec;
struct Result;
struct String;
struct Box;
struct Some;
struct None;
struct Ok;
struct Err;
struct R;
struct V;
struct P;
struct Path;
struct Field;
mod core {}
mod std {}
mod serde_json {}
struct Clone;
struct Debug;
struct Deref;
struct Default;
struct Bson;
struct ObjectId;
struct Nested;
struct Versioned;
struct Auditable;
struct Projection;
struct Columns;
struct Values;
struct Unreadable;
struct Index;
struct Filter;
#[allow(non_camel_case_types)]
struct encode;
#[allow(non_camel_case_types)]
struct leaf;
mod alloc {}
mod serde {}
mod monguard {}
mod mongodb {}

::std::include!("../../zoo/models.rs");

fn main() {
    use ::monguard::Versioned as _;

    let _ = (Option, Vec, Result, String, Box, Some, None, Ok, Err, R, V, P, Path, Field);
    let _ = (Clone, Debug, Deref, Default, Bson, ObjectId, Nested, Versioned, Auditable);
    let _ = (Projection, Columns, Values, Unreadable, Index, Filter);
    let _ = (encode, leaf);
    let _: ::monguard::Filter<Order> = Order::fields().address.place.town.eq("Ulm");
    let _ = <Invoice as ::monguard::Versioned>::indexes();
    let read = |orders: ::monguard::Collection<Order>| {
        let every = |_| ::monguard::Filter::<Order>::all();
        drop(orders.find(every).select_as::<Parcel>());
    };
    let _ = read;
}
