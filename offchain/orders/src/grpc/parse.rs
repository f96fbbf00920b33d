//! Messages from outside as commands. Strict: what is not understood is refused with its name.

use crate::{
    command::{Ask, Command, Place, QuoteAsk},
    event::Key,
    order::Party,
    State,
};
use sha2::{Digest, Sha256};
use smartlink_primitives::{vehicle::VehicleClass, DriverId, Seat, VehicleId};
use smartlink_proto::orders as proto;
use tonic::Status;

const MOST_KEY: usize = 64;
const MOST_TEXT: usize = 200;

fn wrong(message: impl Into<String>) -> Status {
    Status::invalid_argument(message)
}

/// The key of a command: a digest of who does what to what, and the client's own key. Two people may choose
/// the same key for the same order, and each gets an answer of her own.
pub(super) fn key(name: &str, who: u64, subject: u64, key: &str) -> Result<Key, Status> {
    if key.is_empty() || key.len() > MOST_KEY {
        return Err(wrong("idempotency_key: give 1 to 64 bytes, new for each command"));
    }
    let mut digest = Sha256::new();
    digest.update(name.as_bytes());
    digest.update(who.to_be_bytes());
    digest.update(subject.to_be_bytes());
    digest.update(key.as_bytes());
    let digest = digest.finalize();
    let first = digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte));
    // 0 stands for time itself.
    Ok(first.max(1))
}

/// How many a page shall have.
pub(super) fn limit(limit: u32, most: u32) -> Result<usize, Status> {
    match limit {
        limit if (1..=most).contains(&limit) => Ok(limit as usize),
        _ => Err(wrong(format!("limit is {limit}: give 1 to {most}"))),
    }
}

pub(super) fn random_code() -> Result<u16, Status> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes)
        .map_err(|error| Status::internal(format!("the system gives no random bytes: {error}")))?;
    // Below 10,000. Of 2³² numbers each remainder comes equally often but for one in 400,000.
    Ok((u32::from_le_bytes(bytes) % 10_000) as u16)
}

pub(super) fn quote(request: proto::QuoteRequest) -> Result<Command, Status> {
    let class = class(request.class)?;
    let key = key("quote", request.rider, 0, &request.idempotency_key)?;
    if request.rider == 0 {
        return Err(wrong("rider is 0: give the rider's account"));
    }
    if request.distance_m == 0 || request.duration_s == 0 {
        return Err(wrong("distance_m or duration_s is 0: ask Dispatch.Travel for both first"));
    }
    let ask = QuoteAsk {
        rider: request.rider,
        class,
        origin: place("origin", request.origin)?,
        destination: place("destination", request.destination)?,
        pickup_at_ms: request.pickup_at_ms,
        distance_m: request.distance_m,
        duration_s: request.duration_s,
        surge_permille: 1_000,
    };
    Ok(Command { key, ask: Ask::Quote(Box::new(ask)) })
}

fn place(name: &str, place: Option<proto::Place>) -> Result<Place, Status> {
    let place = place.ok_or_else(|| wrong(format!("{name} is missing: give a place")))?;
    let on_earth = place.latitude_e6.unsigned_abs() <= 90_000_000
        && place.longitude_e6.unsigned_abs() <= 180_000_000;
    if !on_earth {
        return Err(wrong(format!("{name} is not on Earth: give 10^-6 degrees of WGS 84")));
    }
    let (latitude_e6, longitude_e6) = (place.latitude_e6, place.longitude_e6);
    Ok(Place { latitude_e6, longitude_e6, name: text(name, place.name)? })
}

fn text(name: &str, text: String) -> Result<String, Status> {
    if text.len() > MOST_TEXT {
        return Err(wrong(format!("{name} has {} bytes: give at most {MOST_TEXT}", text.len())));
    }
    Ok(text)
}

fn class(class: i32) -> Result<VehicleClass, Status> {
    match proto::VehicleClass::try_from(class) {
        Ok(proto::VehicleClass::Economy) => Ok(VehicleClass::Economy),
        Ok(proto::VehicleClass::Comfort) => Ok(VehicleClass::Comfort),
        Ok(proto::VehicleClass::Premium) => Ok(VehicleClass::Premium),
        Ok(proto::VehicleClass::Van) => Ok(VehicleClass::Van),
        _ => Err(wrong("class: give economy, comfort, premium or van")),
    }
}

