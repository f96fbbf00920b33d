//! What can go wrong between a service and the chain, each with its remedy.

use std::fmt;

use subxt::error::{BackendError, DispatchError, ExtrinsicError, RpcError};

/// The chain could not be reached, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// Nobody listens at the address.
    #[error("no node answers at {url} ({reason}): start the node, or check address and port")]
    Unreachable {
        /// The address.
        url: String,
        /// What the operating system or the protocol said.
        reason: String,
    },
    /// Somebody listens, but says nothing.
    #[error("the node at {url} said nothing for {seconds} s: look at its log, it may be syncing or overloaded")]
    Silent {
        /// The address.
        url: String,
        /// How long it was given.
        seconds: u64,
    },
    /// A question was not answered, or the answer could not be read.
    #[error("the node did not answer when asked for {what}: {source}")]
    Query {
        /// What was asked for.
        what: &'static str,
        /// What subxt said.
        #[source]
        source: Box<subxt::Error>,
    },
    /// The chain knows no such thing.
    #[error("the chain has no {what}")]
    Missing {
        /// What was asked for.
        what: String,
    },
    /// A runtime interface answered with an error of its own.
    #[error("the chain answered to {what}: {reason}")]
    Answer {
        /// What was asked for.
        what: &'static str,
        /// The chain's sentence.
        reason: String,
    },
    /// Waited in vain.
    #[error("{what} did not happen within {seconds} s: look at the nodes' logs")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
}

impl ChainError {
    /// Names the question to which subxt's error was the answer.
    pub fn query<E: Into<subxt::Error>>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Query { what, source: Box::new(error.into()) }
    }
}

/// A transaction did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The chain could not be reached, or did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The transaction could not be made from the call.
    #[error(
        "{call} could not be encoded: {reason}; is offchain/chain/metadata.scale of this chain?"
    )]
    Encode {
        /// Pallet and call.
        call: String,
        /// What subxt said.
        reason: String,
    },
    /// The node did not take it into its pool.
    #[error("the node refused {call}: {reason}")]
    Refused {
        /// Pallet and call.
        call: String,
        /// The node's reason.
        reason: String,
    },
    /// The node did not say whether it took it.
    #[error("it is not known what became of {call} ({reason}): it may still be included, so ask the chain before sending it again")]
    Unknown {
        /// Pallet and call.
        call: String,
        /// What happened on the way.
        reason: String,
    },
    /// The node took it, and gave it up again.
    #[error("{call} left the node's pool: {reason}; submit it again")]
    Dropped {
        /// Pallet and call.
        call: String,
        /// The node's reason.
        reason: String,
    },
    /// It is in a block, and failed there.
    #[error("{call} failed: {failure}")]
    Failed {
        /// Pallet and call.
        call: String,
        /// Why.
        failure: Failure,
    },
    /// Nothing was heard of it in time.
    #[error("{call} was not {stage} within {seconds} s: look at the nodes' logs, then ask the chain before submitting again")]
    TimedOut {
        /// Pallet and call.
        call: String,
        /// What was waited for.
        stage: &'static str,
        /// How long.
        seconds: u64,
    },
}

impl SubmitError {
    /// Pallet and name of the error, when a pallet refused the call.
    pub fn pallet_error(&self) -> Option<(&str, &str)> {
        match self {
            Self::Failed { failure: Failure::Pallet { pallet, name, .. }, .. } => {
                Some((pallet, name))
            }
            _ => None,
        }
    }
}

/// Why a call failed in its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A pallet's own error.
    Pallet {
        /// The pallet.
        pallet: String,
        /// The error's name.
        name: String,
        /// The error's documentation in the metadata: what happened, and what to do.
        docs: String,
        /// What the error carries, if anything.
        detail: Option<String>,
    },
    /// An error of the runtime itself: origin, tokens, arithmetic.
    Runtime(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pallet { pallet, name, docs, detail } => {
                write!(f, "{pallet}::{name}")?;
                if let Some(detail) = detail {
                    write!(f, " {detail}")?;
                }
                write!(f, ": {docs}")
            }
            Self::Runtime(error) => f.write_str(error),
        }
    }
}

impl From<DispatchError> for Failure {
    fn from(error: DispatchError) -> Self {
        let DispatchError::Module(module) = &error else {
            return Self::Runtime(error.to_string());
        };
        let Ok(details) = module.details() else {
            return Self::Runtime(module.details_string());
        };
        let carries = !details.variant.fields.is_empty();
        let detail = carries.then(|| match module.as_root_error::<crate::api::Error>() {
            Ok(error) => format!("{error:?}"),
            Err(_) => format!("{:?}", module.bytes()),
        });
        let lines: Vec<&str> = details.variant.docs.iter().map(|line| line.trim()).collect();
        Self::Pallet {
            pallet: details.pallet.name().to_owned(),
            name: details.variant.name.clone(),
            docs: lines.join(" "),
            detail,
        }
    }
}

/// The error of a transaction that could not be sent: a refusal only when the node said so. JSON-RPC hides
/// the node's own words in the error's data.
pub(crate) fn unsent(call: String, error: &ExtrinsicError) -> SubmitError {
    let ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
        subxt::rpcs::Error::User(user),
    ))) = error
    else {
        return SubmitError::Unknown { call, reason: error.to_string() };
    };
    let reason = match &user.data {
        Some(data) => format!("{}: {}", user.message, data.get().trim_matches('"')),
        None => user.message.clone(),
    };
    SubmitError::Refused { call, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sending(error: subxt::rpcs::Error) -> SubmitError {
        let error = BackendError::Rpc(RpcError::ClientError(error));
        unsent("Balances::transfer".into(), &ExtrinsicError::ErrorSubmittingTransaction(error))
    }

    #[test]
    fn only_what_the_node_said_is_a_refusal() {
        let answer = subxt::rpcs::UserError {
            code: 1010,
            message: "Invalid Transaction".into(),
            data: None,
        };
        let refused = sending(subxt::rpcs::Error::User(answer));
        assert!(matches!(refused, SubmitError::Refused { .. }), "{refused}");
        let lost = sending(subxt::rpcs::Error::Client("request timeout".into()));
        assert!(matches!(lost, SubmitError::Unknown { .. }), "{lost}");
        assert!(lost.to_string().contains("may still be included"), "{lost}");
    }
}
