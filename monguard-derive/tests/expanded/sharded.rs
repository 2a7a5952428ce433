///Handles for the fields of [`Shipment`], for filters and updates.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
pub struct ShipmentFields {
    pub region: ::monguard::__private::ReadOnly<Shipment, String>,
    pub sent_at: ::monguard::__private::ReadOnly<Shipment, Time>,
    pub weight: ::monguard::__private::Field<Shipment, i64>,
    pub id: ::monguard::__private::ReadOnly<Shipment, ::monguard::__private::ObjectId>,
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _};
    #[automatically_derived]
    impl __mg::Versioned for Shipment {
        type Fields = ShipmentFields;
        type Id = __mg::ObjectId;
        type Version = __mg::Token;
        const COLLECTION: &'static __mg::str = "shipments";
        const META: __mg::Meta = __mg::Meta::new(
                "Shipment",
                &[
                    __mg::FieldMeta::new("region", "region").shard_key(),
                    __mg::FieldMeta::new("sent_at", "sentAt")
                        .shard_key()
                        .read_with(__mg_read_sent_at),
                    __mg::FieldMeta::new("weight", "weight"),
                ],
            )
            .version_field("rowVersion");
        fn fields() -> ShipmentFields {
            ShipmentFields {
                region: __mg::read_only("region"),
                sent_at: __mg::read_only_with("sentAt", __mg_encode_sent_at),
                weight: __mg::leaf("weight"),
                id: __mg::read_only("_id"),
            }
        }
        type Locator = (__mg::ObjectId, String, Time);
        fn locator(__mg_model: &Self, __mg_id: __mg::ObjectId) -> Self::Locator {
            (__mg_id, __mg::copy(&__mg_model.region), __mg::copy(&__mg_model.sent_at))
        }
        fn place(__mg_locator: &Self::Locator) -> __mg::Placed {
            __mg::place(
                __mg::encode(&__mg_locator.0),
                [
                    ("region", __mg::encode(&__mg_locator.1)),
                    ("sentAt", __mg_encode_sent_at(&__mg_locator.2)),
                ],
            )
        }
    }
    fn __mg_encode_sent_at(
        __mg_value: &Time,
    ) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
        struct __MgWith<'__mg>(&'__mg Time);
        impl __mg::Serialize for __MgWith<'_> {
            fn serialize<__S: __mg::Serializer>(
                &self,
                __mg_to: __S,
            ) -> __mg::Result<__S::Ok, __S::Error> {
                millis::serialize(self.0, __mg_to)
            }
        }
        __mg::encode(&__MgWith(__mg_value))
    }
    fn __mg_read_sent_at(__mg_cell: &__mg::RawDocument) -> __mg::Read {
        struct __MgRead(Time);
        impl<'__mg> __mg::Deserialize<'__mg> for __MgRead {
            fn deserialize<__D: __mg::Deserializer<'__mg>>(
                __mg_from: __D,
            ) -> __mg::Result<Self, __D::Error> {
                __mg::Ok(__MgRead(millis::deserialize(__mg_from)?))
            }
        }
        __mg::read_through(__mg_cell, |__mg_read: __MgRead| __mg_read.0)
    }
    const _: () = __mg::opaque(__mg::Probe::<String>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Time>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<i64>::REDACTS);
};
