//! `smartlink-indexer backup` and `restore`.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use smartlink_indexer::{
    application::{tally::Pace, Tally},
    backup::{backup, restore},
    domain::value::hex,
    infra::Index,
    Error,
};
use tokio_util::sync::CancellationToken;

use crate::{registry, signals, Configured, Outcome};

/// How often progress is said.
const EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    configured: Configured,
    /// The folder, which is made if it is not there. A backup that is there already is continued.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    configured: Configured,
    /// The folder of the backup.
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
}

/// Writes the backup.
pub async fn make(asked: Backup) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let index = Index::read_only(&config, registry()).await?;
    let mut said = Instant::now();
    let writing = backup(&index, &asked.to, |block| {
        if said.elapsed() >= EVERY {
            said = Instant::now();
            eprintln!("blocks up to {block} are in the backup");
        }
    });
    let mut signals = signals()?;
    let manifest = tokio::select! {
        biased;
        () = signals.wait() => return Ok(Outcome::Interrupted),
        manifest = writing => manifest?,
    };
    let bytes = manifest.parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.bytes));
    eprintln!(
        "blocks {} to {} in {} files of {bytes} bytes, and {} runtimes",
        manifest.first,
        manifest.next().saturating_sub(1),
        manifest.parts.len(),
        manifest.runtimes.len()
    );
    let digest = manifest.digest.as_deref().unwrap_or("without a digest");
    println!("{} {digest}", manifest.next().saturating_sub(1));
    Ok(Outcome::Done)
}

/// Reads it back.
pub async fn put(asked: Restore) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let (tally, stop) = (Arc::new(Tally::default()), CancellationToken::new());
    let restoring = restore(&config, registry(), &asked.from, tally.clone(), stop.clone());
    tokio::pin!(restoring);
    let mut signals = signals()?;
    let mut every = tokio::time::interval_at(tokio::time::Instant::now() + EVERY, EVERY);
    let mut pace = Pace::begin(&tally);
    let restored = loop {
        tokio::select! {
            biased;
            restored = &mut restoring => break restored?,
            () = signals.wait() => stop.cancel(),
            _ = every.tick() => {
                eprintln!("{}", pace.line(&tally));
                pace = Pace::begin(&tally);
            }
        }
    };
    let Some(restored) = restored else { return Ok(Outcome::Interrupted) };
    println!("{} {}", restored.position.last, hex(&restored.position.digest));
    match &restored.expected {
        Some(expected) if restored.differs() => {
            println!("the backup was made at the digest {expected}: the index is another one");
            return Ok(Outcome::Differs);
        }
        Some(_) => println!("the same as when the backup was made"),
        None => println!(
            "the digest cannot be compared: the backup was made by a program of another form, or not finished"
        ),
    }
    Ok(Outcome::Done)
}
