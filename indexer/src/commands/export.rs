//! `smartlink-indexer export` and `export-check`.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::Args;
use smartlink_chain::AccountId32;
use smartlink_indexer::{
    export::{check, export, Format, Key, Order, Progress, Vouching, Wanted},
    Error,
};

use crate::{registry, signals, Configured, Outcome};

/// How often progress is said.
const EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    configured: Configured,
    /// The table or entity, such as batches, transfers, vehicles or events.
    table: String,
    /// The file. One that is there already is written over if it is an export, and was not changed since it was made.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Writes over an export that was changed as well.
    #[arg(long)]
    overwrite: bool,
    /// The format. Without it, what the file's name ends with says it.
    #[arg(long)]
    format: Option<Format>,
    /// The columns and their order. Without it, all.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Only rows of this company; of vehicles: those that it owns.
    #[arg(long, value_name = "NUMBER")]
    company: Option<u32>,
    /// Only rows that fulfil a condition: a column, one of = != < <= > >= and a value, such as status=InService. May be
    /// given many times: all have to hold. Amounts are in 10⁻⁶ CNY; accounts are addresses, or 0x and 64 digits.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Only rows of this block and later ones. Of an entity without --history: whose last change was then.
    #[arg(long, value_name = "BLOCK")]
    from_block: Option<u32>,
    /// Only rows of this block and earlier ones.
    #[arg(long, value_name = "BLOCK")]
    to_block: Option<u32>,
    /// Only rows of this time and later, such as 2026-11-01T00:00:00+08:00.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only rows of before this time.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Every version of an entity, also of what is gone, and not only the last.
    #[arg(long)]
    history: bool,
    /// As everything was at the end of this block. Without it, the last of the index.
    #[arg(long, value_name = "BLOCK")]
    at: Option<u32>,
    /// The file of the key that signs: a seed phrase or a hex seed of sr25519. Nobody else may be able to read it.
    #[arg(long, value_name = "FILE", conflicts_with = "unsigned")]
    key: Option<PathBuf>,
    /// Nobody signs it.
    #[arg(long)]
    unsigned: bool,
}

#[derive(Debug, Args)]
pub struct ExportCheck {
    /// The file. Its manifest and signature lie beside it.
    file: PathBuf,
    /// The address of who has to have signed it. Without it, whoever the manifest names: compare the address yourself.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "unsigned")]
    signer: Option<String>,
    /// Takes it when nobody signed it.
    #[arg(long)]
    unsigned: bool,
}

/// Makes an export, and prints its hash as `sha256sum` does.
pub async fn make(asked: Export) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let order = order(asked)?;
    let mut said = Instant::now();
    let exporting = export(&config, registry(), &order, |progress| {
        if said.elapsed() >= EVERY {
            said = Instant::now();
            eprintln!("{}", line(&progress));
        }
    });
    let mut signals = signals()?;
    let manifest = tokio::select! {
        biased;
        () = signals.wait() => return Ok(Outcome::Interrupted),
        manifest = exporting => manifest?,
    };
    eprint!("{manifest}");
    println!("{}  {}", manifest.sha256, order.to.display());
    Ok(Outcome::Done)
}

/// Checks an export, and says what it is.
pub fn look(asked: &ExportCheck) -> Result<Outcome, Error> {
    let vouching = match (&asked.signer, asked.unsigned) {
        (Some(signer), _) => Vouching::By(account(signer)?),
        (None, true) => Vouching::Nobody,
        (None, false) => Vouching::Anybody,
    };
    let checked = check(&asked.file, &vouching)?;
    print!("{checked}");
    if !checked.differences.is_empty() {
        return Ok(Outcome::Differs);
    }
    let signer = checked.manifest.and_then(|manifest| manifest.signer);
    match (&vouching, signer) {
        (Vouching::By(_), Some(signer)) => println!("well: it is what {signer} signed"),
        (_, Some(signer)) => println!(
            "well: it is what {signer} signed; whose address that is has to be known from elsewhere (--signer compares it)"
        ),
        (_, None) => println!("as its manifest says, for which nobody vouches"),
    }
    Ok(Outcome::Done)
}

fn order(asked: Export) -> Result<Order, Error> {
    let key = match (&asked.key, asked.unsigned) {
        (Some(file), _) => Some(Key::read(file)?),
        (None, true) => None,
        (None, false) => {
            return Err(Error::Asked(
                "an export is signed: name the file of your key with --key, or say --unsigned; `smartlink-node key generate` \
                 makes a key, whose phrase belongs into a file that only you can read (chmod 600)"
                    .to_owned(),
            ))
        }
    };
    let format = asked.format.or_else(|| Format::of(&asked.to)).ok_or_else(|| {
        Error::Asked(format!(
            "{} says no format: end its name with .csv or .parquet, or name one with --format",
            asked.to.display()
        ))
    })?;
    let wanted = Wanted {
        table: asked.table,
        columns: asked.columns,
        conditions: asked.conditions,
        company: asked.company,
        from_block: asked.from_block,
        to_block: asked.to_block,
        since: asked.since,
        until: asked.until,
        history: asked.history,
    };
    Ok(Order { wanted, at: asked.at, format, to: asked.to, overwrite: asked.overwrite, key })
}

fn line(progress: &Progress) -> String {
    let megabytes = progress.bytes as f64 / 1e6;
    match progress.rows {
        Some(rows) => format!("{rows} of {} rows, {megabytes:.1} MB", progress.all),
        None => format!("{megabytes:.1} MB of {} rows", progress.all),
    }
}

/// An account by its address, or by 0x and 64 digits.
fn account(text: &str) -> Result<AccountId32, Error> {
    let key = || text.parse::<smartlink_proofs::Hash>().ok().map(|key| AccountId32(key.0));
    text.parse().ok().or_else(key).ok_or_else(|| {
        Error::Asked(format!(
            "{text:?} is no account: write an address such as 5Grw…, or 0x and 64 hexadecimal digits"
        ))
    })
}
