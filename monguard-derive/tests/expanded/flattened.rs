///Handles for the fields of [`Order`], for filters and updates.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
struct OrderFields {
    amount: ::monguard::__private::Field<Order, i64>,
    place: ::monguard::__private::FlatHandles<Order, Place>,
    extra: ::monguard::__private::Unknown<Order, Document>,
    id: ::monguard::__private::ReadOnly<Order, ::monguard::__private::ObjectId>,
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _};
    const __MG_FIELDS: &[__mg::FieldMeta] = &[
        __mg::FieldMeta::new("amount", "amount"),
        __mg::FieldMeta::new("place", "place")
            .audit_redact()
            .flattened(__mg::assert_flat(<Place as __mg::Nested>::FIELDS)),
    ];
    const __MG_FLAT: [__mg::FieldMeta; __mg::count_flattened(__MG_FIELDS)] = __mg::flatten(
        __MG_FIELDS,
    );
    const _: () = __mg::assert_free(
        __MG_FIELDS,
        1usize,
        __mg::Around::Document {
            version: "__v",
            plain: false,
            unknown: true,
        },
    );
    #[automatically_derived]
    impl __mg::Versioned for Order {
        type Fields = OrderFields;
        type Id = __mg::ObjectId;
        type Version = __mg::Counter;
        const COLLECTION: &'static __mg::str = "orders";
        const META: __mg::Meta = __mg::Meta::new("Order", &__MG_FLAT)
            .keeps_unknown_fields();
        fn fields() -> OrderFields {
            OrderFields {
                amount: __mg::leaf("amount"),
                place: <Place as __mg::Nested>::fields(
                    __mg::Fixed::DOCUMENT,
                    __mg::encode_inline::<Place>,
                ),
                extra: __mg::Unknown::new(),
                id: __mg::read_only("_id"),
            }
        }
        fn unknown_keys(&self) -> __mg::Vec<&__mg::str> {
            <Document as __mg::UnknownFields>::keys(&self.extra)
        }
        type Locator = __mg::ObjectId;
        fn locator(_: &Self, __mg_id: __mg::ObjectId) -> __mg::ObjectId {
            __mg_id
        }
    }
    const _: () = __mg::opaque(__mg::Probe::<i64>::REDACTS);
    const _: () = __mg::assert_depth(<Place as __mg::Nested>::DEPTH - 1);
    const _: () = __mg::opaque(__mg::Probe::<Document>::REDACTS);
};
