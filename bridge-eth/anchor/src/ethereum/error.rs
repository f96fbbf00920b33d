//! Why Ethereum has no answer.

use alloy_primitives::Bytes;

/// Characters of a node's sentence that are kept.
const LONGEST_SENTENCE: usize = 300;

/// Why Ethereum has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EthereumError {
    /// The client cannot be made.
    #[error("no client for HTTP can be made ({0}): look whether this machine has certificates and free memory")]
    NoClient(String),
    /// Nobody listens at the address.
    #[error("no node of Ethereum answers at {host} ({reason}): start it, or check ethereum.url")]
    Unreachable {
        /// The address, without what may be secret in it.
        host: String,
        /// What the operating system or the protocol said.
        reason: String,
    },
    /// Somebody listens, but says nothing.
    #[error("the node of Ethereum at {host} did not answer {method} within {seconds} s: it may be overloaded, or its provider slows this client down")]
    Silent {
        /// The address.
        host: String,
        /// What was asked for.
        method: &'static str,
        /// How long it was given.
        seconds: u64,
    },
    /// HTTP went wrong.
    #[error("{host} answered {method} with HTTP's status {status}: check ethereum.url, and what its provider allows")]
    Status {
        /// The address.
        host: String,
        /// What was asked for.
        method: &'static str,
        /// The status.
        status: u16,
    },
    /// An answer cannot be read.
    #[error("the answer of the node of Ethereum at {host} to {method} cannot be read ({reason}): ask another node")]
    Garbled {
        /// The address.
        host: String,
        /// What was asked for.
        method: &'static str,
        /// Why not.
        reason: String,
    },
    /// The node has an answer, and it is no.
    #[error("the node of Ethereum at {host} refuses {method}: {message} ({code})")]
    Refused {
        /// The address.
        host: String,
        /// What was asked for.
        method: &'static str,
        /// JSON-RPC's code.
        code: i64,
        /// Its sentence.
        message: String,
        /// What a contract reverted with, if it did.
        data: Option<Bytes>,
    },
}

impl EthereumError {
    /// Whether the node did not take a transaction because one with its nonce waits that pays as much.
    pub fn is_outbid(&self) -> bool {
        self.says(&[
            "underpriced",
            "feetoolow",
            "couldnotreplaceexistingtx",
            "replacementnotallowed",
        ])
    }

    /// Whether the node has that very transaction already.
    pub fn is_known(&self) -> bool {
        // Not "unknown transaction type".
        self.says(&["alreadyknown", "alreadyimported", "knowntransaction"])
            && !self.says(&["unknown"])
    }

    /// Whether a transaction with that nonce is in a block.
    pub fn is_of_a_used_nonce(&self) -> bool {
        self.says(&["noncetoolow", "oldnonce"])
    }

    /// Whether the node has said no, so that it has not taken what was sent.
    pub const fn is_a_no(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// Whether a contract refused a call.
    pub fn is_a_revert(&self) -> bool {
        matches!(self, Self::Refused { data: Some(_), .. }) || self.says(&["revert"])
    }

    /// Whether its sentence has any of these words. Each client writes them with spaces or capitals of its own.
    fn says(&self, any: &[&str]) -> bool {
        let Self::Refused { message, .. } = self else { return false };
        let letters = message.chars().filter(char::is_ascii_alphanumeric);
        let message: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        any.iter().any(|words| message.contains(words))
    }
}

/// What strangers say, as it may stand in a log and on a terminal: of bounded length, on one line, and in one direction.
pub fn printable(said: &str) -> String {
    let escaped = |letter: char| match letter {
        letter if letter.is_control() => letter.escape_default().to_string(),
        // What turns the direction of writing.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            letter.escape_unicode().to_string()
        }
        letter => letter.to_string(),
    };
    let mut kept: String = said.chars().take(LONGEST_SENTENCE).map(escaped).collect();
    if said.chars().nth(LONGEST_SENTENCE).is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(message: &str) -> EthereumError {
        EthereumError::Refused {
            host: "http://eth.example".to_owned(),
            method: "eth_sendRawTransaction",
            code: -32_000,
            message: message.to_owned(),
            data: None,
        }
    }

    #[test]
    fn every_client_is_understood_when_it_says_that_more_has_to_be_offered() {
        for said in [
            "replacement transaction underpriced",
            "could not replace existing tx",
            "FeeTooLow, EffectivePriorityFeePerGas too low",
            "ReplacementNotAllowed",
            "transaction underpriced: gas tip cap 1",
        ] {
            assert!(refused(said).is_outbid(), "{said}");
        }
        assert!(!refused("insufficient funds for gas * price + value").is_outbid());
    }

    #[test]
    fn what_it_has_and_what_is_over_is_told_apart() {
        for said in ["already known", "AlreadyKnown", "Known transaction", "already imported"] {
            assert!(refused(said).is_known() && !refused(said).is_outbid(), "{said}");
        }
        assert!(!refused("unknown transaction type").is_known());
        for said in ["nonce too low: next nonce 7, tx nonce 6", "OldNonce", "Nonce too low"] {
            assert!(refused(said).is_of_a_used_nonce(), "{said}");
        }
    }

    #[test]
    fn a_long_sentence_is_cut_and_cannot_write_lines_of_its_own() {
        let said = printable(&format!("no\nERROR \u{1b}[31m{}", "x".repeat(10_000)));
        assert!(said.starts_with("no\\nERROR \\u{1b}[31mxx") && said.ends_with("x…"), "{said}");
        assert!(said.len() < 400 && !said.chars().any(char::is_control));
        assert_eq!(printable("short \u{202e}沪A"), "short \\u{202e}沪A");
    }
}
