//! What is asked for: what an explorer, a portal and an app ask an index for.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{json, Value};
use smartlink_clickhouse::Store;

use super::rows::Grown;
use crate::Error;

/// Accounts, drivers, blocks that are asked for.
const SAMPLES: usize = 2_000;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Block,
    Extrinsic,
    Event,
    Balance,
    Driver,
    EventsByName,
    TransfersOfAccount,
    EventsOfBlocks,
    History,
    CountsByDay,
    SumsOfAccount,
    CountsByName,
}

impl Kind {
    pub(super) const ALL: [Self; 12] = [
        Self::Block,
        Self::Extrinsic,
        Self::Event,
        Self::Balance,
        Self::Driver,
        Self::EventsByName,
        Self::TransfersOfAccount,
        Self::EventsOfBlocks,
        Self::History,
        Self::CountsByDay,
        Self::SumsOfAccount,
        Self::CountsByName,
    ];

    /// How many of a hundred.
    fn share(self) -> u64 {
        match self {
            Self::Block => 20,
            Self::Extrinsic => 10,
            Self::Event => 10,
            Self::Balance => 15,
            Self::Driver => 5,
            Self::EventsByName => 10,
            Self::TransfersOfAccount => 10,
            Self::EventsOfBlocks => 5,
            Self::History => 5,
            Self::CountsByDay => 5,
            Self::SumsOfAccount => 4,
            Self::CountsByName => 1,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Block => "a block",
            Self::Extrinsic => "an extrinsic, its block and events",
            Self::Event => "an event",
            Self::Balance => "a balance",
            Self::Driver => "a driver, seats and companies",
            Self::EventsByName => "20 events of a name, before a block",
            Self::TransfersOfAccount => "the last 20 transfers of an account",
            Self::EventsOfBlocks => "5 blocks with 20 events each",
            Self::History => "20 versions of a balance",
            Self::CountsByDay => "events of a name by day",
            Self::SumsOfAccount => "an account's transfers, counted and summed",
            Self::CountsByName => "all events, counted by pallet and name",
        }
    }

    fn query(self) -> &'static str {
        match self {
            Self::Block => "query ($id: ID!) { block(id: $id) { id hash parent time eventCount extrinsicCount } }",
            Self::Extrinsic => {
                "query ($id: ID!) { extrinsic(id: $id) { id hash pallet name success fee block { number time } \
                 events(first: 10) { pallet name } } }"
            }
            Self::Event => "query ($id: ID!) { event(id: $id) { id pallet name fields time extrinsicPlace } }",
            Self::Balance => "query ($id: ID!) { balance(id: $id) { account free held time } }",
            Self::Driver => {
                "query ($id: ID!) { driver(id: $id) { driver account seats(first: 5) { status company { name } } } }"
            }
            Self::EventsByName => {
                "query ($pallet: String!, $name: String!, $block: Int!) { events(first: 20, orderDirection: desc, \
                 where: { pallet: $pallet, name: $name, blockNumber_lte: $block }) { id time fields } }"
            }
            Self::TransfersOfAccount => {
                "query ($id: Bytes!) { transfers(first: 20, orderDirection: desc, where: { from: $id }) \
                 { id to amount time } }"
            }
            Self::EventsOfBlocks => {
                "query ($block: Int!) { blocks(first: 5, where: { number_gte: $block }) { number hash \
                 events(first: 20) { pallet name } } }"
            }
            Self::History => {
                "query ($id: ID!) { balance(id: $id) { history(first: 20, orderDirection: desc) { free time } } }"
            }
            Self::CountsByDay => {
                "query ($pallet: String!, $name: String!) { eventsAggregate(interval: day, first: 31, \
                 orderDirection: desc, where: { pallet: $pallet, name: $name }) { time count } }"
            }
            Self::SumsOfAccount => {
                "query ($id: Bytes!) { transfersAggregate(where: { from: $id }) { count sum { amount } } }"
            }
            Self::CountsByName => {
                "{ eventsAggregate(groupBy: [pallet, name], orderDirection: desc, first: 20) { pallet name count } }"
            }
        }
    }
}

/// Whom and what requests are about.
pub(super) struct Mix {
    grown: Grown,
    accounts: Vec<String>,
    drivers: Vec<String>,
    names: Vec<(String, String)>,
    extrinsics: Vec<(u32, u32)>,
    events: Vec<(u32, u32)>,
    /// The state of the numbers that look like chance: the same in every run.
    chance: AtomicU64,
}

