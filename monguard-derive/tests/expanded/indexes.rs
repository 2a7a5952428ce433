///Handles for the fields of [`Account`], for filters and updates.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
pub struct AccountFields {
    email: ::monguard::__private::Field<Account, String>,
    plan: ::monguard::__private::Field<Account, Plan>,
    balance: ::monguard::__private::Field<Account, i64>,
    contact: ::monguard::__private::Handles<Account, Contact>,
    closed: ::monguard::__private::Field<Account, Option<DateTime>>,
    pub id: ::monguard::__private::ReadOnly<Account, ::monguard::__private::ObjectId>,
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _};
    #[automatically_derived]
    impl __mg::Versioned for Account {
        type Fields = AccountFields;
        type Id = __mg::ObjectId;
        type Version = __mg::Counter;
        const COLLECTION: &'static __mg::str = "accounts";
        const META: __mg::Meta = __mg::Meta::new(
            "Account",
            &[
                __mg::FieldMeta::new("email", "email"),
                __mg::FieldMeta::new("plan", "plan"),
                __mg::FieldMeta::new("balance", "balance"),
                __mg::FieldMeta::new("contact", "contact")
                    .nested(<Contact as __mg::Nested>::shape),
                __mg::FieldMeta::new("closed", "closed"),
            ],
        );
        fn fields() -> AccountFields {
            AccountFields {
                email: __mg::leaf("email"),
                plan: __mg::leaf("plan"),
                balance: __mg::leaf("balance"),
                contact: <Contact as __mg::Nested>::fields(
                    __mg::Fixed::root("contact"),
                    __mg::encode::<Contact>,
                ),
                closed: __mg::leaf("closed"),
                id: __mg::read_only("_id"),
            }
        }
        type Locator = __mg::ObjectId;
        fn locator(_: &Self, __mg_id: __mg::ObjectId) -> __mg::ObjectId {
            __mg_id
        }
        fn indexes() -> __mg::Vec<__mg::Index<Account>> {
            #[allow(unused_imports)]
            use __mg::{
                IndexElements as _, IndexMap as _, IndexStruct as _, IndexValue as _,
            };
            let __mg_fields = <Account as __mg::Versioned>::fields();
            __mg::indexes([
                __mg::Index::on([
                        __mg::Indexing::of(&__mg_fields.plan).key(),
                        __mg::Indexing::of(&__mg_fields.balance).key().descending(),
                        __mg::Indexing::of(&(&__mg_fields.contact).inside().city).key(),
                    ])
                    .sparse(),
                __mg::Index::on([__mg::Indexing::of(&__mg_fields.email).key()])
                    .unique_among_live(),
                __mg::Index::on([
                        __mg::Indexing::of(&__mg_fields.plan).key().descending(),
                    ])
                    .name("by_plan"),
                __mg::Index::on([__mg::Indexing::of(&__mg_fields.closed).date()])
                    .expire_after(2592000u32)
                    .partial(rules::is_closed),
            ])
        }
    }
    const _: () = __mg::opaque(__mg::Probe::<String>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<Plan>::REDACTS);
    const _: () = __mg::opaque(__mg::Probe::<i64>::REDACTS);
    const _: () = __mg::assert_depth(<Contact as __mg::Nested>::DEPTH);
    const _: () = __mg::opaque(__mg::Probe::<Option<DateTime>>::REDACTS);
};
