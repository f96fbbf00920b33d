//! `serve`: GraphQL and exports over an index that another process keeps.

use std::sync::Arc;

use smartlink_indexer::{export::Figures, graphql::Server, infra::Index, Error, IndexerConfig};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{registry, signals, Configured, Outcome};

/// Answers questions until it is interrupted.
///
/// # Errors
/// There is no index, it has another form, or the address cannot be had.
pub async fn perform(asked: Configured) -> Result<Outcome, Error> {
    let config = asked.load()?;
    let registry = registry();
    let own = registry.form();
    let index = Index::read_only(&config, registry).await?;
    if index.form() != own {
        return Err(Error::Form { stored: index.form().to_owned(), own });
    }
    let stop = CancellationToken::new();
    let server = bind(index, &config, Arc::default(), stop.clone()).await?;
    let mut signals = signals()?;
    let serving = server.serve();
    tokio::pin!(serving);
    tokio::select! {
        served = &mut serving => return served.map(|()| Outcome::Done).map_err(broke_off),
        () = signals.wait() => stop.cancel(),
    }
    serving.await.map_err(broke_off)?;
    Ok(Outcome::Interrupted)
}

/// Answers questions beside what follows the chain, in the background, where an address is set. It ends some time after `stop`.
///
/// # Errors
/// The address cannot be had.
pub async fn beside(
    index: Index,
    config: &IndexerConfig,
    figures: Arc<Figures>,
    stop: CancellationToken,
) -> Result<Option<JoinHandle<()>>, Error> {
    if config.api.listen.is_empty() {
        return Ok(None);
    }
    let server = bind(index, config, figures, stop).await?;
    Ok(Some(tokio::spawn(async move {
        if let Err(error) = server.serve().await {
            tracing::error!(%error, "GraphQL is not served any more");
        }
    })))
}

async fn bind(
    index: Index,
    config: &IndexerConfig,
    figures: Arc<Figures>,
    stop: CancellationToken,
) -> Result<Server, Error> {
    let server = Server::bind(index, config, figures, stop).await;
    let server = server.map_err(|error| Error::Asked(error.to_string()))?;
    let address = server.local_addr().map_err(broke_off)?;
    let exports = match config.exports.is_offered() {
        true => format!(", exports at http://{address}/exports"),
        false => String::new(),
    };
    eprintln!("GraphQL at http://{address}/graphql, GraphiQL at http://{address}/{exports}");
    Ok(server)
}

fn broke_off(error: std::io::Error) -> Error {
    Error::BrokeOff { part: "serving GraphQL", why: error.to_string() }
}
