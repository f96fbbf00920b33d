//! Streams of new messages.
//!
//! A stream follows one account. Messages wait for it in a ring of bounded length; when it is further behind
//! than that it is cut with DATA_LOSS, and its owner reads the inbox instead. Nobody waits for a stream.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{stream, Stream};
use smartlink_proto::notify::Message;
use tokio::sync::broadcast::{self, error::RecvError};
use tonic::Status;

use crate::{figures::Tally, WatchConfig};

/// Everybody who watches.
pub(crate) struct Watchers {
    config: WatchConfig,
    tally: Arc<Tally>,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    accounts: HashMap<u64, Watched>,
    streams: u32,
    closed: bool,
    /// How often the table was closed.
    closings: u64,
}

struct Watched {
    sender: broadcast::Sender<Message>,
    streams: u32,
}

/// One stream's place in the table, given back when the stream ends.
struct Seat {
    watchers: Arc<Watchers>,
    account: u64,
    /// The table's closings when it was taken: a later `close` has given it back already.
    closings: u64,
    receiver: broadcast::Receiver<Message>,
}

impl Watchers {
    pub(crate) fn new(config: WatchConfig, tally: Arc<Tally>) -> Arc<Self> {
        Arc::new(Self { config, tally, table: Mutex::default() })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Every change of the table is complete before anything in it could panic.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a message to everybody who watches its account.
    pub(crate) fn publish(&self, message: &Message) {
        if let Some(watched) = self.table().accounts.get(&message.account) {
            // An error says that the last one has just gone.
            let _ = watched.sender.send(message.clone());
        }
    }

    /// Ends all streams with UNAVAILABLE, and refuses new ones until [`Watchers::open`].
    pub(crate) fn close(&self) {
        let mut table = self.table();
        table.closed = true;
        table.closings += 1;
        table.accounts.clear();
        table.streams = 0;
    }

    /// Takes new streams again.
    pub(crate) fn open(&self) {
        self.table().closed = false;
    }

    /// Follows an account from now on.
    pub(crate) fn watch(
        self: &Arc<Self>,
        account: u64,
    ) -> Result<impl Stream<Item = Result<Message, Status>> + Send + 'static, Status> {
        let seat = self.sit_down(account)?;
        Ok(stream::unfold(Some(seat), |seat| async {
            let mut seat = seat?;
            let end = match seat.receiver.recv().await {
                Ok(message) => return Some((Ok(message), Some(seat))),
                Err(RecvError::Lagged(missed)) => {
                    seat.watchers.tally.cut.add(1);
                    Status::data_loss(format!(
                        "the stream is cut, {missed} messages were missed: watch again and read the inbox"
                    ))
                }
                Err(RecvError::Closed) => Status::unavailable("the service stops: watch again"),
            };
            Some((Err(end), None))
        }))
    }

    fn sit_down(self: &Arc<Self>, account: u64) -> Result<Seat, Status> {
        let WatchConfig { streams, streams_per_account, buffered } = self.config;
        let mut table = self.table();
        if table.closed {
            return Err(Status::unavailable("the service stops: watch again"));
        }
        if table.streams >= streams {
            return Err(full(streams, "all accounts"));
        }
        let watched = table.accounts.entry(account).or_insert_with(|| Watched {
            sender: broadcast::channel(buffered as usize).0,
            streams: 0,
        });
        if watched.streams >= streams_per_account {
            return Err(full(streams_per_account, "this account"));
        }
        watched.streams += 1;
        let receiver = watched.sender.subscribe();
        table.streams += 1;
        let closings = table.closings;
        Ok(Seat { watchers: Arc::clone(self), account, closings, receiver })
    }
}

fn full(streams: u32, whose: &str) -> Status {
    Status::resource_exhausted(format!(
        "{streams} streams of {whose} are open, which is the bound: close one, or try again later"
    ))
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut table = self.watchers.table();
        if table.closings != self.closings {
            return;
        }
        let Some(watched) = table.accounts.get_mut(&self.account) else { return };
        watched.streams -= 1;
        if watched.streams == 0 {
            table.accounts.remove(&self.account);
        }
        table.streams -= 1;
    }
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, StreamExt};
    use tonic::Code;

    use super::*;

    fn watchers() -> Arc<Watchers> {
        let config = WatchConfig { streams: 3, streams_per_account: 2, buffered: 4 };
        Watchers::new(config, Arc::default())
    }

    fn message(account: u64, id: u64) -> Message {
        Message { id, account, ..Message::default() }
    }

    #[tokio::test]
    async fn a_stream_gets_its_accounts_messages_in_order_and_no_others() {
        let watchers = watchers();
        let mut stream = Box::pin(watchers.watch(7).unwrap());
        for id in 1..=4 {
            watchers.publish(&message(7 + id % 2, id));
        }
        assert_eq!(stream.next().await.unwrap().unwrap().id, 2);
        assert_eq!(stream.next().await.unwrap().unwrap().id, 4);
        assert!(stream.next().now_or_never().is_none());
    }

    #[tokio::test]
    async fn a_slow_stream_is_cut_and_the_others_go_on() {
        let watchers = watchers();
        let (slow, quick) = (watchers.watch(7).unwrap(), watchers.watch(7).unwrap());
        let (mut slow, mut quick) = (Box::pin(slow), Box::pin(quick));
        for id in 1..=6 {
            watchers.publish(&message(7, id));
            assert_eq!(quick.next().await.unwrap().unwrap().id, id);
        }
        assert_eq!(slow.next().await.unwrap().unwrap_err().code(), Code::DataLoss);
        assert!(slow.next().await.is_none());
        assert_eq!(watchers.tally.figures().cut, 1);
    }

    #[tokio::test]
    async fn streams_are_bounded_and_give_their_place_back() {
        let watchers = watchers();
        let code = |account| watchers.watch(account).err().map(|status| status.code());
        let one = watchers.watch(1).unwrap();
        let two = watchers.watch(1).unwrap();
        assert_eq!(code(1), Some(Code::ResourceExhausted), "a third one of the account");
        let three = watchers.watch(2).unwrap();
        assert_eq!(code(3), Some(Code::ResourceExhausted), "a fourth one");
        drop((one, two, three));
        assert!(watchers.table().accounts.is_empty());
        assert_eq!(code(3), None);
    }

    #[tokio::test]
    async fn the_end_of_the_service_ends_the_streams() {
        let watchers = watchers();
        let mut old = Box::pin(watchers.watch(1).unwrap());
        watchers.close();
        assert_eq!(watchers.watch(1).err().unwrap().code(), Code::Unavailable);
        assert_eq!(old.next().await.unwrap().unwrap_err().code(), Code::Unavailable);
        watchers.open();
        let mut new = Box::pin(watchers.watch(1).unwrap());
        drop(old);
        watchers.publish(&message(1, 9));
        assert_eq!(new.next().await.unwrap().unwrap().id, 9);
    }
}
