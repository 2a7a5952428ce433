/// A [`Filter`](crate::Filter) in the form of a struct: every line must hold.
///
/// A line is `field: value`, `field` (equal to the variable of that name), `field.gt(value)` (or
/// any other method of the handle), or `nested: { … }`.
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, Nested)]
/// struct Fulfilment {
///     tracking: Option<String>,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     status: String,
///     amount: i64,
///     #[monguard(nested)]
///     fulfilment: Fulfilment,
/// }
///
/// let status = "pending";
/// let filter: Filter<Order> = filter!(Order {
///     status,
///     amount.gt(3),
///     fulfilment: { tracking: "T-1" },
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
    (@ $all:ident $fields:ident [$field:ident : $value:expr $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field.eq($value));
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident
        [$field:ident . $method:ident ( $($value:expr),* $(,)? ) $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field.$method($($value),*));
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident [$field:ident $(, $($rest:tt)*)?]) => {
        $all.push($fields.$field.eq($field));
        $crate::filter!(@ $all $fields [$($($rest)*)?]);
    };
    (@ $all:ident $fields:ident [$($other:tt)*]) => {
        $crate::__private::compile_error!($crate::__private::concat!(
            "expected `field: value`, `field`, `field.method(value)` or `nested: { .. }`, found `",
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
