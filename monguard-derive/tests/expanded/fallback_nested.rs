::core::compile_error! {
    "`Nested` can be derived only for structs with named fields"
}
///One changed field of [`Part`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[non_exhaustive]
enum PartChange {
    #[doc(hidden)]
    __Mg,
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg};
    #[automatically_derived]
    impl __mg::Nested for Part {
        const DEPTH: __mg::usize = 1;
        const REDACTS: __mg::bool = false;
        type Fields<__R, __V, __P: __mg::Path> = __mg::Field<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>,
        ) -> __mg::Field<__R, __V, __P> {
            __mg::Field::new(__mg_path, __mg_encode)
        }
        fn shape() -> __mg::Shape {
            __mg::Shape::Struct(&[])
        }
        type Change = PartChange;
        fn diff(&self, _: &Self, _: &mut __mg::Differ<PartChange>) {}
        fn replay<__P: __mg::Path>(
            _: &Self::Change,
            _: __P,
            _: &__mg::WholeAt<'_, Self>,
            _: &mut __mg::Replay,
        ) {}
    }
};
