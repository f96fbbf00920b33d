//! The roles for vehicles: the embedded ClickHouse, devices, and telemetry.
//!
//! Beside its work, devices follows the chain for where terminals are bound ([`bindings`]), and telemetry for what vehicles
//! are ([`classes`]) and the orders for who drives ([`drivers`]). Neither waits for chain or orders: while those are away,
//! what was known last holds.

mod bindings;
mod classes;
mod drivers;
mod ledger;

use std::{convert::Infallible, future::pending};

use smartlink_clickhouse::{migrate, Engine, Layout, MigrateError, Policy, Store};
use smartlink_devices::{Devices, Gate, Log};
use smartlink_primitives::CompanyId;
use smartlink_service::{CancellationToken, Readiness, Runner, Transport};
use smartlink_telemetry::{anchor_http, grpc::Grpc, Analyst, Telemetry};
use tokio::net::TcpListener;

use self::{bindings::Bindings, classes::Classes};
use super::{
    config::Services,
    roles::{failed, make_folder, Failure, PAUSE},
};
use crate::Error;

/// What these roles have of each other.
#[derive(Default)]
pub(super) struct Vehicles {
    /// Of the embedded ClickHouse.
    url: Option<String>,
    log: Option<Log>,
    /// The way to the orders, where there are any.
    pub(super) orders: Option<Transport>,
}

impl Vehicles {
    /// The embedded ClickHouse.
    pub(super) async fn clickhouse(
        &mut self,
        runner: Runner,
        config: &Services,
    ) -> Result<Runner, Error> {
        let mut engine = config.clickhouse.clone();
        engine.path = config.data.join("clickhouse");
        make_folder(&engine.path)?;
        let engine = Engine::start(engine).await.map_err(failed)?;
        println!("clickhouse {}", engine.local_addr());
        self.url = Some(engine.url());
        Ok(runner.role("clickhouse", move |context| async move {
            context.ready.set(true);
            context.stop.cancelled().await;
            engine.stop().await;
            Ok::<_, Failure>(())
        }))
    }

    /// Terminals, and the gate through which they are looked after.
    pub(super) async fn devices(
        &mut self,
        runner: Runner,
        config: &Services,
    ) -> Result<(Runner, Gate), Error> {
        let mut settings = config.devices.clone();
        settings.path = config.data.join("devices");
        settings.company = config.company.0;
        let devices = Devices::start(settings).await.map_err(failed)?;
        let addresses = devices.addresses();
        if let Some(address) = addresses.jt808_tcp {
            println!("jt808 {address}");
        }
        if let Some(address) = addresses.jt808_udp {
            println!("jt808-udp {address}");
        }
        if let Some(address) = addresses.mqtt {
            println!("mqtt {address}");
        }
        if let Some(address) = addresses.http {
            println!("http-devices {address}");
        }
        self.log = Some(devices.log().clone());
        let gate = devices.gate().clone();
        let bindings = Bindings::of(&gate);
        if bindings.is_none() {
            tracing::info!("devices.chain_salt is not set: terminals have no names on the chain, and what is bound there is not followed");
        }
        let node = config.node.clone();
        let runner = runner.role("devices", move |context| async move {
            context.ready.set(true);
            let follow = async {
                match bindings {
                    Some(bindings) => ledger::follow(&node, bindings).await,
                    None => pending().await,
                }
            };
            let ended = tokio::select! {
                () = context.stop.cancelled() => Ok(()),
                error = devices.failed() => Err(Failure::from(error.to_string())),
                never = follow => match never {},
            };
            devices.stop().await;
            ended
        });
        Ok((runner, gate))
    }

    /// What terminals report, what answers for it over gRPC, and whether it does by now. ClickHouse may be away when it
    /// starts: records wait in the log of devices.
    pub(super) async fn telemetry(
        &mut self,
        runner: Runner,
        config: &Services,
    ) -> Result<(Runner, Grpc, Readiness), Error> {
        let log = self.log.clone().ok_or_else(|| {
            Error::Asked("telemetry follows the log of devices: add devices to roles".to_owned())
        })?;
        let mut store = config.store.clone();
        if let Some(url) = &self.url {
            store.url.clone_from(url);
            store.user.clone_from(&config.clickhouse.user);
            store.password.clone_from(&config.clickhouse.password);
        }
        let store = Store::connect(&store);
        let role = config.telemetry.clone();
        let layout = match role.cluster.as_str() {
            "" => Layout::Single,
            cluster => Layout::Cluster(cluster.to_owned()),
        };
        let mut settings = role.settings;
        settings.company = config.company.0;
        let path = config.data.join("telemetry");
        make_folder(&path)?;
        settings.path = path.display().to_string();
        let listen = role.worker_listen;
        let listener = TcpListener::bind(listen).await.map_err(|source| {
            Error::Asked(format!(
                "{listen} cannot be listened on ({source}): set telemetry.worker_listen to a free address"
            ))
        })?;
        if let Ok(local) = listener.local_addr() {
            println!("anchors {local}");
        }
        let (node, company, orders) = (config.node.clone(), config.company, self.orders.clone());
        let (grpc, answers) = (Grpc::new(&settings.queries), Readiness::new());
        let (service, switch) = (grpc.clone(), answers.clone());
        let runner = runner.role("telemetry", move |context| async move {
            // Terminals are answered by the log of devices: they must not wait for ClickHouse.
            context.ready.set(true);
            if !make_tables(&store, &layout, &role.kept, &context.stop).await? {
                return Ok(());
            }
            let (telemetry, running) = Telemetry::start(settings, log, &store).await?;
            service.begin(telemetry.clone());
            switch.set(true);
            let routes = anchor_http::routes(telemetry.anchors().clone());
            let facts = facts(telemetry.analyst().clone(), &node, company, orders);
            let ended = tokio::select! {
                () = context.stop.cancelled() => Ok(()),
                error = telemetry.failed() => Err(Failure::from(error.to_string())),
                ended = async { axum::serve(listener, routes).await } => ended.map_err(Failure::from),
                never = facts => match never {},
            };
            switch.set(false);
            service.end();
            running.stop().await;
            ended
        });
        Ok((runner, grpc, answers))
    }
}

/// Tells the analysis what vehicles are, and who drives them, until dropped.
async fn facts(
    analyst: Analyst,
    node: &str,
    company: CompanyId,
    orders: Option<Transport>,
) -> Infallible {
    let classes = ledger::follow(node, Classes { analyst: analyst.clone(), company });
    tokio::select! {
        never = classes => never,
        never = drivers::follow(orders, analyst) => never,
    }
}

/// Brings the tables up to date, as soon as ClickHouse answers. `false` when told to stop before.
async fn make_tables(
    store: &Store,
    layout: &Layout,
    kept: &Policy,
    stop: &CancellationToken,
) -> Result<bool, Failure> {
    loop {
        let tried = tokio::select! {
            tried = migrate(store, layout, kept) => tried,
            () = stop.cancelled() => return Ok(false),
        };
        match tried {
            Ok(_) => return Ok(true),
            Err(error) if passes(&error) => tracing::warn!(%error, "waiting for ClickHouse"),
            Err(error) => return Err(error.into()),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return Ok(false),
        }
    }
}

/// Whether the tables may be made later without anybody changing anything.
fn passes(error: &MigrateError) -> bool {
    match error {
        MigrateError::Store(source) | MigrateError::Statement { source, .. } => source.is_passing(),
        MigrateError::Changed { .. } | MigrateError::Newer(_) | MigrateError::Cluster(_) => false,
    }
}
