//! A driver takes home what the ledger says that she earned.

use smartlink_chain::{
    api::{
        balances::events::Withdraw, settlement::events::Withdrawn,
        transaction_payment::events::TransactionFeePaid,
    },
    calls, queries, Account, Chain,
};
use smartlink_primitives::{DriverId, Money};

use crate::{
    account::{self, CompanyAccount},
    error::differs,
    fleet::{driver_key, Enrolled, KEY_HOLDERS},
    staff::{Staff, PATIENCE},
    Error,
};

/// What the company gives a driver before her first withdrawal: the chain takes no transaction of an account that is empty. It
/// also pays the fee, should the company's allowance be used up.
const FIRST_MONEY: Money = Money::yuan(1);
/// The driver who withdraws at the end of a day, when she has earned something.
const FAVOURITE: usize = 16;

/// What a driver took home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Who.
    pub driver: DriverId,
    /// What left the ledger.
    pub amount: Money,
    /// What the transaction cost her: nothing while her company's allowance lasts.
    pub fee: Money,
}

/// Has a driver withdraw everything, and checks her ledger, her account, her fee and all money.
///
/// # Errors
/// The chain refused it, or a figure differs from `owed`.
pub async fn take_home(
    chain: &Chain,
    staff: &Staff,
    driver: &Enrolled,
    key: &Account,
    owed: Money,
) -> Result<Withdrawal, Error> {
    let company = staff.company.id;
    let given = calls::transfer(key.id(), FIRST_MONEY);
    let given = chain.execute(&staff.admin, &given, PATIENCE).await?;
    let at = chain.at(given.block).await?;
    let (before, supply) = (queries::account(&at, key.id()).await?, queries::supply(&at).await?);

    let withdraw = calls::withdraw(company, driver.seat, None);
    let included = chain.execute(key, &withdraw, PATIENCE).await?;
    let amount = included.event::<Withdrawn>("Settlement::Withdrawn")?.amount.0;
    let paid: TransactionFeePaid = included.event("TransactionPayment::TransactionFeePaid")?;
    // Nothing was taken before the transaction from who draws on an allowance.
    let in_money = included.event::<Withdraw>("Balances::Withdraw").is_ok();
    let fee = if in_money { Money(paid.actual_fee) } else { Money::ZERO };

    let who = driver.driver;
    let at = chain.at(included.block).await?;
    same(&format!("what {who} withdrew"), amount, owed)?;
    let free = queries::account(&at, key.id()).await?.free;
    let expected = Money((before.free.0 + amount.0).saturating_sub(fee.0));
    same(&format!("the account of {who} after her fee of {fee}"), free, expected)?;
    if let Some(ledger) = queries::driver_ledger(&at, company, who).await? {
        same(&format!("the ledger of {who}"), ledger.balance, Money::ZERO)?;
    }
    let after = account::check_money(&at).await?;
    same("all money in existence", after.issuance, supply.issuance)?;
    same("the drivers' ledgers", Money(after.ledgers.0 + amount.0), supply.ledgers)?;
    Ok(Withdrawal { driver: who, amount, fee })
}

fn same(what: &str, chain: Money, own: Money) -> Result<(), Error> {
    if chain == own {
        Ok(())
    } else {
        Err(differs(what, chain, own))
    }
}

/// Has one driver of the company, who has a key and has earned something, take everything home. `None`
/// when there is no such driver.
///
/// # Errors
/// The chain refused it, or a figure differs.
pub async fn of_the_day(
    chain: &Chain,
    staff: &Staff,
    account: &CompanyAccount,
) -> Result<Option<Withdrawal>, Error> {
    for number in std::iter::once(FAVOURITE).chain(0..KEY_HOLDERS) {
        let key = driver_key(&staff.company, number)?;
        let mut drivers = account.roster.drivers().iter();
        let Some(driver) = drivers.find(|driver| driver.account == key.id()) else {
            continue;
        };
        let owed = account.expected.seats.get(&driver.seat).copied().unwrap_or_default();
        if owed > Money::ZERO {
            return Ok(Some(take_home(chain, staff, driver, &key, owed).await?));
        }
    }
    Ok(None)
}
