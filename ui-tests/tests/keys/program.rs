use std::fmt::Write;
use std::ops::Range;

use quote::ToTokens;
use syn::{Item, ItemStruct, parse_quote};

use super::zoo::Zoo;

/// A struct with a mistake, and uses of it.
pub(crate) struct Module {
    pub(crate) is_nested: bool,
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
        let (name, anchor) = (&self.item.ident, parse_quote!(pub anchor: i64));
        let mut item = self.item.clone();
        if let syn::Fields::Named(fields) = &mut item.fields {
            fields.named.insert(0, anchor);
        }
        let mut items: Vec<Item> = vec![Item::Struct(item)];
        if self.is_nested {
            items.push(parse_quote! {
                #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
                #[monguard(collection = "holders")]
                pub struct Holder {
                    #[monguard(nested)]
                    pub part: #name,
                }
            });
        }
        // A use of the model after the mistake: it must not fail a second time.
        let (model, field) = if self.is_nested {
            (parse_quote!(Holder), parse_quote!(o.part.anchor))
        } else {
            (name.clone(), parse_quote!(o.anchor))
        };
        let (model, field): (syn::Ident, syn::Expr) = (model, field);
        items.push(parse_quote! {
            async fn uses(desk: &Writer<#model>, read: &Stored<#model>) -> Result<(), Error> {
                desk.collection().find(|o| #field.gt(3)).await?;
                desk.update(read).set(|o| #field, 3).await?;
                Ok(())
            }
        });
        let file = syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
            frontmatter: None,
        };
        debug_assert!(!file.to_token_stream().is_empty());
        prettyplease::unparse(&file)
    }
}
