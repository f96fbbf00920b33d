//! The role as a whole: opened, listening, stopped.

use crate::{
    clock::now_ms,
    commands::Commands,
    config::DevicesConfig,
    gate::Gate,
    http::{HttpError, HttpFigures, HttpListener},
    jt808::{self, Jt808Figures},
    log::{Log, LogError, Writing},
    media::{Media, MediaError},
    mqtt::{Broker, BrokerError, MqttFigures, Outside, Vouch},
    registry::{ChainSalt, Registry, SaltError},
    store::{Store, StoreError},
};
use smartlink_service::CancellationToken;
use std::{
    convert::Infallible, future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc,
    time::Duration,
};
use tokio::sync::mpsc;

/// How often the times are written down at which terminals were heard.
const SEEN_EVERY: Duration = Duration::from_secs(60);
/// How often commands are looked through for those whose time is over.
const EXPIRE_EVERY: Duration = Duration::from_secs(1);

/// Held by each task of the role, so that its end can be waited for. The last that a task drops: what it used is closed
/// then.
pub(crate) type Alive = mpsc::Sender<Infallible>;

/// Why the role does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder cannot be made.
    #[error("the folder {path} of the devices role cannot be made: {source}; set devices.path to one that can be written")]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The salt is none.
    #[error(transparent)]
    Salt(#[from] SaltError),
    /// The log does not open.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The registry does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of media does not open.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The broker for MQTT cannot listen.
    #[error(transparent)]
    Mqtt(#[from] BrokerError),
    /// The listener for HTTP cannot listen.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A listener cannot listen.
    #[error("the listener for {protocol} cannot listen on {address}: {source}; set another address, or stop who uses it")]
    Listen {
        /// For what.
        protocol: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// Where the listeners listen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// JT/T 808 over TCP.
    pub jt808_tcp: Option<SocketAddr>,
    /// JT/T 808 over UDP.
    pub jt808_udp: Option<SocketAddr>,
    /// MQTT.
    pub mqtt: Option<SocketAddr>,
    /// HTTP.
    pub http: Option<SocketAddr>,
}

/// What the listeners have done.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// JT/T 808.
    pub jt808: Arc<Jt808Figures>,
    /// MQTT.
    pub mqtt: Arc<MqttFigures>,
    /// HTTP.
    pub http: Arc<HttpFigures>,
}

/// The role. It works until it is stopped or dropped.
pub struct Devices {
    gate: Gate,
    writing: Option<Writing>,
    /// Ends when every task has dropped its [`Alive`].
    tasks: mpsc::Receiver<Infallible>,
    stop: CancellationToken,
    addresses: Addresses,
    figures: Figures,
    stop_grace: Duration,
}

impl Devices {
    /// Opens log, registry and media, and starts the listeners. In a runtime of tokio.
    ///
    /// # Errors
    /// Something does not open, or an address is in use.
    pub async fn start(config: DevicesConfig) -> Result<Self, StartError> {
        let stop = CancellationToken::new();
        let opening = (config.clone(), stop.clone());
        let opened = tokio::task::spawn_blocking(move || open(&opening.0, opening.1)).await;
        let (gate, writing) = match opened {
            Ok(opened) => opened?,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        let (alive, tasks) = mpsc::channel(1);
        // When one of the listeners cannot listen, those that do already end with this.
        let unless_started = stop.clone().drop_guard();
        let (addresses, figures) = listen(&gate, &config, &alive).await?;
        tokio::spawn(keep_time(alive, gate.clone()));
        unless_started.disarm();
        let stop_grace = Duration::from_millis(config.stop_grace_ms);
        Ok(Self { gate, writing: Some(writing), tasks, stop, addresses, figures, stop_grace })
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The log.
    pub fn log(&self) -> &Log {
        self.gate.log()
    }

    /// Where the listeners listen.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// What the listeners have done.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Ends when the log has failed: nothing is acknowledged any more, and the process has to end.
    pub async fn failed(&self) -> Arc<LogError> {
        self.log().failed().await
    }

    /// Stops: listeners close their connections when what they were taking on is acknowledged, and the log is written to
    /// its end.
    pub async fn stop(mut self) {
        self.stop.cancel();
        self.gate.wake_all();
        if tokio::time::timeout(self.stop_grace, self.tasks.recv()).await.is_err() {
            tracing::warn!(
                "connections were cut: they took longer to end than devices.stop_grace_ms"
            );
        }
        if let Err(error) = self.gate.keep_seen(0) {
            tracing::error!(%error, "the times at which terminals were heard were not written down");
        }
        if let Some(writing) = self.writing.take() {
            // It waits for the disk.
            let _ = tokio::task::spawn_blocking(move || writing.stop()).await;
        }
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        self.stop.cancel();
        self.gate.wake_all();
    }
}

/// Starts the listeners that are configured.
async fn listen(
    gate: &Gate,
    config: &DevicesConfig,
    alive: &Alive,
) -> Result<(Addresses, Figures), StartError> {
    let jt808 = jt808::start(gate, &config.jt808, alive);
    let jt808 = jt808.map_err(|jt808::NotListening(address, source)| StartError::Listen {
        protocol: "JT/T 808",
        address,
        source,
    })?;
    let mut addresses =
        Addresses { jt808_tcp: jt808.tcp, jt808_udp: jt808.udp, mqtt: None, http: None };
    let mut figures = Figures { jt808: jt808.figures, ..Figures::default() };
    if let Some(broker) = Broker::bind(&config.mqtt, gate.clone()).await? {
        addresses.mqtt = Some(broker.address());
        figures.mqtt = broker.figures();
        tokio::spawn(while_alive(alive.clone(), broker.run()));
    }
    let vouching = gate.clone();
    let vouch: Vouch = Arc::new(move |name, peer| vouching.admit_vouched(name, peer));
    if let Some(outside) = Outside::new(&config.mqtt, gate.clone(), vouch, figures.mqtt.clone()) {
        tokio::spawn(while_alive(alive.clone(), outside.run()));
    }
    if let Some(listener) = HttpListener::bind(&config.http, gate.clone()).await? {
        addresses.http = Some(listener.address());
        figures.http = listener.figures();
        tokio::spawn(while_alive(alive.clone(), listener.run()));
    }
    Ok((addresses, figures))
}

/// Runs a task, and says that it is over when all that it used is dropped.
async fn while_alive(alive: Alive, task: impl Future<Output = ()>) {
    task.await;
    drop(alive);
}

fn open(config: &DevicesConfig, stop: CancellationToken) -> Result<(Gate, Writing), StartError> {
    let salt = ChainSalt::parse(config.chain_salt.expose())?;
    let path = &config.path;
    std::fs::create_dir_all(path)
        .map_err(|source| StartError::Folder { path: path.clone(), source })?;
    let store = Arc::new(Store::open(&path.join("registry"))?);
    let registry = Registry::open(store.clone(), config.registry.terminals)?;
    let commands = Commands::open(store.clone(), config.commands.clone())?;
    let media = Media::open(store, path.join("media"), config.media.clone())?;
    let (log, writing) = Log::start(&path.join("log"), &config.log)?;
    Ok((Gate::new(config, log, registry, commands, media, salt, stop), writing))
}

/// What happens by itself: commands expire, and the times at which terminals were heard are written down.
async fn keep_time(_alive: Alive, gate: Gate) {
    let mut expire = tokio::time::interval(EXPIRE_EVERY);
    let mut seen = tokio::time::interval(SEEN_EVERY);
    let mut kept_ms = now_ms();
    loop {
        tokio::select! {
            () = gate.stopping().cancelled() => return,
            _ = expire.tick() => {
                if let Err(error) = gate.commands().expire(now_ms()) {
                    tracing::error!(%error, "commands whose time is over stay open");
                }
            }
            _ = seen.tick() => {
                let now_ms = now_ms();
                match gate.keep_seen(kept_ms) {
                    // What was heard while this was written comes once more.
                    Ok(()) => kept_ms = now_ms,
                    Err(error) => tracing::error!(%error, "the times at which terminals were heard were not written down"),
                }
            }
        }
    }
}
