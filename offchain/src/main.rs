//! `smartlink-offchain`: the services beside a company's node, one binary with roles.

use std::{future::Future, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use smartlink_clickhouse::StoreConfig;
use smartlink_offchain::{bench, ethereum, governance, live, proving, services, trace, up, Error};
use smartlink_primitives::CompanyId;
use smartlink_service::{Sources, Watched};
use smartlink_simulator::load::{LIVES, MIX};
use tokio::{
    runtime::Runtime,
    signal::unix::{signal, Signal, SignalKind},
};
use tracing_subscriber::EnvFilter;

/// The exit code of a program that was interrupted, by the shells' convention.
const INTERRUPTED: u8 = 130;

/// The services beside a company's node.
///
/// Logs go to the standard error as RUST_LOG says (for instance RUST_LOG=smartlink=debug). Ends with 0
/// when the work is done, 1 with a sentence when it is not, 130 when interrupted. Every process that it
/// started ends with it.
#[derive(Debug, Parser)]
#[command(name = "smartlink-offchain", version)]
struct Cli {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Starts a consortium with the services of its companies, and brings a city to life on it.
    ///
    /// Four validators, two of which carry rides to the chain; the services of two platforms; riders and drivers
    /// who use the public API; vehicles whose terminals speak JT/T 808. At the end each order is printed with its state, and with its proof from the
    /// receipt to the checkpoint of the block, and one of the vehicles' positions is proven. With --anvil and --bridge, a ride of
    /// each company is proven on Ethereum as well; with --indexer the chain is indexed, with --portal as well each company serves
    /// the web application. Then everything stays up, until Ctrl-C.
    Up(Up),
    /// Starts a consortium of four validators and settles a whole day of rides on it.
    ///
    /// Grants roles, registers vehicles and drivers, puts a tariff in force, sends the rides in batches,
    /// and checks every figure of the chain against a second computation. One driver withdraws what she
    /// earned to her own account. Then the nodes stay up, until Ctrl-C.
    Day(Day),
    /// Runs the services of a company, or some of them: orders, dispatch, notify, herald, api, clickhouse, devices,
    /// telemetry.
    ///
    /// Everything is set in layers: defaults, the file of --config, variables of the environment
    /// (SMARTLINK_ORDERS__RULES__BATCH_ROWS=500), --set. Prints a line for each address that it listens on. Ends
    /// on Ctrl-C when everything that it has taken on is answered and on disk.
    Serve(Configured),
    /// Proves what a vehicle reported: from ClickHouse alone, against the root that the chain has.
    #[command(subcommand)]
    Record(RecordJob),
    /// Calls that another program wrote, such as `smartlink-node company`: shows them in words, signs and sends them.
    #[command(subcommand)]
    Call(governance::CallJob),
    /// The motions of the council: lists them, proposes, votes, and closes.
    #[command(subcommand)]
    Council(governance::Council),
    /// Shows what is configured, and where each value comes from.
    #[command(subcommand)]
    Config(Config),
    /// Measures the product on this machine.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Debug, clap::Args)]
struct Configured {
    /// A TOML file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The roles of this process, with commas between them: orders, notify, dispatch, herald, api, clickhouse, devices,
    /// telemetry.
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    roles: Vec<String>,
    /// Sets one value, such as orders.rules.batch_rows=500. May be given many times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Configured {
    fn load(self) -> Result<Watched<services::Services>, Error> {
        let mut sources = Sources::new().environment_of_process();
        if let Some(file) = self.config {
            sources = sources.file(file);
        }
        let mut set = self.set;
        if !self.roles.is_empty() {
            set.push(format!("roles=[\"{}\"]", self.roles.join("\",\"")));
        }
        Watched::load(sources.set(set)).map_err(|error| Error::Asked(error.to_string()))
    }
}

#[derive(Debug, Subcommand)]
enum RecordJob {
    /// Makes the proof of a record from the rows of its batch in ClickHouse, and checks it against the chain.
    Prove(Prove),
    /// Checks a proof that somebody made against the chain. Nothing else is needed.
    Check(CheckProof),
}

#[derive(Debug, clap::Args)]
struct Prove {
    /// ClickHouse.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8123")]
    clickhouse: String,
    /// The node's WebSocket.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    node: String,
    /// Whose record.
    #[arg(long, value_name = "ID", default_value_t = 1)]
    company: u32,
    /// Which record of the company's log. Without it, one is picked at random of those that the chain has roots for.
    #[arg(long, value_name = "N")]
    sequence: Option<u64>,
    /// Writes the proof to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct CheckProof {
    /// The proof.
    file: PathBuf,
    /// The node's WebSocket.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    node: String,
}

#[derive(Debug, Subcommand)]
enum Config {
    /// Prints what holds, as TOML, with the layer that each value came from. Secrets are ***.
    Show(Configured),
}

#[derive(Debug, clap::Args)]
struct Up {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// Who wants to go where is the same for the same seed.
    #[arg(long, value_name = "N", default_value_t = 20_261_123)]
    seed: u64,
    /// Orders of each of the two companies.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    orders: u32,
    /// Riders of each company.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    riders: u32,
    /// Drivers of each company.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=512))]
    drivers: u32,
    /// How many times faster than in a real city people move.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=600))]
    speed_up: u32,
    /// Vehicles of each company whose terminals report where they are. 0: none, and no ClickHouse.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    vehicles: u32,
    /// A CSV file of what real vehicles drove (columns vehicle, time, longitude, latitude, and speed in km/h if there
    /// is one): the hundred with the most fixes become vehicles of the first company that report all of it at once.
    #[arg(long, value_name = "FILE")]
    traces: Option<PathBuf>,
    /// Foundry's anvil, a node of Ethereum. With it and the bridge, what the validators sign is brought to a contract there,
    /// and the account of the rides ends with the proof of one on Ethereum.
    #[arg(long, value_name = "PATH", requires = "bridge")]
    anvil: Option<PathBuf>,
    /// The binary smartlink-bridge.
    #[arg(long, value_name = "PATH", requires = "anvil")]
    bridge: Option<PathBuf>,
    /// The binary smartlink-indexer. With it the chain is indexed in a ClickHouse of its own, and GraphQL is answered.
    #[arg(long, value_name = "PATH")]
    indexer: Option<PathBuf>,
    /// The folder of the portal, web/dist as `cargo xtask web` builds it. With it the services of both companies serve the portal,
    /// whose pages ask the index.
    #[arg(long, value_name = "FOLDER", requires = "indexer")]
    portal: Option<PathBuf>,
    /// Writes where everything is reached to this file, as JSON, when everything is up and settled.
    #[arg(long, value_name = "FILE")]
    addresses: Option<PathBuf>,
    /// Keeps chain data, orders and logs in this folder. It must not hold a chain yet. Without it they are
    /// deleted in the end.
    #[arg(long, value_name = "DIR")]
    base_path: Option<PathBuf>,
    /// Ends when everything is settled.
    #[arg(long)]
    once: bool,
}

#[derive(Debug, clap::Args)]
struct Day {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// A CSV file of trips with the columns pickup, dropoff, passengers, distance, fare, tip, tolls,
    /// total, color and payment. Without it a day in Shenzhen is made up.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "rides"])]
    trips: Option<PathBuf>,
    /// The made-up day is the same for the same seed.
    #[arg(long, value_name = "N", default_value_t = 20_260_615)]
    seed: u64,
    /// Rides of the made-up day.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    rides: u32,
    /// Drivers, both companies together.
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(2..=50_000))]
    drivers: u32,
    /// Keeps chain data and logs in this folder. It must not hold a chain yet. Without it they are
    /// deleted in the end.
    #[arg(long, value_name = "DIR")]
    base_path: Option<PathBuf>,
    /// Ends when the day is settled.
    #[arg(long)]
    once: bool,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Rides settled a second, beside balance transfers a second of the same node.
    ///
    /// First on one validator, then on four that share this machine. Prints the version of the node, a table
    /// that also says how full the blocks were, and a line for machines a figure: RESULT settle.<figure>
    /// <number> <unit>.
    Settle(Settle),
    /// Whole lives of orders a second, each step on disk before the next.
    ///
    /// First many clients, then one alone, then how long a restart takes on ten million entries of the log; and lives
    /// through the API, with dispatch, of 300 riders and 300 drivers.
    Orders(OrdersBench),
    /// Answers of the API under a fixed rate of a real mix of requests, and under twice as many.
    ///
    /// Starts a validator and the services of its company, and logs 300 riders and 300 drivers in. Time counts from
    /// when a request was due.
    Api(ApiBench),
    /// Optimal assignment of vehicles to orders, beside SciPy and pathfinding on the same costs.
    Dispatch(DispatchBench),
    /// Positions a second over JT/T 808, from the socket to a query, beside what Mosquitto takes of the same payload.
    ///
    /// Starts the embedded ClickHouse, devices and telemetry in a process of their own; the terminals share the machine with
    /// it. In the end ClickHouse has to have what was acknowledged, row for row.
    Devices(DevicesBench),
    /// A simulated day: the whole city at once, beside the nearest driver one order after the other.
    Day(DayBench),
    /// Blocks and events a second of the indexer while it catches up, and how soon after its finality a block is in it.
    ///
    /// The chain is made by a real node, first on a clock that runs fast, and kept for later runs. Node, indexer, ClickHouse and
    /// this share the machine.
    Index(IndexBench),
    /// P99 of GraphQL under a fixed rate of a real mix (points, lists, histories, aggregates) on millions of events, while blocks
    /// go on to come.
    ///
    /// The rows are those of the index bench's chain, repeated at other heights.
    Graphql(GraphqlBench),
}

