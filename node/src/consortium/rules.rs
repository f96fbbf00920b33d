//! What must hold across a file: nothing twice, bounds of the chain, and what a live chain must not have.

use super::{
    error::{Spot, Wrong},
    known,
    table::Section,
    values::MOST_MONEY,
    Company, Consortium,
};
use frame_support::traits::Get;
use pallet_nodes::NodeKind;
use sc_service::ChainType;
use smartlink_primitives::Money;
use smartlink_runtime::Runtime;
use std::collections::BTreeMap;

/// The most machines of a company.
fn max_nodes() -> u32 {
    <Runtime as pallet_nodes::Config>::MaxNodes::get()
}

/// The most founders: each has a seat in the council.
fn max_seats() -> u32 {
    <Runtime as pallet_consortium::Config>::MaxSeats::get()
}

/// The most validators of all companies together.
fn max_validators() -> u32 {
    <Runtime as pallet_validators::Config>::MaxValidators::get()
}

/// With fewer validators the chain bears no failure.
fn safe_validators() -> u32 {
    <Runtime as pallet_validators::Config>::SafeValidators::get()
}

/// What was read so far, as far as the rest of the file must differ from it.
pub struct Rules {
    /// Whether companies will depend on the chain.
    live: bool,
    /// Where a value of a kind was first seen.
    seen: BTreeMap<(&'static str, Vec<u8>), Spot>,
}

impl Rules {
    /// Nothing is read yet.
    pub fn new(live: bool) -> Self {
        Self { live, seen: BTreeMap::new() }
    }

    /// Notes when another table has the same: two companies one name, say.
    pub fn is_only(&mut self, section: &Section<'_>, key: &str, what: &'static str, value: &[u8]) {
        let spot = section.spot(key);
        match self.seen.get(&(what, value.to_vec())) {
            Some(before) => section.fault(
                key,
                Wrong::new(
                    format!("the same {what} stands at {before} already"),
                    "write each once",
                ),
            ),
            None => {
                self.seen.insert((what, value.to_vec()), spot);
            }
        }
    }

    /// Notes when a live chain would rely on a key whose secret everybody knows.
    pub fn is_secret(&self, section: &Section<'_>, key: &str, public: &[u8]) {
        if !self.live {
            return;
        }
        if let Some(name) = known::whose(public) {
            section.fault(
                key,
                Wrong::new(
                    format!("everybody knows the secret of this key ({name})"),
                    "make a key of your own, or a chain of kind \"local\"",
                ),
            );
        }
    }

    /// Notes that a validator proves nothing, where it must.
    pub fn wants_proof(&self, section: &Section<'_>) {
        if self.live {
            section.fault(
                "proof",
                Wrong::new(
                    "it is missing, and in a live chain every validator proves that the keys are its own",
                    "write the proof that `smartlink-node company join` prints",
                ),
            );
        }
    }
}

/// Checks how many machines a company registers.
pub fn of_nodes(company: &Section<'_>, nodes: usize) {
    if nodes > whole(max_nodes()) {
        company.fault(
            "node",
            Wrong::new(
                format!("there are {nodes} of them"),
                format!("a company registers at most {}: leave some out", max_nodes()),
            ),
        );
    }
}

/// Checks what no single table can tell.
pub fn of_the_whole(root: &Section<'_>, consortium: &Consortium) {
    let companies = &consortium.companies;
    if companies.is_empty() {
        let remedy = "write a table [[company]] for each founder";
        root.fault("company", Wrong::new("there is none", remedy));
    } else if consortium.validators() == 0 {
        let remedy = "write a table [[company.validator]] below one company at least";
        root.fault("company", Wrong::new("no company has a validator", remedy));
    }
    if companies.len() > whole(max_seats()) {
        root.fault(
            "company",
            Wrong::new(
                format!("there are {} of them", companies.len()),
                format!(
                    "the council has {} seats: let the others apply when the chain runs",
                    max_seats()
                ),
            ),
        );
    }
    if consortium.validators() > whole(max_validators()) {
        root.fault(
            "company",
            Wrong::new(
                format!("they have {} validators", consortium.validators()),
                format!("all together may have {}: leave some out", max_validators()),
            ),
        );
    }
    if consortium.kind == ChainType::Live && !consortium.permissioned {
        root.fault(
            "permissioned",
            Wrong::new(
                "a live chain keeps strangers out",
                "leave the key away, or make a chain of kind \"local\"",
            ),
        );
    }
    if consortium.permissioned && companies.iter().all(|company| company.nodes.is_empty()) {
        root.fault(
            "permissioned",
            Wrong::new(
                "strangers are kept out, but no machine is registered, so nobody could join",
                "write a table [[company.node]] for the machine of each validator",
            ),
        );
    }
    if consortium.all_money().is_none_or(|all| all > MOST_MONEY) {
        root.fault(
            "company",
            Wrong::new(
                "their accounts hold more money than there is",
                format!("give them at most {MOST_MONEY} together"),
            ),
        );
    }
}

impl Consortium {
    /// How many validators start the chain.
    pub(super) fn validators(&self) -> usize {
        self.companies.iter().map(|company| company.validators.len()).sum()
    }

    /// What all accounts hold together. `None`: more than can be counted.
    fn all_money(&self) -> Option<Money> {
        self.companies.iter().try_fold(Money::ZERO, |sum, company| {
            let sum = sum.checked_add(company.money)?.checked_add(company.administrator_money)?;
            company.validators.iter().try_fold(sum, |sum, one| sum.checked_add(one.money))
        })
    }

    /// What is allowed, and hardly meant. A sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let Self { file, .. } = self;
        let mut warnings = Vec::new();
        let validators = self.validators();
        if validators < whole(safe_validators()) {
            warnings.push(format!(
                "{file}, validators: {validators} in all; with fewer than {} the chain stands still when one fails, so add some \
                 before anybody depends on it",
                safe_validators()
            ));
        }
        let balances = self.balances();
        for (number, company) in (1_usize..).zip(&self.companies) {
            let Company { name, administrator, validators, nodes, .. } = company;
            if !balances.contains_key(administrator) {
                warnings.push(format!(
                    "{file}, company {number} '{name}': the administrator has no money, so the account does not exist and \
                     can send nothing; set administrator_money"
                ));
            }
            let machines = nodes.iter().filter(|node| node.kind == NodeKind::Validator).count();
            if self.permissioned && machines < validators.len() {
                warnings.push(format!(
                    "{file}, company {number} '{name}': it has {} in its tables [[company.validator]], and machines of kind \
                     \"validator\" that may join: {machines}; write a table [[company.node]] for each",
                    validators.len()
                ));
            }
        }
        warnings
    }
}

/// A bound of the chain as a number of things in memory.
fn whole(bound: u32) -> usize {
    usize::try_from(bound).unwrap_or(usize::MAX)
}
