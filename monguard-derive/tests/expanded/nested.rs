///Handles for the fields of a [`Fulfilment`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces)]
pub struct FulfilmentFields<
    __MgR,
    __MgV = Fulfilment,
    __MgP: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    pub validated_by: ::monguard::__private::Field<__MgR, Option<String>, __MgP>,
    pub tracking: ::monguard::__private::Field<__MgR, Option<String>, __MgP>,
    __mg_whole: ::monguard::__private::Field<__MgR, __MgV, __MgP>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Nested for Fulfilment {
        const DEPTH: __mg::usize = 1 + __mg::Depth(0).0;
        const REDACTS: __mg::bool = false;
        type Fields<__MgR, __MgV, __MgP: __mg::Path> = FulfilmentFields<
            __MgR,
            __MgV,
            __MgP,
        >;
        fn fields<__MgR, __MgV, __MgP: __mg::Path>(
            __mg_path: __MgP,
            __mg_encode: __mg::Encode<__MgV>,
        ) -> FulfilmentFields<__MgR, __MgV, __MgP> {
            FulfilmentFields {
                validated_by: __mg::Field::new(
                    __mg_path.name("validatedBy"),
                    __mg::encode::<Option<String>>,
                ),
                tracking: __mg::Field::new(
                    __mg_path.name("tracking"),
                    __mg::encode::<Option<String>>,
                ),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        fn shape() -> __mg::Shape {
            __mg::Shape::Struct(const {
                &[
                    __mg::FieldMeta::new("validated_by", "validatedBy"),
                    __mg::FieldMeta::new("tracking", "tracking"),
                ]
            })
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::Deref
    for FulfilmentFields<__MgR, __MgV, __MgP> {
        type Target = __mg::Field<__MgR, __MgV, __MgP>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::FieldOf<__MgR>
    for FulfilmentFields<__MgR, __MgV, __MgP> {
        type Value = __MgV;
        type Path = __MgP;
        fn whole(&self) -> &__mg::Field<__MgR, __MgV, __MgP> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::SettableField<__MgR>
    for FulfilmentFields<__MgR, __MgV, __MgP> {}
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
};
///One changed field of [`Fulfilment`].
#[allow(dead_code, missing_docs, private_interfaces)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[non_exhaustive]
pub enum FulfilmentChange {
    ValidatedBy(::monguard::__private::Change<Option<String>>),
    Tracking(::monguard::__private::Change<Option<String>>),
}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Diff for Fulfilment {
        type Change = FulfilmentChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<FulfilmentChange>) {
            __mg_diff
                .field(
                    &self.validated_by,
                    &__mg_new.validated_by,
                    FulfilmentChange::ValidatedBy,
                );
            __mg_diff
                .field(&self.tracking, &__mg_new.tracking, FulfilmentChange::Tracking);
        }
    }
};
