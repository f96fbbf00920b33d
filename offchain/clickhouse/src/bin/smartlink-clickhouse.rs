//! The embedded engine as a process of its own: `smartlink-clickhouse FOLDER [ADDRESS]`.
//!
//! It prints its URL when it serves, and ends gracefully at SIGINT and SIGTERM.

use std::{env, error::Error, io::Write, process::ExitCode};

use smartlink_clickhouse::{Engine, EngineConfig};
use tokio::signal::unix::{signal, SignalKind};

const HELP: &str = "\
usage: smartlink-clickhouse FOLDER [ADDRESS]

Serves the ClickHouse data in FOLDER (made if it is not there) over ClickHouse's HTTP interface
at ADDRESS (127.0.0.1:8123 unless given; port 0 takes a free one), and prints its URL.
The library comes from SMARTLINK_CHDB, or from `cargo xtask setup`.";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (folder, address) = match arguments.as_slice() {
        [folder] if !folder.starts_with('-') => (folder, "127.0.0.1:8123"),
        [folder, address] => (folder, address.as_str()),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match serve(folder, address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("smartlink-clickhouse: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(folder: &str, address: &str) -> Result<(), Box<dyn Error>> {
    let listen = address.parse().map_err(|error| format!("{address} is no address: {error}"))?;
    let config = EngineConfig { path: folder.into(), listen, ..EngineConfig::default() };
    let engine = Engine::start(config).await?;
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    writeln!(std::io::stdout(), "{}", engine.url())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    engine.stop().await;
    Ok(())
}
