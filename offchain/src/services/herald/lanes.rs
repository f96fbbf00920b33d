//! Messages on their way to notify: many at a time, and those about one order in their order.

use std::time::Duration;

use smartlink_proto::notify::{notify_client::NotifyClient, SendRequest};
use smartlink_service::Transport;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};
use tonic::{Code, Status};

/// Messages on their way at the same time.
const LANES: usize = 32;
/// Orders that wait in a lane. When a lane is full, whoever follows the orders waits with it.
const WAITING: usize = 64;
/// Before a message is sent again. It doubles.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The lanes. Dropping them stops all that is on its way.
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    _tasks: JoinSet<()>,
}

struct Lane {
    orders: mpsc::Sender<Vec<SendRequest>>,
    /// Orders that were put into it.
    put: u64,
    /// Orders whose messages notify has.
    told: watch::Receiver<u64>,
}

/// A moment: what had been put into the lanes until then.
#[derive(Clone, Debug)]
pub(super) struct Mark(Vec<u64>);

impl Lanes {
    pub fn new(notify: &NotifyClient<Transport>) -> Self {
        let mut tasks = JoinSet::new();
        let lanes = (0..LANES).map(|_| {
            let (orders, waiting) = mpsc::channel(WAITING);
            let (tell, told) = watch::channel(0);
            tasks.spawn(go_along(notify.clone(), waiting, tell));
            Lane { orders, put: 0, told }
        });
        Self { lanes: lanes.collect(), _tasks: tasks }
    }

    /// Tells what there is to tell of an order. Waits while its lane is full.
    pub async fn tell(&mut self, order: u64, messages: Vec<SendRequest>) {
        // Ids that were given one after the other differ in their last bits or in those of the time.
        let lane = (order ^ (order >> 22)) % LANES as u64;
        let lane = &mut self.lanes[lane as usize];
        lane.put += 1;
        if lane.orders.send(messages).await.is_err() {
            // The position stays behind it, so that the next start tells it.
            tracing::error!(
                order,
                "a lane of the herald has ended, which is a fault of this program"
            );
        }
    }

    /// This moment.
    pub fn mark(&self) -> Mark {
        Mark(self.lanes.iter().map(|lane| lane.put).collect())
    }

    /// Whether all that had been put in until then was told.
    pub fn reached(&self, mark: &Mark) -> bool {
        self.lanes.iter().zip(&mark.0).all(|(lane, put)| *lane.told.borrow() >= *put)
    }

    /// Waits until all is told.
    pub async fn drained(&mut self) {
        for lane in &mut self.lanes {
            let put = lane.put;
            if lane.told.wait_for(|told| *told >= put).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn go_along(
    mut notify: NotifyClient<Transport>,
    mut waiting: mpsc::Receiver<Vec<SendRequest>>,
    told: watch::Sender<u64>,
) {
    while let Some(messages) = waiting.recv().await {
        for message in messages {
            send(&mut notify, message).await;
        }
        told.send_modify(|told| *told += 1);
    }
}

/// Sends a message, for as long as it takes. One that is refused for good must not hold up all others.
async fn send(notify: &mut NotifyClient<Transport>, message: SendRequest) {
    let mut pause = PAUSE;
    loop {
        let Err(status) = notify.send(message.clone()).await else { return };
        if is_final(&status) {
            tracing::warn!(order = message.order, %status, "a rider was not told");
            return;
        }
        tracing::warn!(order = message.order, %status, "a rider is told later");
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

/// Whether the same message again would be refused again. `AlreadyExists`: it was told in other words before.
fn is_final(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::InvalidArgument
            | Code::AlreadyExists
            | Code::NotFound
            | Code::FailedPrecondition
            | Code::OutOfRange
    )
}
