//! The account at the end of a day: what the chain says, checked against the recomputation.

use futures::{stream, StreamExt, TryStreamExt};
use smartlink_chain::{queries, At, Chain};
use smartlink_primitives::{
    ledger::{Supply, Totals},
    CompanyId, Money,
};

use crate::{
    day::Day,
    error::differs,
    finality::Latency,
    fleet::Roster,
    recompute::{CompanyExpected, Sums},
    table::{grouped, Table},
    Error,
};

/// Questions that are asked side by side.
const SIDE_BY_SIDE: usize = 32;

/// A company's day as it came out.
#[derive(Debug)]
pub struct CompanyAccount {
    /// The company's name.
    pub name: &'static str,
    /// Its drivers.
    pub roster: Roster,
    /// What it must come to.
    pub expected: CompanyExpected,
}

/// Compares the company's totals and every driver's ledger with the recomputation.
///
/// # Errors
/// Names the first figure that differs.
pub async fn check_company(at: &At, account: &CompanyAccount) -> Result<Totals, Error> {
    let expected = &account.expected;
    let totals = queries::totals(at, expected.company).await?;
    check_totals(expected.company, &totals, expected.batches.len() as u64, &expected.sums)?;
    stream::iter(account.roster.drivers())
        .map(|driver| async move {
            let ledger = queries::driver_ledger(at, expected.company, driver.driver).await?;
            let own = expected.seats.get(&driver.seat).copied().unwrap_or_default();
            match ledger {
                Some(ledger) if ledger.seat == driver.seat => same(
                    &format!("{}: balance of {}", expected.company, driver.driver),
                    ledger.balance,
                    own,
                ),
                Some(ledger) => same("the seat of a driver", ledger.seat, driver.seat),
                None => {
                    Err(Error::Differs(format!("the chain has no ledger of {}", driver.driver)))
                }
            }
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(totals)
}

/// Compares a company's totals with sums that were computed without the chain.
///
/// # Errors
/// Names the first figure that differs.
pub fn check_totals(
    company: CompanyId,
    totals: &Totals,
    batches: u64,
    sums: &Sums,
) -> Result<(), Error> {
    same(&format!("{company}: batches"), totals.batches, batches)?;
    same(&format!("{company}: rides"), totals.rides, sums.rides)?;
    same(&format!("{company}: gross"), totals.gross, sums.gross)?;
    same(&format!("{company}: drivers' part"), totals.drivers, sums.drivers)?;
    same(&format!("{company}: platform's part"), totals.platform, sums.platform)?;
    same(&format!("{company}: third parties' part"), totals.third_parties, sums.third_parties)
}

/// Checks that all money is somewhere, and that the chain's own invariants hold.
///
/// # Errors
/// Names the broken one.
pub async fn check_money(at: &At) -> Result<Supply, Error> {
    let supply = queries::supply(at).await?;
    same(
        "issuance, against free and held money,",
        supply.issuance,
        Money(supply.free.0 + supply.held.0),
    )?;
    same(
        "the ledgers' account, against the sum of all ledgers,",
        supply.ledger_account,
        supply.ledgers,
    )?;
    queries::check_invariants(at).await?;
    Ok(supply)
}

fn same<T: PartialEq + std::fmt::Display>(what: &str, chain: T, own: T) -> Result<(), Error> {
    if chain == own {
        Ok(())
    } else {
        Err(differs(what, chain, own))
    }
}

/// Times that were measured while the day was settled.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// From the first sight of a block to its finality.
    pub blocks: Option<Latency>,
    /// From sending a batch to its finality.
    pub batches: Option<Latency>,
}

/// Checks everything at the last final block, and prints the account.
///
/// # Errors
/// Names the first figure that differs.
pub async fn close(
    chain: &Chain,
    day: &Day,
    accounts: &[CompanyAccount],
    times: Times,
) -> Result<(), Error> {
    let at = chain.at_finalized().await?;
    let mut total = Sums::default();
    for account in accounts {
        check_company(&at, account).await?;
        total += account.expected.sums;
    }
    let supply = check_money(&at).await?;
    let drivers: usize = accounts.iter().map(|account| account.roster.drivers().len()).sum();
    println!("\nThe account of {}, at block {}:\n", day.title, at.block_number());
    println!("{}", table(accounts, &total));
    println!("{}", charged(day, &total));
    println!(
        "All of it was computed a second time without the chain: every total, the root of every"
    );
    println!(
        "batch's receipts and the ledgers of all {} drivers are equal to the last unit.",
        grouped(drivers as u64)
    );
    println!("{}", money(&supply));
    println!("{}", chain_state(chain, &at, times).await?);
    Ok(())
}

fn table(accounts: &[CompanyAccount], total: &Sums) -> Table {
    let mut table =
        Table::new(&["", "rides", "gross", "drivers", "platform", "third parties", "tolls within"]);
    let mut add = |name: &str, sums: &Sums| {
        table.row([
            name.to_owned(),
            grouped(sums.rides),
            sums.gross.to_string(),
            sums.drivers.to_string(),
            sums.platform.to_string(),
            sums.third_parties.to_string(),
            sums.tolls.to_string(),
        ]);
    };
    for account in accounts {
        add(account.name, &account.expected.sums);
    }
    add("together", total);
    table
}

fn charged(day: &Day, total: &Sums) -> String {
    let fares = Money(total.gross.0.saturating_sub(total.tolls.0));
    match day.charged() {
        Some(charged) => format!(
            "The source itself says that these rides cost {charged} without tolls; by the tariff on \
             the\nchain they cost {fares}, tolls apart."
        ),
        None => format!("Without tolls the rides cost {fares}."),
    }
}

fn money(supply: &Supply) -> String {
    format!(
        "Of {} in existence {} are free and {} are held, on {} accounts: none missing, none too \
         many.\nThe drivers' ledgers hold {}, and the account behind them holds the same. All \
         invariants hold.",
        supply.issuance,
        supply.free,
        supply.held,
        grouped(supply.accounts.into()),
        supply.ledgers,
    )
}

async fn chain_state(chain: &Chain, at: &At, times: Times) -> Result<String, Error> {
    let mut text = String::new();
    if let Some(blocks) = times.blocks {
        text += &format!("{} blocks were final after {blocks}.\n", grouped(blocks.count as u64));
    }
    if let Some(batches) = times.batches {
        text += &format!(
            "From sending to finality, {} batches took {batches}.\n",
            grouped(batches.count as u64)
        );
    }
    match chain.beefy_finalized().await? {
        Some(head) => {
            let number = chain.at(head).await?.block_number();
            text += &format!("BEEFY has signed up to block {number}");
        }
        None => text += "BEEFY has signed no block yet",
    }
    let root = chain.mmr_root(at.block_hash()).await?;
    text += &format!("; the root of the MMR at block {} is {root:?}.", at.block_number());
    Ok(text)
}
