///Handles for the fields of a [`Parcel`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
struct ParcelFields<
    __R,
    __V = Parcel,
    __P: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    place: <Place as ::monguard::__private::Nested>::Fields<
        __R,
        ::monguard::__private::Inline<Place>,
        __P,
    >,
    weight: ::monguard::__private::Field<__R, i64, __P>,
    __mg_whole: ::monguard::__private::Field<__R, __V, __P>,
}
///One changed field of [`Parcel`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[non_exhaustive]
enum ParcelChange {
    Place(::monguard::__private::NestedChange<Place>),
    Weight(::monguard::__private::Change<i64>),
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    type __C = ParcelChange;
    const __MG_FIELDS: &[__mg::FieldMeta] = &[
        __mg::FieldMeta::new("place", "place")
            .flattened(__mg::assert_flat(<Place as __mg::Nested>::FIELDS)),
        __mg::FieldMeta::new("weight", "weight"),
    ];
    const __MG_FLAT: [__mg::FieldMeta; __mg::count_flattened(__MG_FIELDS)] = __mg::flatten(
        __MG_FIELDS,
    );
    const _: () = __mg::assert_free(__MG_FIELDS, 0usize, __mg::Around::Nested);
    #[automatically_derived]
    impl __mg::Nested for Parcel {
        const DEPTH: __mg::usize = 1
            + __mg::Depth(0).max(<Place as __mg::Nested>::DEPTH - 1).0;
        const REDACTS: __mg::bool = <Place as __mg::Nested>::REDACTS;
        const FIELDS: __mg::Option<&'static [__mg::FieldMeta]> = __mg::Some(&__MG_FLAT);
        type Fields<__R, __V, __P: __mg::Path> = ParcelFields<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>,
        ) -> ParcelFields<__R, __V, __P> {
            ParcelFields {
                place: <Place as __mg::Nested>::fields(
                    __mg::Clone::clone(&__mg_path),
                    __mg::encode_inline::<Place>,
                ),
                weight: __mg::Field::new(__mg_path.name("weight"), __mg::encode),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        type Change = ParcelChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) {
            <Place as __mg::Nested>::diff_inside(
                &self.place,
                &__mg_new.place,
                __mg_diff,
                __C::Place,
            );
            __mg_diff.field(&self.weight, &__mg_new.weight, __C::Weight);
        }
        fn replay<__P: __mg::Path>(
            __mg_v: &__C,
            __mg_in: __P,
            _: &__mg::WholeAt<'_, Self>,
            __mg_to: &mut __mg::Replay,
        ) {
            match __mg_v {
                __C::Place(__mg_v) => {
                    <Place as __mg::Nested>::replay_flat(
                        __mg_v,
                        __mg::Clone::clone(&__mg_in),
                        __mg_to,
                    )
                }
                __C::Weight(__mg_v) => __mg_to.field(&__mg_in, "weight", __mg_v),
            }
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::Deref
    for ParcelFields<__R, __V, __P> {
        type Target = __mg::Field<__R, __V, __P>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::FieldOf<__R>
    for ParcelFields<__R, __V, __P> {
        type Value = <__V as __mg::Whole>::Value;
        type Path = __P;
        fn whole(&self) -> &__mg::Field<__R, __V, __P> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::Settable
    for ParcelFields<__R, __V, __P> {}
    #[automatically_derived]
    impl __mg::Debug for ParcelChange {
        fn fmt(&self, __mg_f: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self {
                Self::Place(ref __mg_v) => __mg::show(__mg_f, "Place", &*__mg_v),
                Self::Weight(ref __mg_v) => __mg::show(__mg_f, "Weight", &*__mg_v),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for ParcelChange {
        fn clone(&self) -> Self {
            match *self {
                Self::Place(ref __mg_v) => Self::Place(__mg::copy(&*__mg_v)),
                Self::Weight(ref __mg_v) => Self::Weight(__mg::copy(&*__mg_v)),
            }
        }
    }
    const _: () = __mg::opaque(__mg::Probe::<i64>::REDACTS);
};