fn party(name: &str, party: i32) -> Result<Party, Status> {
    match proto::Party::try_from(party) {
        Ok(proto::Party::Rider) => Ok(Party::Rider),
        Ok(proto::Party::Driver) => Ok(Party::Driver),
        Ok(proto::Party::Company) => Ok(Party::Company),
        _ => Err(wrong(format!("{name}: give rider, driver or company"))),
    }
}

pub(super) fn optional_state(state: i32) -> Result<Option<State>, Status> {
    if state == 0 {
        return Ok(None);
    }
    let found = State::ALL.into_iter().find(|known| *known as i32 == state);
    found.map(Some).ok_or_else(|| wrong("state: give one of the states in docs/orders.md"))
}

pub(super) fn cancel(request: proto::CancelRequest) -> Result<Command, Status> {
    let by = party("by", request.by)?;
    let fault = match by {
        Party::Company => party("fault", request.fault)?,
        // The service decides.
        Party::Rider | Party::Driver => Party::Company,
    };
    let name = ["cancel by rider", "cancel by driver", "cancel by company"][by as usize];
    let key = key(name, request.who, request.order, &request.idempotency_key)?;
    let reason = text("reason", request.reason)?;
    let (order, who) = (request.order, request.who);
    Ok(Command { key, ask: Ask::Cancel { order, by, who, fault, reason } })
}

pub(super) fn rate(request: proto::RateRequest) -> Result<Command, Status> {
    let by = party("by", request.by)?;
    let name = ["rate by rider", "rate by driver", "rate by company"][by as usize];
    let key = key(name, request.who, request.order, &request.idempotency_key)?;
    let stars = u8::try_from(request.stars).unwrap_or(u8::MAX);
    let (order, who) = (request.order, request.who);
    Ok(Command { key, ask: Ask::Rate { order, by, who, stars } })
}

pub(super) fn on_duty(request: proto::OnDutyRequest) -> Result<Command, Status> {
    let key = key("on_duty", request.driver.into(), 0, &request.idempotency_key)?;
    if request.driver == 0 || request.vehicle == 0 {
        return Err(wrong("driver or vehicle is 0: give the ids that the chain gave"));
    }
    let ask = Ask::OnDuty {
        driver: DriverId(request.driver),
        vehicle: VehicleId(request.vehicle),
        seat: Seat(request.seat),
        class: class(request.class)?,
    };
    Ok(Command { key, ask })
}

pub(super) fn pick_up(request: proto::PickUpRequest) -> Result<Command, Status> {
    let key = key("pick_up", request.driver.into(), request.order, &request.idempotency_key)?;
    let code = &request.start_code;
    let digits = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
    let start_code = code.parse().ok().filter(|_| digits);
    let start_code = start_code.ok_or_else(|| wrong("start_code: give the rider's four digits"))?;
    let (order, driver) = (request.order, DriverId(request.driver));
    Ok(Command { key, ask: Ask::PickUp { order, driver, start_code } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_for_something_or_somebody_else_is_another_key() {
        let one = key("accept", 1, 7, "a").unwrap();
        assert_eq!(one, key("accept", 1, 7, "a").unwrap());
        let others = [
            key("decline", 1, 7, "a"),
            key("accept", 2, 7, "a"),
            key("accept", 1, 8, "a"),
            key("accept", 1, 7, "b"),
        ];
        for other in others {
            assert_ne!(one, other.unwrap());
        }
        assert!(key("accept", 1, 7, "").is_err());
        assert!(key("accept", 1, 7, &"x".repeat(65)).is_err());
    }

    #[test]
    fn a_start_code_is_four_digits() {
        let request = |start_code: &str| {
            pick_up(proto::PickUpRequest {
                idempotency_key: "k".into(),
                order: 1,
                driver: 2,
                start_code: start_code.into(),
            })
        };
        assert!(request("0042").is_ok());
        for wrong in ["42", "+042", "00420", "四二", ""] {
            assert!(request(wrong).is_err(), "{wrong}");
        }
    }
}
