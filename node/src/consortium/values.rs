//! What single values of a consortium's file say: names, accounts, amounts, keys.

use super::error::Wrong;
use super::table::wrong_type;
use crate::chain_spec::SS58_PREFIX;
use codec::DecodeAll;
use pallet_nodes::NodeKey;
use sc_network::{config::MultiaddrWithPeerId, PeerId};
use sc_service::ChainType;
use serde::{
    de::{
        value::{Error as NoVariant, StrDeserializer},
        DeserializeOwned, IntoDeserializer,
    },
    Deserialize,
};
use smartlink_primitives::{money::UNITS_PER_YUAN, Money};
use smartlink_runtime::{AccountId, SessionKeys};
use sp_core::crypto::Ss58Codec;
use toml_edit::Item;

/// Bytes of a name or label: those of `pallet_consortium::Name` and `pallet_nodes::Label`.
const NAME_BYTES: usize = 64;

/// Characters of the id of a chain.
const ID_CHARACTERS: usize = 32;

/// Characters of an address, of a peer id, or of the name of a kind. The longest of them has 66.
const WORD_BYTES: usize = 100;

/// Characters of a bootnode's address.
const ADDRESS_BYTES: usize = 512;

/// Bytes of an ownership proof: four signatures have 257.
const PROOF_BYTES: usize = 1_024;

/// Bytes of session keys: 32 for each of BABE, GRANDPA and authority discovery, 33 for BEEFY.
const SESSION_KEYS_BYTES: usize = 32 + 32 + 33 + 32;

/// The most that a file gives to all accounts together, or to one parameter: ten million million CNY. JSON, in which the runtime
/// is told the genesis, has integers of 64 bits.
pub const MOST_MONEY: Money = Money::yuan(10_000_000_000_000);

/// What a chain is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Companies depend on it.
    Live,
    /// To try out a consortium.
    Local,
    /// To develop with.
    Development,
}

impl From<Kind> for ChainType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Live => Self::Live,
            Kind::Local => Self::Local,
            Kind::Development => Self::Development,
        }
    }
}

/// A name or a label, as people read it.
pub fn name(text: &str) -> Result<String, Wrong> {
    let remedy = format!("write 1 to {NAME_BYTES} bytes of UTF-8 in one line");
    if text.trim().is_empty() {
        return Err(Wrong::new("it is empty", remedy));
    }
    if text.len() > NAME_BYTES {
        return Err(Wrong::new(format!("it is too long with {} bytes", text.len()), remedy));
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::new("it has characters that cannot be shown", remedy));
    }
    Ok(text.into())
}

/// The id of a chain.
pub fn id(text: &str) -> Result<String, Wrong> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !plain || text.is_empty() || text.len() > ID_CHARACTERS || text.starts_with('-') {
        return Err(Wrong::new(
            "it cannot name folders and protocols",
            format!("write 1 to {ID_CHARACTERS} of a-z, 0-9 and -, not beginning with -"),
        ));
    }
    Ok(text.into())
}

/// One of the kinds of something, by the name that it has in JSON.
pub fn kind<T: DeserializeOwned>(text: &str) -> Result<T, Wrong> {
    bounded(text, WORD_BYTES)?;
    let from: StrDeserializer<'_, NoVariant> = text.into_deserializer();
    T::deserialize(from).map_err(|why| Wrong::new(format!("{why}"), "write one of those"))
}

/// Yes or no.
pub fn flag(item: &Item) -> Result<bool, Wrong> {
    item.as_bool().ok_or_else(|| wrong_type(item, "true or false"))
}

/// A number of things, at least one.
pub fn count(item: &Item) -> Result<u32, Wrong> {
    let whole =
        item.as_integer().ok_or_else(|| wrong_type(item, "a whole number without quotes"))?;
    u32::try_from(whole).ok().filter(|count| *count > 0).ok_or_else(|| {
        Wrong::new(format!("it is {whole}"), format!("write a number from 1 to {}", u32::MAX))
    })
}

