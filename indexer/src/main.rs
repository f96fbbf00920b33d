//! `smartlink-indexer`: keeps an index of the chain in ClickHouse.

mod commands;

use std::{
    io::IsTerminal,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::{Parser, Subcommand};
use smartlink_indexer::{
    application::{
        check::{self, Found},
        run,
        status::{examine, Status},
        tally::Pace,
        Goal, Tally,
    },
    domain::value::hex,
    export::Figures,
    infra::{Index, Node},
    operations::Operations,
    Error, IndexerConfig, Registry,
};
use smartlink_service::Sources;
use tokio::{
    runtime::Runtime,
    signal::unix::{signal, SignalKind},
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How often progress is said.
const EVERY: Duration = Duration::from_secs(2);
/// The exit code of a program that was interrupted, by the shells' convention.
const INTERRUPTED: u8 = 130;

/// Keeps an index of the chain in ClickHouse: every final block from the first, its extrinsics with the calls in them, its
/// events, and companies, vehicles, drivers, batches, balances and the rest with their whole history.
///
/// It may be killed and started again at any time: every row is there once. Progress and logs go to the standard error, as
/// RUST_LOG says. Ends with 0 when the work is done, 1 with a sentence when it is not, 2 when something differs that was
/// compared, 130 when interrupted.
#[derive(Debug, Parser)]
#[command(name = "smartlink-indexer", version)]
struct Cli {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, Subcommand)]
enum Job {
    /// Brings the index up to the last final block, then adds each block as it becomes final.
    ///
    /// The node has to keep all states and blocks: --state-pruning archive --blocks-pruning archive. Ends on Ctrl-C.
    Follow(Configured),
    /// Brings the index up to a block, and ends.
    Backfill(Backfill),
    /// Answers questions in GraphQL, and makes exports for who asks over HTTP, over an index that another process keeps: as many
    /// of these as are needed, each with folders of its own (api.folder, exports.folder).
    ///
    /// `follow` answers them as well.
    Serve(Configured),
    /// Makes the index anew from the raw blocks that are kept, without the node.
    ///
    /// Needed when a newer program knows entities or columns that the index has not. Until it is done, the index is
    /// incomplete; it may be killed, and goes on with `follow` or `backfill` then.
    Reindex(Configured),
    /// Says how far the index is, how far the node, and how many rows there are.
    Status(Configured),
    /// Prints the digest of a block, checks the index by its own digests, or compares it with another.
    ///
    /// A digest stands for every row of the block and of all blocks before it. Two indexes with the same digest are the
    /// same.
    Digest(Digest),
    Runtimes(commands::runtimes::Runtimes),
    /// Makes a proof of a receipt, a vehicle, an anchor or a value of the state, for who trusts the validators alone.
    ///
    /// The node that is configured makes it, and it is verified before it is written. ClickHouse is not asked.
    Prove(commands::prove::Prove),
    /// Checks a proof, without a network, and says what it proves.
    Verify(commands::verify::Verify),
    /// Writes what cannot be made again into a folder: raw blocks, metadata, and the digest at their end.
    ///
    /// May be killed, and goes on where it was; a later one adds what has come since. Nothing has to stop for it.
    Backup(commands::backup::Backup),
    /// Puts a backup into an empty database, makes the index of it without a node, and compares the digest.
    Restore(commands::backup::Restore),
    /// Writes every row of a table or an entity into a file, with a manifest that is signed beside it.
    ///
    /// Rows are those of a block, without a limit, in the order of their key. May be killed: the file has its name when it is
    /// whole.
    Export(commands::export::Export),
    /// Checks an export by the manifest and the signature beside it, without a network, and says what it is.
    ExportCheck(commands::export::ExportCheck),
    /// Looks at everything that the indexer needs, and says what is wrong and how to mend it.
    Doctor(Configured),
    /// Prints what is configured, as TOML, with the layer that each value came from. Secrets are ***.
    Config(Configured),
}

#[derive(Debug, clap::Args)]
struct Configured {
    /// A TOML file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Sets one value, such as node=ws://127.0.0.1:9944 or store.url=http://127.0.0.1:8123. May be given many times;
    /// variables of the environment do the same (SMARTLINK_STORE__URL).
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct Backfill {
    #[command(flatten)]
    configured: Configured,
    /// The first block, where the index is still empty. Without it 0: only an index from the beginning knows balances and
    /// everything that the genesis holds.
    #[arg(long, value_name = "BLOCK")]
    from: Option<u32>,
    /// The last block. Without it, the last that is final now.
    #[arg(long, value_name = "BLOCK")]
    to: Option<u32>,
}

#[derive(Debug, clap::Args)]
struct Digest {
    #[command(flatten)]
    configured: Configured,
    /// The block. Without it, the last.
    #[arg(long, value_name = "BLOCK", conflicts_with_all = ["check", "compare"])]
    at: Option<u32>,
    /// Computes the digests again, from the rows in ClickHouse, and names the first block that differs.
    #[arg(long, conflicts_with = "compare")]
    check: bool,
    /// The first block to check. Without it, the first of the index.
    #[arg(long, value_name = "BLOCK", requires = "check")]
    from: Option<u32>,
    /// The last block to check. Without it, the last of the index.
    #[arg(long, value_name = "BLOCK", requires = "check")]
    to: Option<u32>,
    /// Compares with the index in another ClickHouse, and names the first block that differs.
    #[arg(long, value_name = "URL")]
    compare: Option<String>,
    /// The database of the other index. Without it, of the same name as this one's.
    #[arg(long, value_name = "NAME", requires = "compare")]
    database: Option<String>,
}

impl Configured {
    fn sources(&self) -> Sources {
        let sources = Sources::new().environment_of_process().set(self.set.clone());
        match &self.config {
            Some(file) => sources.file(file),
            None => sources,
        }
    }

    fn load(&self) -> Result<IndexerConfig, Error> {
        Ok((**self.sources().load::<IndexerConfig>()?.value()).clone())
    }
}

/// How a job ended.
enum Outcome {
    Done,
    Differs,
    Interrupted,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,smartlink_indexer=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("smartlink-indexer: no thread can be started ({error}): free memory, or raise the limits");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(perform(cli.job)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Differs) => ExitCode::from(2),
        Ok(Outcome::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(error) => {
            eprintln!("smartlink-indexer: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(job: Job) -> Result<Outcome, Error> {
    match job {
        Job::Follow(configured) => {
            let config = configured.load()?;
            let index = Index::open(&config, registry(), 0).await?;
            work(index, &config, Goal::Follow).await
        }
        Job::Backfill(Backfill { configured, from, to }) => {
            let config = configured.load()?;
            let index = begin(&config, from).await?;
            work(index, &config, to.map_or(Goal::Now, Goal::Until)).await
        }
        Job::Serve(configured) => commands::serve::perform(configured).await,
        Job::Reindex(configured) => {
            let config = configured.load()?;
            let index = Index::renew(&config, registry()).await?;
            work(index, &config, Goal::Kept).await
        }
        Job::Status(configured) => {
            let config = configured.load()?;
            let index = Index::read_only(&config, registry()).await?;
            print!("{}", Status::of(&index, &Node::at(&config.node, &config.fetch)).await?);
            Ok(Outcome::Done)
        }
        Job::Digest(digest) => digests(digest).await,
        Job::Runtimes(runtimes) => runtimes.perform(registry()).await,
        Job::Prove(prove) => commands::prove::perform(prove).await.map(|()| Outcome::Done),
        Job::Verify(verify) => commands::verify::perform(&verify).map(|()| Outcome::Done),
        Job::Backup(asked) => commands::backup::make(asked).await,
        Job::Restore(asked) => commands::backup::put(asked).await,
        Job::Export(asked) => commands::export::make(asked).await,
        Job::ExportCheck(asked) => commands::export::look(&asked),
        Job::Doctor(configured) => doctor(&configured.load()?).await,
        Job::Config(configured) => {
            print!("{}", configured.sources().load::<IndexerConfig>()?.show());
            Ok(Outcome::Done)
        }
    }
}

fn registry() -> Arc<Registry> {
    Arc::new(Registry::default())
}

/// Opens the index where it begins with `from`, or goes on before it.
async fn begin(config: &IndexerConfig, from: Option<u32>) -> Result<Index, Error> {
    let index = Index::open(config, registry(), from.unwrap_or(0)).await?;
    let next = index.position().await?.map_or(index.first(), |position| position.last + 1);
    match from {
        Some(from) if from > next => Err(Error::Asked(format!(
            "the index goes on with block {next}, and would have a gap before {from}: leave --from out, or use another \
             database"
        ))),
        Some(from) if from < index.first() => Err(Error::Asked(format!(
            "the index begins with block {}: what was before needs an index of its own, in another database",
            index.first()
        ))),
        _ => Ok(index),
    }
}

/// Runs the pipeline, and says every two seconds how far it is.
async fn work(index: Index, config: &IndexerConfig, goal: Goal) -> Result<Outcome, Error> {
    let tally = Arc::new(Tally::default());
    let stop = CancellationToken::new();
    let node = (goal != Goal::Kept).then(|| Node::at(&config.node, &config.fetch));
    let mut answering = None;
    if let (Goal::Follow, Some(node)) = (goal, &node) {
        let at = config.operations.clone();
        let figures = Arc::new(Figures::default());
        let operations =
            Operations::new(tally.clone(), figures.clone(), index.clone(), node.clone(), at);
        operations.serve(stop.clone()).await?;
        answering = commands::serve::beside(index.clone(), config, figures, stop.clone()).await?;
    }
    let running = run(index, node, config, goal, tally.clone(), stop.clone());
    tokio::pin!(running);
    let began = Instant::now();
    let whole = Pace::begin(&tally);
    let mut pace = Pace::begin(&tally);
    let mut every = tokio::time::interval_at(tokio::time::Instant::now() + EVERY, EVERY);
    let mut interrupted = false;
    let mut signals = signals()?;
    let position = loop {
        tokio::select! {
            biased;
            done = &mut running => break done?,
            () = signals.wait() => {
                interrupted = true;
                stop.cancel();
            }
            _ = every.tick() => {
                let (blocks, _) = pace.per_second(&tally);
                if goal != Goal::Follow || blocks > 2.0 {
                    eprintln!("{}", pace.line(&tally));
                }
                pace = Pace::begin(&tally);
            }
        }
    };
    stop.cancel();
    if let Some(answering) = answering {
        // What is not on the disk after that is read again at the next start.
        let _ = tokio::time::timeout(EVERY, answering).await;
    }
    let (blocks, events) = whole.per_second(&tally);
    let stored = Tally::get(&tally.blocks);
    eprintln!(
        "{stored} blocks, {} extrinsics, {} events and {} versions of entities in {:.2} s: {blocks:.0} blocks/s, {events:.0} events/s",
        Tally::get(&tally.extrinsics),
        Tally::get(&tally.events),
        Tally::get(&tally.versions),
        began.elapsed().as_secs_f64()
    );
    eprintln!("{}", Pace::stages(&tally));
    if let Some(position) = position {
        println!("{} {}", position.last, hex(&position.digest));
    }
    Ok(if interrupted { Outcome::Interrupted } else { Outcome::Done })
}

async fn digests(asked: Digest) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let index = Index::read_only(&config, registry()).await?;
    let position = index.position().await?.ok_or_else(|| {
        Error::Asked("the index is empty: `smartlink-indexer follow` fills it".to_owned())
    })?;
    let found = if let Some(url) = asked.compare {
        let mut other = config.clone();
        other.store.url = url;
        if let Some(database) = asked.database {
            other.store.database = database;
        }
        let other = Index::read_only(&other, registry()).await?;
        check::compare(&index, &other).await?
    } else if asked.check {
        let range = asked.from.unwrap_or(index.first())..=asked.to.unwrap_or(position.last);
        let mut said = Instant::now();
        check::recompute(&index, range, |block| {
            if said.elapsed() >= EVERY {
                said = Instant::now();
                eprintln!("checked up to block {block} of {}", position.last);
            }
        })
        .await?
    } else {
        let block = asked.at.unwrap_or(position.last);
        println!("{block} {}", hex(&check::digest_at(&index, block).await?));
        return Ok(Outcome::Done);
    };
    println!("{found}");
    Ok(match found {
        Found::Same { .. } => Outcome::Done,
        Found::Differs { .. } => Outcome::Differs,
    })
}

async fn doctor(config: &IndexerConfig) -> Result<Outcome, Error> {
    let findings = examine(config, Registry::default()).await;
    let mut well = true;
    for finding in findings {
        match &finding.result {
            Ok(said) => println!("{:<12} well: {said}", finding.what),
            Err(said) => {
                well = false;
                println!("{:<12} WRONG: {said}", finding.what);
            }
        }
    }
    if well {
        Ok(Outcome::Done)
    } else {
        Err(Error::Asked("something is wrong, see above".to_owned()))
    }
}

/// What asks a process to end.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

fn signals() -> Result<Signals, Error> {
    let broke_off = |error: std::io::Error| Error::BrokeOff {
        part: "listening to signals",
        why: error.to_string(),
    };
    Ok(Signals {
        interrupt: signal(SignalKind::interrupt()).map_err(broke_off)?,
        terminate: signal(SignalKind::terminate()).map_err(broke_off)?,
    })
}

impl Signals {
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
