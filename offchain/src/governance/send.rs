//! `smartlink-offchain call send`: signs a call that another program wrote, and sends it.

use smartlink_chain::{queries, Account, At, ChainError, EncodedCall};

use super::{ask, call::CallSource, key, report, KeyArgs, NodeArgs};
use crate::Error;

/// What a signed transaction has besides its call: its length, the account, the signature, era, nonce and tip.
const SIGNED_BYTES: usize = 112;

/// Shows a call in words, asks, signs it, sends it, and prints what it did.
#[derive(Debug, clap::Args)]
pub struct SendCall {
    /// The call, SCALE-encoded: a file with the one line 0x..., or 0x... itself.
    #[arg(value_name = "FILE|0x...")]
    call: CallSource,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    node: NodeArgs,
    /// Waits until the transaction is in a block, and not until the block is final: for a chain whose finality stands.
    #[arg(long)]
    in_block: bool,
}

impl SendCall {
    /// Shows, asks, sends, and prints.
    ///
    /// # Errors
    /// Nothing was sent, the call failed, or it is not known what became of it. The sentence says which.
    pub async fn perform(self) -> Result<(), Error> {
        let account = key::account(&self.key.file)?;
        let bytes = self.call.read()?;
        let chain = report::connect(&self.node.url).await?;
        let at = chain.at_finalized().await?;
        let call = report::read(&at, bytes)?;
        println!("To be signed:");
        report::print_call(call.words());
        println!("chain    {:?} at {}", chain.genesis(), chain.url());
        println!("account  {}", account.id());
        println!("fee      {}", fee(&at, &account, &call).await);
        ask::agreed(self.key.yes).await?;
        let pending = chain.submit(&account, &call).await?;
        println!("Sent; waiting for its block ...");
        let included = match self.in_block {
            true => pending.in_block(report::PATIENCE).await?,
            false => pending.finalized(report::PATIENCE).await?,
        };
        report::told(&chain, &call.name(), &included).await
    }
}

/// What it costs, and who bears it. A question that is not answered stops nobody from sending.
async fn fee(at: &At, account: &Account, call: &EncodedCall) -> String {
    asked_fee(at, account, call).await.unwrap_or_else(|error| format!("not known: {error}"))
}

async fn asked_fee(at: &At, account: &Account, call: &EncodedCall) -> Result<String, ChainError> {
    let length = u32::try_from(call.bytes().len() + SIGNED_BYTES).unwrap_or(u32::MAX);
    let fee = queries::call_info(at, call.bytes(), length).await?.fee;
    let has = queries::account(at, account.id()).await?.free;
    let in_money = format!("about {fee}, in money: the account has {has}");
    let Some(company) = queries::payer(at, account.id()).await? else { return Ok(in_money) };
    let allowance = queries::allowance(at, company).await?;
    if allowance.left < fee {
        return Ok(format!("{in_money}; the allowance of {company} has {} left", allowance.left));
    }
    let (left, most) = (allowance.left, allowance.most);
    Ok(format!("about {fee}, of the allowance of {company}, which has {left} of {most} left"))
}