/// An amount in CNY with up to six decimals.
pub fn money(text: &str) -> Result<Money, Wrong> {
    let remedy = "write CNY with up to 6 decimals as text, as in \"1000.00\"";
    bounded(text, WORD_BYTES)?;
    let (yuan, below) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(yuan) || !digits(below) {
        return Err(Wrong::new("it is no amount", remedy));
    }
    if below.len() > 6 {
        return Err(Wrong::new("it has more than 6 decimals", remedy));
    }
    let units = yuan.parse::<u128>().ok().and_then(|yuan| {
        let below = format!("{below:0<6}").parse::<u128>().ok()?;
        yuan.checked_mul(UNITS_PER_YUAN)?.checked_add(below)
    });
    let amount = units.map(Money).filter(|amount| *amount <= MOST_MONEY);
    amount.ok_or_else(|| {
        Wrong::new("it is more money than there is", format!("write at most {MOST_MONEY}"))
    })
}

/// An account, by its address or its key.
pub fn account(text: &str) -> Result<AccountId, Wrong> {
    let remedy = format!(
        "write its address of prefix {SS58_PREFIX}, which begins with 5, or 0x and 64 hexadecimal digits"
    );
    if text.starts_with("0x") {
        return bytes32(text).map(AccountId::from);
    }
    bounded(text, WORD_BYTES)?;
    let (account, format) = AccountId::from_ss58check_with_version(text)
        .map_err(|why| Wrong::new(format!("it is no address ({why})"), remedy))?;
    if format.prefix() != SS58_PREFIX {
        let here = account.to_ss58check_with_version(SS58_PREFIX.into());
        return Err(Wrong::new(
            format!("it is an address of prefix {}, of another chain", format.prefix()),
            format!("this chain has {SS58_PREFIX}: write {here} if the same key is meant"),
        ));
    }
    Ok(account)
}

/// The public key of a machine, by its peer id or in hexadecimal.
pub fn node_key(text: &str) -> Result<NodeKey, Wrong> {
    let remedy =
        "write what `smartlink-node key generate-node-key` prints, which begins with 12D3KooW, or 0x and 64 hexadecimal digits";
    let key = if text.starts_with("0x") {
        NodeKey(bytes32(text)?)
    } else {
        bounded(text, WORD_BYTES)?;
        let peer = text
            .parse::<PeerId>()
            .map_err(|why| Wrong::new(format!("it is no peer id ({why})"), remedy))?;
        NodeKey::from_peer_id(&peer.to_bytes()).map_err(|_| {
            Wrong::new("it is no peer id of an ed25519 key, which nodes here have", remedy)
        })?
    };
    match PeerId::from_ed25519(&key.0) {
        Some(_) => Ok(key),
        None => Err(Wrong::new("it is no ed25519 key, so no machine can have it", remedy)),
    }
}

/// The session keys of a validator.
pub fn session_keys(text: &str) -> Result<SessionKeys, Wrong> {
    let remedy = format!(
        "write the {SESSION_KEYS_BYTES} bytes that `smartlink-node company join` prints, as 0x and hexadecimal digits"
    );
    let bytes = hexadecimal(text, SESSION_KEYS_BYTES)?;
    SessionKeys::decode_all(&mut &bytes[..]).map_err(|_| {
        Wrong::new(
            format!(
                "they are no session keys: {} bytes in place of {SESSION_KEYS_BYTES}",
                bytes.len()
            ),
            remedy,
        )
    })
}

/// The signatures by which session keys say whose they are.
pub fn proof(text: &str) -> Result<Vec<u8>, Wrong> {
    hexadecimal(text, PROOF_BYTES)
}

/// The addresses of nodes that nodes ask first.
pub fn bootnodes(item: &Item) -> Result<Vec<MultiaddrWithPeerId>, Wrong> {
    let array = item.as_array().ok_or_else(|| wrong_type(item, "a list, as in [\"/dns/…\"]"))?;
    (1_usize..)
        .zip(array.iter())
        .map(|(number, value)| {
            let read = match value.as_str() {
                Some(text) => bootnode(text),
                None => Err(Wrong::new(
                    format!("it is of type {}", value.type_name()),
                    "write it as text in double quotes",
                )),
            };
            read.map_err(|wrong| {
                Wrong::new(format!("number {number}: {}", wrong.what), wrong.remedy)
            })
        })
        .collect()
}

