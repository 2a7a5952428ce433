///Handles for the fields of a [`Fulfilment`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
pub struct FulfilmentFields<
    __R,
    __V = Fulfilment,
    __P: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    pub validated_by: ::monguard::__private::Field<__R, Option<String>, __P>,
    pub tracking: ::monguard::__private::Field<__R, Option<String>, __P>,
    __mg_whole: ::monguard::__private::Field<__R, __V, __P>,
}
///One changed field of [`Fulfilment`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[non_exhaustive]
pub enum FulfilmentChange {
    ValidatedBy(::monguard::__private::Change<Option<String>>),
    Tracking(::monguard::__private::Change<Option<String>>),
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    type __C = FulfilmentChange;
    #[automatically_derived]
    impl __mg::Nested for Fulfilment {
        const DEPTH: __mg::usize = 1 + __mg::Depth(0).0;
        const REDACTS: __mg::bool = false;
        const FIELDS: __mg::Option<&'static [__mg::FieldMeta]> = __mg::Some(
            &[
                __mg::FieldMeta::new("validated_by", "validatedBy"),
                __mg::FieldMeta::new("tracking", "tracking"),
            ],
        );
        type Fields<__R, __V, __P: __mg::Path> = FulfilmentFields<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>,
        ) -> FulfilmentFields<__R, __V, __P> {
            FulfilmentFields {
                validated_by: __mg::Field::new(
                    __mg_path.name("validatedBy"),
                    __mg::encode,
                ),
                tracking: __mg::Field::new(__mg_path.name("tracking"), __mg::encode),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        type Change = FulfilmentChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) {
            __mg_diff
                .field(&self.validated_by, &__mg_new.validated_by, __C::ValidatedBy);
            __mg_diff.field(&self.tracking, &__mg_new.tracking, __C::Tracking);
        }
        fn replay<__P: __mg::Path>(
            __mg_v: &__C,
            __mg_in: __P,
            _: &__mg::WholeAt<'_, Self>,
            __mg_to: &mut __mg::Replay,
        ) {
            match __mg_v {
                __C::ValidatedBy(__mg_v) => {
                    __mg_to.field(&__mg_in, "validatedBy", __mg_v)
                }
                __C::Tracking(__mg_v) => __mg_to.field(&__mg_in, "tracking", __mg_v),
            }
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::Deref
    for FulfilmentFields<__R, __V, __P> {
        type Target = __mg::Field<__R, __V, __P>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::FieldOf<__R>
    for FulfilmentFields<__R, __V, __P> {
        type Value = <__V as __mg::Whole>::Value;
        type Path = __P;
        fn whole(&self) -> &__mg::Field<__R, __V, __P> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::Settable
    for FulfilmentFields<__R, __V, __P> {}
    #[automatically_derived]
    impl __mg::Debug for FulfilmentChange {
        fn fmt(&self, __mg_f: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self {
                Self::ValidatedBy(ref __mg_v) => {
                    __mg::show(__mg_f, "ValidatedBy", &*__mg_v)
                }
                Self::Tracking(ref __mg_v) => __mg::show(__mg_f, "Tracking", &*__mg_v),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for FulfilmentChange {
        fn clone(&self) -> Self {
            match *self {
                Self::ValidatedBy(ref __mg_v) => Self::ValidatedBy(__mg::copy(&*__mg_v)),
                Self::Tracking(ref __mg_v) => Self::Tracking(__mg::copy(&*__mg_v)),
            }
        }
    }
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
};
