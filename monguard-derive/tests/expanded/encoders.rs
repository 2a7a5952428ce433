///Handles for the fields of a [`Parcel`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces)]
struct ParcelFields<
    __MgR,
    __MgV = Parcel,
    __MgP: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    tracking: ::monguard::__private::Field<__MgR, Option<String>, __MgP>,
    sent: ::monguard::__private::Field<__MgR, Time, __MgP>,
    place: <Place as ::monguard::__private::Nested>::Fields<__MgR, Place, __MgP>,
    __mg_whole: ::monguard::__private::Field<__MgR, __MgV, __MgP>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Nested for Parcel {
        const DEPTH: __mg::usize = 1
            + __mg::Depth(0).max(<Place as ::monguard::__private::Nested>::DEPTH).0;
        const REDACTS: __mg::bool = <Place as ::monguard::__private::Nested>::REDACTS;
        type Fields<__MgR, __MgV, __MgP: __mg::Path> = ParcelFields<__MgR, __MgV, __MgP>;
        fn fields<__MgR, __MgV, __MgP: __mg::Path>(
            __mg_path: __MgP,
            __mg_encode: __mg::Encode<__MgV>,
        ) -> ParcelFields<__MgR, __MgV, __MgP> {
            ParcelFields {
                tracking: __mg::Field::new(
                    __mg_path.name("tracking"),
                    __mg_encode_tracking,
                ),
                sent: __mg::Field::new(__mg_path.name("sent"), __mg_encode_sent),
                place: <Place as ::monguard::__private::Nested>::fields(
                    __mg_path.name("place"),
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
                        .nested(<Place as ::monguard::__private::Nested>::shape),
                ]
            })
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::Deref
    for ParcelFields<__MgR, __MgV, __MgP> {
        type Target = __mg::Field<__MgR, __MgV, __MgP>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::FieldOf<__MgR>
    for ParcelFields<__MgR, __MgV, __MgP> {
        type Value = __MgV;
        type Path = __MgP;
        fn whole(&self) -> &__mg::Field<__MgR, __MgV, __MgP> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::SettableField<__MgR>
    for ParcelFields<__MgR, __MgV, __MgP> {}
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
            fn serialize<__MgS: __mg::Serializer>(
                &self,
                __mg_to: __MgS,
            ) -> __mg::Result<__MgS::Ok, __MgS::Error> {
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
            fn serialize<__MgS: __mg::Serializer>(
                &self,
                __mg_to: __MgS,
            ) -> __mg::Result<__MgS::Ok, __MgS::Error> {
                upper(self.0, __mg_to)
            }
        }
        __mg::encode(&__MgWith(__mg_value))
    }
    const _: () = __mg::opaque(__mg::Probe::<Option<String>>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Time>::REDACTS);
};
///One changed field of [`Parcel`].
#[allow(dead_code, missing_docs, private_interfaces)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[non_exhaustive]
enum ParcelChange {
    Tracking(::monguard::__private::Change<Option<String>>),
    Sent(::monguard::__private::Change<Time>),
    Place(::monguard::__private::NestedChange<Place>),
}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Diff for Parcel {
        type Change = ParcelChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<ParcelChange>) {
            __mg_diff.field(&self.tracking, &__mg_new.tracking, ParcelChange::Tracking);
            __mg_diff.field(&self.sent, &__mg_new.sent, ParcelChange::Sent);
            __mg_diff.nested(&self.place, &__mg_new.place, ParcelChange::Place);
        }
    }
};
