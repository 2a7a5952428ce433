///Handles for the fields of a [`Tree`] inside a document.
#[allow(dead_code, missing_docs, private_interfaces)]
struct TreeFields<
    __MgR,
    __MgV = Tree,
    __MgP: ::monguard::__private::Path = ::monguard::__private::Fixed,
> {
    children: <Vec<
        Tree,
    > as ::monguard::__private::Nested>::Fields<__MgR, Vec<Tree>, __MgP>,
    place: <Option<
        Place,
    > as ::monguard::__private::Nested>::Fields<__MgR, Option<Place>, __MgP>,
    secret: <Secret as ::monguard::__private::Nested>::Fields<__MgR, Secret, __MgP>,
    r#type: ::monguard::__private::Field<__MgR, Kind, __MgP>,
    __mg_whole: ::monguard::__private::Field<__MgR, __MgV, __MgP>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Nested for Tree {
        const DEPTH: __mg::usize = 1
            + __mg::Depth(0)
                .max(<Vec<Tree> as ::monguard::__private::Nested>::DEPTH)
                .max(<Option<Place> as ::monguard::__private::Nested>::DEPTH)
                .max(<Secret as ::monguard::__private::Nested>::DEPTH)
                .0;
        const REDACTS: __mg::bool = true;
        type Fields<__MgR, __MgV, __MgP: __mg::Path> = TreeFields<__MgR, __MgV, __MgP>;
        fn fields<__MgR, __MgV, __MgP: __mg::Path>(
            __mg_path: __MgP,
            __mg_encode: __mg::Encode<__MgV>,
        ) -> TreeFields<__MgR, __MgV, __MgP> {
            TreeFields {
                children: <Vec<
                    Tree,
                > as ::monguard::__private::Nested>::fields(
                    __mg_path.name("children"),
                    __mg::encode::<Vec<Tree>>,
                ),
                place: <Option<
                    Place,
                > as ::monguard::__private::Nested>::fields(
                    __mg_path.name("place"),
                    __mg::encode::<Option<Place>>,
                ),
                secret: <Secret as ::monguard::__private::Nested>::fields(
                    __mg_path.name("secret"),
                    __mg::encode::<Secret>,
                ),
                r#type: __mg::Field::new(__mg_path.name("type"), __mg::encode::<Kind>),
                __mg_whole: __mg::Field::new(__mg_path, __mg_encode),
            }
        }
        fn shape() -> __mg::Shape {
            __mg::Shape::Struct(const {
                &[
                    __mg::FieldMeta::new("children", "children")
                        .nested(<Vec<Tree> as ::monguard::__private::Nested>::shape),
                    __mg::FieldMeta::new("place", "place")
                        .nested(<Option<Place> as ::monguard::__private::Nested>::shape),
                    __mg::FieldMeta::new("secret", "secret")
                        .audit_skip()
                        .nested(<Secret as ::monguard::__private::Nested>::shape),
                    __mg::FieldMeta::new("type", "type"),
                ]
            })
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::Deref
    for TreeFields<__MgR, __MgV, __MgP> {
        type Target = __mg::Field<__MgR, __MgV, __MgP>;
        fn deref(&self) -> &Self::Target {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::FieldOf<__MgR>
    for TreeFields<__MgR, __MgV, __MgP> {
        type Value = __MgV;
        type Path = __MgP;
        fn whole(&self) -> &__mg::Field<__MgR, __MgV, __MgP> {
            &self.__mg_whole
        }
    }
    #[automatically_derived]
    impl<__MgR, __MgV, __MgP: __mg::Path> __mg::SettableField<__MgR>
    for TreeFields<__MgR, __MgV, __MgP> {}
    const _: () = __mg::opaque(__mg::Probe::<Kind>::REDACTS);
};
///One changed field of [`Tree`].
#[allow(dead_code, missing_docs, private_interfaces)]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[non_exhaustive]
enum TreeChange {
    Children(::monguard::__private::Box<::monguard::__private::NestedChange<Vec<Tree>>>),
    Place(::monguard::__private::NestedChange<Option<Place>>),
    Type(::monguard::__private::Change<Kind>),
}
const _: () = {
    #[allow(unused_imports)]
    use ::monguard::__private::{self as __mg, NotNested as _, Path as _};
    #[automatically_derived]
    impl __mg::Diff for Tree {
        type Change = TreeChange;
        fn diff(&self, __mg_new: &Self, __mg_diff: &mut __mg::Differ<TreeChange>) {
            __mg_diff
                .nested(
                    &self.children,
                    &__mg_new.children,
                    |__mg_inside| TreeChange::Children(__mg::Box::new(__mg_inside)),
                );
            __mg_diff.nested(&self.place, &__mg_new.place, TreeChange::Place);
            __mg_diff.field(&self.r#type, &__mg_new.r#type, TreeChange::Type);
        }
    }
};
