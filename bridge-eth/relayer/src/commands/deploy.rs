//! `smartlink-bridge deploy`: makes the contract.

use std::time::Duration;

use smartlink_bridge::{
    chain::Node,
    deploy::{deploy, Beginning, Deployed},
    Error,
};

use crate::{key, Configured, Outcome};

#[derive(Debug, clap::Args)]
pub struct Deploy {
    /// Prints what the contract would be made with, and makes none.
    #[arg(long)]
    dry_run: bool,
    /// Makes another one where ethereum.contract names one already.
    #[arg(long)]
    another: bool,
    /// Seconds that Ethereum may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    patience: u64,
    #[command(flatten)]
    configured: Configured,
}

pub async fn perform(asked: &Deploy) -> Result<Outcome, Error> {
    let config = asked.configured.load()?;
    if let (Some(contract), false) = (config.ethereum.contract(), asked.another) {
        return Err(Error::Asked(format!(
            "ethereum.contract is {contract} already: `smartlink-bridge status` looks at it, and --another makes another one"
        )));
    }
    let node = Node::of(&config);
    let beginning = Beginning::of(&node).await?;
    say(&beginning);
    if asked.dry_run {
        return Ok(Outcome::Done);
    }
    let key = key(&config).await?;
    let patience = Duration::from_secs(asked.patience);
    let Deployed { address, chain_id, transaction, block, gas } =
        deploy(&config, &key, &beginning, patience).await?;
    println!();
    println!("contract          {address}");
    println!("on                Ethereum's chain {chain_id}");
    println!("by transaction    {transaction}");
    println!("in block          {block}, for {gas} gas");
    println!();
    println!("Before anybody relies on it:");
    println!("  1. compare root and length of both sets with another node of the consortium at block {}:", beginning.block);
    println!("     BeefyMmr.BeefyAuthorities and BeefyMmr.BeefyNextAuthorities");
    println!("  2. compare the hash of block 0 with chain_getBlockHash(0) of that node");
    println!("  3. compare the code at the address with the artifact: `cast code {address}`");
    println!();
    println!("Then relay: smartlink-bridge run --set ethereum.contract={address}");
    println!(
        "The next session is handed over by it at the latest: start a relayer within the session."
    );
    Ok(Outcome::Done)
}

fn say(beginning: &Beginning) {
    let Beginning { genesis, block, current, roster, next } = beginning;
    println!("block 0           {genesis}");
    println!("signed last       block {block}, by set {}", current.id);
    println!(
        "current set       {} of {} validators, root {}",
        current.id, current.length, current.root
    );
    for (place, validator) in roster.iter().enumerate() {
        println!("  {place:>3}             {validator}");
    }
    println!("next set          {} of {} validators, root {}", next.id, next.length, next.root);
}
