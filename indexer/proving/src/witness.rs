//! What BEEFY's validators signed, and the way to it from the leaf about a block.

use std::{future::Future, time::Duration};

use futures::{stream, StreamExt, TryStreamExt};
use smartlink_chain::{proofs::Justified, queries, subxt::utils::H256, At, Chain};
use smartlink_proofs::{
    bundle::LONGEST,
    commitment::justification,
    roster::{self, address_of_key},
    verify, Address, Bundle, Commitment, Fixed, Format, Hash, Item, Leaf, Signature,
};

use super::ProveError;

/// Blocks from one signature of BEEFY to the next, as nodes have it.
const PERIOD: u32 = 4;
/// Seconds from one block to the next.
const SLOT: u32 = 2;
/// How many blocks are looked at for signatures: a session, and some.
const FURTHEST_BACK: u32 = 320;
/// How many of them at a time.
const LOOKS_AT_A_TIME: usize = 4;
/// How often a bundle is made that does not verify.
const ATTEMPTS: u32 = 3;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(500);

/// A block that was signed.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Its height.
    pub number: u32,
    /// Its hash.
    pub hash: H256,
    /// BEEFY's justification of it. Nothing in it is verified.
    pub justification: Vec<u8>,
}

/// When blocks up to this one will be signed: with the rest of a period, and with the time that signing takes.
const fn seconds_until(blocks: u32) -> u32 {
    blocks.div_ceil(PERIOD).saturating_add(1).saturating_mul(PERIOD * SLOT)
}

/// The last block that BEEFY's validators signed.
///
/// A node tells it a moment before it keeps the signatures, and not at all when it began without hearing of one: then the
/// last final blocks are looked at, back to where a session began, whose first block is always signed.
///
/// # Errors
/// The node does not answer, or has no signatures.
pub async fn signed(chain: &Chain) -> Result<Signed, ProveError> {
    if let Some(hash) = chain.beefy_finalized().await? {
        if let Some(signed) = justified(chain, hash).await? {
            return Ok(signed);
        }
    }
    let (last, _) = chain.finalized_head().await?;
    if last == 0 {
        return Err(ProveError::NothingSigned { seconds: seconds_until(PERIOD) });
    }
    let first = last.saturating_sub(FURTHEST_BACK).max(1);
    let hashes = chain.block_hashes(first..=last).await?;
    let looks: Vec<_> = hashes.into_iter().rev().map(|hash| justified(chain, hash)).collect();
    let mut looks = stream::iter(looks).buffered(LOOKS_AT_A_TIME);
    while let Some(found) = looks.try_next().await? {
        if let Some(signed) = found {
            return Ok(signed);
        }
    }
    Err(ProveError::NothingSigned { seconds: seconds_until(PERIOD) })
}

/// A block, if the node has signatures of it.
///
/// # Errors
/// The node does not answer, or has no such block.
pub async fn justified(chain: &Chain, hash: H256) -> Result<Option<Signed>, ProveError> {
    let Justified { number, justification } = chain.justified(hash).await?;
    Ok(justification.map(|justification| Signed { number, hash, justification }))
}

/// The bundle of an item that the leaf about this block proves.
///
/// A node may answer wrongly while it imports blocks: when a bundle does not verify, its witness is asked for again, of the
/// block that is the last then. The item is not: where that is wrong, the bundle is refused.
///
/// # Errors
/// The block is not signed yet, or what the node answers proves nothing.
pub async fn bundle(chain: &Chain, block: u32, item: Item) -> Result<Bundle, ProveError> {
    verified(block, || async { witnessed(chain, &signed(chain).await?, block, item.clone()).await })
        .await
}

/// The bundle of an item that the leaf about this block proves, in the MMR of a block that was signed.
///
/// # Errors
/// It was signed before the item's block, or what the node answers proves nothing.
pub async fn bundle_in(
    chain: &Chain,
    signed: &Signed,
    block: u32,
    item: Item,
) -> Result<Bundle, ProveError> {
    verified(block, || witnessed(chain, signed, block, item.clone())).await
}

