//! The relay, the log or the server is away for a while, and writers go on.
//!
//! How long is counted in operations, not in minutes: what matters is how many entries gather on
//! the documents and in the memory of the relays, and both are filled to their limits here.

use std::time::Duration;

use mongodb::{Client, Database};
use monguard::prelude::*;
use monguard::{Audit, RelayOptions};
use monguard_test_server::Server;
use monguard_tests::crash::{Report, Told, untrue};
use monguard_tests::fixture::TestDb;
use monguard_tests::models::Parcel;
use monguard_tests::proxy::{Command, Proxy};
use monguard_tests::trail::Promise;

use super::stage::{LONG, Service, made, recovered};

/// How many entries may wait in the memory of a relay.
const WAITING: usize = 60;

async fn guard(database: &Database) -> Monguard {
    let relay = RelayOptions::default().entries(WAITING);
    let relay = relay.backpressure(Duration::from_millis(20));
    let builder = Monguard::builder(database.clone()).audit(Audit::carried());
    let builder = builder.relay(relay).time_limit(Duration::from_secs(1));
    let builder = builder.margin(Duration::from_millis(200));
    builder.build().await.unwrap()
}

/// A guard behind a proxy of its own.
async fn behind_proxy(db: &TestDb) -> (Monguard, Proxy) {
    let proxy = db.proxy().await;
    let client = db.through(&proxy).await;
    let guard = guard(client.database()).await;
    let parcels = guard.collection::<Parcel>();
    parcels.ensure_indexes().await.unwrap();
    (guard, proxy)
}

/// Those of the relays. Of a transaction whose entries do not arrive nothing is told: it is done
/// again, for two minutes.
fn entry_insert() -> Command {
    let insert = Command::named("insert").on_collection("audit_logs");
    insert.matching(|body| !body.contains_key("autocommit"))
}

fn is_full(report: &Report) -> bool {
    report.told == Told::NotMade("AuditBacklog".to_owned())
}

/// Flushes every guard, recovers, and checks everything.
async fn assert_kept(database: &Database, guards: &[&Monguard], reports: &[Report]) {
    for guard in guards {
        let flushed = guard.flush().within(LONG).await.unwrap();
        assert!(flushed.refused.is_empty(), "{flushed:?}");
        assert_eq!(guard.relay_status().waiting(), 0);
    }
    let trail = recovered(database, guards[0], Promise::EveryVersion).await;
    let untrue = untrue(reports, &trail, Promise::EveryVersion);
    assert!(untrue.is_empty(), "{untrue:#?}");
    let made = reports.iter().filter(|report| made(report)).count();
    assert!(trail.len() >= made, "{} entries of {made}", trail.len());
}

/// The relays come to nothing, as those of a process that does not get to run: their inserts do
/// not arrive, and no error comes back.
#[tokio::test(flavor = "multi_thread")]
async fn entries_of_relays_that_are_stopped_come_when_they_go_on() {
    let db = TestDb::new().await;
    let (one, one_proxy) = behind_proxy(&db).await;
    let (two, two_proxy) = behind_proxy(&db).await;
    let gates = [&one_proxy, &two_proxy].map(|proxy| {
        let inserts = proxy.on(entry_insert()).always();
        inserts.hold_request()
    });
    let services = [Service::keeping(&one, 11), Service::keeping(&two, 22)];
    for service in &services {
        service.told(10, made).await;
    }
    // No room is left, on the documents or in the memory: nothing is written, and that is said.
    for service in &services {
        service.told(5, is_full).await;
    }
    for gate in &gates {
        gate.release();
    }
    let mut reports = Vec::new();
    for service in services {
        service.told(120, made).await;
        reports.extend(service.stop().await);
    }
    assert_kept(db.database(), &[&one, &two], &reports).await;
}

/// The log is not there: each insert fails at once, and takes the driver half a second.
#[tokio::test(flavor = "multi_thread")]
async fn entries_that_the_log_did_not_take_come_when_it_is_back() {
    let db = TestDb::new().await;
    let (one, proxy) = behind_proxy(&db).await;
    let (two, _proxy) = behind_proxy(&db).await;
    let services = [Service::start(&one, 33), Service::start(&two, 44)];
    for round in 1..=3 {
        let away = proxy.on(entry_insert()).always().cut_before();
        services[0].told(10 * round, made).await;
        away.remove();
        services[1].told(80 * round, made).await;
    }
    let mut reports = Vec::new();
    for service in services {
        reports.extend(service.stop().await);
    }
    assert_kept(db.database(), &[&one, &two], &reports).await;
}

/// Two relays bring the same entries, and the answers to many of their inserts are lost.
#[tokio::test(flavor = "multi_thread")]
async fn entries_that_two_relays_bring_again_and_again_are_there_once() {
    let db = TestDb::new().await;
    let (one, one_proxy) = behind_proxy(&db).await;
    let (two, two_proxy) = behind_proxy(&db).await;
    for proxy in [&one_proxy, &two_proxy] {
        for insert in 0..30 {
            let rule = proxy.on(entry_insert()).nth(3 * insert + 1);
            if insert % 2 == 0 {
                rule.cut_after();
            } else {
                rule.partial_reply(20);
            }
        }
    }
    let services = [Service::start(&one, 55), Service::start(&two, 66)];
    let mut reports = Vec::new();
    for service in services {
        service.told(150, made).await;
        reports.extend(service.stop().await);
    }
    assert_kept(db.database(), &[&one, &two], &reports).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_by_a_server_that_is_killed_and_comes_back() {
    let server = Server::builder().sync_on_commit().start().unwrap();
    let mut guards = Vec::new();
    // The driver of the one repeats what it has no answer to, by itself.
    for retries in [true, false] {
        let uri = format!(
            "{}&retryWrites={retries}&retryReads={retries}",
            server.uri()
        );
        let client = Client::with_uri_str(uri).await.unwrap();
        guards.push(guard(&client.database("restarted")).await);
    }
    let parcels = guards[0].collection::<Parcel>();
    parcels.ensure_indexes().await.unwrap();
    let services = [
        Service::start(&guards[0], 77),
        Service::start(&guards[1], 88),
    ];
    let mut server = Some(server);
    for round in 1..=3 {
        for service in &services {
            service.told(40 * round, made).await;
        }
        server = killed_and_restarted(server).await;
    }
    let mut reports = Vec::new();
    for service in services {
        service.told(160, made).await;
        reports.extend(service.stop().await);
    }
    let uri = server.as_ref().unwrap().uri();
    let database = Client::with_uri_str(uri).await.unwrap();
    let database = database.database("restarted");
    assert_kept(&database, &[&guards[0], &guards[1]], &reports).await;
}

async fn killed_and_restarted(server: Option<Server>) -> Option<Server> {
    let restart = tokio::task::spawn_blocking(move || {
        let server = server?;
        server.kill().unwrap();
        server.restart().unwrap();
        Some(server)
    });
    restart.await.unwrap()
}
