use std::fmt::Write;

const ORDER: &str = include_str!("../../../monguard-derive/tests/models/order.rs");
const FULFILMENT: &str = include_str!("../../../monguard-derive/tests/models/fulfilment.rs");

/// What the structs of a program derive. Each has what the one before it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derives {
    /// `Debug`, `Clone` and `PartialEq`.
    Std,
    /// And serde's.
    Serde,
    /// And monguard's.
    Monguard,
}

/// All of them.
pub const DERIVES: [Derives; 3] = [Derives::Std, Derives::Serde, Derives::Monguard];

/// A program of nothing but models.
#[derive(Clone, Copy, Debug)]
pub struct Crate {
    /// How many.
    pub models: usize,
    /// Of which fields.
    pub shape: Shape,
}

/// The fields of a model.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// The model of the budget: six fields, one of them a struct of two, and an enum.
    Six,
    /// Fields of the usual types, and no struct inside.
    Twenty,
}

impl Crate {
    /// The model of the budget, so many times.
    #[must_use]
    pub const fn of_six_fields(models: usize) -> Self {
        let shape = Shape::Six;
        Self { models, shape }
    }

    /// Flat models of twenty fields.
    #[must_use]
    pub const fn of_twenty_fields(models: usize) -> Self {
        let shape = Shape::Twenty;
        Self { models, shape }
    }

    /// How many fields a model has.
    #[must_use]
    pub fn fields(self) -> usize {
        match self.shape {
            Shape::Six => 6,
            Shape::Twenty => 20,
        }
    }

    /// One of its models alone.
    #[must_use]
    pub fn one_model(self) -> Self {
        Self { models: 1, ..self }
    }

    /// The program: a module for each model, so that they do not share what is generated.
    #[must_use]
    pub fn source(self, derives: Derives) -> String {
        let mut source = String::from("#![allow(unused)]\nfn main() {}\n");
        let model = self.model(derives);
        for number in 0..self.models {
            let _ = writeln!(
                source,
                "pub mod m{number} {{\nuse monguard::prelude::*;\n{model}}}"
            );
        }
        source
    }

    fn model(self, derives: Derives) -> String {
        let (model, part) = (derives.of("Auditable, Versioned"), derives.of("Nested"));
        let data = derives.of("");
        let text = match self.shape {
            Shape::Six => format!(
                "{model}\n{ORDER}\n{part}\n{FULFILMENT}\n{data}\npub enum OrderStatus {{ Pending, Sent }}\n"
            ),
            Shape::Twenty => format!(
                "{model}\n#[serde(rename_all = \"camelCase\")]\n#[monguard(collection = \"orders\")]\n\
                 pub struct Order {{\n{}}}\n",
                twenty_fields()
            ),
        };
        derives.without_foreign_attributes(&text)
    }
}

fn twenty_fields() -> String {
    let types = [
        "String",
        "i64",
        "Option<String>",
        "Vec<String>",
        "bool",
        "f64",
        "Option<i64>",
    ];
    let field = |number: usize| format!("pub field_{number}: {},\n", types[number % types.len()]);
    (0..20).map(field).collect()
}

impl Derives {
    fn of(self, own: &str) -> String {
        let all = "Debug, Clone, PartialEq";
        match self {
            Derives::Std => format!("#[derive({all})]"),
            Derives::Serde => format!("#[derive({all}, Serialize, Deserialize)]"),
            Derives::Monguard => format!("#[derive({all}, Serialize, Deserialize, {own})]"),
        }
    }

    /// Attributes are an error where nothing declares them.
    fn without_foreign_attributes(self, text: &str) -> String {
        let foreign: &[&str] = match self {
            Derives::Std => &["#[serde(", "#[monguard("],
            Derives::Serde => &["#[monguard("],
            Derives::Monguard => &[],
        };
        let keep = |line: &&str| {
            !foreign
                .iter()
                .any(|start| line.trim_start().starts_with(start))
        };
        text.lines()
            .filter(keep)
            .fold(String::new(), |text, line| text + line + "\n")
    }
}
