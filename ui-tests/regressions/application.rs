// An application. It compiles; after a change of the field `tracking` in the model beside this file,
// the compiler stops at each line that is marked with the change, and at no other. A mark names the
// changes (`renamed`, `retyped`, `removed`) for which the line is an error.

pub async fn send(desk: &Writer<Order>, order: &Stored<Order>, number: &str) -> Result<Stored<Order>, Error> {
    desk.update(order)
        .when(|o| o.status.eq("packed"))
        .when(|o| o.fulfilment.tracking.is_absent()) //~ renamed removed
        .set(|o| o.fulfilment.tracking, number) //~ renamed retyped removed
        .set(|o| o.status, "sent")
        .await
}

pub async fn lost(orders: &Collection<Order>) -> Result<Vec<Stored<Order>>, Error> {
    orders
        .find(|o| {
            let tracking = o.fulfilment.tracking; //~ renamed removed
            tracking.exists().and(o.amount.gt(0))
        })
        .sort(|o| o.amount.descending())
        .await
}

pub fn of_parcel(number: String) -> Filter<Order> {
    filter!(Order {
        status: "sent",
        fulfilment: { tracking: Some(number) }, //~ renamed retyped removed
    })
}

pub async fn correct(desk: &Writer<Order>, id: <Order as Versioned>::Id) -> Result<Stored<Order>, Error> {
    desk.modify(id, |order, update| {
        let number = order.fulfilment.tracking.as_deref().unwrap_or("none"); //~ renamed retyped removed
        update.set(|o| o.fulfilment.tracking, number.to_uppercase()) //~ renamed removed
    })
    .await
}

pub async fn forget(desk: &Writer<Order>, order: &Stored<Order>) -> Result<Stored<Order>, Error> {
    desk.update(order)
        .unset(|o| o.fulfilment.tracking) //~ renamed removed
        .inc(|o| o.fulfilment.weight, -1)
        .await
}

pub async fn resend(desk: &Writer<Order>, orders: &[Stored<Order>], number: &str) -> Result<u64, Error> {
    let report = desk
        .update_many(|o| o.fulfilment.tracking.is_absent()) //~ renamed removed
        .set(|o| o.fulfilment.tracking, number) //~ renamed retyped removed
        .await?;
    let mut bulk = desk.bulk();
    for order in orders {
        bulk = bulk.update(order, |update| {
            update.unset(|o| o.fulfilment.tracking) //~ renamed removed
        });
    }
    let bulk = bulk.await?;
    Ok(report.modified() + bulk.failures().count() as u64)
}

pub fn tell(changes: &[OrderChange]) {
    for change in changes {
        match change {
            OrderChange::Fulfilment(FulfilmentChange::Tracking(Change { old, new })) => { //~ renamed removed
                println!("{old:?} -> {new:?}");
            }
            OrderChange::Status(Change { new, .. }) => println!("{new}"),
            _ => {}
        }
    }
}

pub fn place(checkout_id: String) -> Order {
    let fulfilment = Fulfilment {
        tracking: None, //~ renamed retyped removed
        weight: 3,
    };
    Order { checkout_id, status: "new".into(), amount: 3, fulfilment }
}

#[derive(Debug, Projection)]
#[monguard(model = "Order")]
pub struct Parcel {
    pub checkout_id: String,
    #[monguard(path = "fulfilment.tracking")] //~ renamed removed
    pub number: Option<String>, //~ retyped
}

pub async fn parcels(orders: &Collection<Order>) -> Result<Vec<Parcel>, Error> {
    orders.find(|o| o.status.eq("sent")).select_as().await
}

pub async fn numbers(orders: &Collection<Order>) -> Result<Vec<String>, Error> {
    let sent = orders.find(|o| o.status.eq("sent"));
    let rows: Vec<(String, Option<String>)> = sent.select(|o| (o.checkout_id, o.fulfilment.tracking)).await?; //~ renamed retyped removed
    Ok(rows.into_iter().filter_map(|(_, number)| number).collect())
}
