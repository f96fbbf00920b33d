//! `smartlink-indexer runtimes`: which runtimes ran the chain, and what is different between two of them.

use std::{collections::BTreeMap, sync::Arc};

use smartlink_indexer::{
    decode::difference::{difference, Difference, Part, Turn},
    domain::{digest::keccak, value::hex, Origin, Runtime},
    infra::Index,
    Error, Registry,
};

use crate::{Configured, Outcome};

/// Lists the runtimes that ran the chain, or says what is different between two of them.
///
/// The list has each version with the first block that it ran, the version and the size of its metadata, and its hash.
#[derive(Debug, clap::Args)]
pub struct Runtimes {
    #[command(flatten)]
    configured: Configured,
    /// Compares the metadata of two versions: pallets, calls, events, errors, state, constants, APIs, extensions; and says
    /// which entities know an event or an entry of the state by a name that it has no more.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    diff: Option<Vec<u32>>,
    /// Prints the difference as JSON.
    #[arg(long, requires = "diff")]
    json: bool,
}

impl Runtimes {
    /// Reads what the index keeps, and prints it.
    ///
    /// # Errors
    /// There is no index, or no such version in it.
    pub async fn perform(&self, registry: Arc<Registry>) -> Result<Outcome, Error> {
        let index = Index::read_only(&self.configured.load()?, registry).await?;
        let runtimes = index.runtimes().await?;
        let Some([old, new]) = self.diff.as_deref() else {
            print!("{}", list(&runtimes));
            return Ok(Outcome::Done);
        };
        let [before, after] = [of(&runtimes, *old)?, of(&runtimes, *new)?];
        let found = difference(&before.metadata, &after.metadata)
            .map_err(|error| Error::Differs(error.to_string()))?;
        if self.json {
            let json = serde_json::to_string_pretty(&found);
            println!("{}", json.map_err(|error| Error::Differs(error.to_string()))?);
            return Ok(Outcome::Done);
        }
        print!("{found}");
        for line in unheard(&found, index.registry()) {
            println!("{line}");
        }
        Ok(Outcome::Done)
    }
}

fn of(runtimes: &BTreeMap<u32, Runtime>, version: u32) -> Result<&Runtime, Error> {
    runtimes.get(&version).ok_or_else(|| {
        let known: Vec<String> = runtimes.keys().map(u32::to_string).collect();
        Error::Asked(format!(
            "the index has seen no block of runtime {version}; it knows the versions {}",
            known.join(", ")
        ))
    })
}

fn list(runtimes: &BTreeMap<u32, Runtime>) -> String {
    let mut text = format!(
        "{:>9} {:>11} {:>8} {:>9}  keccak256\n",
        "version", "from block", "metadata", "bytes"
    );
    for Runtime { spec, first, metadata } in runtimes.values() {
        // The byte after the magic number.
        let form = metadata.get(4).map_or("?".to_owned(), |version| format!("v{version}"));
        let (size, hash) = (metadata.len(), hex(&keccak(metadata)));
        text.push_str(&format!("{spec:>9} {first:>11} {form:>8} {size:>9}  {hash}\n"));
    }
    text
}

/// Which entities know a fact by a name that it has no more, and by no other.
fn unheard(found: &Difference, registry: &Registry) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &found.changes {
        let (pallet, now) = change.name.split_once('.').unwrap_or_default();
        let (origin, old) = match (change.part, change.turn, &change.was) {
            (Part::Event, Turn::Renamed, Some(was)) => (Origin::Event, was.as_str()),
            (Part::Event, Turn::Removed, _) => (Origin::Event, now),
            (Part::Storage, Turn::Removed, _) => (Origin::State, now),
            _ => continue,
        };
        for entity in registry.all() {
            let knows = |name: &str| entity.facts.contains(&(origin, pallet, name));
            if knows(old) && (old == now || !knows(now)) {
                let entity = entity.name;
                lines.push(format!(
                    "! {entity} follows {pallet}.{old}: name what has become of it in indexer/src/entities/{entity}.rs, and \
                     reindex"
                ));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_indexer::{decode::difference::Change, entities};

    fn renamed(part: Part, turn: Turn, name: &str, was: &str) -> Difference {
        let (was, now) = (Some(was.to_owned()), None);
        Difference { changes: vec![Change { part, name: name.to_owned(), turn, was, now }] }
    }

    #[test]
    fn who_follows_what_is_gone_is_named_until_it_is_told() {
        let plate = renamed(Part::Event, Turn::Renamed, "Vehicles.PlateNew", "PlateSet");
        let said = unheard(&plate, &Registry::default());
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("! vehicles follows Vehicles.PlateSet: "), "{said:?}");
        let mut told = entities::ALL;
        for entity in &mut told {
            let later = [(Origin::Event, "Vehicles", "PlateNew")];
            entity.facts = entity.facts.iter().copied().chain(later).collect::<Vec<_>>().leak();
        }
        assert!(unheard(&plate, &Registry::of(told.to_vec())).is_empty());
        // What nobody follows may go.
        let nobody = renamed(Part::Event, Turn::Removed, "Council.Voted", "()");
        assert!(unheard(&nobody, &Registry::default()).is_empty());
        let root = renamed(Part::Storage, Turn::Removed, "Checkpoints.LatestRoot", "()");
        assert_eq!(unheard(&root, &Registry::default()).len(), 1);
    }
}
