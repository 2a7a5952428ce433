#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg};
    #[automatically_derived]
    impl __mg::Projection<shop::Order> for OrderLine {
        fn columns(__mg_columns: &mut __mg::Columns<shop::Order>) {
            let __mg_fields = <shop::Order as __mg::Versioned>::fields();
            __mg_columns.field(&__mg_fields.status).read_into::<OrderStatus>();
            __mg_columns
                .field(&__mg_fields.fulfilment.tracking)
                .read_into::<Option<String>>();
            __mg_columns.field(&__mg_fields.kind.r#type).read_into::<Kind>();
        }
        fn read(
            __mg_values: &mut __mg::Values<'_>,
        ) -> __mg::Result<Self, __mg::Unreadable> {
            __mg::Ok(Self {
                status: __mg_values.next::<OrderStatus>()?,
                r#type: __mg_values.next::<Option<String>>()?,
                kind: __mg_values.next::<Kind>()?,
            })
        }
    }
};
