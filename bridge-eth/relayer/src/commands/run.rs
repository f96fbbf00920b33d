//! `smartlink-bridge run`: relays until it is interrupted.

use smartlink_bridge::{anchor::Anchor, chain::Node, operations::Operations, relay::Relay, Error};
use smartlink_service::CancellationToken;
use tokio::signal::unix::{signal, SignalKind};

use crate::{key, Configured, Outcome};

#[derive(Debug, clap::Args)]
pub struct Run {
    /// Fetches and verifies what is due and says what it would send, and sends nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    configured: Configured,
}

pub async fn perform(asked: &Run) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    let key = key(&config).await?;
    let anchor = Anchor::open(&config.ethereum).await?;
    let node = Node::of(&config);
    tracing::info!(
        node = node.host(),
        ethereum = anchor.ethereum().host(),
        chain_id = anchor.chain_id(),
        contract = %anchor.address(),
        key = %key.address(),
        dry_run = asked.dry_run,
        "relaying"
    );
    let relay = Relay::new(node, anchor, key, config.clone(), asked.dry_run);
    let stop = CancellationToken::new();
    let operations = Operations::new(relay.tally(), relay.wishes(), config.operations);
    if let Some(address) = operations.serve(stop.clone()).await? {
        eprintln!(
            "health and metrics at http://{address}/health/ready and http://{address}/metrics"
        );
    }
    let listening = |error: std::io::Error| Error::BrokeOff {
        part: "listening to signals",
        why: error.to_string(),
    };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(listening)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(listening)?;
    let relaying = relay.run(stop.clone());
    tokio::pin!(relaying);
    tokio::select! {
        ended = &mut relaying => return ended.map(|()| Outcome::Done),
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    // What was sent is found again at the next start.
    stop.cancel();
    relaying.await?;
    Ok(Outcome::Interrupted)
}
