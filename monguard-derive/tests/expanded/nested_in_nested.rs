///Handles for the fields of a [`Tree`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[allow(non_snake_case, missing_debug_implementations)]
struct TreeFields<
    __R,
    __V = Tree,
    __P: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    children: <Vec<Tree> as ::monguard::__private::Nested>::Fields<__R, Vec<Tree>, __P>,
    place: <Option<
        Place,
    > as ::monguard::__private::Nested>::Fields<__R, Option<Place>, __P>,
    secret: <Secret as ::monguard::__private::Nested>::Fields<__R, Secret, __P>,
    r#type: ::monguard::__private::Field<__R, Kind, __P>,
    __mg_whole: ::monguard::__private::Field<__R, __V, __P>,
}
///One changed field of [`Tree`].
#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)]
#[non_exhaustive]
enum TreeChange {
    Children(::monguard::__private::Box<::monguard::__private::NestedChange<Vec<Tree>>>),
    Place(::monguard::__private::NestedChange<Option<Place>>),
    Type(::monguard::__private::Change<Kind>),
}
#[allow(unused_qualifications)]
const _: () = {
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    type __C = TreeChange;
    #[automatically_derived]
    impl __mg::Nested for Tree {
        const DEPTH: __mg::usize = 1
            + __mg::Depth(0)
                .max(<Vec<Tree> as __mg::Nested>::DEPTH)
                .max(<Option<Place> as __mg::Nested>::DEPTH)
                .max(<Secret as __mg::Nested>::DEPTH)
                .0;
        const REDACTS: __mg::bool = true;
        const FIELDS: __mg::Option<&'static [__mg::FieldMeta]> = __mg::Some(
            &[
                __mg::FieldMeta::new("children", "children")
                    .nested(<Vec<Tree> as __mg::Nested>::shape),
                __mg::FieldMeta::new("place", "place")
                    .nested(<Option<Place> as __mg::Nested>::shape),
                __mg::FieldMeta::new("secret", "secret")
                    .audit_skip()
                    .nested(<Secret as __mg::Nested>::shape),
                __mg::FieldMeta::new("type", "type"),
            ],
        );
        type Fields<__R, __V, __P: __mg::Path> = TreeFields<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>,
        ) -> TreeFields<__R, __V, __P> {
            TreeFields {
                children: <Vec<
                    Tree,
                > as __mg::Nested>::fields(
                    __mg_path.name("children"),
                    __mg::encode::<Vec<Tree>>,
                ),
                place: <Option<
                    Place,
                > as __mg::Nested>::fields(
                    __mg_path.name("place"),
                    __mg::encode::<Option<Place>>,
                ),
                secret: <Secret as __mg::Nested>::fields(
                    __mg_path.name("secret"),
                    __mg::encode::<Secret>,
                ),
                r#type: __mg::Field::new(__mg_path.name("type"), __mg::encode),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        type Change = TreeChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<__C>) {
            <Vec<
                Tree,
            > as __mg::Nested>::diff_inside(
                &self.children,
                &__mg_new.children,
                __mg_diff,
                |__mg_v| __C::Children(__mg::Box::new(__mg_v)),
            );
            <Option<
                Place,
            > as __mg::Nested>::diff_inside(
                &self.place,
                &__mg_new.place,
                __mg_diff,
                __C::Place,
            );
            __mg_diff.field(&self.r#type, &__mg_new.r#type, __C::Type);
        }
        fn replay<__P: __mg::Path>(
            __mg_v: &__C,
            __mg_in: __P,
            _: &__mg::WholeAt<'_, Self>,
            __mg_to: &mut __mg::Replay,
        ) {
            match __mg_v {
                __C::Children(__mg_v) => {
                    <Vec<
                        Tree,
                    > as __mg::Nested>::replay_inside(
                        __mg_v,
                        __mg::name(&__mg_in, "children"),
                        __mg::encode::<Vec<Tree>>,
                        __mg_to,
                    )
                }
                __C::Place(__mg_v) => {
                    <Option<
                        Place,
                    > as __mg::Nested>::replay_inside(
                        __mg_v,
                        __mg::name(&__mg_in, "place"),
                        __mg::encode::<Option<Place>>,
                        __mg_to,
                    )
                }
                __C::Type(__mg_v) => __mg_to.field(&__mg_in, "type", __mg_v),
            }
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::Deref
    for TreeFields<__R, __V, __P> {
        type Target = __mg::Field<__R, __V, __P>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::FieldOf<__R>
    for TreeFields<__R, __V, __P> {
        type Value = <__V as __mg::Whole>::Value;
        type Path = __P;
        fn whole(&self) -> &__mg::Field<__R, __V, __P> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::Settable
    for TreeFields<__R, __V, __P> {}
    #[automatically_derived]
    impl __mg::Debug for TreeChange {
        fn fmt(&self, __mg_f: &mut __mg::Formatter<'_>) -> __mg::Shown {
            match *self {
                Self::Children(ref __mg_v) => __mg::show(__mg_f, "Children", &*__mg_v),
                Self::Place(ref __mg_v) => __mg::show(__mg_f, "Place", &*__mg_v),
                Self::Type(ref __mg_v) => __mg::show(__mg_f, "Type", &*__mg_v),
            }
        }
    }
    #[automatically_derived]
    impl __mg::Clone for TreeChange {
        fn clone(&self) -> Self {
            match *self {
                Self::Children(ref __mg_v) => Self::Children(__mg::copy(&*__mg_v)),
                Self::Place(ref __mg_v) => Self::Place(__mg::copy(&*__mg_v)),
                Self::Type(ref __mg_v) => Self::Type(__mg::copy(&*__mg_v)),
            }
        }
    }
    const _: () = __mg::opaque(__mg::Probe::<Kind>::REDACTS);
};
