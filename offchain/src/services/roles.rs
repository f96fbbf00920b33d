//! Makes roles of a configuration, and runs them.

use std::{sync::Arc, time::Duration};

use smartlink_api::{Api, OnChain, Upstream};
use smartlink_chain::Chain;
use smartlink_notify::Notify;
use smartlink_orders::{chain, grpc::Grpc, worker_http, Orders, Running};
use smartlink_primitives::CompanyId;
use smartlink_proto::{
    devices::devices_server::DevicesServer,
    dispatch::dispatch_server::DispatchServer,
    notify::notify_server::NotifyServer,
    orders::{orders_client::OrdersClient, orders_server::OrdersServer},
    telemetry::telemetry_server::TelemetryServer,
    DESCRIPTORS,
};
use smartlink_service::{
    CancellationToken, GrpcServer, Readiness, RoleContext, Runner, Transport, Watched,
};
use tokio::sync::watch;

use super::{config::Role, herald, vehicles::Vehicles, Services};
use crate::{background::compute, Error};

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How long a node may take to answer before it is tried again.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time between two attempts.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Runs the roles until a signal, or until one of them fails.
///
/// # Errors
/// A role cannot start, or ended early.
pub async fn serve(watched: Watched<Services>) -> Result<(), Error> {
    let config = watched.current();
    let mut parts = Parts::new(&config);
    let mut runner = Runner::new(config.bounds.clone());
    runner = configuration(runner, watched.clone());
    if config.has(Role::Orders) {
        runner = parts.orders(runner, &watched).await?;
    }
    if config.has(Role::Notify) {
        runner = parts.notify(runner).await?;
    }
    if config.has(Role::Dispatch) {
        runner = parts.dispatch(runner)?;
    }
    if config.has(Role::ClickHouse) {
        runner = parts.vehicles.clickhouse(runner, &config).await?;
    }
    if config.has(Role::Devices) {
        runner = parts.devices(runner).await?;
    }
    if config.has(Role::Telemetry) {
        runner = parts.telemetry(runner).await?;
    }
    if config.has(Role::Herald) {
        let (orders, notify) = (parts.way_to(Role::Orders)?, parts.way_to(Role::Notify)?);
        let folder = config.data.join("herald");
        make_folder(&folder)?;
        let quote_valid_ms = config.orders.rules.quote_valid_ms;
        let setup = herald::Setup { folder, quote_valid_ms };
        runner = runner.role("herald", move |context| async move {
            context.ready.set(true);
            herald::run(orders, notify, setup, context.stop).await
        });
    }
    if let Some(server) = parts.server.take() {
        let address = config.grpc.listen.unwrap_or_else(|| ([127, 0, 0, 1], 0).into());
        let bound = server.bind(address).await.map_err(failed)?;
        println!("grpc {}", bound.local_addr());
        runner = runner.role("grpc", move |context| async move {
            context.ready.set(true);
            bound.serve(context.stop).await
        });
    }
    if config.has(Role::Api) {
        runner = parts.api(runner, watched)?;
    }
    runner.run().await.map_err(failed)
}

pub(super) fn failed(error: impl std::error::Error) -> Error {
    Error::Asked(error.to_string())
}

/// Reads the configuration again when its file changes.
fn configuration(runner: Runner, watched: Watched<Services>) -> Runner {
    runner.role("configuration", move |context| async move {
        context.ready.set(true);
        watched.follow(context.stop).await
    })
}

/// What roles are made of.
struct Parts<'a> {
    config: &'a Services,
    server: Option<GrpcServer>,
    orders: Option<Transport>,
    dispatch: Option<Transport>,
    notify: Option<Transport>,
    devices: Option<Transport>,
    telemetry: Option<Transport>,
    vehicles: Vehicles,
}

impl<'a> Parts<'a> {
    fn new(config: &'a Services) -> Self {
        let server = config
            .grpc
            .listen
            .map(|_| GrpcServer::new(config.grpc.limits.clone()).reflection(DESCRIPTORS));
        Self {
            config,
            server,
            orders: None,
            dispatch: None,
            notify: None,
            devices: None,
            telemetry: None,
            vehicles: Vehicles::default(),
        }
    }

