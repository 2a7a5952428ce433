//! An order with shipments of lines: its size is that of its lists.

use mongodb::bson::DateTime;
use monguard::prelude::*;

/// An order: its lists give it its size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders")]
pub struct Order {
    pub(super) counter: i64,
    customer: String,
    reference: Option<String>,
    placed: DateTime,
    total: i64,
    discount: f64,
    tags: Vec<String>,
    #[monguard(nested)]
    address: Address,
    #[monguard(nested)]
    shipments: Vec<Shipment>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Address {
    name: String,
    street: String,
    city: String,
    country: String,
}

/// A part of an order that is sent by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
pub struct Shipment {
    carrier: String,
    sent: Option<DateTime>,
    #[monguard(nested)]
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
struct Line {
    sku: String,
    title: String,
    description: String,
    quantity: i32,
    price: i64,
    weight: f64,
    is_fragile: bool,
    due: DateTime,
    note: Option<String>,
    labels: Vec<String>,
    #[monguard(nested)]
    supplier: Supplier,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
struct Supplier {
    name: String,
    country: String,
    rating: f64,
}

const DESCRIPTION: &str = "Made of wood and some brass, oiled twice, and sent in a box.";

/// How many fields of a line can be changed.
const FIELDS_OF_A_LINE: usize = 8;

impl Order {
    /// Sets the counter in a typed update.
    pub fn set_counter<U>(update: Update<Self, U>, value: i64) -> Update<Self, U> {
        update.set(|order| order.counter, value)
    }

    /// The counter.
    #[must_use]
    pub fn counter(&self) -> i64 {
        self.counter
    }

    /// An order of so many shipments of so many lines each.
    #[must_use]
    pub fn of(shipments: usize, lines: usize) -> Self {
        Order {
            counter: 1,
            customer: "c-000142".to_owned(),
            reference: Some("spring catalogue, page 14".to_owned()),
            placed: moment(0),
            total: 129_900,
            discount: 0.05,
            tags: ["gift", "express"].map(str::to_owned).to_vec(),
            address: Address {
                name: "A. Customer".to_owned(),
                street: "14 Long Street".to_owned(),
                city: "Bristol".to_owned(),
                country: "GB".to_owned(),
            },
            shipments: (0..shipments)
                .map(|number| Shipment {
                    carrier: format!("carrier {}", number % 3),
                    sent: number.is_multiple_of(2).then(|| moment(number)),
                    lines: (0..lines).map(|at| Line::of(number * lines + at)).collect(),
                })
                .collect(),
        }
    }

    /// The same with one field of the document itself changed.
    #[must_use]
    pub fn with_total(&self) -> Self {
        Order {
            total: self.total + 1,
            ..self.clone()
        }
    }

    /// The same with so many fields of lines changed, as far from each other as can be; `None` where it has
    /// not so many.
    #[must_use]
    pub fn with_changes(&self, count: usize) -> Option<Self> {
        let mut order = self.clone();
        let mut lines: Vec<&mut Line> = order
            .shipments
            .iter_mut()
            .flat_map(|shipment| &mut shipment.lines)
            .collect();
        let length = lines.len();
        if count > length * FIELDS_OF_A_LINE {
            return None;
        }
        for change in 0..count {
            // Once around the lines for each field; fewer changes than lines are spread over them.
            let at = if count < length {
                (2 * change + 1) * length / (2 * count)
            } else {
                change % length
            };
            lines[at].change(change / length);
        }
        Some(order)
    }
}

impl Line {
    fn of(number: usize) -> Self {
        let count = i32::try_from(number).unwrap_or_default();
        Line {
            sku: format!("SKU-{number:06}"),
            title: format!(
                "A thing of some use to many people, in the colour {}",
                number % 7
            ),
            description: DESCRIPTION.to_owned(),
            quantity: 1 + count % 4,
            price: 1_990 + i64::from(count) * 10,
            weight: 0.25 * f64::from(count + 1),
            is_fragile: number.is_multiple_of(5),
            due: moment(number),
            note: number
                .is_multiple_of(3)
                .then(|| "leave it at the door".to_owned()),
            labels: ["new", "sale"].map(str::to_owned).to_vec(),
            supplier: Supplier {
                name: format!("Supplier {}", number % 11),
                country: "DE".to_owned(),
                rating: 4.5,
            },
        }
    }

    fn change(&mut self, field: usize) {
        match field % FIELDS_OF_A_LINE {
            0 => self.quantity += 1,
            1 => self.price += 100,
            2 => self.title.push('!'),
            3 => self.supplier.rating -= 0.5,
            4 => self.due = moment(1_000_000),
            5 => self.is_fragile = !self.is_fragile,
            6 => self.weight += 0.5,
            _ => self.note = Some("call before".to_owned()),
        }
    }
}

fn moment(minutes: usize) -> DateTime {
    let minutes = i64::try_from(minutes).unwrap_or_default();
    DateTime::from_millis(1_760_000_000_000 + minutes * 60_000)
}
