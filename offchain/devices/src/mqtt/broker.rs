//! The broker: listens, and gives each connection its conversation.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{interval, sleep, timeout, Instant, MissedTickBehavior},
};

use super::{config::MqttConfig, figures::MqttFigures, introduction::introduce, shared::Shared};
use crate::{door::Door, gate::Gate};

/// How often sessions are looked at whose time is over, and wills that are due.
const SWEEP: Duration = Duration::from_secs(1);

/// The wait after the system had no connection to give: it has too many open.
const NO_DESCRIPTOR: Duration = Duration::from_millis(100);

/// How long connections may take to end when the service stops.
const LAST: Duration = Duration::from_secs(6);

/// Why there is no broker.
#[derive(Debug, Error)]
#[error("MQTT cannot listen on {address}: {source}; free the port, or set mqtt.listen to another")]
pub struct BrokerError {
    address: SocketAddr,
    source: io::Error,
}

/// A broker that listens. It serves while [`run`](Self::run) runs.
pub struct Broker {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    door: Door,
}

impl Broker {
    /// Listens on the address of the configuration. None: it has none.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on.
    pub async fn bind(config: &MqttConfig, gate: Gate) -> Result<Option<Self>, BrokerError> {
        let Some(address) = config.listen else { return Ok(None) };
        let failed = |source| BrokerError { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let door = Door::new(config.connections, config.connections_per_address);
        let figures = Arc::new(MqttFigures::default());
        let shared = Arc::new(Shared::new(config.clone(), gate, figures));
        Ok(Some(Self { listener, address, shared, door }))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has done.
    pub fn figures(&self) -> Arc<MqttFigures> {
        self.shared.figures.clone()
    }

    /// Serves until the gate stops. Connections are told to end then, and have a few seconds for what waits for the
    /// disk.
    pub async fn run(self) {
        let mut connections = JoinSet::new();
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stopping = self.shared.stopping().clone();
        loop {
            tokio::select! {
                () = stopping.cancelled() => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, address)) => self.serve(&mut connections, stream, address),
                    Err(error) => {
                        tracing::warn!(%error, "a connection of MQTT could not be taken");
                        sleep(NO_DESCRIPTOR).await;
                    }
                },
                Some(ended) = connections.join_next(), if !connections.is_empty() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a conversation of MQTT broke down");
                    }
                }
                _ = sweep.tick() => self.shared.execute(self.shared.sessions.sweep(Instant::now())),
            }
        }
        drop(self.listener);
        let all = async { while connections.join_next().await.is_some() {} };
        if timeout(LAST, all).await.is_err() {
            tracing::warn!("connections of MQTT took too long to end, and are cut");
        }
    }

    fn serve(&self, connections: &mut JoinSet<()>, stream: TcpStream, address: SocketAddr) {
        let Some(pass) = self.door.enter(address.ip()) else {
            self.shared.figures.crowded.add(1);
            return;
        };
        // Acknowledgements are small and somebody waits for them.
        let _ = stream.set_nodelay(true);
        let shared = self.shared.clone();
        shared.figures.connections.add(1);
        connections.spawn(async move {
            introduce(&shared, stream, address).await;
            shared.figures.connections.sub(1);
            drop(pass);
        });
    }
}
