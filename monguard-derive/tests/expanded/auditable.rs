///One changed field of [`Order`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[non_exhaustive]
pub enum OrderChange {
    CheckoutId(::monguard::__private::Change<String>),
    Status(::monguard::__private::Change<OrderStatus>),
    Amount(::monguard::__private::Change<i64>),
    Fulfilment(::monguard::__private::NestedChange<Fulfilment>),
    CardToken(::monguard::__private::Sealed<Option<String>>),
    Tags(::monguard::__private::Change<Vec<String>>),
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg};
    #[automatically_derived]
    impl __mg::Auditable for Order {
        fn replay(
            __mg_change: OrderChange,
            __mg_fields: &Self::Fields,
            __mg_to: &mut __mg::Replay,
        ) {
            match __mg_change {
                OrderChange::CheckoutId(__mg_in) => {
                    __mg_to.held(&__mg_fields.checkout_id, __mg_in)
                }
                OrderChange::Status(__mg_in) => {
                    __mg_to.field(&__mg_fields.status, __mg_in)
                }
                OrderChange::Amount(__mg_in) => {
                    __mg_to.field(&__mg_fields.amount, __mg_in)
                }
                OrderChange::Fulfilment(__mg_in) => {
                    <Fulfilment as __mg::Nested>::replay_inside(
                        __mg_in,
                        &__mg_fields.fulfilment,
                        __mg_to,
                    )
                }
                OrderChange::CardToken(__mg_in) => {
                    __mg_to.sealed(&__mg_fields.card_token, __mg_in)
                }
                OrderChange::Tags(__mg_in) => __mg_to.field(&__mg_fields.tags, __mg_in),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Diff for Order {
        type Change = OrderChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<OrderChange>) {
            __mg_diff
                .field(
                    &self.checkout_id,
                    &__mg_new.checkout_id,
                    OrderChange::CheckoutId,
                );
            __mg_diff.field(&self.status, &__mg_new.status, OrderChange::Status);
            __mg_diff.field(&self.amount, &__mg_new.amount, OrderChange::Amount);
            <Fulfilment as __mg::Nested>::diff_inside(
                &self.fulfilment,
                &__mg_new.fulfilment,
                __mg_diff,
                OrderChange::Fulfilment,
            );
            __mg_diff
                .redacted(
                    &self.card_token,
                    &__mg_new.card_token,
                    OrderChange::CardToken,
                );
            __mg_diff.field(&self.tags, &__mg_new.tags, OrderChange::Tags);
        }
    }
    #[automatically_derived]
    impl __mg::Debug for OrderChange {
        fn fmt(&self, __mg_to: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self {
                Self::CheckoutId(ref __mg_in) => {
                    __mg::show(__mg_to, "CheckoutId", &*__mg_in)
                }
                Self::Status(ref __mg_in) => __mg::show(__mg_to, "Status", &*__mg_in),
                Self::Amount(ref __mg_in) => __mg::show(__mg_to, "Amount", &*__mg_in),
                Self::Fulfilment(ref __mg_in) => {
                    __mg::show(__mg_to, "Fulfilment", &*__mg_in)
                }
                Self::CardToken(ref __mg_in) => {
                    __mg::show(__mg_to, "CardToken", &*__mg_in)
                }
                Self::Tags(ref __mg_in) => __mg::show(__mg_to, "Tags", &*__mg_in),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for OrderChange {
        fn clone(&self) -> Self {
            match *self {
                Self::CheckoutId(ref __mg_in) => Self::CheckoutId(__mg::copy(&*__mg_in)),
                Self::Status(ref __mg_in) => Self::Status(__mg::copy(&*__mg_in)),
                Self::Amount(ref __mg_in) => Self::Amount(__mg::copy(&*__mg_in)),
                Self::Fulfilment(ref __mg_in) => Self::Fulfilment(__mg::copy(&*__mg_in)),
                Self::CardToken(ref __mg_in) => Self::CardToken(__mg::copy(&*__mg_in)),
                Self::Tags(ref __mg_in) => Self::Tags(__mg::copy(&*__mg_in)),
            }
        }
    }
};
