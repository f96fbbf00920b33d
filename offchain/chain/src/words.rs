//! Calls and events in words, by the chain's own metadata: what people read before they sign, and after it was done.

mod reader;

use std::fmt;

use subxt::{events::Event, ArcMetadata};

use crate::{Chain, ChainError, Config, Failure, Included};

pub use reader::Unreadable;

use reader::read;

/// Characters of a line.
const MOST_LINE: usize = 2_000;
/// Lines of a call.
const MOST_LINES: usize = 1_000;

/// A value of the chain, as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// A number, an account as an address, a hash, some bytes.
    Text(String),
    /// A call or an event of a pallet.
    Member {
        /// The pallet.
        pallet: String,
        /// The call or the event.
        name: String,
        /// Its arguments or fields.
        parts: Vec<(String, Words)>,
    },
    /// Something that has parts. A part without a name has an empty one.
    Parts {
        /// What it is. Empty for a tuple.
        name: String,
        /// The parts.
        parts: Vec<(String, Words)>,
    },
    /// A list.
    List {
        /// The items that were kept.
        items: Vec<Words>,
        /// How many were not.
        left_out: usize,
    },
    /// That something failed.
    Failed(Failure),
}

/// A call in words.
///
/// # Errors
/// The bytes are no call of a chain with this metadata, or not only that.
pub fn of_call(metadata: &ArcMetadata, bytes: &[u8]) -> Result<Words, Unreadable> {
    read(metadata, metadata.outer_enums().call_enum_ty(), bytes)
}

/// An event in words.
///
/// # Errors
/// It is no event of a chain with this metadata.
pub fn of_event(metadata: &ArcMetadata, event: &Event<'_, Config>) -> Result<Words, Unreadable> {
    let index = [event.pallet_index(), event.event_index()];
    let bytes = [&index[..], event.field_bytes()].concat();
    read(metadata, metadata.outer_enums().event_enum_ty(), &bytes)
}

impl Chain {
    /// The events of a transaction in words, by the metadata of its block.
    ///
    /// # Errors
    /// The node does not answer, or an event cannot be read.
    pub async fn told(&self, included: &Included) -> Result<Vec<Words>, ChainError> {
        let what = "a transaction's events";
        let metadata = self.at(included.block).await?.metadata();
        let mut told = Vec::new();
        for event in included.events.iter() {
            let event = event.map_err(ChainError::query(what))?;
            let words = of_event(&metadata, &event);
            let unreadable = |error: Unreadable| {
                let name = format!("{}.{}", event.pallet_name(), event.event_name());
                ChainError::Answer { what, reason: format!("{name} cannot be read: {error}") }
            };
            told.push(words.map_err(unreadable)?);
        }
        Ok(told)
    }
}

impl Words {
    /// Pallets and names of all calls in this, itself too, each before those that it has in it.
    pub fn members(&self) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        self.visit(&mut |words| {
            if let Self::Member { pallet, name, .. } = words {
                found.push((pallet.as_str(), name.as_str()));
            }
        });
        found
    }

    /// What this says has failed. A transaction that is a success may have had something done that was none.
    pub fn failures(&self) -> Vec<&Failure> {
        let mut found = Vec::new();
        self.visit(&mut |words| {
            if let Self::Failed(failure) = words {
                found.push(failure);
            }
        });
        found
    }

    /// Whether this is an event or a call of this pallet and name.
    pub fn is(&self, pallet: &str, name: &str) -> bool {
        matches!(self, Self::Member { pallet: own, name: called, .. } if own == pallet && called == name)
    }

    fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Self)) {
        look(self);
        match self {
            Self::Member { parts, .. } | Self::Parts { parts, .. } => {
                parts.iter().for_each(|(_, part)| part.visit(look));
            }
            Self::List { items, .. } => items.iter().for_each(|item| item.visit(look)),
            Self::Text(_) | Self::Failed(_) => {}
        }
    }

    /// On lines of their own: a call, and under it what it is called with. What is too long says how much is missing.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.put("", 0, &mut lines);
        if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
            lines.truncate(MOST_LINES);
            lines.push(format!("... and {more} more lines, which are not shown"));
        }
        lines
    }

    fn put(&self, label: &str, depth: usize, lines: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        match self {
            Self::Member { pallet, name, parts } => {
                lines.push(format!("{indent}{label}{pallet}.{name}"));
                for (part, words) in parts {
                    words.put(&format!("{part}: "), depth + 1, lines);
                }
            }
            Self::List { items, left_out: 0 } if !self.members().is_empty() => {
                lines.push(format!("{indent}{label}{} calls", items.len()));
                for (place, item) in items.iter().enumerate() {
                    item.put(&format!("{}. ", place + 1), depth + 1, lines);
                }
            }
            other => lines.push(shortened(format!("{indent}{label}{other}"))),
        }
    }
}

/// All on one line.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Member { pallet, name, parts } => {
                write!(f, "{pallet}.{name}")?;
                if parts.is_empty() {
                    return Ok(());
                }
                f.write_str(" ")?;
                write_parts(f, parts)
            }
            Self::Parts { name, parts } => {
                f.write_str(name)?;
                if !name.is_empty() {
                    f.write_str(" ")?;
                }
                write_parts(f, parts)
            }
            Self::List { items, left_out } => {
                f.write_str("[")?;
                write_all(f, items.iter())?;
                match left_out {
                    0 => f.write_str("]"),
                    more => write!(f, ", and {more} more]"),
                }
            }
            Self::Failed(failure) => write!(f, "failed: {failure}"),
        }
    }
}