#[derive(Debug, clap::Args)]
struct ApiBench {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// Requests a second.
    #[arg(long, value_name = "N", default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    rate: u32,
}

#[derive(Debug, clap::Args)]
struct DispatchBench {
    /// A Python that has SciPy. Without it SciPy is left out.
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// A CSV file with real positions: longitude, latitude, time, terminal. Without it they are made up.
    #[arg(long, value_name = "FILE")]
    positions: Option<PathBuf>,
    /// Orders and made-up positions are the same for the same seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, clap::Args)]
struct DevicesBench {
    /// Terminals, each with a connection of its own.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=18_000))]
    terminals: u32,
    /// Positions a second of all terminals together.
    #[arg(long, value_name = "N", default_value_t = 220_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    rate: u32,
    /// Seconds for which positions are counted, 10 to 600.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(10..=600))]
    seconds: u64,
    /// Mosquitto's binary. Without it Mosquitto is left out.
    #[arg(long, value_name = "PATH")]
    mosquitto: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct DayBench {
    /// The first of the seeds.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many days, each of another seed.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    days: u64,
    /// Drivers on duty.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    drivers: u32,
    /// Orders of a day.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    orders: u32,
}

#[derive(Debug, clap::Args)]
struct IndexBench {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// The indexer's binary.
    #[arg(long, value_name = "PATH")]
    indexer: PathBuf,
    /// Nearly empty blocks of the chain, made 20 or so a second.
    #[arg(long, value_name = "N", default_value_t = 6_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    blocks: u32,
    /// Seconds for which the chain is followed, or questions are asked: 10 to 3,600.
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(10..=3_600))]
    seconds: u64,
    /// The folder that keeps chains for later runs. Without it, in the system's folder for temporary files.
    #[arg(long, value_name = "FOLDER")]
    chains: Option<PathBuf>,
}

