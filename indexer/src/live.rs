//! What the node has beyond the last final block, as it is now: blocks that may still be taken back.
//!
//! ```text
//!  node: best and final blocks ─▶ Branches: the path ─▶ Shelf: what is decoded ─▶ View, for whoever looks
//!                                   ▲ headers that are missing    ▲ blocks that are new
//! ```
//!
//! It is a view in memory alone. Nothing of it is written to ClickHouse, and a block leaves it when it becomes final, for then
//! it comes to the index. Where the best block changes to another branch, the view is the path to the new one, and names the
//! blocks that were taken back. A node that is away leaves it empty, which it says; the index goes on without it.

mod branches;
pub mod config;
mod listener;
mod reading;
mod shelf;
mod source;
mod view;

use std::{
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub use branches::BlockId;
pub use config::LiveConfig;
pub use view::{Contents, LeftOut, LiveBlock, LiveEvent, LiveExtrinsic, View};

use crate::infra::Node;
use listener::Listener;

/// The live view of a node.
#[derive(Debug)]
pub struct Live;

impl Live {
    /// Begins to listen to a node, over a connection of its own, until it is stopped or nobody has the handle or a receiver
    /// of it any more. The node may be away. Has to be called on a runtime of tokio.
    pub fn start(node: &Node, config: &LiveConfig, stop: CancellationToken) -> LiveHandle {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX / 2);
        let (send, view) = watch::channel(Arc::new(View::first(now)));
        let failures = Arc::new(AtomicU64::new(0));
        let listener = Listener::new(node.url(), config, send, failures.clone());
        let listening = Arc::new(tokio::spawn(listener.run(stop)));
        LiveHandle { view, failures, listening }
    }
}

/// What looks at the view. Clones look at the same.
#[derive(Clone, Debug)]
pub struct LiveHandle {
    view: watch::Receiver<Arc<View>>,
    failures: Arc<AtomicU64>,
    listening: Arc<JoinHandle<()>>,
}

impl LiveHandle {
    /// The view as it is now.
    pub fn view(&self) -> Arc<View> {
        self.view.borrow().clone()
    }

    /// Tells of every view that follows; of several at once the last. [`View::retracted_since`] says what was taken back in
    /// those between.
    pub fn watch(&self) -> watch::Receiver<Arc<View>> {
        self.view.clone()
    }

    /// How often the connection was lost, or could not be made.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Whether it has ended: it was stopped. The view is empty then.
    pub fn has_ended(&self) -> bool {
        self.listening.is_finished()
    }
}