fn write_parts(f: &mut fmt::Formatter<'_>, parts: &[(String, Words)]) -> fmt::Result {
    f.write_str("(")?;
    write_all(f, parts.iter().map(|(name, part)| Named { name, part }))?;
    f.write_str(")")
}

fn write_all(
    f: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = impl fmt::Display>,
) -> fmt::Result {
    for (place, item) in items.enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

struct Named<'a> {
    name: &'a str,
    part: &'a Words,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.name.is_empty() {
            write!(f, "{}: ", self.name)?;
        }
        self.part.fmt(f)
    }
}

/// A line that is not too long.
fn shortened(line: String) -> String {
    let Some((end, _)) = line.char_indices().nth(MOST_LINE) else { return line };
    let more = line[end..].chars().count();
    format!("{}... and {more} more characters, which are not shown", &line[..end])
}

#[cfg(test)]
mod tests {
    use smartlink_primitives::Money;
    use subxt::{
        config::{substrate::BlakeTwo256, Hasher},
        utils::AccountId32,
    };

    use super::*;
    use crate::{calls, testing::metadata, Account};

    fn alice() -> AccountId32 {
        Account::from_uri("//Alice").unwrap().id()
    }

    fn lines(call: &calls::Call) -> Vec<String> {
        let (metadata, bytes) = (metadata(), crate::testing::encoded(call));
        of_call(&metadata, &bytes).unwrap_or_else(|error| panic!("{error}")).lines()
    }

    #[test]
    fn a_call_is_read_with_accounts_as_addresses_and_amounts_as_numbers() {
        let call = calls::transfer_in_batch(alice(), Money::yuan(3));
        let dest = "  dest: 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert_eq!(lines(&call), ["Balances.transfer_keep_alive", dest, "  value: 3000000"]);
    }

    #[test]
    fn calls_in_calls_stand_under_each_other() {
        let plate = crate::api::vehicles::Call::set_plate {
            vehicle: subxt::utils::Static(smartlink_primitives::VehicleId(7)),
            plate: crate::api::runtime_types::bounded_collections::bounded_vec::BoundedVec(
                "粤B10101".as_bytes().to_vec(),
            ),
        };
        let purge = calls::Call::Session(crate::api::session::Call::purge_keys);
        let calls = vec![calls::Call::Vehicles(plate), purge];
        let batch = calls::Call::Utility(crate::api::utility::Call::batch_all { calls });
        let expected = [
            "Utility.batch_all",
            "  calls: 2 calls",
            "    1. Vehicles.set_plate",
            "      vehicle: 7",
            "      plate: \"粤B10101\"",
            "    2. Session.purge_keys",
        ];
        assert_eq!(lines(&batch), expected);
    }

    #[test]
    fn a_large_argument_is_shown_by_its_length_and_hash() {
        let code = vec![0; 2_000_000];
        let hash = BlakeTwo256.hash(&code);
        let call = calls::Call::System(crate::api::system::Call::apply_authorized_upgrade { code });
        let expected = format!("  code: 2000000 bytes, blake2-256 {hash:?}");
        assert_eq!(lines(&call), ["System.apply_authorized_upgrade", expected.as_str()]);
    }

    #[test]
    fn a_line_that_is_too_long_says_how_much_is_missing() {
        let line = shortened("ü".repeat(MOST_LINE + 3));
        assert!(line.ends_with("... and 3 more characters, which are not shown"), "{line}");
        assert_eq!(shortened("short".to_owned()), "short");
    }

    #[test]
    fn a_failure_in_an_event_is_found_with_its_documentation() {
        let metadata = metadata();
        // Council.Executed with the error Consortium.NoRole, as the chain writes it.
        let pallet = metadata.pallet_by_name("Council").unwrap();
        let variants = pallet.event_variants().unwrap();
        let executed = variants.iter().find(|variant| variant.name == "Executed").unwrap().index;
        let consortium = metadata.pallet_by_name("Consortium").unwrap();
        let errors = consortium.error_variants().unwrap();
        let no_role = errors.iter().find(|variant| variant.name == "NoRole").unwrap().index;
        let mut bytes = vec![pallet.event_index(), executed];
        bytes.extend([7; 32]);
        // Err, Module, the pallet, the error in four bytes.
        bytes.extend([1, 3, consortium.error_index(), no_role, 0, 0, 0]);
        let words = read(&metadata, metadata.outer_enums().event_enum_ty(), &bytes).unwrap();
        assert!(words.is("Council", "Executed"));
        let failures = words.failures();
        let [Failure::Pallet { pallet, name, docs, .. }] = &failures[..] else { panic!("{words}") };
        assert_eq!((pallet.as_str(), name.as_str()), ("Consortium", "NoRole"));
        assert!(docs.contains("have the company's admin grant one"), "{docs}");
        assert!(words.to_string().contains("result: failed: Consortium::NoRole"), "{words}");
    }
}
