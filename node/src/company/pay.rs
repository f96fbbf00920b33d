//! A payment to somebody: what an account needs before it can send anything.

use super::{
    account::{self, address},
    calls,
    error::Error,
    files::{File, Target},
    said::Said,
    start::quoted,
};
use smartlink_primitives::Money;
use smartlink_runtime::AccountId;

const PAY: &str = "pay.call";

/// Who is paid, and how much.
#[derive(Clone, Debug, clap::Args)]
pub struct Pay {
    /// Who gets it.
    #[arg(long, value_name = "ACCOUNT", value_parser = account::parse)]
    to: AccountId,

    /// How much, in CNY with up to six decimals: 1.00.
    #[arg(long, value_name = "CNY", value_parser = amount)]
    amount: Money,

    #[clap(flatten)]
    target: Target,
}

impl Pay {
    /// Writes `pay.call`.
    ///
    /// # Errors
    /// The file cannot be written, or is there with other content.
    pub fn run(&self) -> Result<String, Error> {
        let call = calls::pay(self.to.clone(), self.amount);
        self.target.write(&[File::plain(PAY, calls::line(&call))])?;
        let mut said = Said::new();
        said.line(format!("{} gets {} when this is signed.", address(&self.to), self.amount));
        said.steps([format!(
            "Whoever pays signs: smartlink-offchain call send {} --key-file FILE",
            quoted(&self.target.path(PAY).display().to_string())
        )]);
        Ok(said.into())
    }
}

/// An amount of CNY as people write it, in units of 10⁻⁶.
fn amount(text: &str) -> Result<Money, String> {
    let wrong =
        || format!("'{text}' is no amount: write CNY with up to six decimals, such as 1.00");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 18 && decimals.len() <= 6;
    if !fits || !digits(whole) || !digits(decimals) {
        return Err(wrong());
    }
    let units: u128 = format!("{whole}{decimals:0<6}").parse().map_err(|_| wrong())?;
    match units {
        0 => Err("nothing is paid: name an amount above 0".to_owned()),
        units => Ok(Money(units)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_payment_is_what_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target { into: folder.path().join("ganghang"), force: false };
        let to = AccountId::from([7; 32]);
        let pay = Pay { to: to.clone(), amount: amount("1.5").unwrap(), target: target.clone() };
        let said = pay.run().unwrap();
        assert!(said.contains("call send"), "{said}");
        let written = calls::read(&fs::read_to_string(target.path(PAY)).unwrap());
        assert_eq!(written, Some(calls::pay(to, Money(1_500_000))));
    }

    #[test]
    fn amounts_are_read_to_the_last_unit() {
        for (text, units) in [("1", 1_000_000), ("0.000001", 1), ("12.34", 12_340_000)] {
            assert_eq!(amount(text), Ok(Money(units)), "{text}");
        }
        for wrong in
            ["", ".", ".5", "1,00", "1.0000001", "-1", "1e3", "0", "0.00", "9999999999999999999"]
        {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
    }
}
