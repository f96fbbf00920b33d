//! The treasury of a company on a real chain: three people hold it, a hot key pays from it, and when that key is lost two of the three
//! put another one in its place.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use smartlink_chain::{
    api,
    calls::{self, Call},
    queries,
    subxt::utils::{AccountId32, MultiAddress},
    wallets::{self, FirstApproval, MostWeight, ProxyType, Signatories},
    Account, Chain, Included, SubmitError,
};
use smartlink_primitives::Money;
use support::{account_of, assert_refused, start, PATIENCE};

/// What the hot key may pay in one transfer, in 10⁻⁶ CNY.
const MOST: u128 = 1_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_key_is_lost_and_two_of_three_cold_ones_replace_it() {
    let consortium = start(1).await;
    let treasury = Treasury::open(consortium.chain(0).unwrap()).await;
    let [hot, found, next] = ["//Alice//hot", "//Eve", "//Alice//next"].map(account_of);
    for account in [&hot, &next] {
        // What is no account can send nothing.
        let greet = calls::transfer(account.id(), Money::yuan(1));
        treasury.chain.execute_in_block(&treasury.holders[0], &greet, PATIENCE).await.unwrap();
    }
    let spending = || ProxyType::Spending { most: MOST };

    treasury.decides(add_proxy(&hot, spending())).await;
    let shop = account_of("//Ferdie").id();
    treasury.pays(&hot, &shop, MOST).await.unwrap().unwrap();
    assert_eq!(treasury.balance(&shop).await, MOST);
    // More than it may goes nowhere: the proxy's call is in the block, and what it wanted is not done.
    let refused = treasury.pays(&hot, &shop, MOST + 1).await.unwrap();
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(treasury.balance(&shop).await, MOST);

    // The key is lost: somebody may have it. Two of the holders take its rights away and give them to another.
    treasury.decides(remove_proxy(&hot, spending())).await;
    treasury.decides(add_proxy(&next, spending())).await;
    let stolen = treasury.pays(&hot, &found.id(), 1).await;
    assert_refused(stolen, "Proxy", "NotProxy");
    treasury.pays(&next, &shop, MOST).await.unwrap().unwrap();
    assert_eq!(treasury.balance(&shop).await, 2 * MOST);
    consortium.stop().await;
}

fn add_proxy(delegate: &Account, proxy_type: ProxyType) -> Call {
    let delegate = MultiAddress::Id(delegate.id());
    Call::Proxy(api::proxy::Call::add_proxy { delegate, proxy_type, delay: 0 })
}

fn remove_proxy(delegate: &Account, proxy_type: ProxyType) -> Call {
    let delegate = MultiAddress::Id(delegate.id());
    Call::Proxy(api::proxy::Call::remove_proxy { delegate, proxy_type, delay: 0 })
}

/// An account of which two of three people decide.
struct Treasury {
    chain: Chain,
    holders: [Account; 3],
    account: AccountId32,
}

impl Treasury {
    /// With a million CNY.
    async fn open(chain: Chain) -> Self {
        let holders = ["//Alice", "//Bob", "//Charlie"].map(account_of);
        let mut treasury = Self { chain, holders, account: AccountId32([0; 32]) };
        // Nobody has to know how its address is made: the chain names it as soon as somebody decides.
        let remark = Call::System(api::system::Call::remark { remark: b"open".to_vec() });
        treasury.account = treasury.begins(&remark).await.multisig;
        let endow = calls::transfer(treasury.account, Money::yuan(1_000_000));
        treasury.chain.execute_in_block(&treasury.holders[0], &endow, PATIENCE).await.unwrap();
        treasury
    }

    /// The first of the holders asks for something.
    async fn begins(&self, call: &Call) -> api::multisig::events::NewMultisig {
        let begun = self.sign(0, call, None).await.unwrap();
        begun.event("NewMultisig").unwrap()
    }

    /// The first asks, and the second agrees: then it is done.
    async fn decides(&self, call: Call) {
        let begun = self.begins(&call).await;
        let at = self.at().await;
        let pending = api::storage().multisig().multisigs();
        let pending = at.storage().fetch(pending, (begun.multisig, begun.call_hash)).await.unwrap();
        let when = pending.decode().unwrap().when;
        let first = FirstApproval { height: when.height, index: when.index };
        let done = self.sign(1, &call, Some(first)).await.unwrap();
        let done: api::multisig::events::MultisigExecuted = done.event("MultisigExecuted").unwrap();
        assert!(done.result.is_ok(), "{done:?}");
    }

    async fn sign(
        &self,
        holder: usize,
        call: &Call,
        first: Option<FirstApproval>,
    ) -> Result<Included, SubmitError> {
        let mut others: Vec<AccountId32> = self.holders.iter().map(Account::id).collect();
        others.remove(holder);
        let most = MostWeight { ref_time: 10_000_000_000, proof_size: 1_000_000 };
        let call = wallets::as_multi(Signatories::new(2, others), first, call.clone(), most);
        self.chain.execute_in_block(&self.holders[holder], &call, PATIENCE).await
    }

    /// Somebody pays with the treasury's money. Gives what came of the transfer within the proxy.
    async fn pays(
        &self,
        by: &Account,
        to: &AccountId32,
        value: u128,
    ) -> Result<Result<(), String>, SubmitError> {
        let dest = MultiAddress::Id(*to);
        let transfer = Call::Balances(api::balances::Call::transfer_keep_alive { dest, value });
        let call = wallets::proxy(self.account, None, transfer);
        let done = self.chain.execute_in_block(by, &call, PATIENCE).await?;
        let done: api::proxy::events::ProxyExecuted = done.event("ProxyExecuted").unwrap();
        Ok(done.result.map(|_| ()).map_err(|error| format!("{error:?}")))
    }

    async fn at(&self) -> smartlink_chain::At {
        let best = self.chain.best_number().await.unwrap();
        self.chain.at_number(best).await.unwrap()
    }

    async fn balance(&self, of: &AccountId32) -> u128 {
        queries::account(&self.at().await, *of).await.unwrap().free.0
    }
}
