//! The companies of the development chains, and the people who work for them.

use std::time::Duration;

use smartlink_chain::{calls, Account, Chain, SignerError, SubmitError};
use smartlink_primitives::{CompanyId, Money, Permissions};

/// How long a transaction of the set-up may take until it is final.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// What every member of the staff gets for fees.
const POCKET: Money = Money::yuan(10_000);

/// A company of the development chains.
#[derive(Clone, Copy, Debug)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: &'static str,
    /// The secret of its administrator, who may do everything and holds its treasury.
    pub admin: &'static str,
}

/// The two platforms of the development chains.
pub const PLATFORMS: [Company; 2] = [
    Company { id: CompanyId(1), name: "Shenxing Mobility", admin: "//Alice" },
    Company { id: CompanyId(2), name: "Xinghe Ride", admin: "//Bob" },
];

/// The people of a company. Each may do one thing.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Whose they are.
    pub company: Company,
    /// May do everything.
    pub admin: Account,
    /// Enrols drivers.
    pub personnel: Account,
    /// Registers vehicles.
    pub fleet: Account,
    /// Moves money.
    pub finance: Account,
    /// Proposes tariffs.
    pub maker: Account,
    /// Approves tariffs.
    pub checker: Account,
    /// Sends rides, and roots of what vehicles reported.
    pub worker: Account,
}

impl Staff {
    /// The keys of a company's people.
    pub fn new(company: Company) -> Result<Self, SignerError> {
        let of = |role: &str| Account::from_uri(&format!("{}//{role}", company.admin));
        Ok(Self {
            company,
            admin: Account::from_uri(company.admin)?,
            personnel: of("personnel")?,
            fleet: of("fleet")?,
            finance: of("finance")?,
            maker: of("maker")?,
            checker: of("checker")?,
            worker: of("worker")?,
        })
    }

    /// Everybody but the administrator, with what they may do.
    pub fn roles(&self) -> [(&Account, Permissions); 6] {
        [
            (&self.personnel, Permissions::PERSONNEL),
            (&self.fleet, Permissions::FLEET),
            (&self.finance, Permissions::FINANCE),
            (&self.maker, Permissions::TARIFF_MAKER),
            (&self.checker, Permissions::TARIFF_CHECKER),
            (&self.worker, Permissions::SETTLEMENT | Permissions::TELEMETRY),
        ]
    }

    /// Gives everybody a role and money for fees, in one transaction of the administrator.
    ///
    /// # Errors
    /// The chain refused it.
    pub async fn hire(&self, chain: &Chain) -> Result<(), SubmitError> {
        let mut items = Vec::new();
        for (account, permissions) in self.roles() {
            items.push(calls::transfer_in_batch(account.id(), POCKET));
            items.push(calls::grant_role_in_batch(
                self.company.id,
                account.id(),
                permissions,
                None,
            ));
        }
        chain.execute(&self.admin, &calls::batch_all(items), PATIENCE).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_two_roles_and_two_people_change_a_tariff() {
        let staff = Staff::new(PLATFORMS[0]).unwrap();
        let mut ids: Vec<_> = staff.roles().iter().map(|(account, _)| account.id()).collect();
        ids.push(staff.admin.id());
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 7);
    }
}
