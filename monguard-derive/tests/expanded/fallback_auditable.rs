///One changed field of [`Order`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[non_exhaustive]
pub enum OrderChange {
    #[doc(hidden)]
    __Mg,
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg};
    #[automatically_derived]
    impl<T> __mg::Auditable for Order<T>
    where
        T: Clone,
        Self: ::monguard::__private::Serialize + ::monguard::__private::DeserializeOwned
            + ::core::marker::Send + ::core::marker::Sync + 'static,
    {}
    #[automatically_derived]
    impl<T> __mg::Diff for Order<T>
    where
        T: Clone,
        Self: ::monguard::__private::Serialize + ::monguard::__private::DeserializeOwned
            + ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        type Change = OrderChange;
        fn diff(&self, _: &Self, _: &mut __mg::Differ<OrderChange>) {}
        fn replay(_: &Self::Change, _: __mg::Fixed, _: &mut __mg::Replay) {}
    }
};
