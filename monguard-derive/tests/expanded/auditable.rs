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
    type __C = OrderChange;
    #[automatically_derived]
    impl __mg::Auditable for Order {}
    #[automatically_derived]
    impl __mg::Diff for Order {
        type Change = OrderChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) {
            __mg_diff.field(&self.checkout_id, &__mg_new.checkout_id, __C::CheckoutId);
            __mg_diff.field(&self.status, &__mg_new.status, __C::Status);
            __mg_diff.field(&self.amount, &__mg_new.amount, __C::Amount);
            <Fulfilment as __mg::Nested>::diff_inside(
                &self.fulfilment,
                &__mg_new.fulfilment,
                __mg_diff,
                __C::Fulfilment,
            );
            __mg_diff.redacted(&self.card_token, &__mg_new.card_token, __C::CardToken);
            __mg_diff.field(&self.tags, &__mg_new.tags, __C::Tags);
        }
        fn replay(__mg_v: &__C, __mg_in: __mg::Fixed, __mg_to: &mut __mg::Replay) {
            match __mg_v {
                __C::CheckoutId(__mg_v) => __mg_to.held(&__mg_in, "checkoutId", __mg_v),
                __C::Status(__mg_v) => __mg_to.field(&__mg_in, "status", __mg_v),
                __C::Amount(__mg_v) => __mg_to.field(&__mg_in, "amount", __mg_v),
                __C::Fulfilment(__mg_v) => {
                    <Fulfilment as __mg::Nested>::replay_inside(
                        __mg_v,
                        __mg::name(&__mg_in, "fulfilment"),
                        __mg::encode::<Fulfilment>,
                        __mg_to,
                    )
                }
                __C::CardToken(__mg_v) => __mg_to.sealed(&__mg_in, "cardToken", __mg_v),
                __C::Tags(__mg_v) => __mg_to.field(&__mg_in, "tags", __mg_v),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Debug for OrderChange {
        fn fmt(&self, __mg_f: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self {
                Self::CheckoutId(ref __mg_v) => {
                    __mg::show(__mg_f, "CheckoutId", &*__mg_v)
                }
                Self::Status(ref __mg_v) => __mg::show(__mg_f, "Status", &*__mg_v),
                Self::Amount(ref __mg_v) => __mg::show(__mg_f, "Amount", &*__mg_v),
                Self::Fulfilment(ref __mg_v) => {
                    __mg::show(__mg_f, "Fulfilment", &*__mg_v)
                }
                Self::CardToken(ref __mg_v) => __mg::show(__mg_f, "CardToken", &*__mg_v),
                Self::Tags(ref __mg_v) => __mg::show(__mg_f, "Tags", &*__mg_v),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for OrderChange {
        fn clone(&self) -> Self {
            match *self {
                Self::CheckoutId(ref __mg_v) => Self::CheckoutId(__mg::copy(&*__mg_v)),
                Self::Status(ref __mg_v) => Self::Status(__mg::copy(&*__mg_v)),
                Self::Amount(ref __mg_v) => Self::Amount(__mg::copy(&*__mg_v)),
                Self::Fulfilment(ref __mg_v) => Self::Fulfilment(__mg::copy(&*__mg_v)),
                Self::CardToken(ref __mg_v) => Self::CardToken(__mg::copy(&*__mg_v)),
                Self::Tags(ref __mg_v) => Self::Tags(__mg::copy(&*__mg_v)),
            }
        }
    }
};
