//! What only the operator of a node asks it for: it answers this to its own machine alone.

use serde::Deserialize;
use subxt::{
    rpcs::{client::rpc_params, methods::legacy::Bytes},
    utils::AccountId32,
};

use crate::{Chain, ChainError};

/// Session keys that a node made and keeps, and the proof that it has them.
#[derive(Clone, Debug)]
pub struct NewKeys {
    /// The public keys, SCALE-encoded as the runtime's `SessionKeys`.
    pub keys: Vec<u8>,
    /// The signatures of all of them on the account that owns them: `session.set_keys` checks it.
    pub proof: Vec<u8>,
}

/// Who has voted in the present round of finality.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    /// The number of the round within the set.
    pub round: u32,
    /// The votes of the whole set.
    pub total_weight: u32,
    /// The votes that finalise a block.
    pub threshold_weight: u32,
    /// The first votes.
    pub prevotes: Votes,
    /// The second votes.
    pub precommits: Votes,
}

/// The votes that a node has seen.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Votes {
    /// How many.
    pub current_weight: u32,
    /// The GRANDPA keys, SS58-encoded, of those who have not voted.
    pub missing: Vec<String>,
}

impl Chain {
    /// Lets the node make session keys for an account, which has to send them with `session.set_keys`. The node keeps the keys that
    /// it had.
    ///
    /// # Errors
    /// The node does not do that for this connection (`--rpc-methods`), or its runtime gives no proof.
    pub async fn rotate_keys(&self, owner: &AccountId32) -> Result<NewKeys, ChainError> {
        #[derive(Deserialize)]
        struct Made {
            keys: Bytes,
            proof: Option<Bytes>,
        }
        let what = "new session keys";
        let made =
            self.rpc.request("author_rotateKeysWithOwner", rpc_params![Bytes(owner.0.to_vec())]);
        let made: Made = made.await.map_err(ChainError::query(what))?;
        let missing = || ChainError::Missing { what: "a proof of the new session keys".to_owned() };
        Ok(NewKeys { keys: made.keys.0, proof: made.proof.ok_or_else(missing)?.0 })
    }

    /// Whether the node has the secrets of all of these session keys, SCALE-encoded as the runtime's `SessionKeys`.
    ///
    /// # Errors
    /// They are no session keys, or the node does not do that for this connection.
    pub async fn has_session_keys(&self, keys: &[u8]) -> Result<bool, ChainError> {
        let params = rpc_params![Bytes(keys.to_vec())];
        let has = self.rpc.request("author_hasSessionKeys", params).await;
        has.map_err(ChainError::query("which session keys it has"))
    }

    /// The round of GRANDPA that the node is in.
    ///
    /// # Errors
    /// It does not vote and does not observe.
    pub async fn finality_round(&self) -> Result<Round, ChainError> {
        #[derive(Deserialize)]
        struct Rounds {
            best: Round,
        }
        let rounds = self.rpc.request("grandpa_roundState", rpc_params![]).await;
        let rounds: Rounds = rounds.map_err(ChainError::query("the round of finality"))?;
        Ok(rounds.best)
    }
}