    /// The way to a role: in this process, or at its address.
    fn way_to(&self, role: Role) -> Result<Transport, Error> {
        let peers = &self.config.peers;
        let (here, there) = match role {
            Role::Orders => (&self.orders, &peers.orders),
            Role::Dispatch => (&self.dispatch, &peers.dispatch),
            Role::Notify => (&self.notify, &peers.notify),
            Role::Devices => (&self.devices, &peers.devices),
            Role::Telemetry => (&self.telemetry, &peers.telemetry),
            Role::Herald | Role::Api | Role::ClickHouse => (&None, &None),
        };
        if let Some(here) = here {
            return Ok(here.clone());
        }
        let url = there.as_deref().unwrap_or_default();
        Transport::connect(url, &peers.limits).map_err(failed)
    }

    async fn orders(
        &mut self,
        runner: Runner,
        watched: &Watched<Services>,
    ) -> Result<Runner, Error> {
        let mut rules = self.config.orders.rules.clone();
        rules.company = self.config.company;
        let path = self.config.data.join("orders");
        make_folder(&path)?;
        let started = compute(move || Orders::start(&path, rules).map_err(failed)).await;
        let (orders, running) = started?;
        let grpc = OrdersServer::new(Grpc::new(orders.clone()));
        let ready = Readiness::new();
        self.orders = Some(Transport::in_process(grpc.clone()));
        self.server = self.server.take().map(|server| server.service_when(grpc, ready.clone()));
        let listen = self.config.orders.worker_listen;
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(|source| {
            Error::Asked(format!(
                "{listen} cannot be listened on ({source}): set orders.worker_listen to a free address"
            ))
        })?;
        if let Ok(local) = listener.local_addr() {
            println!("worker {local}");
        }
        let node = self.config.node.clone();
        let (watched, company) = (watched.clone(), self.config.company);
        Ok(runner.role_with("orders", ready, move |context| async move {
            let http = axum::serve(listener, worker_http::routes(orders.clone()));
            let rules = follow_rules(orders.clone(), watched, company);
            let (up, _) = watch::channel(false);
            let follow = chain::follow(orders.clone(), &node, up);
            keep_orders(context, orders.clone(), running, async {
                tokio::select! {
                    ended = async { http.await } => ended.map_err(Failure::from),
                    () = follow => Ok(()),
                    () = rules => Ok(()),
                }
            })
            .await
        }))
    }

    async fn notify(&mut self, runner: Runner) -> Result<Runner, Error> {
        let (path, config) = (self.config.data.join("notify"), self.config.notify.clone());
        make_folder(&path)?;
        let notify = compute(move || Notify::open(path, config).map_err(failed)).await?;
        let grpc = NotifyServer::new(notify.clone());
        self.notify = Some(Transport::in_process(grpc.clone()));
        self.server = self.server.take().map(|server| server.service(grpc));
        Ok(runner.role("notify", move |context| async move {
            context.ready.set(true);
            let stop = context.stop;
            let deliver = notify.deliver(async move { stop.cancelled().await });
            tokio::select! {
                () = deliver => Ok(()),
                error = notify.failed() => Err(Failure::from(error)),
            }
        }))
    }

    fn dispatch(&mut self, runner: Runner) -> Result<Runner, Error> {
        let mut config = self.config.dispatch.clone();
        config.path = self.config.data.join("dispatch");
        make_folder(&config.path)?;
        let orders = OrdersClient::new(self.way_to(Role::Orders)?);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let shutdown = async move { stopped.cancelled().await };
        let dispatch = smartlink_dispatch::start(config, orders, shutdown).map_err(failed)?;
        let server: DispatchServer<_> = dispatch.server;
        let ready = Readiness::new();
        self.dispatch = Some(Transport::in_process(server.clone()));
        self.server = self.server.take().map(|one| one.service_when(server, ready.clone()));
        let (mut follows, run) = (dispatch.ready, dispatch.run);
        Ok(runner.role_with("dispatch", ready, move |context| async move {
            let RoleContext { stop: told, ready } = context;
            let tell = async {
                // The sender lives as long as the dispatcher.
                while let Ok(now) = follows.wait_for(|_| true).await.map(|now| *now) {
                    ready.set(now);
                    if follows.changed().await.is_err() {
                        break;
                    }
                }
                std::future::pending::<()>().await;
            };
            let pass_on = async {
                told.cancelled().await;
                stop.cancel();
                std::future::pending::<()>().await;
            };
            tokio::select! {
                ended = run => ended.map_err(Failure::from),
                () = tell => Ok(()),
                () = pass_on => Ok(()),
            }
        }))
    }

