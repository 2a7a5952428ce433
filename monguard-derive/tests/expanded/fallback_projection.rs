::core::compile_error! {
    "generic projections are not supported"
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg};
    #[automatically_derived]
    impl<T, __Mg> __mg::Projection<__Mg> for Line<T>
    where
        T: Clone,
        __Mg: __mg::Versioned,
    {
        fn columns(_: &mut __mg::Columns<__Mg>) {}
        fn read(
            __mg_values: &mut __mg::Values<'_>,
        ) -> __mg::Result<Self, __mg::Unreadable> {
            __mg::Err(__mg_values.nothing())
        }
    }
};
