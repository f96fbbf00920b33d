//! The gate: a second port of JSON-RPC, for other machines than the node's own.
//!
//! To everybody it answers what a wallet and a check of proofs need (`methods`), and to members, who show a `token` signed by a
//! key of their own, everything that is safe. `docs/rpc.md` describes it for its callers.

mod connection;
mod credentials;
mod filter;
mod limits;
mod members;
mod methods;
mod metrics;
mod places;
mod rate;
mod reads;
mod refusal;
mod server;
#[cfg(test)]
mod tests;
mod threshold;
pub mod token;

pub use limits::Limits;
pub use members::Members;

use jsonrpsee::{server::RegisterMethodError, Methods};
use limits::{READING_THREADS, THREADS};
use members::QUESTIONS;
use methods::OPEN;
use sc_service::Configuration;
use server::Gate;
use smartlink_runtime::Hash;
use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};
use substrate_prometheus_endpoint::{PrometheusError, Registry};
use tokio::runtime::{Builder, Handle, Runtime};

/// Whether other machines may ask this node.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Gate")]
pub struct GateArgs {
    /// Answer JSON-RPC to other machines on this address, such as 0.0.0.0:9955: to everybody what a wallet needs, and to
    /// members everything that is safe.
    ///
    /// A member shows a token: see `smartlink-node company token`. It travels as it is, so let something that speaks
    /// TLS stand in front.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub gate_addr: Option<SocketAddr>,

    /// Connections of the gate at most. Half of them are for those who show no token.
    #[arg(
        long, value_name = "COUNT", default_value_t = 1_000, requires = "gate_addr",
        value_parser = clap::value_parser!(u32).range(2..=10_000)
    )]
    pub gate_max_connections: u32,
}

impl GateArgs {
    /// The bounds.
    pub fn limits(&self) -> Limits {
        let connections = usize::try_from(self.gate_max_connections).unwrap_or(usize::MAX);
        Limits { connections, ..Limits::default() }
    }
}

/// Why the gate does not open.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    #[error(
        "the gate cannot listen on {addr} ({source}): choose a free port of this machine with --gate-addr, or leave it \
         out"
    )]
    Listen { addr: SocketAddr, source: io::Error },
    #[error("the gate has no threads ({0}): see to the limits of the process")]
    Threads(io::Error),
    #[error("the gate's metrics cannot be registered: {0}")]
    Metrics(#[from] PrometheusError),
    #[error("the gate's list of methods has no place: {0}")]
    Methods(#[from] RegisterMethodError),
}

/// What the gate is made of.
pub struct Parts<'a> {
    /// Its bounds.
    pub limits: Limits,
    /// The hash of the chain's first block.
    pub genesis: Hash,
    /// What the node answers.
    pub methods: Methods,
    /// Who is a member.
    pub members: Arc<dyn Members>,
    /// The node's metrics.
    pub registry: Option<&'a Registry>,
}

/// An open gate. It closes when this is dropped.
pub struct Running {
    addr: SocketAddr,
    /// For requests.
    _threads: Threads,
    /// For the questions who is a member, which no request keeps waiting.
    _questions: Threads,
}

/// Threads of the gate's own. `None` when they are dropped.
struct Threads(Option<Runtime>);

impl Threads {
    /// So many that speak, and so many that read.
    fn start(name: &str, speaking: usize, reading: usize) -> Result<(Self, Handle), GateError> {
        let threads = Builder::new_multi_thread()
            .thread_name(name)
            .worker_threads(speaking)
            .max_blocking_threads(reading)
            .enable_all()
            .build()
            .map_err(GateError::Threads)?;
        let handle = threads.handle().clone();
        Ok((Self(Some(threads)), handle))
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(threads) = self.0.take() {
            // Waiting for them is not allowed where the node ends.
            threads.shutdown_background();
        }
    }
}

/// Opens the gate.
pub fn open(addr: SocketAddr, parts: Parts<'_>) -> Result<Running, GateError> {
    let failed = |source| GateError::Listen { addr, source };
    let missing: Vec<&str> = missing(&parts.methods);
    if !missing.is_empty() {
        log::warn!("the gate answers to everybody what this node does not know: {missing:?}");
    }
    let listener = TcpListener::bind(addr).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let (threads, handle) = Threads::start("gate", THREADS, READING_THREADS)?;
    let (questions, asking) = Threads::start("gate-members", 1, QUESTIONS)?;
    let gate = Gate::new(parts, asking)?;
    let running = Running { addr, _threads: threads, _questions: questions };
    let listener = {
        let _entered = handle.enter();
        tokio::net::TcpListener::from_std(listener).map_err(failed)?
    };
    handle.spawn(gate.listen(listener));
    log::info!("The gate answers on {}", running.addr);
    Ok(running)
}

/// Open methods that are not there.
fn missing(methods: &Methods) -> Vec<&'static str> {
    let names = OPEN.iter().map(|open| open.name).filter(|name| *name != "rpc_methods");
    names.filter(|name| methods.method(name).is_none()).collect()
}

/// Warns of a port of RPC that other machines reach.
pub fn warn_of_open_port(config: &Configuration) {
    let listening = config.rpc.addr.iter().flatten().map(|endpoint| endpoint.listen_addr);
    for addr in listening.filter(|addr| !addr.ip().is_loopback()) {
        log::warn!(
            "JSON-RPC listens on {addr}: whoever reaches it reads the chain's state, its events and what waits for a \
             block. Leave out --rpc-external and --unsafe-rpc-external, and open the gate with --gate-addr, which \
             asks for a member's token (docs/rpc.md)"
        );
    }
}