    async fn devices(&mut self, runner: Runner) -> Result<Runner, Error> {
        let (runner, gate) = self.vehicles.devices(runner, self.config).await?;
        let server = DevicesServer::new(smartlink_devices::grpc::Grpc::new(gate));
        self.devices = Some(Transport::in_process(server.clone()));
        self.server = self.server.take().map(|one| one.service(server));
        Ok(runner)
    }

    async fn telemetry(&mut self, runner: Runner) -> Result<Runner, Error> {
        if self.orders.is_some() || self.config.peers.orders.is_some() {
            self.vehicles.orders = Some(self.way_to(Role::Orders)?);
        }
        let (runner, grpc, answers) = self.vehicles.telemetry(runner, self.config).await?;
        let server = TelemetryServer::new(grpc);
        self.telemetry = Some(Transport::in_process(server.clone()));
        self.server = self.server.take().map(|one| one.service_when(server, answers));
        Ok(runner)
    }

    fn api(&mut self, runner: Runner, watched: Watched<Services>) -> Result<Runner, Error> {
        let mut config = self.config.api.clone();
        // Before the node is waited for.
        let portal = config.portal.look();
        portal.map_err(|error| Error::Asked(format!("api.{error}")))?;
        config.company = self.config.company.0;
        config.folder = self.config.data.join("api");
        make_folder(&config.folder)?;
        let mut upstream = Upstream::new(
            self.way_to(Role::Orders)?,
            self.way_to(Role::Dispatch)?,
            self.way_to(Role::Notify)?,
        );
        if self.devices.is_some() || self.config.peers.devices.is_some() {
            upstream = upstream.with_devices(self.way_to(Role::Devices)?);
        }
        if self.telemetry.is_some() || self.config.peers.telemetry.is_some() {
            upstream = upstream.with_telemetry(self.way_to(Role::Telemetry)?);
        }
        let (node, company) = (self.config.node.clone(), self.config.company);
        Ok(runner.role("api", move |context| async move {
            let Some(chain) = reach(&node, &context.stop).await else { return Ok(()) };
            let people = Arc::new(OnChain::new(chain, company));
            let settings = Arc::new(move || watched.loaded().settings());
            let api = Api::open(config, upstream, people, settings)?;
            let (address, handle) = api.serve().await?;
            println!("api {address}");
            context.ready.set(true);
            let ended = tokio::select! {
                () = context.stop.cancelled() => Ok(()),
                error = api.failed() => Err(Failure::from(error)),
            };
            handle.stop().await;
            ended
        }))
    }
}

/// The node, as soon as it answers. `None` when told to stop before.
async fn reach(node: &str, stop: &CancellationToken) -> Option<Chain> {
    loop {
        let tried = tokio::select! {
            tried = Chain::connect(node, PATIENCE) => tried,
            () = stop.cancelled() => return None,
        };
        match tried {
            Ok(chain) => return Some(chain),
            Err(error) => tracing::warn!(%error, "waiting for the node"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return None,
        }
    }
}

/// Keeps the orders until told to stop; then everything that was taken on is answered and on disk.
async fn keep_orders(
    context: RoleContext,
    orders: Orders,
    running: Running,
    beside: impl std::future::Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    context.ready.set(true);
    let ended = tokio::select! {
        () = context.stop.cancelled() => Ok(()),
        failed = orders.failed() => match failed {
            Some(error) => Err(Failure::from(error.to_string())),
            None => Ok(()),
        },
        ended = beside => ended,
    };
    tokio::task::spawn_blocking(move || running.stop()).await?;
    ended
}

/// Gives the orders the rules of each new configuration.
async fn follow_rules(orders: Orders, watched: Watched<Services>, company: CompanyId) {
    let mut configs = watched.subscribe();
    while configs.changed().await.is_ok() {
        let mut rules = configs.borrow_and_update().orders.rules.clone();
        rules.company = company;
        if let Err(error) = orders.look(move |engine| engine.set_rules(rules)).await {
            tracing::warn!(%error, "the orders did not take the new rules");
        }
    }
}

pub(super) fn make_folder(path: &std::path::Path) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|source| {
        Error::Asked(format!("the folder {} cannot be made ({source}): set data", path.display()))
    })
}
