//! What somebody may do for a company.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const ROLES: Entity = Entity {
    name: "roles",
    about: "What somebody may do for a company, as bits of Permissions, and until when. The id is company-account.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("account", Kind::Account).optional().indexed(),
        Column::new("permissions", Kind::U32).optional(),
        Column::new("expires", Kind::Time).optional(),
        Column::new("granted_by", Kind::Account).optional(),
        Column::new("revoked_by", Kind::Account).optional(),
    ],
    facts: &[
        (Origin::State, "Consortium", "Roles"),
        (Origin::Event, "Consortium", "RoleGranted"),
        (Origin::Event, "Consortium", "RoleRevoked"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let granted: &[&str] = &["permissions", "expires", "granted_by"];
    if fact.name == "Roles" {
        let (company, account) = (fact.key(0)?, fact.key(1)?);
        let patch = of(fact, company, account)?;
        return Ok(vec![patch.copy(&ROLES, &fact.seen_as(fact.field("value")?), granted)?]);
    }
    let patch = of(fact, fact.field("company")?, fact.field("who")?)?;
    Ok(vec![match fact.name {
        "RoleGranted" => {
            let nobody = &Value::Null;
            patch.copy(&ROLES, fact, granted)?.rename(&ROLES, fact, "revoked_by", nobody)?
        }
        _ => patch.copy(&ROLES, fact, &["revoked_by"])?.removed(),
    }])
}

fn of(fact: &Fact<'_>, company: &Value, account: &Value) -> Result<Patch, Unread> {
    Patch::of(format!("{}-{}", company.json(), account.json().trim_matches('"')))
        .rename(&ROLES, fact, "company", company)?
        .rename(&ROLES, fact, "account", account)
}
