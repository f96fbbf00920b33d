//! Who calls, and as what.

use smartlink_primitives::Permissions;

use crate::people::{Seated, Standing};

/// What somebody is in this company: a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles(u8);

impl Roles {
    /// None.
    pub const NONE: Self = Self(0);
    /// Orders rides. Every account with a password is one.
    pub const RIDER: Self = Self(1);
    /// Drives for the company. Enrolled on the chain.
    pub const DRIVER: Self = Self(1 << 1);
    /// Looks after vehicles: permission `FLEET`.
    pub const FLEET: Self = Self(1 << 2);
    /// Looks after drivers: permission `PERSONNEL`.
    pub const PERSONNEL: Self = Self(1 << 3);
    /// Looks after money: permission `FINANCE`.
    pub const FINANCE: Self = Self(1 << 4);
    /// Runs orders and dispatch: permission `DISPATCH`.
    pub const OPERATIONS: Self = Self(1 << 5);
    /// Reads everything, changes nothing: permission `AUDIT` here, or in a company that audits.
    pub const AUDITOR: Self = Self(1 << 6);
    /// Grants roles: permission `ROLES`.
    pub const ADMIN: Self = Self(1 << 7);

    /// Each with its name.
    pub const NAMES: [(Self, &'static str); 8] = [
        (Self::RIDER, "rider"),
        (Self::DRIVER, "driver"),
        (Self::FLEET, "fleet"),
        (Self::PERSONNEL, "personnel"),
        (Self::FINANCE, "finance"),
        (Self::OPERATIONS, "operations"),
        (Self::AUDITOR, "auditor"),
        (Self::ADMIN, "admin"),
    ];

    /// The roles of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is one that both have.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(role, _)| self.meets(*role)).map(|(_, name)| name)
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(_, known)| *known == name).map(|(role, _)| role)
    }

    /// What the chain says, in roles.
    pub fn of(standing: &Standing) -> Self {
        let permitted = [
            (Permissions::FLEET, Self::FLEET),
            (Permissions::PERSONNEL, Self::PERSONNEL),
            (Permissions::FINANCE, Self::FINANCE),
            (Permissions::DISPATCH, Self::OPERATIONS),
            (Permissions::AUDIT, Self::AUDITOR),
            (Permissions::ROLES, Self::ADMIN),
        ];
        let mut roles = Self::NONE;
        for (permission, role) in permitted {
            if standing.permissions.contains(permission) {
                roles = roles.and(role);
            }
        }
        if standing.driver.is_some() {
            roles = roles.and(Self::DRIVER);
        }
        if standing.audits {
            roles = roles.and(Self::AUDITOR);
        }
        roles
    }
}

/// Who a token is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account in this api.
    pub account: u64,
    /// What it is.
    pub roles: Roles,
    /// The driver, when it is one.
    pub driver: Option<Seated>,
    /// The session that the token is of.
    pub session: u64,
    /// Until when the token is good, in milliseconds of the Unix epoch.
    pub expires_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_and_seats_become_roles() {
        let driver = Some(Seated { driver: 7, seat: 3 });
        let permissions = Permissions::FLEET | Permissions::AUDIT;
        let roles = Roles::of(&Standing { permissions, driver, audits: false });
        assert_eq!(roles.names().collect::<Vec<_>>(), ["driver", "fleet", "auditor"]);
        assert!(Roles::of(&Standing::default()).is_empty());
        let elsewhere = Standing { audits: true, ..Default::default() };
        assert_eq!(Roles::of(&elsewhere), Roles::AUDITOR);
        assert!(Roles::NAMES.iter().all(|(role, name)| Roles::named(name) == Some(*role)));
    }
}
