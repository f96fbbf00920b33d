//! `smartlink-bridge prove`: a proof that anybody can check on Ethereum.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::Args;
use smartlink_bridge::{
    anchor::Anchor,
    chain::Node,
    config::BridgeConfig,
    operations::{Wanted, WANT_HEADER},
    proof::{item, on_ethereum, Proven, Subject},
    Error,
};
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId, VehicleId};
use smartlink_proofs::{verify, Trust};

use crate::{Configured, Outcome};

/// Between two looks at whether the contract has what is waited for.
const LOOK: Duration = Duration::from_secs(2);
/// Between two requests to a relayer, which may have been started again or have forgotten.
const ASK_AGAIN: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub struct Prove {
    /// The order of a ride: what it paid to whom is proven.
    #[arg(value_name = "ORDER", required_unless_present_any = ["vehicle", "anchor"])]
    order: Option<u64>,
    /// A vehicle, by its id: as it is since its last change.
    #[arg(long, value_name = "ID", conflicts_with_all = ["order", "anchor"])]
    vehicle: Option<u32>,
    /// The number of a batch of telemetry: the root over it.
    #[arg(long, value_name = "NUMBER", conflicts_with = "order")]
    anchor: Option<u64>,
    /// The company that settled the ride, or whose telemetry it is.
    #[arg(long, value_name = "ID", default_value_t = 1)]
    company: u32,
    /// The number of the batch that the ride is in. Without it, the company's last batches are looked through.
    #[arg(long, value_name = "NUMBER", requires = "order")]
    batch: Option<u64>,
    /// Waits so many seconds until the contract has a root for it, and asks a running relayer for one.
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
    /// Where that relayer answers. Without it, at operations.listen on this machine.
    #[arg(long, value_name = "URL", requires = "wait")]
    relayer: Option<String>,
    /// The file to write the bundle to. Without it, it goes to the standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    configured: Configured,
}

pub async fn perform(asked: &Prove) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let (node, anchor) = (Node::of(&config), Anchor::open(&config.ethereum).await?);
    let proven = proven(asked, &config, &node, &anchor).await?;
    write(asked, &proven)?;
    Ok(Outcome::Done)
}

impl Prove {
    fn subject(&self) -> Subject {
        let company = CompanyId(self.company);
        match (self.vehicle, self.anchor) {
            (Some(id), _) => Subject::Vehicle(VehicleId(id)),
            (None, Some(number)) => Subject::Anchor { company, number: AnchorNumber(number) },
            (None, None) => Subject::Receipt {
                company,
                batch: self.batch.map(BatchNumber),
                // clap wants it where neither of the others is given.
                order: self.order.unwrap_or_default(),
            },
        }
    }
}

/// The proof, now or within the time that may be waited.
async fn proven(
    asked: &Prove,
    config: &BridgeConfig,
    node: &Node,
    anchor: &Anchor,
) -> Result<Proven, Error> {
    let deadline = Instant::now() + Duration::from_secs(asked.wait.unwrap_or_default());
    let (mut said, mut asked_at) = (String::new(), None::<Instant>);
    loop {
        let attempt = match item(node, asked.subject()).await {
            Ok(found) => on_ethereum(node, anchor, found).await,
            Err(error) => Err(error),
        };
        let (waits, block) = match &attempt {
            Err(Error::NotHeld { block, .. }) => (true, Some(*block)),
            // Not final, say, or not signed.
            Err(Error::Node(why)) => (why.is_passing(), None),
            _ => (false, None),
        };
        let why = match attempt {
            Err(why) if waits && Instant::now() < deadline => why.to_string(),
            attempt => return attempt,
        };
        if said != why {
            eprintln!("waiting: {why}");
            said = why;
        }
        let rested = asked_at.is_none_or(|at| at.elapsed() >= ASK_AGAIN);
        if let Some(block) = block.filter(|_| rested) {
            asked_at = Some(Instant::now());
            if let Err(why) = want(asked, config, block).await {
                eprintln!("no relayer was asked: {why}");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Asks a running relayer for a checkpoint after a block.
async fn want(asked: &Prove, config: &BridgeConfig, block: u32) -> Result<(), String> {
    let url = match &asked.relayer {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if config.operations.listen.is_empty() => {
            return Err("name one with --relayer".to_owned());
        }
        None => format!("http://{}", config.operations.listen),
    };
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.timeout(config.ethereum.patience()).build();
    let client = client.map_err(|error| error.to_string())?;
    let answer = client.post(format!("{url}/want/{block}")).header(WANT_HEADER, "1").send().await;
    let answer = answer.map_err(|error| format!("none answers at {url} ({error})"))?;
    match answer.error_for_status() {
        Ok(answer) => {
            let wanted = answer.json::<Wanted>().await.map_err(|error| error.to_string())?;
            tracing::debug!(?wanted, "asked");
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn write(asked: &Prove, proven: &Proven) -> Result<(), Error> {
    let Proven { bundle, command, .. } = proven;
    let text = bundle.to_text();
    match &asked.out {
        None => print!("{text}"),
        Some(file) => std::fs::write(file, text).map_err(|error| {
            Error::Asked(format!(
                "{} cannot be written ({error}): name another file",
                file.display()
            ))
        })?,
    }
    let root = smartlink_proofs::roster::root(&bundle.validators);
    let trust = root.ok().map(Trust::from);
    let verified = verify(bundle, trust.as_ref());
    let verified = verified.map_err(|why| Error::Asked(why.to_string()))?;
    eprint!("{verified}");
    eprintln!("The contract knows that set, has that root, and has checked the proof. Anybody can have it checked again:");
    eprintln!("  export ETH_RPC_URL=…   # a node of Ethereum of one's own");
    eprintln!("  {command}");
    Ok(())
}