fn bootnode(text: &str) -> Result<MultiaddrWithPeerId, Wrong> {
    let remedy =
        "write it as /dns/validator.example/tcp/30333/p2p/12D3KooW… with the machine's peer id";
    bounded(text, ADDRESS_BYTES)?;
    let address = text
        .parse::<MultiaddrWithPeerId>()
        .map_err(|why| Wrong::new(format!("it is no address of a node ({why})"), remedy))?;
    match address.peer_id.into_ed25519() {
        Some(_) => Ok(address),
        None => Err(Wrong::new("its peer id is not of an ed25519 key", remedy)),
    }
}

fn bytes32(text: &str) -> Result<[u8; 32], Wrong> {
    let bytes = hexadecimal(text, 32)?;
    let length = bytes.len();
    bytes.try_into().map_err(|_| {
        Wrong::new(format!("it has {length} bytes"), "write 0x and 64 hexadecimal digits")
    })
}

/// At most `most` bytes.
fn hexadecimal(text: &str, most: usize) -> Result<Vec<u8>, Wrong> {
    let remedy = "write 0x and two hexadecimal digits for each byte";
    let digits =
        text.strip_prefix("0x").ok_or_else(|| Wrong::new("it does not begin with 0x", remedy))?;
    if digits.len() > 2 * most {
        return Err(Wrong::new(format!("it has more than {most} bytes"), remedy));
    }
    hex::decode(digits).map_err(|why| Wrong::new(format!("it is no hexadecimal ({why})"), remedy))
}

/// What is read further, and may stand in an error, is short and can be shown.
fn bounded(text: &str, most: usize) -> Result<(), Wrong> {
    if text.chars().any(char::is_control) {
        return Err(Wrong::new("it has characters that cannot be shown", "write it without them"));
    }
    if text.len() > most {
        return Err(Wrong::new(
            format!("it is too long with {} bytes", text.len()),
            format!("write at most {most}"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_at_most_six_decimals_and_are_never_rounded() {
        assert_eq!(money("1000000.00"), Ok(Money::yuan(1_000_000)));
        assert_eq!(money("0.000001"), Ok(Money(1)));
        assert_eq!(money("7"), Ok(Money::yuan(7)));
        assert_eq!(money("10000000000000"), Ok(MOST_MONEY));
        for wrong in ["", ".5", "5.", "-1", "1e3", "1.0000001", "1,000", "٣", "10000000000000.01"]
        {
            assert!(money(wrong).is_err(), "{wrong}");
        }
        assert!(money(&"9".repeat(60)).is_err());
    }

    #[test]
    fn all_money_of_a_file_fits_an_integer_of_json() {
        assert!(u64::try_from(MOST_MONEY.units()).is_ok());
    }

    #[test]
    fn session_keys_have_the_length_that_is_told() {
        let keys = format!("0x{}", "00".repeat(SESSION_KEYS_BYTES));
        assert!(session_keys(&keys).is_ok());
        assert!(session_keys(&keys[..keys.len() - 2]).is_err());
    }

    #[test]
    fn a_node_is_known_by_its_peer_id_and_by_its_key() {
        let peer = node_key("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp");
        let key = "0x4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29";
        assert_eq!(peer, node_key(key));
        assert!(peer.is_ok());
    }

    #[test]
    fn names_fit_the_pallets() {
        let longest = "x".repeat(NAME_BYTES);
        assert!(pallet_consortium::Name::try_from(longest.clone().into_bytes()).is_ok());
        assert!(pallet_nodes::Label::try_from(longest.clone().into_bytes()).is_ok());
        assert!(name(&longest).is_ok());
        let longer = longest + "x";
        assert!(pallet_consortium::Name::try_from(longer.clone().into_bytes()).is_err());
        assert!(pallet_nodes::Label::try_from(longer.clone().into_bytes()).is_err());
        assert!(name(&longer).is_err());
    }
}
