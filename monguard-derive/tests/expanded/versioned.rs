///Handles for the fields of [`Order`], for filters and updates.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
pub struct OrderFields {
    pub checkout_id: ::monguard::__private::ReadOnly<Order, String>,
    pub status: ::monguard::__private::Field<Order, OrderStatus>,
    pub amount: ::monguard::__private::Field<Order, i64>,
    pub fulfilment: ::monguard::__private::Handles<Order, Fulfilment>,
    pub card_token: ::monguard::__private::Field<Order, Option<String>>,
    pub tags: ::monguard::__private::Field<Order, Vec<String>>,
    pub id: ::monguard::__private::ReadOnly<Order, ::monguard::__private::ObjectId>,
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _};
    #[automatically_derived]
    impl __mg::Versioned for Order {
        type Fields = OrderFields;
        type Id = __mg::ObjectId;
        type Version = __mg::Counter;
        const COLLECTION: &'static __mg::str = "orders";
        const META: __mg::Meta = __mg::Meta::new(
            "Order",
            &[
                __mg::FieldMeta::new("checkout_id", "checkoutId").idempotency_key(),
                __mg::FieldMeta::new("status", "status"),
                __mg::FieldMeta::new("amount", "amount"),
                __mg::FieldMeta::new("fulfilment", "fulfilment")
                    .nested(<Fulfilment as __mg::Nested>::shape),
                __mg::FieldMeta::new("card_token", "cardToken").audit_redact(),
                __mg::FieldMeta::new("tags", "tags"),
            ],
        );
        fn fields() -> OrderFields {
            OrderFields {
                checkout_id: __mg::read_only("checkoutId"),
                status: __mg::leaf("status"),
                amount: __mg::leaf("amount"),
                fulfilment: <Fulfilment as __mg::Nested>::fields(
                    __mg::Fixed::root("fulfilment"),
                    __mg::encode::<Fulfilment>,
                ),
                card_token: __mg::leaf("cardToken"),
                tags: __mg::leaf("tags"),
                id: __mg::read_only("_id"),
            }
        }
        type Locator = __mg::ObjectId;
        fn locator(_: &Self, __mg_id: __mg::ObjectId) -> __mg::ObjectId {
            __mg_id
        }
    }
    const _: () = __mg::opaque(__mg::Probe::<String>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<OrderStatus>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<i64>::REDACTS);
    const _: () = __mg::assert_depth(<Fulfilment as __mg::Nested>::DEPTH);
    const _: () = __mg::opaque(__mg::Probe::<Vec<String>>::REDACTS);
};
