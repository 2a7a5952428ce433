///Handles for the fields of a [`Parcel`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
struct ParcelFields<
    __R,
    __V = Parcel,
    __P: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    tracking: ::monguard::__private::Field<__R, Option<String>, __P>,
    sent: ::monguard::__private::Field<__R, Time, ::monguard::__private::Undivided<__P>>,
    place: <Place as ::monguard::__private::Nested>::Fields<
        __R,
        Place,
        ::monguard::__private::Undivided<__P>,
    >,
    __mg_whole: ::monguard::__private::Field<__R, __V, __P>,
}
///One changed field of [`Parcel`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[non_exhaustive]
enum ParcelChange {
    Tracking(::monguard::__private::Change<Option<String>>),
    Sent(::monguard::__private::Change<Time>),
    Place(::monguard::__private::NestedChange<Place>),
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Nested for Parcel {
        const DEPTH: __mg::usize = 1
            + __mg::Depth(0).max(<Place as __mg::Nested>::DEPTH).0;
        const REDACTS: __mg::bool = <Place as __mg::Nested>::REDACTS;
        type Fields<__R, __V, __P: __mg::Path> = ParcelFields<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>,
        ) -> ParcelFields<__R, __V, __P> {
            ParcelFields {
                tracking: __mg::Field::new(
                    __mg_path.name("tracking"),
                    __mg_encode_tracking,
                ),
                sent: __mg::Field::new(
                    __mg::Undivided(__mg_path.name("sent")),
                    __mg_encode_sent,
                ),
                place: <Place as __mg::Nested>::fields(
                    __mg::Undivided(__mg_path.name("place")),
                    __mg_encode_place,
                ),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        fn shape() -> __mg::Shape {
            __mg::Shape::Struct(const {
                &[
                    __mg::FieldMeta::new("tracking", "tracking"),
                    __mg::FieldMeta::new("sent", "sent"),
                    __mg::FieldMeta::new("place", "place")
                        .nested(<Place as __mg::Nested>::shape),
                ]
            })
        }
        type Change = ParcelChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<ParcelChange>) {
            __mg_diff.field(&self.tracking, &__mg_new.tracking, ParcelChange::Tracking);
            __mg_diff.field(&self.sent, &__mg_new.sent, ParcelChange::Sent);
            <Place as __mg::Nested>::diff_inside(
                &self.place,
                &__mg_new.place,
                __mg_diff,
                ParcelChange::Place,
            );
        }
    }
    #[automatically_derived]
    impl<__R, __V, __P: __mg::Path> __mg::Deref for ParcelFields<__R, __V, __P> {
        type Target = __mg::Field<__R, __V, __P>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V, __P: __mg::Path> __mg::FieldOf<__R> for ParcelFields<__R, __V, __P> {
        type Value = __V;
        type Path = __P;
        fn whole(&self) -> &__mg::Field<__R, __V, __P> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V, __P: __mg::Path> __mg::Settable for ParcelFields<__R, __V, __P> {}
    #[automatically_derived]
    impl __mg::Debug for ParcelChange {
        fn fmt(&self, __mg_to: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self {
                Self::Tracking(ref __mg_in) => __mg::show(__mg_to, "Tracking", &*__mg_in),
                Self::Sent(ref __mg_in) => __mg::show(__mg_to, "Sent", &*__mg_in),
                Self::Place(ref __mg_in) => __mg::show(__mg_to, "Place", &*__mg_in),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for ParcelChange {
        fn clone(&self) -> Self {
            match *self {
                Self::Tracking(ref __mg_in) => Self::Tracking(__mg::copy(&*__mg_in)),
                Self::Sent(ref __mg_in) => Self::Sent(__mg::copy(&*__mg_in)),
                Self::Place(ref __mg_in) => Self::Place(__mg::copy(&*__mg_in)),
            }
        }
    }
    fn __mg_encode_tracking(
        __mg_value: &Option<String>,
    ) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
        if Option::is_none(__mg_value) {
            return __mg::Ok(__mg::None);
        }
        __mg::encode(__mg_value)
    }
    fn __mg_encode_sent(
        __mg_value: &Time,
    ) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
        if is_epoch(__mg_value) {
            return __mg::Ok(__mg::None);
        }
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
    fn __mg_encode_place(
        __mg_value: &Place,
    ) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
        struct __MgWith<'__mg>(&'__mg Place);
        impl __mg::Serialize for __MgWith<'_> {
            fn serialize<__S: __mg::Serializer>(
                &self,
                __mg_to: __S,
            ) -> __mg::Result<__S::Ok, __S::Error> {
                upper(self.0, __mg_to)
            }
        }
        __mg::encode(&__MgWith(__mg_value))
    }
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Time>::REDACTS);
};
