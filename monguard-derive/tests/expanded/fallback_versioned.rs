::core::compile_error! {
    "generic documents are not supported"
}
///Handles for the fields of [`Order`], for filters and updates.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
pub struct OrderFields {}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg};
    #[automatically_derived]
    impl<T> __mg::Versioned for Order<T>
    where
        T: Clone,
        Self: ::monguard::__private::Serialize + ::monguard::__private::DeserializeOwned
            + ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        type Fields = OrderFields;
        type Id = __mg::ObjectId;
        type Locator = __mg::ObjectId;
        type Version = __mg::Counter;
        const COLLECTION: &'static __mg::str = "";
        const META: __mg::Meta = __mg::Meta::new("Order", &[]);
        fn fields() -> OrderFields {
            OrderFields {}
        }
        fn locator(_: &Self, __mg_id: __mg::ObjectId) -> __mg::ObjectId {
            __mg_id
        }
    }
};
