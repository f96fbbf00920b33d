//! The council of the chain `local` and its validators: what the stories of governance share.

use std::{future::Future, time::Duration};

use smartlink_chain::{
    calls::Call,
    council, motions,
    operator::NewKeys,
    subxt::utils::AccountId32,
    validators::{self, SessionKeys},
    Account, At, Chain, Included,
};
use tokio::time::{sleep, timeout};

use super::{account_of, PATIENCE};

/// How often the chain is looked at.
pub const LOOK: Duration = Duration::from_millis(200);
/// How long some sessions may take, on a machine that does other things as well.
pub const SESSIONS: Duration = Duration::from_secs(300);

/// Three of the four companies: enough for everything.
pub const SEATS: [&str; 3] = ["//Alice", "//Bob", "//Charlie"];

/// The owners of the validators' session keys, in their order.
const VALIDATORS: [&str; 4] =
    ["//Alice//stash", "//Bob//stash", "//Charlie//stash", "//Dave//stash"];

/// The account of a validator, from 0.
pub fn validator(place: usize) -> Account {
    account_of(VALIDATORS[place])
}

/// The council decides: all of it waits for blocks alone, so it works while nothing becomes final.
pub async fn decide(chain: &Chain, call: Call) -> Included {
    decide_with(chain, &SEATS, call).await
}

/// These seats decide.
pub async fn decide_with(chain: &Chain, seats: &[&str], call: Call) -> Included {
    let seats: Vec<Account> = seats.iter().map(|uri| account_of(uri)).collect();
    let carried = council::carry(chain, &seats, call, PATIENCE).await;
    carried.unwrap_or_else(|error| panic!("{error}"))
}

/// Three quarters of the council let the chain's root do something.
pub async fn enact(chain: &Chain, call: Call) -> Included {
    decide(chain, motions::enact(call)).await
}

/// The chain at its best block, which may not be final.
pub async fn best(chain: &Chain) -> At {
    council::best(chain).await.unwrap()
}

/// The number of the session at the best block.
pub async fn session(chain: &Chain) -> u32 {
    validators::session(&best(chain).await).await.unwrap()
}

/// Those who validate at the best block.
pub async fn in_session(chain: &Chain) -> Vec<AccountId32> {
    validators::in_session(&best(chain).await).await.unwrap()
}

/// The places of those who are disabled at the best block.
pub async fn disabled(chain: &Chain) -> Vec<u32> {
    validators::disabled(&best(chain).await).await.unwrap()
}

/// The keys that an account has registered.
pub async fn keys(chain: &Chain, owner: &Account) -> SessionKeys {
    let keys = validators::next_keys(&best(chain).await, &owner.id()).await.unwrap();
    keys.expect("the account has session keys")
}

/// Registers session keys.
pub async fn set_keys(chain: &Chain, owner: &Account, made: NewKeys) {
    let keys = SessionKeys::read(&made.keys).unwrap();
    let set =
        chain.execute_in_block(owner, &validators::set_keys(keys, made.proof), PATIENCE).await;
    set.unwrap_or_else(|error| panic!("{error}"));
}

/// How finality names a validator: its GRANDPA key, as an address.
pub fn voter(keys: &SessionKeys) -> String {
    AccountId32(keys.grandpa).to_string()
}

/// Looks at the best block until there is something.
pub async fn until<T, F: Future<Output = Option<T>>>(
    chain: &Chain,
    what: &str,
    look: impl Fn(At) -> F,
) -> T {
    let found = async {
        loop {
            if let Some(found) = look(best(chain).await).await {
                return found;
            }
            sleep(LOOK).await;
        }
    };
    let found = timeout(SESSIONS, found).await;
    found.unwrap_or_else(|_| panic!("{what} was not there in {} s", SESSIONS.as_secs()))
}

/// Waits for the beginning of a session.
pub async fn until_session(chain: &Chain, wanted: u32) {
    until(chain, "the session", |at| async move {
        (validators::session(&at).await.unwrap() >= wanted).then_some(())
    })
    .await;
}

/// Waits until a validator makes a block after this one.
pub async fn until_it_makes_a_block(chain: &Chain, validator: &Account, after: u32) {
    until(chain, "a block of the validator", |at| async move {
        let last = validators::last_authored(&at, &validator.id()).await.unwrap();
        (last > Some(after)).then_some(())
    })
    .await;
}

/// Waits until a block is final for a node.
pub async fn until_final(chain: &Chain, height: u64) {
    let reached = async {
        while chain.finalized_number().await.unwrap() < height {
            sleep(LOOK).await;
        }
    };
    timeout(SESSIONS, reached).await.expect("blocks become final");
}
