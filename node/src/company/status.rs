//! How a company and its validators stand, asked of a running node.
//!
//! `ask` speaks to the node, `facts` reads what there is at its final block, `report` judges and tells it.

mod ask;
mod facts;
mod report;

use super::{
    account,
    error::Error,
    keys::Keystore,
    node_key::{self, Identity},
    place,
};
use ask::Node;
use facts::Facts;
use report::Report;
use smartlink_primitives::CompanyId;
use smartlink_runtime::AccountId;
use std::{path::PathBuf, time::Duration};
use tokio::{runtime::Builder, time::timeout};

/// How long a node has for all answers together.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is asked, and of whom.
#[derive(Clone, Debug, clap::Args)]
pub struct Status {
    /// The RPC of a node, such as http://127.0.0.1:9944.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9944", value_parser = ask::url)]
    node: String,

    /// The company. With --account alone, the one that runs this validator.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..))]
    company: Option<u32>,

    /// One validator. Without it, all of the company.
    #[arg(long, value_name = "ACCOUNT", value_parser = account::parse)]
    account: Option<AccountId>,

    /// The chain of the node on this machine: a name, or the path of its specification.
    #[arg(long, value_name = "CHAIN", requires = "base_path")]
    chain: Option<String>,

    /// The folder of the node on this machine, to look into its keystore.
    #[arg(long, short = 'd', value_name = "DIR", requires = "chain")]
    base_path: Option<PathBuf>,

    /// The keystore, if it is elsewhere. No password is needed.
    #[arg(long, value_name = "PATH", requires = "chain")]
    keystore_path: Option<PathBuf>,

    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is known of this machine.
#[derive(Default)]
pub struct Machine {
    /// The keystore of its node.
    pub keystore: Option<Keystore>,
    /// Its identity on the network.
    pub identity: Option<Identity>,
}

/// About whom the chain is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// A company.
    pub company: Option<CompanyId>,
    /// A validator.
    pub account: Option<AccountId>,
}

impl Status {
    /// What is told, and how many things need attention.
    ///
    /// # Errors
    /// The node does not answer in time, or there is no such company or keystore.
    pub fn run(&self) -> Result<(String, usize), Error> {
        let machine = self.machine()?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Runtime)?;
        let facts = runtime.block_on(self.facts(&machine))?;
        let report = Report::of(facts);
        let told = if self.json { report.json()? } else { report.text() };
        Ok((told, report.attention.len()))
    }

    async fn facts(&self, machine: &Machine) -> Result<Facts, Error> {
        let node = Node::at(&self.node)?;
        let question =
            Question { company: self.company.map(CompanyId), account: self.account.clone() };
        let facts = timeout(PATIENCE, facts::read(&node, &question, machine));
        facts
            .await
            .map_err(|_| Error::Slow { url: self.node.clone(), seconds: PATIENCE.as_secs() })?
    }

    fn machine(&self) -> Result<Machine, Error> {
        let (Some(chain), Some(base_path)) = (&self.chain, &self.base_path) else {
            return Ok(Machine::default());
        };
        let config_dir = place::config_dir(chain, None, base_path)?;
        Ok(Machine {
            keystore: Some(Keystore::look(self.keystore_path.as_deref(), &config_dir)?),
            // A node may have its key elsewhere.
            identity: node_key::read(&config_dir).ok(),
        })
    }
}

#[cfg(test)]
mod tests;
