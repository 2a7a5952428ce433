use std::fmt::Write;
use std::ops::Range;

use quote::ToTokens;
use syn::{Item, ItemStruct, parse_quote};

use super::table::Kind;
use super::zoo::Zoo;

/// A struct with a mistake, and uses of it.
pub(crate) struct Module {
    pub(crate) kind: Kind,
    pub(crate) item: ItemStruct,
}

/// A program with a module for each mistake, and the lines of each.
pub(crate) fn source(zoo: &Zoo, modules: &[Module]) -> (String, Vec<Range<usize>>) {
    let mut source = String::from(
        "#![allow(unused)]\nfn main() {}\nmod facade { pub use monguard as guard; }\n",
    );
    source += "mod zoo {\nuse super::facade;\n";
    source += &prettyplease::unparse(&zoo.file);
    source += "}\n";
    let mut lines = Vec::new();
    for (number, module) in modules.iter().enumerate() {
        let first = source.lines().count() + 1;
        let _ = write!(
            source,
            "mod m{number} {{\nuse super::{{facade, zoo::*}};\nuse monguard::prelude::*;\n"
        );
        source += &module.text();
        source += "}\n";
        lines.push(first..source.lines().count() + 1);
    }
    (source, lines)
}

impl Module {
    fn text(&self) -> String {
        let file = syn::File {
            shebang: None,
            attrs: Vec::new(),
            items: match self.kind {
                Kind::Model => self.of_model(),
                Kind::Nested => self.of_nested(),
                Kind::Projection => self.of_projection(),
            },
            frontmatter: None,
        };
        debug_assert!(!file.to_token_stream().is_empty());
        prettyplease::unparse(&file)
    }

    /// The struct, with a field more that has no mistake.
    fn anchored(&self) -> Item {
        let mut item = self.item.clone();
        if let syn::Fields::Named(fields) = &mut item.fields {
            fields.named.insert(0, parse_quote!(pub anchor: i64));
        }
        Item::Struct(item)
    }

    // A use after the mistake: it must not fail a second time.

    fn of_model(&self) -> Vec<Item> {
        let name = &self.item.ident;
        let uses = uses(name, &parse_quote!(o.anchor));
        vec![self.anchored(), uses]
    }

    fn of_nested(&self) -> Vec<Item> {
        let name = &self.item.ident;
        let holder = parse_quote! {
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
            #[monguard(collection = "holders")]
            pub struct Holder {
                #[monguard(nested)]
                pub part: #name,
            }
        };
        let uses = uses(&parse_quote!(Holder), &parse_quote!(o.part.anchor));
        vec![self.anchored(), holder, uses]
    }

    /// Each of its fields is one of the model's, so that it gets no other.
    fn of_projection(&self) -> Vec<Item> {
        let name = &self.item.ident;
        let uses = parse_quote! {
            async fn uses(orders: &Collection<Order>) -> Result<(), Error> {
                let many: Vec<#name> = orders.find(|o| o.amount.gt(3)).select_as().await?;
                let page = orders.find(|o| o.amount.gt(3)).page(5).select_as::<#name>().await?;
                let one: Option<#name> = orders.find_one(|o| o.amount.gt(3)).select_as().await?;
                Ok(())
            }
        };
        vec![Item::Struct(self.item.clone()), uses]
    }
}

fn uses(model: &syn::Ident, field: &syn::Expr) -> Item {
    parse_quote! {
        async fn uses(desk: &Writer<#model>, read: &Stored<#model>) -> Result<(), Error> {
            desk.collection().find(|o| #field.gt(3)).await?;
            desk.update(read).set(|o| #field, 3).await?;
            Ok(())
        }
    }
}
