/// A [`Filter`](crate::Filter) in the form of a struct: every line must hold.
///
/// | line | what must hold |
/// | --- | --- |
/// | `field: value` | it equals the value |
/// | `field` | it equals the variable of that name |
/// | `field.gt(value)` | what any method of the handle says; also `nested.field.gt(value)`, `map.key(k).gt(value)` |
/// | `nested: { … }` | lines about the fields of a nested struct |
/// | `list: any { … }` | lines about the fields of one element of a list of nested structs |
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, Nested)]
/// struct Fulfilment {
///     tracking: Option<String>,
/// }
///
/// #[derive(Clone, Serialize, Deserialize, Nested)]
/// struct Line {
///     sku: String,
///     count: u32,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     status: String,
///     amount: i64,
///     #[monguard(nested)]
///     fulfilment: Fulfilment,
///     #[monguard(nested)]
///     lines: Vec<Line>,
/// }
///
/// let status = "pending";
/// let filter: Filter<Order> = filter!(Order {
///     status,
///     amount.gt(3),
///     fulfilment: { tracking: "T-1" },
///     lines: any { sku.starts_with("A-"), count.gte(10) },
/// });
/// ```
///
/// A name that the model does not have does not compile:
///
/// ```compile_fail
/// # use monguard::prelude::*;
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[monguard(collection = "orders")]
/// # struct Order { status: String }
/// let filter = filter!(Order { version: 3 });
/// ```
#[macro_export]
macro_rules! filter {
    (@ $all:ident $fields:ident []) => {};
    (@ $all:ident $fields:ident [$field:ident : { $($inside:tt)* } $(, $($rest:tt)*)?]) => {
        {
            let __mg_inside = &$fields.$field;
            $crate::filter!(@ $all __mg_inside [$($inside)*]);
        }
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident [$field:ident : any { $($inside:tt)* } $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field.elem_match(|__mg_element| {
            #[allow(unused_mut)]
            let mut __mg_inside = $crate::__private::Vec::new();
            $crate::filter!(@ __mg_inside __mg_element [$($inside)*]);
            $crate::Filter::every(__mg_inside)
        }));
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident [$field:ident : $value:expr $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field.eq($value));
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident
        [$field:ident $(. $step:ident $(( $($value:tt)* ))?)+ $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field $(.$step $(($($value)*))?)+);
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident [$field:ident $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field.eq($field));
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident [$($other:tt)*]) => {
        $crate::__private::compile_error!($crate::__private::concat!(
            "expected `field: value`, `field`, `field.method(value)`, `nested: { .. }` or `list: any { .. }`, found `",
            $crate::__private::stringify!($($other)*),
            "`"
        ));
    };
    ($model:path { $($body:tt)* }) => {{
        let __mg_fields = <$model as $crate::Versioned>::fields();
        #[allow(unused_mut)]
        let mut __mg_all = $crate::__private::Vec::<$crate::Filter<$model>>::new();
        $crate::filter!(@ __mg_all __mg_fields [$($body)*]);
        $crate::Filter::<$model>::every(__mg_all)
    }};
}
