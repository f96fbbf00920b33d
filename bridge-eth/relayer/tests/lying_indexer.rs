//! An indexer that lies: who is handed a bundle of its, from a file or from GraphQL, is never told that the lie is proven, and the
//! contract refuses it.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod fixture;
#[path = "support/indexer.rs"]
mod place;

use std::process::{Command, Output};

use fixture::{
    chain::{Fixture, SET},
    contract::Contract,
    made, real, small, with_root_of,
};
use place::indexer;
use smartlink_bridge::{
    anchor::{proof, submission, Reverted, Set},
    deploy::Beginning,
};
use smartlink_proofs::{roster, Bundle, Ethereum, Fixed, Hash, Item};

/// The id of anvil's chain.
const CHAIN: u64 = 31_337;

/// Who has a contract and a set that he trusts, and is handed a bundle.
struct Client<'a> {
    contract: &'a Contract,
    trusts: Hash,
}

impl Client<'_> {
    /// `smartlink-indexer verify`: what is proven without a network.
    fn verifies(&self, bundle: &Bundle) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proof.json");
        std::fs::write(&file, bundle.to_text()).unwrap();
        let mut verify = Command::new(indexer());
        verify.arg("verify").arg(file).args(["--trust", &self.trusts.to_string()]);
        verify.output().unwrap()
    }

    /// `smartlink-bridge check`: what the contract says of it.
    fn checks(&self, bundle: &Bundle) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proof.json");
        std::fs::write(&file, bundle.to_text()).unwrap();
        let mut check = Command::new(env!("CARGO_BIN_EXE_smartlink-bridge"));
        check.arg("check").arg(file).env("SMARTLINK_ETHEREUM__URL", self.contract.url());
        check.env("SMARTLINK_ETHEREUM__CONTRACT", self.contract.address().to_string());
        check.output().unwrap()
    }

    /// Nobody tells him that it is proven: what each says.
    fn is_told_of(&self, lie: &Bundle) -> [String; 3] {
        let call = proof(lie).unwrap().unwrap().encode();
        let refused = self.contract.verdict_of_contract(call).expect_err("the contract takes it");
        let contract = Reverted::of(&refused).to_string();
        [refused_by(&self.verifies(lie)), refused_by(&self.checks(lie)), contract]
    }
}

/// Why a program refused, which said of nothing that it is proven.
fn refused_by(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}{why}");
    assert!(said.is_empty() && why.contains("proves nothing"), "{said}{why}");
    why
}

/// What a program said, which ended well.
fn said_by(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn root(bundle: &Bundle) -> Hash {
    roster::root(&bundle.validators).unwrap()
}

/// Where a contract is said to have a root.
fn place(contract: &Contract) -> Ethereum {
    let contract = Fixed(contract.address().into_array());
    Ethereum { chain_id: CHAIN, contract, transaction: Fixed([7; 32]), block: 1 }
}

#[test]
fn the_truth_is_proven() {
    let mut bundle = real("receipt");
    let contract = with_root_of(&bundle);
    bundle.ethereum = Some(place(&contract));
    let client = Client { contract: &contract, trusts: root(&bundle) };
    assert!(said_by(&client.verifies(&bundle)).contains("That is the set you trust. Proven:"));
    assert!(said_by(&client.checks(&bundle)).contains("has checked the proof. Proven:"));
}

#[test]
fn another_receipt_is_not_proven() {
    let bundle = real("receipt");
    let contract = with_root_of(&bundle);
    let client = Client { contract: &contract, trusts: root(&bundle) };
    let lies: [fn(&mut Bundle); 4] = [
        // A yuan more for the driver, another driver, and the row of another ride.
        |lie| receipt(lie).receipt.driver_share += 1_000_000,
        |lie| receipt(lie).receipt.driver += 1,
        |lie| receipt(lie).row ^= 1,
        // The batch of another block.
        |lie| lie.leaf.parent_number -= 1,
    ];
    for (place, lie) in lies.into_iter().enumerate() {
        let mut told = bundle.clone();
        lie(&mut told);
        let [_, _, contract] = client.is_told_of(&told);
        assert!(!contract.contains("UnknownCheckpoint"), "lie {place}: {contract}");
    }
}

fn receipt(bundle: &mut Bundle) -> &mut smartlink_proofs::ReceiptItem {
    let Item::Receipt(item) = &mut bundle.item else { panic!("it is a receipt") };
    item
}

/// A whole chain of the liar's own, in which everything fits together.
#[test]
fn made_up_validators_prove_nothing() {
    let honest = real("receipt");
    let contract = with_root_of(&honest);
    let client = Client { contract: &contract, trusts: root(&honest) };
    let lie = made("receipt");
    let [verify, check, refusal] = client.is_told_of(&lie);
    assert!(verify.contains("of another chain"), "{verify}");
    assert!(check.contains("no such root") && refusal.contains("no such root"), "{check}{refusal}");

    // Who names no set is told that he has to compare it.
    let mut unnamed = Command::new(indexer());
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lie.to_text()).unwrap();
    let said = said_by(&unnamed.arg("verify").arg(file.path()).output().unwrap());
    assert!(said.contains("anybody can make one up") && !said.contains("Proven:"), "{said}");
}

/// The keys of a set that handed over sign another history.
#[test]
fn a_set_that_handed_over_proves_nothing() {
    let stale = small::receipt();
    assert_eq!(stale.commitment.set, SET);
    let next = Fixture::of(4);
    let length = u32::try_from(stale.validators.len()).unwrap();
    let contract = Contract::beginning(&Beginning {
        genesis: Fixed([0xaa; 32]),
        block: 0,
        current: Set { id: SET, length, root: root(&stale) },
        roster: stale.validators.clone(),
        next: next.set(SET + 1),
    });
    contract.take(submission(&next.checkpoint(100, SET + 1, true))).unwrap();
    assert!(stale.commitment.block > 100);
    let client = Client { contract: &contract, trusts: next.set(SET + 1).root };
    let [verify, check, _] = client.is_told_of(&stale);
    assert!(verify.contains(&client.trusts.to_string()), "{verify}");
    assert!(check.contains("no such root"), "{check}");
}

/// What the bundle says of Ethereum is followed by nobody: the contract there may be one of the same code that has the lie's root.
#[test]
fn the_contract_of_the_liar_is_not_asked() {
    let honest = real("receipt");
    let contract = with_root_of(&honest);
    let client = Client { contract: &contract, trusts: root(&honest) };
    let own = place(&contract);
    let stranger = Ethereum { contract: Fixed([0x66; 20]), ..own.clone() };
    let another_chain = Ethereum { chain_id: 1, ..own.clone() };
    for named in [&stranger, &another_chain] {
        let mut lie = made("receipt");
        lie.ethereum = Some(named.clone());
        let [_, check, _] = client.is_told_of(&lie);
        assert!(check.contains(&named.contract.to_string()), "{check}");
        assert!(check.contains("may have made that contract"), "{check}");

        // The truth with the wrong place is true, and the place is said not to be checked.
        let mut told = honest.clone();
        told.ethereum = Some(named.clone());
        let said = said_by(&client.verifies(&told));
        assert!(said.contains("not checked here: contract") && said.contains("Proven:"), "{said}");
        refused_by(&client.checks(&told));
    }
    // It names the client's own contract, which does not have the root.
    let mut lie = made("receipt");
    lie.ethereum = Some(own);
    let [_, check, _] = client.is_told_of(&lie);
    assert!(check.contains("no such root"), "{check}");
}
