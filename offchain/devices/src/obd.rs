//! What a vehicle's diagnostic bus says, as readings.

use smartlink_jt808::obd::{self, pids, CodeKind, Response, Value};
use smartlink_records::{Quantity, Reading};

/// The trouble codes of one response that are kept.
const MAX_CODES: usize = 16;

/// The readings of one response of a control unit (SAE J1979: the service with bit 6 set, and what is behind it): the
/// values of services 01 and 02 that telemetry keeps, and the stored codes of service 03. None of what is no response.
pub fn readings(response: &[u8]) -> Vec<Reading> {
    match Response::decode(response) {
        Ok(Response::Codes(CodeKind::Stored, codes)) => {
            let count = i64::try_from(codes.len()).unwrap_or(i64::MAX);
            let codes = codes.into_iter().take(MAX_CODES).zip(0u8..);
            let codes = codes.map(|(code, instance)| Reading {
                quantity: Quantity::TroubleCode,
                instance,
                value: code.0.into(),
            });
            std::iter::once(Reading::of(Quantity::TroubleCodes, count)).chain(codes).collect()
        }
        // What was so when a code was stored is not so now.
        Ok(Response::Freeze { .. }) | Err(_) => Vec::new(),
        Ok(response) => response.values().iter().filter_map(reading).collect(),
    }
}

/// The readings of responses that stand one behind the other, each behind its length in one byte.
pub fn framed_readings(responses: &[u8]) -> Vec<Reading> {
    obd::framed_responses(responses).flat_map(readings).collect()
}

/// The reading of a value. Their units are those of the quantities.
fn reading(value: &Value) -> Option<Reading> {
    let quantity = match value.pid {
        pids::MONITORS if value.name == "trouble_codes" => Quantity::TroubleCodes,
        pids::ENGINE_LOAD => Quantity::EngineLoad,
        pids::COOLANT_TEMPERATURE => Quantity::CoolantTemperature,
        pids::FUEL_PRESSURE => Quantity::FuelPressure,
        pids::INTAKE_PRESSURE => Quantity::IntakePressure,
        pids::ENGINE_SPEED => Quantity::EngineSpeed,
        pids::VEHICLE_SPEED => Quantity::VehicleSpeed,
        pids::TIMING_ADVANCE => Quantity::TimingAdvance,
        pids::INTAKE_TEMPERATURE => Quantity::IntakeTemperature,
        pids::AIR_FLOW => Quantity::AirFlow,
        pids::THROTTLE => Quantity::Throttle,
        pids::ENGINE_RUN_TIME => Quantity::EngineRunTime,
        pids::DISTANCE_WITH_FAULT => Quantity::DistanceWithFault,
        pids::FUEL_LEVEL => Quantity::FuelLevel,
        pids::AMBIENT_PRESSURE => Quantity::AmbientPressure,
        pids::MODULE_VOLTAGE => Quantity::SupplyVoltage,
        pids::AMBIENT_TEMPERATURE => Quantity::AmbientTemperature,
        pids::HYBRID_CHARGE => Quantity::Charge,
        pids::OIL_TEMPERATURE => Quantity::OilTemperature,
        pids::FUEL_RATE => Quantity::FuelRate,
        pids::ODOMETER => Quantity::Odometer,
        _ => return None,
    };
    Some(Reading::of(quantity, value.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_becomes_readings_in_their_units() {
        let of = |response: &[u8]| {
            let named = readings(response).into_iter();
            named
                .map(|reading| (reading.quantity.name(), reading.instance, reading.value))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of(&[0x41, 0x05, 0x7b, 0x0c, 0x1a, 0xf8, 0x0d, 60]),
            [
                ("coolant_temperature", 0, 830),
                ("engine_speed", 0, 17_260),
                ("vehicle_speed", 0, 600)
            ]
        );
        assert_eq!(
            of(&[0x43, 2, 0x01, 0x33, 0xd0, 0x16]),
            [("trouble_codes", 0, 2), ("trouble_code", 0, 0x0133), ("trouble_code", 1, 0xd016)]
        );
        assert_eq!(of(&[0x43, 0]), [("trouble_codes", 0, 0)]);
        assert!(of(&[0x42, 0x05, 0, 0x7b]).is_empty(), "a frozen value is of another time");
        assert!(of(b"noise").is_empty());
        assert_eq!(framed_readings(&[4, 0x41, 0x05, 0x7b, 0, 3, 0x41, 0x0d, 60]).len(), 2);
    }
}
