//! The connection to a node, made anew when it is cut.

use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use smartlink_chain::{Chain, ChainError};
use tokio::{sync::Mutex, time::Instant};

/// How long one question may take.
const QUESTION: Duration = Duration::from_secs(3);
/// How long the smallest question may take, which shows whether the connection is still good.
const PROBE: Duration = Duration::from_secs(1);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(2);

/// A connection to a node. Clones share it.
///
/// A question that fails, or is not answered in time, is followed by the smallest one there is: the height
/// of the last final block. When that fails as well the connection is made anew, by one caller for all, and
/// the question is asked once more. Otherwise the failure is the answer.
#[derive(Clone, Debug)]
pub(super) struct Line(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The connection with its number: each new one has the next.
    chain: RwLock<(u64, Chain)>,
    /// Held by who connects: when it last failed, and why.
    failed: Mutex<Option<(Instant, String)>>,
}

impl Line {
    pub fn new(chain: Chain) -> Self {
        Self(Arc::new(Inner { chain: RwLock::new((0, chain)), failed: Mutex::default() }))
    }

    fn held(&self) -> (u64, Chain) {
        self.0.chain.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The hash of block 0. The same for as long as the line lives.
    pub fn genesis(&self) -> [u8; 32] {
        self.held().1.genesis().0
    }

    /// Asks a question, twice when the connection was cut.
    pub async fn ask<T, F, Q>(&self, question: Q) -> Result<T, ChainError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ChainError>> + Send,
        Q: Fn(Chain) -> F + Send + Sync + 'static,
    {
        let line = self.clone();
        // On a task of its own: a connection that is cut is made anew also when who asked has given up.
        let asking = tokio::spawn(async move { line.twice(question).await });
        match asking.await {
            Ok(answer) => answer,
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            // Only the end of the runtime cancels it.
            Err(_) => Err(late("an answer", QUESTION)),
        }
    }

    async fn twice<T, F>(&self, question: impl Fn(Chain) -> F) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, ChainError>>,
    {
        let (number, chain) = self.held();
        let first = within(QUESTION, question(chain.clone())).await;
        let Err(error) = first else { return first };
        if within(PROBE, chain.finalized_number()).await.is_ok() {
            return Err(error);
        }
        tracing::warn!(%error, node = chain.url(), "connecting to the node anew");
        let chain = self.renew(number).await?;
        within(QUESTION, question(chain)).await
    }

    /// Another connection than the one of this number. Who comes while somebody connects shares what comes
    /// of it.
    async fn renew(&self, number: u64) -> Result<Chain, ChainError> {
        let came = Instant::now();
        let mut failed = self.0.failed.lock().await;
        let (held, old) = self.held();
        if held != number {
            return Ok(old);
        }
        if let Some((_, reason)) = failed.as_ref().filter(|(at, _)| *at >= came) {
            let (url, reason) = (old.url().to_owned(), reason.clone());
            return Err(ChainError::Unreachable { url, reason });
        }
        let connected = match Chain::connect(old.url(), CONNECT).await {
            // Logins are bound to the chain, and ids are of the chain.
            Ok(new) if new.genesis() != old.genesis() => Err(ChainError::Answer {
                what: "the hash of block 0",
                reason: format!("{:?}, and it was {:?}", new.genesis(), old.genesis()),
            }),
            connected => connected,
        };
        match connected {
            Ok(new) => {
                let mut chain = self.0.chain.write().unwrap_or_else(PoisonError::into_inner);
                *chain = (number + 1, new.clone());
                *failed = None;
                Ok(new)
            }
            Err(error) => {
                *failed = Some((Instant::now(), error.to_string()));
                Err(error)
            }
        }
    }
}

fn late(what: &str, patience: Duration) -> ChainError {
    ChainError::TimedOut { what: what.to_owned(), seconds: patience.as_secs() }
}

async fn within<T>(
    patience: Duration,
    asked: impl Future<Output = Result<T, ChainError>>,
) -> Result<T, ChainError> {
    match tokio::time::timeout(patience, asked).await {
        Ok(answer) => answer,
        Err(_) => Err(late("an answer of the node", patience)),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::SocketAddr,
        sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    };

    use jsonrpsee::{
        server::{Server, ServerHandle},
        types::ErrorObjectOwned,
        RpcModule,
    };
    use serde_json::{json, Value};

    use super::*;

    /// What a small node remembers: how often somebody connected, and whether it says nothing to who did.
    #[derive(Default)]
    struct Memory {
        met: AtomicUsize,
        mute: AtomicBool,
    }

    /// What a node says of a chain of seven blocks. Who connects is no longer met with silence.
    async fn node(at: SocketAddr, genesis: u8, memory: Arc<Memory>) -> (SocketAddr, ServerHandle) {
        let hash = |byte: u8| format!("0x{}", hex::encode([byte; 32]));
        let (genesis, head) = (hash(genesis), hash(7));
        let mut module = RpcModule::from_arc(memory);
        module
            .register_method("chain_getBlockHash", move |_, memory, _| {
                memory.met.fetch_add(1, SeqCst);
                memory.mute.store(false, SeqCst);
                genesis.clone()
            })
            .unwrap();
        module
            .register_async_method("chain_getFinalizedHead", move |_, memory, _| {
                let head = head.clone();
                async move {
                    if memory.mute.load(SeqCst) {
                        std::future::pending::<()>().await;
                    }
                    head
                }
            })
            .unwrap();
        let header = json!({
            "parentHash": hash(6), "number": "0x7", "stateRoot": hash(1),
            "extrinsicsRoot": hash(2), "digest": { "logs": [] },
        });
        module
            .register_method("chain_getHeader", move |_, _, _| {
                Ok::<Value, ErrorObjectOwned>(header.clone())
            })
            .unwrap();
        let server = Server::builder().build(at).await.unwrap();
        (server.local_addr().unwrap(), server.start(module))
    }

    async fn stop(node: ServerHandle) {
        node.stop().unwrap();
        node.stopped().await;
    }

    async fn height(line: &Line) -> Result<u64, ChainError> {
        line.ask(|chain| async move { chain.finalized_number().await }).await
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_node_that_is_started_again_is_asked_again() {
        let memory = Arc::new(Memory::default());
        let (at, first) = node(([127, 0, 0, 1], 0).into(), 9, memory.clone()).await;
        let line = Line::new(Chain::connect(&format!("ws://{at}"), CONNECT).await.unwrap());
        assert_eq!(height(&line).await.unwrap(), 7);
        // A question that the node refuses is no reason to connect anew.
        let refused = line.ask(|chain| async move { chain.peers().await }).await;
        assert!(matches!(refused, Err(ChainError::Query { .. })), "{refused:?}");
        assert_eq!(memory.met.load(SeqCst), 1);

        stop(first).await;
        assert!(height(&line).await.is_err());
        let (_, second) = node(at, 9, memory.clone()).await;
        // All at once: one of them connects for all.
        let asked = futures::future::join_all((0..20).map(|_| height(&line))).await;
        assert!(asked.iter().all(|answer| matches!(answer, Ok(7))), "{asked:?}");
        assert_eq!((memory.met.load(SeqCst), line.genesis()), (2, [9; 32]));

        // Another chain at the same address is none of ours.
        stop(second).await;
        let (_, third) = node(at, 8, memory).await;
        let answer = height(&line).await;
        assert!(matches!(answer, Err(ChainError::Answer { .. })), "{answer:?}");
        assert_eq!(line.genesis(), [9; 32]);
        stop(third).await;
    }
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_connection_that_fell_silent_is_made_anew() {
        let memory = Arc::new(Memory::default());
        let (at, _node) = node(([127, 0, 0, 1], 0).into(), 9, memory.clone()).await;
        let line = Line::new(Chain::connect(&format!("ws://{at}"), CONNECT).await.unwrap());
        memory.mute.store(true, SeqCst);
        // Who asked gives up long before the silence is certain.
        let hasty = tokio::time::timeout(Duration::from_millis(1), height(&line)).await;
        assert!(hasty.is_err());
        let renewed = async {
            while line.held().0 == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), renewed).await.expect("another connection");
        assert_eq!((height(&line).await.unwrap(), memory.met.load(SeqCst)), (7, 2));
    }
}
