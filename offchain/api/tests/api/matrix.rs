//! Who may call what.

use jsonrpsee::core::client::{ClientT, SubscriptionClientT};
use serde_json::{json, Value};
use smartlink_api::{table::Access, Code, Roles};

use super::house::{outcome, House, Named};

/// What a call with nonsense for parameters is answered with: who may call is told about the nonsense.
async fn code(house: &House, token: Option<&str>, method: &smartlink_api::table::Method) -> i32 {
    let nonsense = Named(json!({ "nonsense": true }));
    let client = house.websocket(token).await;
    let answer = match method.pushes() {
        None => outcome(client.request::<Value, _>(method.name, nonsense).await),
        Some((_, end)) => {
            let begun = client.subscribe::<Value, _>(method.name, nonsense, end).await;
            outcome(begun.map(|_| Value::Null))
        }
    };
    answer.expect_err("nonsense").code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_is_open_to_the_roles_of_its_row_and_to_nobody_else() {
    let house = House::open().await;
    let mut checked = 0;
    for method in smartlink_api::methods() {
        let without = code(&house, None, &method).await;
        let expected = match method.access {
            Access::Anyone => Code::InvalidParams,
            Access::LoggedIn | Access::Any(_) => Code::Unauthenticated,
        };
        assert_eq!(without, expected.number(), "{} without a token", method.name);
        for (role, name) in Roles::NAMES {
            let token = house.token(role).await;
            let allowed = match method.access {
                Access::Anyone | Access::LoggedIn => true,
                Access::Any(roles) => roles.meets(role),
            };
            let expected = if allowed { Code::InvalidParams } else { Code::Forbidden };
            let answered = code(&house, Some(&token), &method).await;
            assert_eq!(answered, expected.number(), "{} as {name}", method.name);
            checked += 1;
        }
    }
    assert_eq!(checked, smartlink_api::methods().len() * Roles::NAMES.len());
}

#[test]
fn who_only_reads_changes_nothing_and_who_only_drives_sees_no_staff_methods() {
    use smartlink_api::table::Effect;
    for method in smartlink_api::methods() {
        let Access::Any(roles) = method.access else { continue };
        if method.effect != Effect::Reads {
            assert!(!roles.meets(Roles::AUDITOR), "{}", method.name);
        }
        if ["ops_", "fleet_", "devices_", "telemetry_"].iter().any(|of| method.name.starts_with(of))
        {
            assert!(!roles.meets(Roles::RIDER.and(Roles::DRIVER)), "{}", method.name);
        }
    }
}
