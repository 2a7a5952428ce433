///Handles for the fields of a [`Parcel`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
struct ParcelFields<
    __R,
    __V = Parcel,
    __P: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    tracking: ::monguard::__private::Field<__R, Option<String>, __P>,
    sent: ::monguard::__private::Field<__R, Time, ::monguard::__private::Undivided<__P>>,
    place: ::monguard::__private::Field<__R, String, __P>,
    __mg_whole: ::monguard::__private::Field<__R, __V, __P>,
}
///One changed field of [`Parcel`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[non_exhaustive]
enum ParcelChange {
    Tracking(::monguard::__private::Change<Option<String>>),
    Sent(::monguard::__private::Change<Time>),
    Place(::monguard::__private::Change<String>),
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    type __C = ParcelChange;
    #[automatically_derived]
    impl __mg::Nested for Parcel {
        const DEPTH: __mg::usize = 1 + __mg::Depth(0).0;
        const REDACTS: __mg::bool = false;
        const FIELDS: __mg::Option<&'static [__mg::FieldMeta]> = __mg::Some(
            &[
                __mg::FieldMeta::new("tracking", "tracking")
                    .or_default(__mg_missing_tracking),
                __mg::FieldMeta::new("sent", "sent")
                    .read_with(__mg_read_sent)
                    .or_default(__mg_missing_sent),
                __mg::FieldMeta::new("place", "place")
                    .read_with(__mg_read_place)
                    .or_default(__mg_missing_place),
            ],
        );
        type Fields<__R, __V, __P: __mg::Path> = ParcelFields<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>,
        ) -> ParcelFields<__R, __V, __P> {
            ParcelFields {
                tracking: __mg::Field::new(__mg_path.name("tracking"), __mg::encode),
                sent: __mg::Field::new(
                    __mg::Undivided(__mg_path.name("sent")),
                    __mg_encode_sent,
                ),
                place: __mg::Field::new(__mg_path.name("place"), __mg::encode),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        type Change = ParcelChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) {
            __mg_diff.field(&self.tracking, &__mg_new.tracking, __C::Tracking);
            __mg_diff.field(&self.sent, &__mg_new.sent, __C::Sent);
            __mg_diff.field(&self.place, &__mg_new.place, __C::Place);
        }
        fn replay<__P: __mg::Path>(
            __mg_v: &__C,
            __mg_in: __P,
            _: &__mg::WholeAt<'_, Self>,
            __mg_to: &mut __mg::Replay,
        ) {
            match __mg_v {
                __C::Tracking(__mg_v) => __mg_to.field(&__mg_in, "tracking", __mg_v),
                __C::Sent(__mg_v) => {
                    __mg_to.field_with(&__mg_in, "sent", __mg_encode_sent, __mg_v)
                }
                __C::Place(__mg_v) => __mg_to.field(&__mg_in, "place", __mg_v),
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
                Self::Tracking(ref __mg_v) => __mg::show(__mg_f, "Tracking", &*__mg_v),
                Self::Sent(ref __mg_v) => __mg::show(__mg_f, "Sent", &*__mg_v),
                Self::Place(ref __mg_v) => __mg::show(__mg_f, "Place", &*__mg_v),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for ParcelChange {
        fn clone(&self) -> Self {
            match *self {
                Self::Tracking(ref __mg_v) => Self::Tracking(__mg::copy(&*__mg_v)),
                Self::Sent(ref __mg_v) => Self::Sent(__mg::copy(&*__mg_v)),
                Self::Place(ref __mg_v) => Self::Place(__mg::copy(&*__mg_v)),
            }
        }
    }
    fn __mg_encode_sent(
        __mg_value: &Time,
    ) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
        struct __MgWith<'__mg>(&'__mg Time);
        impl __mg::Serialize for __MgWith<'_> {
            fn serialize<__S: __mg::Serializer>(
                &self,
                __mg_to: __S,
            ) -> __mg::Result<__S::Ok, __S::Error> {
                crate::millis::serialize(self.0, __mg_to)
            }
        }
        __mg::encode(&__MgWith(__mg_value))
    }
    fn __mg_missing_tracking() -> __mg::Result<__mg::Bson, __mg::EncodeError> {
        let __mg_value: &Option<String> = &<Option<String> as __mg::Default>::default();
        __mg::encode_missing(__mg_value)
    }
    fn __mg_read_sent(__mg_cell: &__mg::RawDocument) -> __mg::Read {
        struct __MgRead(Time);
        impl<'__mg> __mg::Deserialize<'__mg> for __MgRead {
            fn deserialize<__D: __mg::Deserializer<'__mg>>(
                __mg_from: __D,
            ) -> __mg::Result<Self, __D::Error> {
                __mg::Ok(__MgRead(crate::millis::deserialize(__mg_from)?))
            }
        }
        __mg::read_through(__mg_cell, |__mg_read: __MgRead| __mg_read.0)
    }
    fn __mg_missing_sent() -> __mg::Result<__mg::Bson, __mg::EncodeError> {
        struct __MgWith<'__mg>(&'__mg Time);
        impl __mg::Serialize for __MgWith<'_> {
            fn serialize<__S: __mg::Serializer>(
                &self,
                __mg_to: __S,
            ) -> __mg::Result<__S::Ok, __S::Error> {
                crate::millis::serialize(self.0, __mg_to)
            }
        }
        let __mg_value: &Time = &epoch();
        __mg::encode_missing(&__MgWith(__mg_value))
    }
    fn __mg_read_place(__mg_cell: &__mg::RawDocument) -> __mg::Read {
        struct __MgRead(String);
        impl<'__mg> __mg::Deserialize<'__mg> for __MgRead {
            fn deserialize<__D: __mg::Deserializer<'__mg>>(
                __mg_from: __D,
            ) -> __mg::Result<Self, __D::Error> {
                __mg::Ok(__MgRead(lower(__mg_from)?))
            }
        }
        __mg::read_through(__mg_cell, |__mg_read: __MgRead| __mg_read.0)
    }
    fn __mg_missing_place() -> __mg::Result<__mg::Bson, __mg::EncodeError> {
        let __mg_value: &String = &Parcel::empty().place;
        __mg::encode_missing(__mg_value)
    }
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Time>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<String>::REDACTS);
};
