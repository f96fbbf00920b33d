//! What became of a transaction, for people.

use std::time::Duration;

use smartlink_chain::{words::Words, At, Chain, EncodedCall, Included};

use crate::{table::grouped, Error};

/// How long a node may take to answer the first time.
const FIRST_ANSWER: Duration = Duration::from_secs(15);
/// How long a transaction may take to be in a block, or final.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Connects to a node.
pub async fn connect(node: &str) -> Result<Chain, Error> {
    Ok(Chain::connect(node, FIRST_ANSWER).await?)
}

/// Reads a call by the metadata of the chain.
pub fn read(at: &At, bytes: Vec<u8>) -> Result<EncodedCall, Error> {
    EncodedCall::read(&at.metadata(), bytes).map_err(|error| Error::Asked(error.to_string()))
}

/// Prints a call, a step to the right.
pub fn print_call(words: &Words) {
    for line in words.lines() {
        println!("  {line}");
    }
}

/// Prints the block and the events of a transaction.
///
/// # Errors
/// The transaction is a success, but something that it had done has failed.
pub async fn told(chain: &Chain, what: &str, included: &Included) -> Result<(), Error> {
    let number = grouped(included.number);
    match included.final_after {
        Some(after) => println!(
            "In block {number}, {:?}, which was final after {:.1} s.",
            included.block,
            after.as_secs_f64()
        ),
        None => println!(
            "In block {number}, {:?}, after {:.1} s; the block is not final yet.",
            included.block,
            included.in_block_after.as_secs_f64()
        ),
    }
    let events = chain.told(included).await?;
    for event in &events {
        println!("  {event}");
    }
    failed(what, &events).map_or(Ok(()), Err)
}

/// The first failure in the events of a transaction that is a success.
fn failed(what: &str, events: &[Words]) -> Option<Error> {
    let failure = events.iter().flat_map(Words::failures).next()?;
    Some(Error::Asked(format!("{what} is in the block, but what it had done failed: {failure}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_chain::Failure;

    #[test]
    fn a_failure_in_a_success_is_an_error_that_says_what_to_do() {
        let failure = Failure::Pallet {
            pallet: "Consortium".into(),
            name: "NoRole".into(),
            docs: "The account has no role in the company: have the company's admin grant one."
                .into(),
            detail: None,
        };
        let event = |result| Words::Member {
            pallet: "Council".into(),
            name: "Executed".into(),
            parts: vec![("result".into(), result)],
        };
        let error = failed("Council.close", &[event(Words::Failed(failure))]).unwrap().to_string();
        assert!(error.contains("Council.close") && error.contains("admin grant one"), "{error}");
        assert!(failed("Council.close", &[event(Words::Text("ok".into()))]).is_none());
    }
}
