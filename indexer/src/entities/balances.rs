//! What accounts have.
//!
//! pallet-balances tells every change of an account's free and held money by an event, but for two, after which the
//! index says that it does not know: `Slashed` (free or held), and the receiver of `TransferOnHold` (free or held).
//! `Endowed` only repeats what another event of the same change says.

use crate::domain::{Cell, Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const BALANCES: Entity = Entity {
    name: "balances",
    about: "What accounts have: free, and held for some purpose. Nothing: it is not known.",
    columns: &[
        Column::new("account", Kind::Account).optional(),
        Column::sum("free"),
        Column::sum("held"),
    ],
    facts: &[
        (Origin::State, "System", "Account"),
        (Origin::Event, "Balances", "BalanceSet"),
        (Origin::Event, "Balances", "Burned"),
        (Origin::Event, "Balances", "BurnedHeld"),
        (Origin::Event, "Balances", "Deposit"),
        (Origin::Event, "Balances", "DustLost"),
        (Origin::Event, "Balances", "Held"),
        (Origin::Event, "Balances", "Minted"),
        (Origin::Event, "Balances", "Released"),
        (Origin::Event, "Balances", "ReserveRepatriated"),
        (Origin::Event, "Balances", "Reserved"),
        (Origin::Event, "Balances", "Restored"),
        (Origin::Event, "Balances", "Slashed"),
        (Origin::Event, "Balances", "Suspended"),
        (Origin::Event, "Balances", "Transfer"),
        (Origin::Event, "Balances", "TransferAndHold"),
        (Origin::Event, "Balances", "TransferOnHold"),
        (Origin::Event, "Balances", "Unreserved"),
        (Origin::Event, "Balances", "Withdraw"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    if fact.name == "Account" {
        return born(fact);
    }
    if fact.name == "BalanceSet" {
        let who = of(fact, "who")?;
        return Ok(vec![who.rename(&BALANCES, fact, "free", fact.field("free")?)?]);
    }
    let amount = match fact.name {
        "TransferAndHold" => fact.integer("transferred")?,
        _ => fact.integer("amount")?,
    };
    let who = || of(fact, "who");
    Ok(match fact.name {
        "Deposit" | "Minted" | "Restored" => vec![who()?.add("free", amount)],
        "Withdraw" | "Burned" | "Suspended" => vec![who()?.subtract("free", amount)],
        "DustLost" => vec![of(fact, "account")?.subtract("free", amount)],
        "Held" | "Reserved" => vec![who()?.subtract("free", amount).add("held", amount)],
        "Released" | "Unreserved" => vec![who()?.add("free", amount).subtract("held", amount)],
        "BurnedHeld" => vec![who()?.subtract("held", amount)],
        "Transfer" => {
            vec![of(fact, "from")?.subtract("free", amount), of(fact, "to")?.add("free", amount)]
        }
        "TransferAndHold" => vec![
            of(fact, "source")?.subtract("free", amount),
            of(fact, "dest")?.add("held", amount),
        ],
        "TransferOnHold" => {
            vec![of(fact, "source")?.subtract("held", amount), unknown(of(fact, "dest")?)]
        }
        "ReserveRepatriated" => {
            let becomes = match fact.field("destination_status")? {
                Value::Text(status) if &**status == "Free" => "free",
                _ => "held",
            };
            vec![of(fact, "from")?.subtract("held", amount), of(fact, "to")?.add(becomes, amount)]
        }
        _ => vec![unknown(who()?)],
    })
}

/// An account of the genesis.
fn born(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let account = fact.key(0)?;
    let value = fact.seen_as(fact.field("value")?);
    let data = value.seen_as(value.field("data")?);
    let patch = Patch::of(account.json().trim_matches('"'))
        .rename(&BALANCES, fact, "account", account)?
        .rename(&BALANCES, fact, "free", data.field("free")?)?
        .rename(&BALANCES, fact, "held", data.field("reserved")?)?;
    Ok(vec![patch])
}

fn of(fact: &Fact<'_>, field: &'static str) -> Result<Patch, Unread> {
    Patch::of(fact.account(field)?).rename(&BALANCES, fact, "account", fact.field(field)?)
}

fn unknown(patch: Patch) -> Patch {
    patch.set("free", Cell::Null).set("held", Cell::Null)
}
