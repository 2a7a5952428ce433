///Handles for the fields of [`Account`], for filters and updates.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
pub(crate) struct AccountFields {
    number: facade::monguard::__private::ReadOnly<Account, AccountNumber>,
    row_version: facade::monguard::__private::ReadOnly<Account, i64>,
    pub created_at: facade::monguard::__private::ReadOnly<Account, DateTime>,
    note: facade::monguard::__private::Field<Account, String>,
    pub(crate) id: facade::monguard::__private::ReadOnly<Account, AccountNumber>,
}
#[allow(unused_qualifications)]
const _: () = {
    use facade::monguard::__private::{self as __mg, NotNested as _};
    #[automatically_derived]
    impl __mg::Versioned for Account {
        type Fields = AccountFields;
        type Id = AccountNumber;
        type Version = __mg::Counter;
        const COLLECTION: &'static __mg::str = "accounts";
        const META: __mg::Meta = __mg::Meta::new(
                "Account",
                &[
                    __mg::FieldMeta::new("number", "_id")
                        .managed(__mg::ManagedField::Id),
                    __mg::FieldMeta::new("row_version", "row_version")
                        .managed(__mg::ManagedField::Version),
                    __mg::FieldMeta::new("created_at", "createdAt")
                        .managed(__mg::ManagedField::CreatedAt)
                        .read_with(__mg_read_created_at),
                    __mg::FieldMeta::new("note", "note")
                        .idempotency_ignore()
                        .aliases(&["remark"]),
                ],
            )
            .version_field("row_version")
            .accepts_idempotency_keys();
        fn fields() -> AccountFields {
            AccountFields {
                number: __mg::read_only("_id"),
                row_version: __mg::read_only("row_version"),
                created_at: __mg::read_only_with("createdAt", __mg_encode_created_at),
                note: __mg::leaf("note"),
                id: __mg::read_only("_id"),
            }
        }
        type Locator = AccountNumber;
        fn locator(_: &Self, __mg_id: AccountNumber) -> AccountNumber {
            __mg_id
        }
    }
    fn __mg_encode_created_at(
        __mg_value: &DateTime,
    ) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
        struct __MgWith<'__mg>(&'__mg DateTime);
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
    fn __mg_read_created_at(__mg_cell: &__mg::RawDocument) -> __mg::Read {
        struct __MgRead(DateTime);
        impl<'__mg> __mg::Deserialize<'__mg> for __MgRead {
            fn deserialize<__D: __mg::Deserializer<'__mg>>(
                __mg_from: __D,
            ) -> __mg::Result<Self, __D::Error> {
                __mg::Ok(__MgRead(millis::deserialize(__mg_from)?))
            }
        }
        __mg::read_through(__mg_cell, |__mg_read: __MgRead| __mg_read.0)
    }
    const _: () = __mg::assert_version_field::<i64, __mg::Counter>();
    const _: () = __mg::opaque(__mg::Probe::<String>::REDACTS);
};