/// A bundle that verifies.
async fn verified<F>(block: u32, make: impl Fn() -> F) -> Result<Bundle, ProveError>
where
    F: Future<Output = Result<Bundle, ProveError>>,
{
    let mut attempt = 1;
    loop {
        let bundle = make().await?;
        match verify(&bundle, None) {
            Ok(_) => return fitting(bundle),
            Err(why) if attempt == ATTEMPTS => return Err(why.into()),
            Err(why) => {
                tracing::warn!(block, %why, "what the node answered does not verify, it is asked again")
            }
        }
        attempt += 1;
        tokio::time::sleep(PAUSE).await;
    }
}

/// A bundle that is no longer than those that are read.
fn fitting(bundle: Bundle) -> Result<Bundle, ProveError> {
    match bundle.to_text().len() {
        bytes if bytes > LONGEST => Err(ProveError::TooLong { bytes, most: LONGEST }),
        _ => Ok(bundle),
    }
}

async fn witnessed(
    chain: &Chain,
    signed: &Signed,
    block: u32,
    item: Item,
) -> Result<Bundle, ProveError> {
    let Signed { number, hash, justification: signatures } = signed;
    if *number <= block {
        let seconds = seconds_until((block - number).saturating_add(1));
        return Err(ProveError::NotSigned { block, signed: *number, seconds });
    }
    let (commitment, signatures) = justification(signatures)?;
    let validators = async { addresses(&chain.at(*hash).await?).await };
    let ((leaf, mmr), validators) =
        tokio::try_join!(leaf(chain, block, *number, *hash), validators)?;
    let signatures = sound(&commitment, signatures, &validators);
    let format = Format::First;
    Ok(Bundle { format, item, leaf, mmr, commitment, signatures, validators, ethereum: None })
}

/// The leaf about a block, and its proof in the MMR of the block `signed`, from the state of the block `at`. Neither is
/// verified.
///
/// # Errors
/// The node does not answer, or cannot make the proof.
pub async fn leaf(
    chain: &Chain,
    block: u32,
    signed: u32,
    at: H256,
) -> Result<(Leaf, Vec<Hash>), ProveError> {
    // The leaf about a block is added by the next.
    let proof = chain.mmr_proof(block + 1, signed, at).await?;
    let leaf = Leaf::decode(&proof.leaf)
        .map_err(|_| ProveError::Garbled { what: "the proof of a leaf of the MMR" })?;
    Ok((leaf, proof.items.into_iter().map(Fixed).collect()))
}

/// The signatures that count, each in the one form that is taken. BEEFY counts other forms as well, and passes on what peers
/// put in the places of those who have not signed.
pub fn sound(
    commitment: &Commitment,
    signatures: Vec<Signature>,
    validators: &[Address],
) -> Vec<Signature> {
    let digest = commitment.digest();
    let sound = signatures.into_iter().filter_map(|Signature { by, signature }| {
        let normal = roster::normal(&signature.0)?;
        let own = *validators.get(usize::try_from(by).ok()?)?;
        let right = roster::signer(&digest, &normal) == Ok(own);
        right.then_some(Signature { by, signature: Fixed(normal) })
    });
    sound.collect()
}

/// The addresses of the validators that sign a block, from its state.
///
/// # Errors
/// The node does not answer, has the state no more, or a key is none.
pub async fn addresses(at: &At) -> Result<Vec<Address>, ProveError> {
    addresses_of(&queries::beefy_validators(at).await?.keys)
}

/// The addresses of compressed keys.
///
/// # Errors
/// One is no point of the curve.
pub fn addresses_of(keys: &[[u8; 33]]) -> Result<Vec<Address>, ProveError> {
    let addresses: Option<Vec<_>> = keys.iter().map(address_of_key).collect();
    addresses.ok_or(ProveError::Garbled { what: "the validators of BEEFY" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_to_wait_for_the_next_signature_and_no_hour() {
        assert_eq!([1, 4, 5, 20].map(seconds_until), [16, 16, 24, 48]);
        assert!(seconds_until(u32::MAX) > seconds_until(1 << 20));
    }
}
