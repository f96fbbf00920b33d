//! Learning of changes by a WebSocket that stays, as an app does.

use std::{
    io,
    time::{Duration, Instant},
};

use serde_json::{json, Value};

use crate::{
    client::{request_body, Account},
    view::Change,
    websocket::Socket,
    witness::Violation,
    world::World,
};

/// After a lost connection: the first wait, and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How long making a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);

/// What is followed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    /// One order of the rider.
    Order(u64),
    /// Offers and orders of the driver.
    Driver,
}

/// A subscription that comes back after a lost connection.
#[derive(Debug)]
pub(crate) struct Feed {
    subject: Subject,
    socket: Option<Socket>,
    wait: Duration,
    not_before: Instant,
}

impl Feed {
    /// Nothing is connected yet.
    pub(crate) fn new(subject: Subject) -> Self {
        Self { subject, socket: None, wait: FIRST_WAIT, not_before: Instant::now() }
    }

    /// The next change, or `None` after `patience`. A lost connection is made again with growing waits; the
    /// subscription then begins with the present state, so nothing is missed.
    pub(crate) async fn next(
        &mut self,
        world: &World,
        account: &mut Account,
        patience: Duration,
    ) -> Option<Change> {
        let until = tokio::time::Instant::now() + patience;
        match self.next_or_lost(world, account, until).await {
            Ok(change) => change,
            Err(error) => {
                tracing::debug!(%error, "a subscription was lost");
                (self.socket, self.not_before) = (None, Instant::now() + self.wait);
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
                tokio::time::sleep_until(until).await;
                None
            }
        }
    }

    async fn next_or_lost(
        &mut self,
        world: &World,
        account: &mut Account,
        until: tokio::time::Instant,
    ) -> io::Result<Option<Change>> {
        if self.socket.is_none() && Instant::now() >= self.not_before {
            // Not cut short by the patience for a change, which may be much shorter.
            let subscribed =
                tokio::time::timeout(CONNECTING, subscribe(self.subject, account)).await;
            self.socket = Some(subscribed.map_err(io::Error::other)??);
        }
        let Some(socket) = &mut self.socket else {
            tokio::time::sleep_until(until).await;
            return Ok(None);
        };
        while let Ok(text) = tokio::time::timeout_at(until, socket.receive()).await {
            let pushed = read(&text?)?;
            self.wait = FIRST_WAIT;
            match Change::read(&pushed) {
                Ok(Some(change)) => return Ok(Some(change)),
                Ok(None) => {}
                Err(error) => {
                    let reason = error.to_string();
                    world
                        .witness
                        .saw(Violation::Unreadable { method: self.subject.method(), reason });
                }
            }
        }
        Ok(None)
    }
}

impl Subject {
    fn method(self) -> &'static str {
        match self {
            Self::Order(_) => "order_subscribe",
            Self::Driver => "driver_subscribe",
        }
    }
}

async fn subscribe(subject: Subject, account: &mut Account) -> io::Result<Socket> {
    let token = account.token().await.map_err(io::Error::other)?;
    let mut socket = Socket::open(account.client().address(), &token).await?;
    let params = match subject {
        Subject::Order(order) => json!({ "order": order.to_string() }),
        Subject::Driver => json!({}),
    };
    socket.send(&request_body(1, subject.method(), &params)).await?;
    Ok(socket)
}

/// What a message of the server pushes: `null` for the answer to the subscription itself.
fn read(text: &[u8]) -> io::Result<Value> {
    let mut message: Value = serde_json::from_slice(text).map_err(io::Error::other)?;
    let error = message.get("error").or_else(|| message.pointer("/params/error"));
    if let Some(error) = error {
        return Err(io::Error::other(format!("the subscription ended: {error}")));
    }
    Ok(message.pointer_mut("/params/result").map(Value::take).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_is_told_from_an_answer_and_from_the_end() {
        let push = br#"{"jsonrpc":"2.0","method":"order","params":{"subscription":1,"result":{"kind":"caught_up"}}}"#;
        assert_eq!(read(push).unwrap(), json!({ "kind": "caught_up" }));
        assert_eq!(read(br#"{"jsonrpc":"2.0","id":1,"result":"a"}"#).unwrap(), Value::Null);
        let end = br#"{"jsonrpc":"2.0","method":"order","params":{"subscription":1,"error":{"code":30022}}}"#;
        assert!(read(end).unwrap_err().to_string().contains("30022"));
    }
}