impl IndexBench {
    fn plan(self) -> bench::index::Plan {
        let Self { node, indexer, blocks, seconds, chains } = self;
        let chains = chains.unwrap_or_else(|| std::env::temp_dir().join("smartlink-chains"));
        bench::index::Plan { node, indexer, blocks, seconds, chains }
    }
}

#[derive(Debug, clap::Args)]
struct GraphqlBench {
    #[command(flatten)]
    index: IndexBench,
    /// Events of the index, at least.
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    events: u64,
    /// Requests a second.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: u32,
}

#[derive(Debug, clap::Args)]
struct OrdersBench {
    /// The node's binary. With it, lives are also measured through the API.
    #[arg(long, value_name = "PATH")]
    node: Option<PathBuf>,
    /// Requests a second that are sent to the API: a life takes nine, and what its people look at.
    #[arg(long, value_name = "N", default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    rate: u32,
    /// Seconds for which lives are counted, 5 to 600.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(5..=600))]
    seconds: u64,
}

#[derive(Debug, clap::Args)]
struct Settle {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// Seconds for which the load is kept up, 10 to 120.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = seconds)]
    seconds: u64,
    /// After one validator alone, measures so many together on this machine. With 1, one alone is all.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=4))]
    validators: u8,
}

/// Reads for how long to measure.
fn seconds(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 10..=bench::MOST_SECONDS) => Ok(seconds),
        Ok(0..=9) => Err("a window below 10 s has too few blocks: give 10 or more".to_owned()),
        _ => Err(format!(
            "all load is signed in advance and kept in memory: give whole seconds, at most {}",
            bench::MOST_SECONDS
        )),
    }
}

