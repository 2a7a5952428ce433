::core::compile_error! {
    "`Nested` can be derived only for structs with named fields"
}
///One changed field of [`Part`].
#[allow(dead_code, missing_docs, private_interfaces)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[non_exhaustive]
enum PartChange {}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Diff for Part {
        type Change = PartChange;
        fn diff(&self, _: &Self, _: &mut __mg::Differ<PartChange>) {}
    }
};
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Nested for Part {
        const DEPTH: __mg::usize = 1;
        const REDACTS: __mg::bool = false;
        type Fields<__MgR, __MgV, __MgP: __mg::Path> = __mg::Field<__MgR, __MgV, __MgP>;
        fn fields<__MgR, __MgV, __MgP: __mg::Path>(
            __mg_path: __MgP,
            __mg_encode: __mg::Encode<__MgV>,
        ) -> __mg::Field<__MgR, __MgV, __MgP> {
            __mg::Field::new(__mg_path, __mg_encode)
        }
        fn shape() -> __mg::Shape {
            __mg::Shape::Struct(&[])
        }
    }
};
