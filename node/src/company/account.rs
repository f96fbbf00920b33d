//! Accounts as people write them: addresses of this chain.

use crate::chain_spec::SS58_PREFIX as PREFIX;
use smartlink_runtime::AccountId;
use sp_core::{bytes, crypto::Ss58Codec};

/// Why a text is no account of this chain.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Begins like a public key, and is none.
    #[error(
        "'{0}' is no public key: write 0x and 64 hexadecimal digits, or the address, which begins with 5"
    )]
    Key(String),
    /// Another chain's.
    #[error(
        "'{text}' is an address of another chain (SS58 prefix {prefix}): give the one of prefix {PREFIX}, \
         which begins with 5"
    )]
    Prefix {
        /// What was written.
        text: String,
        /// The prefix in it.
        prefix: u16,
    },
    /// No address.
    #[error("'{text}' is no address ({reason}): copy it whole from the wallet, it begins with 5")]
    Address {
        /// What was written.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The account that an address (SS58 of prefix 42), or a public key (0x and 64 hexadecimal digits), names.
pub fn parse(text: &str) -> Result<AccountId, AccountError> {
    if let Some(digits) = text.strip_prefix("0x") {
        let key = bytes::from_hex(digits).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
        let whole = key.filter(|_| digits.len() == 64);
        return whole.map(AccountId::from).ok_or_else(|| AccountError::Key(text.into()));
    }
    let (account, format) = AccountId::from_ss58check_with_version(text).map_err(|reason| {
        AccountError::Address { text: text.into(), reason: reason.to_string().to_lowercase() }
    })?;
    match u16::from(format) {
        PREFIX => Ok(account),
        prefix => Err(AccountError::Prefix { text: text.into(), prefix }),
    }
}

/// The address of an account on this chain.
pub fn address(account: &AccountId) -> String {
    account.to_ss58check_with_version(PREFIX.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    #[test]
    fn an_address_and_its_public_key_name_the_same_account() {
        let account = parse(ALICE).unwrap();
        assert_eq!(address(&account), ALICE);
        let key = bytes::to_hex(account.as_ref(), false);
        assert_eq!(parse(&key), Ok(account));
    }

    #[test]
    fn what_is_no_account_of_this_chain_is_refused_with_the_reason() {
        let polkadot = AccountId::from([1; 32]).to_ss58check_with_version(0u16.into());
        let cases = [
            (polkadot.as_str(), "SS58 prefix 0"),
            ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ", "checksum"),
            ("5Grwva", "is no address"),
            ("", "is no address"),
            ("0x12", "64 hexadecimal digits"),
            ("//Alice", "is no address"),
        ];
        for (text, words) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
