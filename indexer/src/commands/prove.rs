//! `smartlink-indexer prove`: makes a proof that anybody can verify.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use smartlink_indexer::{
    proving::{ProveError, Prover},
    Error,
};
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId, VehicleId};
use smartlink_proofs::{verify, Bundle, Bytes};

use crate::Configured;

#[derive(Debug, Args)]
pub struct Prove {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What a ride paid to whom.
    Receipt {
        /// The company.
        #[arg(long)]
        company: u32,
        /// The number of its batch.
        #[arg(long)]
        batch: u64,
        /// The order.
        #[arg(long)]
        order: u64,
        #[command(flatten)]
        to: To,
    },
    /// A vehicle as it is since its last change: owner, plate, class, status.
    Vehicle {
        /// Its id.
        id: u32,
        #[command(flatten)]
        to: To,
    },
    /// The root over a batch of a company's telemetry.
    Anchor {
        /// The company.
        #[arg(long)]
        company: u32,
        /// The number of its batch.
        #[arg(long)]
        number: u64,
        #[command(flatten)]
        to: To,
    },
    /// What the state held under a key after a block, or that it held nothing.
    Storage {
        /// The key: 0x and hexadecimal digits.
        #[arg(long)]
        key: Bytes,
        /// The block. Without it, the last that can be proven.
        #[arg(long)]
        block: Option<u32>,
        #[command(flatten)]
        to: To,
    },
}

/// Where a proof comes from and goes to.
#[derive(Debug, Args)]
struct To {
    /// The file to write. Without it, the proof goes to the standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only by a root that the contract on Ethereum has (ethereum.contract). Without it, such a root is taken where there is one.
    #[arg(long)]
    on_ethereum: bool,
    #[command(flatten)]
    configured: Configured,
}

/// Makes a proof, and writes it.
pub async fn perform(asked: Prove) -> Result<(), Error> {
    let (made, to) = match asked.what {
        What::Receipt { company, batch, order, to } => {
            let prover = prover(&to)?;
            (prover.receipt(CompanyId(company), BatchNumber(batch), order).await, to)
        }
        What::Vehicle { id, to } => (prover(&to)?.vehicle(VehicleId(id)).await, to),
        What::Anchor { company, number, to } => {
            (prover(&to)?.anchor(CompanyId(company), AnchorNumber(number)).await, to)
        }
        What::Storage { key, block, to } => (prover(&to)?.storage(&key.0, block).await, to),
    };
    let asked = |error: ProveError| Error::Asked(error.to_string());
    write(&made.map_err(asked)?, &to)
}

fn prover(to: &To) -> Result<Prover, Error> {
    let prover = to.configured.load()?.prover();
    Ok(if to.on_ethereum { prover.on_ethereum() } else { prover })
}

fn write(bundle: &Bundle, to: &To) -> Result<(), Error> {
    let text = bundle.to_text();
    let Some(file) = &to.out else {
        print!("{text}");
        return Ok(());
    };
    std::fs::write(file, text).map_err(|error| {
        Error::Asked(format!("{} cannot be written ({error}): name another file", file.display()))
    })?;
    let verified = verify(bundle, None).map_err(|why| Error::Asked(why.to_string()))?;
    eprint!("{verified}");
    Ok(())
}