fn main() -> ExitCode {
    let role = Cli::parse().role;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: threads cannot be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(exit_code(role));
    // A computation that was given up is not waited for.
    runtime.shutdown_background();
    code
}

async fn exit_code(role: Role) -> ExitCode {
    match run(role).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Interrupted) => {
            println!("\nInterrupted: all nodes are stopped.");
            ExitCode::from(INTERRUPTED)
        }
        Err(Stop::Failed(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why the work ended before it was done.
enum Stop {
    Interrupted,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

async fn run(role: Role) -> Result<(), Stop> {
    // It listens to signals itself, and stops its roles in order.
    if let Role::Serve(configured) = role {
        return Ok(services::serve(configured.load()?).await?);
    }
    // A signal ends these at once: nothing of theirs has to be stopped, and the chain knows what was sent.
    let role = match role {
        Role::Call(job) => return Ok(job.perform().await?),
        Role::Council(council) => return Ok(council.perform().await?),
        other => other,
    };
    let mut interruption = Interruption::listen()?;
    match role {
        Role::Up(args) => live_in_a_city(args, &mut interruption).await,
        Role::Day(args) => settle_a_day(args, &mut interruption).await,
        Role::Bench(Bench::Settle(Settle { node, seconds, validators })) => {
            let plan = bench::Plan { node, seconds, validators: validators.into() };
            interruption.or(bench::settle(&plan)).await
        }
        Role::Bench(Bench::Orders(OrdersBench { seconds, node, rate })) => {
            let offchain = own_binary()?;
            let through_the_api =
                node.map(|node| bench::api::Plan { node, offchain, rate, mix: LIVES });
            let plan = bench::orders::Plan { seconds, through_the_api };
            interruption.or(bench::orders::run(plan)).await
        }
        Role::Bench(Bench::Api(ApiBench { node, rate })) => {
            let offchain = own_binary()?;
            interruption
                .or(bench::api::run(&bench::api::Plan { node, offchain, rate, mix: MIX }))
                .await
        }
        Role::Bench(Bench::Dispatch(DispatchBench { python, positions, seed })) => {
            let plan = bench::dispatch::Plan { python, positions, seed };
            interruption.or(bench::dispatch::run(&plan)).await
        }
        Role::Bench(Bench::Devices(DevicesBench { terminals, rate, seconds, mosquitto })) => {
            let plan = bench::devices::Plan {
                offchain: own_binary()?,
                terminals,
                rate,
                seconds,
                mosquitto,
            };
            interruption.or(bench::devices::run(&plan)).await
        }
        Role::Bench(Bench::Day(DayBench { seed, days, drivers, orders })) => {
            interruption.or(bench::day::run(seed, days, drivers, orders)).await
        }
        Role::Bench(Bench::Index(index)) => interruption.or(bench::index::run(&index.plan())).await,
        Role::Bench(Bench::Graphql(GraphqlBench { index, events, rate })) => {
            let seconds = index.seconds;
            let plan = bench::graphql::Plan { index: index.plan(), events, rate, seconds };
            interruption.or(bench::graphql::run(&plan)).await
        }
        Role::Record(RecordJob::Prove(Prove { clickhouse, node, company, sequence, out })) => {
            let store = StoreConfig { url: clickhouse, ..StoreConfig::default() };
            let plan = proving::Plan { store, node, company: CompanyId(company), sequence, out };
            let (proof, record) = interruption.or(proving::prove(&plan)).await?;
            println!("{}", proving::told(&proof, &record));
            Ok(())
        }
        Role::Record(RecordJob::Check(CheckProof { file, node })) => {
            let (proof, record) = interruption.or(proving::check(&node, &file)).await?;
            println!("{}", proving::told(&proof, &record));
            Ok(())
        }
        Role::Config(Config::Show(configured)) => {
            print!("{}", configured.load()?.loaded().show());
            Ok(())
        }
        Role::Serve(_) | Role::Call(_) | Role::Council(_) => Ok(()),
    }
}

/// This binary: it runs the services as well.
fn own_binary() -> Result<PathBuf, Error> {
    let found = std::env::current_exe();
    found.map_err(|source| Error::Io { what: "finding the services' binary", source })
}

async fn live_in_a_city(args: Up, interruption: &mut Interruption) -> Result<(), Stop> {
    let Up { node, seed, orders, riders, drivers, speed_up, vehicles, traces, .. } = args;
    let (base_path, once) = (args.base_path, args.once);
    let (indexer, portal) = (args.indexer, args.portal);
    if let Some(portal) = portal.as_ref().filter(|portal| !portal.join("index.html").is_file()) {
        // Now, and not when the services start.
        let folder = portal.display();
        let why = format!("{folder} has no index.html: build the portal with `cargo xtask web`");
        return Err(Error::Asked(why).into());
    }
    let tools = args.anvil.zip(args.bridge);
    let ethereum = tools.map(|(anvil, bridge)| ethereum::Tools { anvil, bridge });
    let failed = |what| move |source| Stop::Failed(Error::Io { what, source });
    let offchain = own_binary()?;
    let made = tempfile::tempdir().map_err(failed("making a folder"))?;
    let base_path = base_path.unwrap_or_else(|| made.path().to_owned());
    let mut recorded = match traces {
        Some(file) => trace::read(&file)?,
        None => Vec::new(),
    };
    recorded.truncate(live::MOST_TRACES);
    let plan = live::Plan {
        node,
        offchain,
        seed,
        orders,
        riders,
        drivers,
        speed_up,
        vehicles,
        traces: recorded,
        ethereum,
        indexer,
        portal,
        base_path,
    };
    let city = interruption.or(live::start(&plan)).await?;
    if let Err(stop) = interruption.or(live::run(&city, &plan)).await {
        if matches!(stop, Stop::Failed(_)) {
            eprintln!("The logs stay in {}.", made.keep().display());
        }
        return Err(stop);
    }
    if let Some(file) = args.addresses {
        city.write_addresses(&file).await?;
    }
    if !once {
        println!("\nEverything goes on until Ctrl-C:\n{}", city.addresses().await?);
        interruption.come().await;
        println!("\nStopping the services and the validators ...");
    }
    Ok(city.stop().await?)
}

async fn settle_a_day(args: Day, interruption: &mut Interruption) -> Result<(), Stop> {
    let Day { node, trips, seed, rides, drivers, base_path, once } = args;
    let plan = up::Plan { node, trips, seed, rides, drivers, base_path };
    let consortium = interruption.or(up::run(&plan)).await?;
    if !once {
        println!("\nThe validators go on until Ctrl-C:\n{}", up::addresses(&consortium));
        interruption.come().await;
        println!("\nStopping the validators ...");
    }
    consortium.stop().await;
    Ok(())
}

/// Listens for the wish that this program ends, from its start on: none comes between two listeners.
struct Interruption {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Interruption {
    fn listen() -> Result<Self, Error> {
        let on = |kind| {
            signal(kind).map_err(|source| Error::Io { what: "listening to signals", source })
        };
        Ok(Self {
            interrupt: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
            hang_up: on(SignalKind::hangup())?,
        })
    }

    /// Waits until somebody wants this program to end.
    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }

    /// Gives work up, and so ends its nodes, as soon as somebody wants this program to end.
    async fn or<T>(&mut self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Stop> {
        tokio::select! {
            done = work => Ok(done?),
            () = self.come() => Err(Stop::Interrupted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_file_of_trips_and_a_seed_exclude_each_other() {
        let parse = |args: &[&str]| {
            Cli::try_parse_from(["smartlink-offchain", "day", "--node", "n"].iter().chain(args))
        };
        assert!(parse(&["--trips", "f", "--seed", "1"]).is_err());
        assert!(parse(&["--rides", "10"]).is_ok());
    }

    #[test]
    fn ethereum_takes_both_of_its_programs() {
        let parse = |args: &[&str]| {
            Cli::try_parse_from(["smartlink-offchain", "up", "--node", "n"].iter().chain(args))
        };
        assert!(parse(&["--anvil", "a"]).is_err());
        assert!(parse(&["--bridge", "b"]).is_err());
        assert!(parse(&["--anvil", "a", "--bridge", "b"]).is_ok());
    }

    #[test]
    fn a_portal_takes_an_index() {
        let parse = |args: &[&str]| {
            Cli::try_parse_from(["smartlink-offchain", "up", "--node", "n"].iter().chain(args))
        };
        assert!(parse(&["--portal", "web/dist"]).is_err());
        assert!(parse(&["--indexer", "i"]).is_ok());
        assert!(parse(&["--indexer", "i", "--portal", "web/dist"]).is_ok());
    }

    #[test]
    fn what_is_signed_takes_a_call_and_a_key_and_a_vote_is_yes_or_no() {
        let parse = |args: &[&str]| Cli::try_parse_from(["smartlink-offchain"].iter().chain(args));
        assert!(parse(&["call", "send", "call.hex", "--key-file", "k", "--yes"]).is_ok());
        assert!(parse(&["call", "send", "0x0000", "--key-file", "k"]).is_ok());
        assert!(parse(&["call", "show", "call.hex"]).is_ok());
        assert!(parse(&["call", "send", "0x000", "--key-file", "k"]).is_err());
        assert!(parse(&["call", "send", "call.hex"]).is_err());
        assert!(parse(&["council", "list", "--node", "ws://127.0.0.1:1"]).is_ok());
        let propose = ["council", "propose", "call.hex", "--key-file", "k", "--threshold"];
        assert!(parse(&[&propose[..], &["3"]].concat()).is_ok());
        assert!(parse(&[&propose[..], &["0"]].concat()).is_err());
        assert!(parse(&["council", "vote", "3", "yes", "--key-file", "k"]).is_ok());
        assert!(parse(&["council", "vote", "a.call", "no", "--key-file", "k", "--yes"]).is_ok());
        assert!(parse(&["council", "vote", "3", "maybe", "--key-file", "k"]).is_err());
        assert!(parse(&["council", "close", "0x12", "--key-file", "k"]).is_err());
    }

    #[test]
    fn a_measurement_that_does_not_fit_into_memory_is_refused_with_the_reason() {
        assert_eq!(seconds("120"), Ok(120));
        assert!(seconds("121").unwrap_err().contains("memory"));
        assert!(seconds("9").unwrap_err().contains("10 or more"));
        assert!(seconds("a minute").is_err());
    }
}
