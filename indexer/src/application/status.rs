//! How an index is, and what is wrong with what is around it.

use smartlink_clickhouse::{Store, StoreConfig};

use crate::{
    config::IndexerConfig,
    domain::{tables, value::hex},
    error::Error,
    infra::{Index, Node},
};

/// How an index is.
#[derive(Clone, Debug)]
pub struct Status {
    /// Its first block.
    pub first: u32,
    /// Its last block and that block's digest.
    pub last: Option<(u32, String)>,
    /// The height of the node's last final block, if the node answers.
    pub head: Result<u32, String>,
    /// The last raw block that is kept.
    pub kept: Option<u32>,
    /// How often it was begun anew.
    pub generation: u32,
    /// Rows of each table.
    pub rows: Vec<(String, u64)>,
}

impl Status {
    /// Asks the index and the node.
    ///
    /// # Errors
    /// ClickHouse does not answer.
    pub async fn of(index: &Index, node: &Node) -> Result<Self, Error> {
        let position = index.position().await?;
        let entities = index.registry().all().iter().map(|entity| entity.name);
        let names: Vec<&str> = tables::ALL.iter().map(|table| table.name).chain(entities).collect();
        let mut rows = Vec::new();
        for name in names {
            let sql = format!("SELECT count() FROM {name}");
            let count = index.store().query(&sql).fetch_one::<u64>();
            rows.push((name.to_owned(), index.store().in_time(&sql, count).await?));
        }
        Ok(Self {
            first: index.first(),
            last: position.map(|position| (position.last, hex(&position.digest))),
            head: node.head().await.map_err(|error| error.to_string()),
            kept: index.last_kept().await?,
            generation: index.generation(),
            rows,
        })
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.last {
            Some((last, digest)) => {
                writeln!(f, "index    blocks {} to {last}, digest {digest}", self.first)?;
            }
            None => writeln!(f, "index    empty: `smartlink-indexer follow` fills it")?,
        }
        match (&self.head, &self.last) {
            (Ok(head), Some((last, _))) => {
                writeln!(
                    f,
                    "node     final up to {head}, {} blocks ahead",
                    head.saturating_sub(*last)
                )?;
            }
            (Ok(head), None) => writeln!(f, "node     final up to {head}")?,
            (Err(error), _) => writeln!(f, "node     {error}")?,
        }
        match self.kept {
            Some(kept) => {
                writeln!(f, "raw      kept up to {kept}, generation {}", self.generation)?
            }
            None => writeln!(f, "raw      none kept yet")?,
        }
        for (name, rows) in &self.rows {
            writeln!(f, "{name:<12} {rows:>14} rows")?;
        }
        Ok(())
    }
}

/// Something that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// What is well with it, or what is wrong and how to mend it.
    pub result: Result<String, String>,
}

/// Looks at everything that the indexer needs.
pub async fn examine(config: &IndexerConfig, registry: crate::entities::Registry) -> Vec<Finding> {
    let node = Node::at(&config.node, &config.fetch);
    let head = node.head().await;
    let mut findings = vec![Finding {
        what: "node",
        result: match &head {
            Ok(head) => Ok(format!("{} has final blocks up to {head}", node.url())),
            Err(error) => Err(error.to_string()),
        },
    }];
    if head.is_ok() {
        // The oldest state that is needed: of a node that prunes it is the first to go.
        let oldest = node.blocks_once(0..=1).await;
        findings.push(Finding {
            what: "archive",
            result: match oldest {
                Ok(_) => Ok("it has the blocks and states of the beginning".to_owned()),
                Err(error) => Err(error.to_string()),
            },
        });
    }
    // Nothing is made: the index's own database may not be there yet.
    let system = StoreConfig { database: "system".to_owned(), ..config.store.clone() };
    let reached = Store::connect(&system).ready().await;
    findings.push(Finding {
        what: "clickhouse",
        result: match &reached {
            Ok(()) => Ok(format!("{} answers", config.store.url)),
            Err(error) => Err(error.to_string()),
        },
    });
    if reached.is_ok() {
        findings.push(Finding { what: "index", result: look(config, registry, head.ok()).await });
    }
    findings
}

/// Whether the index is of this program, and of the node's chain.
async fn look(
    config: &IndexerConfig,
    registry: crate::entities::Registry,
    head: Option<u32>,
) -> Result<String, String> {
    let said = |error: Error| error.to_string();
    let own = registry.form();
    let index = match Index::read_only(config, registry.into()).await {
        Ok(index) => index,
        Err(Error::Asked(_)) => {
            return Ok("there is none yet: `smartlink-indexer follow` makes it".to_owned())
        }
        Err(error) => return Err(said(error)),
    };
    if index.form() != own {
        return Err(said(Error::Form { stored: index.form().to_owned(), own }));
    }
    let Some(position) = index.position().await.map_err(said)? else {
        return Ok("it is empty".to_owned());
    };
    if head.is_some_and(|head| head < position.last) {
        return Err(format!(
            "it ends with block {}, and the node has fewer final blocks: the node is still syncing, or of another chain",
            position.last
        ));
    }
    if head.is_some() {
        let node = Node::at(&config.node, &config.fetch);
        let own = node.blocks_once(position.last..=position.last).await;
        let own = own.map_err(|error| error.to_string())?;
        if let Some(block) = own.first().filter(|block| block.hash != position.hash) {
            return Err(said(Error::fork(position.last, &block.hash, &position.hash)));
        }
    }
    Ok(format!("it ends with block {}, digest {}", position.last, hex(&position.digest)))
}
