//! One connection of the driver, and the two pumps that carry its messages.

use std::collections::HashMap;
use std::future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::counts::Counts;
use super::frame::Frame;
use super::gate::Verdict;
use super::rule::{ActiveRule, Fault, Rules};
use super::traffic::{OwnTraffic, Traffic};
use super::wire_command::WireCommand;

/// Why a pump came to its end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// The side that it reads from has closed.
    Closed,
    /// A rule cuts the connection.
    Cut,
}

#[derive(Debug)]
pub(super) struct Connection {
    rules: Arc<Rules>,
    counts: Arc<Counts>,
    traffic: OwnTraffic,
    /// The rules that have a say about an answer, by the id of the request.
    unanswered: Mutex<HashMap<i32, Arc<ActiveRule>>>,
}

impl Connection {
    pub(super) fn new(rules: Arc<Rules>, counts: Arc<Counts>, traffic: Arc<Traffic>) -> Self {
        Self {
            rules,
            counts,
            traffic: OwnTraffic::open(traffic),
            unanswered: Mutex::default(),
        }
    }

    /// Carries messages until one side is gone, a rule cuts, or `severed` changes. Both sockets
    /// are closed when this ends or is dropped.
    pub(super) async fn run(
        self,
        client: TcpStream,
        server: TcpStream,
        mut severed: watch::Receiver<usize>,
    ) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let requests = async {
            let ended = self.carry_requests(from_client, to_server).await;
            self.traffic.closed();
            match ended {
                Ok(End::Cut) => {}
                // As on a network: what was sent is still executed, whether or not somebody waits.
                Ok(End::Closed) | Err(_) => future::pending().await,
            }
        };
        tokio::select! {
            () = requests => {}
            _ = self.carry_replies(from_server, to_client) => {}
            _ = severed.changed() => {}
        }
    }

    async fn carry_requests(
        &self,
        mut client: OwnedReadHalf,
        mut server: OwnedWriteHalf,
    ) -> io::Result<End> {
        while let Some(mut frame) = Frame::read(&mut client).await? {
            let command = WireCommand::read(&frame);
            let is_work = command
                .as_ref()
                .is_some_and(|command| !command.serves_connection());
            let rule = command.and_then(|command| {
                self.counts.record(&command);
                self.rules.take_due(&command)
            });
            if let Some(rule) = rule {
                if before_request(&rule, &mut frame, &mut server).await? == Verdict::Cut {
                    return Ok(End::Cut);
                }
                if !frame.more_to_come() {
                    self.unanswered().insert(frame.request_id(), rule);
                }
            }
            if is_work && !frame.more_to_come() {
                self.traffic.sent(frame.request_id());
            }
            server.write_all(frame.bytes()).await?;
        }
        Ok(End::Closed)
    }

    /// A request may have no answer or many (a monitor's streamed `hello`), so this only asks of
    /// each message whether a rule waits for it. Of many answers a rule sees the first.
    async fn carry_replies(
        &self,
        mut server: OwnedReadHalf,
        mut client: OwnedWriteHalf,
    ) -> io::Result<End> {
        while let Some(frame) = Frame::read(&mut server).await? {
            self.traffic.answered(frame.response_to());
            let rule = self.unanswered().remove(&frame.response_to());
            if let Some(rule) = rule {
                rule.note_answered();
                if before_reply(&rule, &frame, &mut client).await? == Verdict::Cut {
                    return Ok(End::Cut);
                }
            }
            // A caller that has gone does not stop the commands that it sent: a test may wait
            // for their answers.
            let _ = client.write_all(frame.bytes()).await;
        }
        Ok(End::Closed)
    }

    fn unanswered(&self) -> std::sync::MutexGuard<'_, HashMap<i32, Arc<ActiveRule>>> {
        self.unanswered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn before_request(
    rule: &ActiveRule,
    frame: &mut Frame,
    server: &mut OwnedWriteHalf,
) -> io::Result<Verdict> {
    match &rule.fault {
        Fault::CutBefore => {
            rule.note_fired();
            Ok(Verdict::Cut)
        }
        Fault::PartialRequest(bytes) => cut_short(rule, frame.part(*bytes), server).await,
        Fault::DelayRequest(by) => {
            rule.delay(*by).await;
            Ok(Verdict::Pass)
        }
        Fault::HoldRequest(gate) => Ok(rule.hold(gate).await),
        Fault::Unknown => {
            frame.rename_command();
            rule.note_fired();
            Ok(Verdict::Pass)
        }
        Fault::CutAfter | Fault::DelayReply(_) | Fault::PartialReply(_) | Fault::HoldReply(_) => {
            Ok(Verdict::Pass)
        }
    }
}

async fn before_reply(
    rule: &ActiveRule,
    frame: &Frame,
    client: &mut OwnedWriteHalf,
) -> io::Result<Verdict> {
    match &rule.fault {
        Fault::CutAfter => {
            rule.note_fired();
            Ok(Verdict::Cut)
        }
        Fault::PartialReply(bytes) => cut_short(rule, frame.part(*bytes), client).await,
        Fault::DelayReply(by) => {
            rule.delay(*by).await;
            Ok(Verdict::Pass)
        }
        Fault::HoldReply(gate) => Ok(rule.hold(gate).await),
        Fault::CutBefore
        | Fault::PartialRequest(_)
        | Fault::DelayRequest(_)
        | Fault::HoldRequest(_)
        | Fault::Unknown => Ok(Verdict::Pass),
    }
}

async fn cut_short(rule: &ActiveRule, part: &[u8], to: &mut OwnedWriteHalf) -> io::Result<Verdict> {
    to.write_all(part).await?;
    rule.note_fired();
    Ok(Verdict::Cut)
}