impl Mix {
    /// About what there is.
    pub(super) async fn of(store: &Store, grown: &Grown) -> Result<Self, Error> {
        let span = grown.span;
        let some = |sql: String| async move {
            let rows = store.query(&sql).fetch_all::<String>().await;
            rows.map_err(|error| Error::Asked(format!("{sql}: {error}")))
        };
        let pairs = |rows: Vec<String>| {
            let pair = |row: &String| {
                let (one, two) = row.split_once('-')?;
                Some((one.parse().ok()?, two.parse().ok()?))
            };
            rows.iter().filter_map(pair).collect::<Vec<(u32, u32)>>()
        };
        let accounts = some(format!(
            "SELECT id FROM balances_now FINAL ORDER BY cityHash64(id) LIMIT {SAMPLES}"
        ));
        let drivers = some(format!(
            "SELECT id FROM drivers_now FINAL ORDER BY cityHash64(id) LIMIT {SAMPLES}"
        ));
        let names =
            some("SELECT concat(pallet, '-', name) FROM events GROUP BY pallet, name".into());
        let extrinsics = some(format!(
            "SELECT concat(toString(block), '-', toString(place)) FROM extrinsics WHERE block < {span} \
             ORDER BY cityHash64(block, place) LIMIT {SAMPLES}"
        ));
        let events = some(format!(
            "SELECT concat(toString(block), '-', toString(place)) FROM events WHERE block < {span} \
             ORDER BY cityHash64(block, place) LIMIT {SAMPLES}"
        ));
        let mix = Self {
            grown: *grown,
            accounts: accounts.await?,
            drivers: drivers.await?,
            names: names
                .await?
                .iter()
                .filter_map(|name| name.split_once('-'))
                .map(|(pallet, name)| (pallet.to_owned(), name.to_owned()))
                .collect(),
            extrinsics: pairs(extrinsics.await?),
            events: pairs(events.await?),
            chance: AtomicU64::new(1),
        };
        let missing = mix.accounts.is_empty()
            || mix.drivers.is_empty()
            || mix.names.is_empty()
            || mix.extrinsics.is_empty();
        match missing || mix.events.is_empty() {
            true => Err(Error::Asked("the chain has not everything that is asked for: remove the folder of its kind, and have it made anew".to_owned())),
            false => Ok(mix),
        }
    }

    /// The next request.
    pub(super) fn request(&self) -> (Kind, String) {
        let mut place = self.below(100);
        let kind = Kind::ALL.into_iter().find(|kind| {
            let own = place < kind.share();
            place = place.saturating_sub(kind.share());
            own
        });
        let kind = kind.unwrap_or(Kind::Block);
        let body = json!({ "query": kind.query(), "variables": self.variables(kind) });
        (kind, body.to_string())
    }

    fn variables(&self, kind: Kind) -> Value {
        let block = || self.below(u64::from(self.grown.last));
        let again = |(block, place): (u32, u32)| {
            let times = u64::from(self.grown.last + 1) / u64::from(self.grown.span);
            let block = u64::from(block) + self.below(times) * u64::from(self.grown.span);
            format!("{block}-{place}")
        };
        match kind {
            Kind::Block => json!({ "id": block().to_string() }),
            Kind::Extrinsic => json!({ "id": again(*self.one(&self.extrinsics)) }),
            Kind::Event => json!({ "id": again(*self.one(&self.events)) }),
            Kind::Driver => json!({ "id": self.one(&self.drivers) }),
            Kind::EventsByName => {
                let (pallet, name) = self.one(&self.names);
                json!({ "pallet": pallet, "name": name, "block": block() })
            }
            Kind::CountsByDay => {
                let (pallet, name) = self.one(&self.names);
                json!({ "pallet": pallet, "name": name })
            }
            Kind::EventsOfBlocks => json!({ "block": block() }),
            Kind::CountsByName => json!({}),
            Kind::Balance | Kind::History | Kind::TransfersOfAccount | Kind::SumsOfAccount => {
                json!({ "id": self.one(&self.accounts) })
            }
        }
    }

    fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap_or(0)]
    }

    /// A number below another (SplitMix64).
    fn below(&self, most: u64) -> u64 {
        let state = self.chance.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most.max(1)
    }
}
