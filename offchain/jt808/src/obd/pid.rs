//! The parameters of service 01 (SAE J1979-DA).

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 0.1 rpm.
    Rpm,
    /// 0.1 %.
    Percent,
    /// 0.1 °C.
    Celsius,
    /// 0.1 km/h.
    Speed,
    /// Pa.
    Pascal,
    /// 0.1 ° of the crank.
    Degree,
    /// 10 mg/s.
    AirFlow,
    /// ml/h.
    FuelRate,
    /// s.
    Second,
    /// m.
    Metre,
    /// mV.
    Millivolt,
    /// µA.
    Microampere,
    /// 10⁻⁴.
    Ratio,
    /// Nm.
    NewtonMetre,
    /// As many.
    Count,
    /// A number that stands for something.
    Code,
    /// A bit each.
    Bits,
    /// Two bytes: [`TroubleCode`](super::TroubleCode).
    TroubleCode,
}

/// One value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// The parameter's number: [`pids`] names those that telemetry keeps.
    pub pid: u8,
    /// The value's name; a parameter may have several.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// In the unit.
    pub value: i64,
}

/// Numbers of parameters that telemetry keeps. Each has one value but [`MONITORS`](pids::MONITORS).
pub mod pids {
    /// `trouble_codes`, how many are stored, and `lamp`, whether the malfunction lamp is on.
    pub const MONITORS: u8 = 0x01;
    /// 0.1 %.
    pub const ENGINE_LOAD: u8 = 0x04;
    /// 0.1 °C.
    pub const COOLANT_TEMPERATURE: u8 = 0x05;
    /// Pa.
    pub const FUEL_PRESSURE: u8 = 0x0a;
    /// Pa.
    pub const INTAKE_PRESSURE: u8 = 0x0b;
    /// 0.1 rpm.
    pub const ENGINE_SPEED: u8 = 0x0c;
    /// 0.1 km/h.
    pub const VEHICLE_SPEED: u8 = 0x0d;
    /// 0.1 °.
    pub const TIMING_ADVANCE: u8 = 0x0e;
    /// 0.1 °C.
    pub const INTAKE_TEMPERATURE: u8 = 0x0f;
    /// 10 mg/s.
    pub const AIR_FLOW: u8 = 0x10;
    /// 0.1 %.
    pub const THROTTLE: u8 = 0x11;
    /// s.
    pub const ENGINE_RUN_TIME: u8 = 0x1f;
    /// m.
    pub const DISTANCE_WITH_FAULT: u8 = 0x21;
    /// 0.1 %.
    pub const FUEL_LEVEL: u8 = 0x2f;
    /// Pa.
    pub const AMBIENT_PRESSURE: u8 = 0x33;
    /// mV.
    pub const MODULE_VOLTAGE: u8 = 0x42;
    /// 0.1 °C.
    pub const AMBIENT_TEMPERATURE: u8 = 0x46;
    /// 0.1 %, of the traction battery.
    pub const HYBRID_CHARGE: u8 = 0x5b;
    /// 0.1 °C.
    pub const OIL_TEMPERATURE: u8 = 0x5c;
    /// ml/h.
    pub const FUEL_RATE: u8 = 0x5e;
    /// m.
    pub const ODOMETER: u8 = 0xa6;
}

/// How a value is made: raw bytes, times, divided by, plus.
struct Row {
    pid: u8,
    name: &'static str,
    unit: Unit,
    first: usize,
    width: usize,
    signed: bool,
    multiply: i64,
    divide: i64,
    add: i64,
}

const fn row(pid: u8, name: &'static str, unit: Unit) -> Row {
    Row { pid, name, unit, first: 0, width: 1, signed: false, multiply: 1, divide: 1, add: 0 }
}

impl Row {
    const fn at(self, first: usize, width: usize) -> Self {
        Self { first, width, ..self }
    }

    const fn signed(self) -> Self {
        Self { signed: true, ..self }
    }

    const fn scale(self, multiply: i64, divide: i64, add: i64) -> Self {
        Self { multiply, divide, add, ..self }
    }

    fn value(&self, data: &[u8]) -> Option<Value> {
        let bytes = data.get(self.first..self.first + self.width)?;
        let mut raw = bytes.iter().fold(0_i64, |raw, byte| raw << 8 | i64::from(*byte));
        let bits = 8 * self.width;
        if self.signed && raw >= 1 << (bits - 1) {
            raw -= 1 << bits;
        }
        // To the nearest, halves up.
        let scaled = (2 * raw * self.multiply + self.divide).div_euclid(2 * self.divide);
        Some(Value { pid: self.pid, name: self.name, unit: self.unit, value: scaled + self.add })
    }
}

/// How many bytes a parameter has; none when it is not known here.
pub fn length(pid: u8) -> Option<usize> {
    Some(match pid {
        0x00 | 0x01 | 0x20 | 0x24..=0x2b | 0x34..=0x3b | 0x40 | 0x41 | 0x4f | 0x50 => 4,
        0x60 | 0x80 | 0xa0 | 0xa6 | 0xc0 | 0xe0 => 4,
        0x04..=0x0b | 0x0d..=0x0f | 0x11..=0x13 | 0x1c..=0x1e | 0x2c..=0x30 | 0x33 => 1,
        0x45..=0x4c | 0x51 | 0x52 | 0x5a..=0x5c | 0x5f | 0x61 | 0x62 => 1,
        0x02 | 0x03 | 0x0c | 0x10 | 0x14..=0x1b | 0x1f | 0x21..=0x23 | 0x31 | 0x32 => 2,
        0x3c..=0x3f | 0x42..=0x44 | 0x4d | 0x4e | 0x53..=0x59 | 0x5d | 0x5e | 0x63 => 2,
        0x64 => 5,
        _ => return None,
    })
}

/// The values of a parameter's data.
pub(super) fn decode(pid: u8, data: &[u8]) -> impl Iterator<Item = Value> + '_ {
    let monitors = (pid == pids::MONITORS).then(|| data.first()).flatten();
    let monitors = monitors.into_iter().flat_map(|byte| {
        let of =
            |name, unit, value: u8| Value { pid: pids::MONITORS, name, unit, value: value.into() };
        [of("trouble_codes", Unit::Count, byte & 0x7f), of("lamp", Unit::Bits, byte >> 7)]
    });
    let start = ROWS.partition_point(|row| row.pid < pid);
    let rows = ROWS.get(start..).unwrap_or_default().iter().take_while(move |row| row.pid == pid);
    monitors.chain(rows.filter_map(|row| row.value(data)))
}

/// The parameters that a control unit has, from the bits of parameter 0x00, 0x20 and so on.
pub fn supported(pid: u8, bits: [u8; 4]) -> impl Iterator<Item = u8> {
    let bits = u32::from_be_bytes(bits);
    (1..=32_u8)
        .filter(move |place| bits >> (32 - place) & 1 == 1)
        .filter_map(move |place| pid.checked_add(place))
}

/// By number.
const ROWS: &[Row] = &[
    row(0x02, "freeze_code", Unit::TroubleCode).at(0, 2),
    row(0x03, "fuel_system_1", Unit::Code),
    row(0x03, "fuel_system_2", Unit::Code).at(1, 1),
    row(0x04, "engine_load", Unit::Percent).scale(1000, 255, 0),
    row(0x05, "coolant_temperature", Unit::Celsius).scale(10, 1, -400),
    row(0x06, "short_fuel_trim_1", Unit::Percent).scale(1000, 128, -1000),
    row(0x07, "long_fuel_trim_1", Unit::Percent).scale(1000, 128, -1000),
    row(0x08, "short_fuel_trim_2", Unit::Percent).scale(1000, 128, -1000),
    row(0x09, "long_fuel_trim_2", Unit::Percent).scale(1000, 128, -1000),
    row(0x0a, "fuel_pressure", Unit::Pascal).scale(3000, 1, 0),
    row(0x0b, "intake_pressure", Unit::Pascal).scale(1000, 1, 0),
    row(0x0c, "engine_speed", Unit::Rpm).at(0, 2).scale(10, 4, 0),
    row(0x0d, "vehicle_speed", Unit::Speed).scale(10, 1, 0),
    row(0x0e, "timing_advance", Unit::Degree).scale(5, 1, -640),
    row(0x0f, "intake_temperature", Unit::Celsius).scale(10, 1, -400),
    row(0x10, "air_flow", Unit::AirFlow).at(0, 2),
    row(0x11, "throttle", Unit::Percent).scale(1000, 255, 0),
    row(0x12, "secondary_air", Unit::Code),
    row(0x13, "oxygen_sensors", Unit::Bits),
    row(0x14, "oxygen_voltage_1", Unit::Millivolt).scale(5, 1, 0),
    row(0x14, "oxygen_trim_1", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x15, "oxygen_voltage_2", Unit::Millivolt).scale(5, 1, 0),
    row(0x15, "oxygen_trim_2", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x16, "oxygen_voltage_3", Unit::Millivolt).scale(5, 1, 0),
    row(0x16, "oxygen_trim_3", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x17, "oxygen_voltage_4", Unit::Millivolt).scale(5, 1, 0),
    row(0x17, "oxygen_trim_4", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x18, "oxygen_voltage_5", Unit::Millivolt).scale(5, 1, 0),
    row(0x18, "oxygen_trim_5", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x19, "oxygen_voltage_6", Unit::Millivolt).scale(5, 1, 0),
    row(0x19, "oxygen_trim_6", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x1a, "oxygen_voltage_7", Unit::Millivolt).scale(5, 1, 0),
    row(0x1a, "oxygen_trim_7", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x1b, "oxygen_voltage_8", Unit::Millivolt).scale(5, 1, 0),
    row(0x1b, "oxygen_trim_8", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x1c, "standard", Unit::Code),
    row(0x1d, "oxygen_sensors_4", Unit::Bits),
    row(0x1e, "auxiliary_input", Unit::Bits),
    row(0x1f, "engine_run_time", Unit::Second).at(0, 2),
    row(0x21, "distance_with_fault", Unit::Metre).at(0, 2).scale(1000, 1, 0),
    row(0x22, "rail_pressure_relative", Unit::Pascal).at(0, 2).scale(79, 1, 0),
    row(0x23, "rail_pressure", Unit::Pascal).at(0, 2).scale(10000, 1, 0),
    row(0x24, "lambda_1", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x24, "oxygen_voltage_wide_1", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x25, "lambda_2", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x25, "oxygen_voltage_wide_2", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x26, "lambda_3", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x26, "oxygen_voltage_wide_3", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x27, "lambda_4", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x27, "oxygen_voltage_wide_4", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x28, "lambda_5", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x28, "oxygen_voltage_wide_5", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x29, "lambda_6", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x29, "oxygen_voltage_wide_6", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x2a, "lambda_7", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x2a, "oxygen_voltage_wide_7", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x2b, "lambda_8", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x2b, "oxygen_voltage_wide_8", Unit::Millivolt).at(2, 2).scale(8000, 65536, 0),
    row(0x2c, "egr", Unit::Percent).scale(1000, 255, 0),
    row(0x2d, "egr_error", Unit::Percent).scale(1000, 128, -1000),
    row(0x2e, "purge", Unit::Percent).scale(1000, 255, 0),
    row(0x2f, "fuel_level", Unit::Percent).scale(1000, 255, 0),
    row(0x30, "warm_ups", Unit::Count),
    row(0x31, "distance_since_cleared", Unit::Metre).at(0, 2).scale(1000, 1, 0),
    row(0x32, "vapour_pressure", Unit::Pascal).at(0, 2).signed().scale(1, 4, 0),
    row(0x33, "ambient_pressure", Unit::Pascal).scale(1000, 1, 0),
    row(0x34, "lambda_current_1", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x34, "oxygen_current_1", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x35, "lambda_current_2", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x35, "oxygen_current_2", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x36, "lambda_current_3", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x36, "oxygen_current_3", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x37, "lambda_current_4", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x37, "oxygen_current_4", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x38, "lambda_current_5", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x38, "oxygen_current_5", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x39, "lambda_current_6", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x39, "oxygen_current_6", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x3a, "lambda_current_7", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x3a, "oxygen_current_7", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x3b, "lambda_current_8", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x3b, "oxygen_current_8", Unit::Microampere).at(2, 2).scale(1000, 256, -128000),
    row(0x3c, "catalyst_temperature_11", Unit::Celsius).at(0, 2).scale(1, 1, -400),
    row(0x3d, "catalyst_temperature_21", Unit::Celsius).at(0, 2).scale(1, 1, -400),
    row(0x3e, "catalyst_temperature_12", Unit::Celsius).at(0, 2).scale(1, 1, -400),
    row(0x3f, "catalyst_temperature_22", Unit::Celsius).at(0, 2).scale(1, 1, -400),
    row(0x41, "monitors_this_cycle", Unit::Bits).at(0, 4),
    row(0x42, "module_voltage", Unit::Millivolt).at(0, 2),
    row(0x43, "absolute_load", Unit::Percent).at(0, 2).scale(1000, 255, 0),
    row(0x44, "lambda_commanded", Unit::Ratio).at(0, 2).scale(20000, 65536, 0),
    row(0x45, "throttle_relative", Unit::Percent).scale(1000, 255, 0),
    row(0x46, "ambient_temperature", Unit::Celsius).scale(10, 1, -400),
    row(0x47, "throttle_b", Unit::Percent).scale(1000, 255, 0),
    row(0x48, "throttle_c", Unit::Percent).scale(1000, 255, 0),
    row(0x49, "pedal_d", Unit::Percent).scale(1000, 255, 0),
    row(0x4a, "pedal_e", Unit::Percent).scale(1000, 255, 0),
    row(0x4b, "pedal_f", Unit::Percent).scale(1000, 255, 0),
    row(0x4c, "throttle_actuator", Unit::Percent).scale(1000, 255, 0),
    row(0x4d, "time_with_fault", Unit::Second).at(0, 2).scale(60, 1, 0),
    row(0x4e, "time_since_cleared", Unit::Second).at(0, 2).scale(60, 1, 0),
    row(0x4f, "lambda_maximum", Unit::Count),
    row(0x4f, "oxygen_voltage_maximum", Unit::Millivolt).at(1, 1).scale(1000, 1, 0),
    row(0x4f, "oxygen_current_maximum", Unit::Microampere).at(2, 1).scale(1000, 1, 0),
    row(0x4f, "intake_pressure_maximum", Unit::Pascal).at(3, 1).scale(10000, 1, 0),
    row(0x50, "air_flow_maximum", Unit::AirFlow).scale(1000, 1, 0),
    row(0x51, "fuel_type", Unit::Code),
    row(0x52, "ethanol", Unit::Percent).scale(1000, 255, 0),
    row(0x53, "vapour_pressure_absolute", Unit::Pascal).at(0, 2).scale(5, 1, 0),
    row(0x54, "vapour_pressure_wide", Unit::Pascal).at(0, 2).signed(),
    row(0x55, "short_oxygen_trim_1", Unit::Percent).scale(1000, 128, -1000),
    row(0x55, "short_oxygen_trim_3", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x56, "long_oxygen_trim_1", Unit::Percent).scale(1000, 128, -1000),
    row(0x56, "long_oxygen_trim_3", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x57, "short_oxygen_trim_2", Unit::Percent).scale(1000, 128, -1000),
    row(0x57, "short_oxygen_trim_4", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x58, "long_oxygen_trim_2", Unit::Percent).scale(1000, 128, -1000),
    row(0x58, "long_oxygen_trim_4", Unit::Percent).at(1, 1).scale(1000, 128, -1000),
    row(0x59, "rail_pressure_absolute", Unit::Pascal).at(0, 2).scale(10000, 1, 0),
    row(0x5a, "pedal_relative", Unit::Percent).scale(1000, 255, 0),
    row(0x5b, "hybrid_charge", Unit::Percent).scale(1000, 255, 0),
    row(0x5c, "oil_temperature", Unit::Celsius).scale(10, 1, -400),
    row(0x5d, "injection_timing", Unit::Degree).at(0, 2).scale(10, 128, -2100),
    row(0x5e, "fuel_rate", Unit::FuelRate).at(0, 2).scale(50, 1, 0),
    row(0x5f, "emission_requirements", Unit::Code),
    row(0x61, "torque_demanded", Unit::Percent).scale(10, 1, -1250),
    row(0x62, "torque", Unit::Percent).scale(10, 1, -1250),
    row(0x63, "torque_reference", Unit::NewtonMetre).at(0, 2),
    row(0xa6, "odometer", Unit::Metre).at(0, 4).scale(100, 1, 0),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn value(pid: u8, data: &[u8]) -> i64 {
        decode(pid, data).next().unwrap().value
    }

    #[test]
    fn formulas_at_their_ends() {
        assert_eq!(value(pids::ENGINE_LOAD, &[255]), 1_000);
        assert_eq!(value(pids::COOLANT_TEMPERATURE, &[0]), -400);
        assert_eq!(value(pids::ENGINE_SPEED, &[0xff, 0xff]), 163_838);
        assert_eq!(value(pids::TIMING_ADVANCE, &[0]), -640);
        assert_eq!(value(0x06, &[0]), -1_000);
        assert_eq!(value(0x06, &[255]), 992);
        assert_eq!(value(pids::AIR_FLOW, &[0x01, 0x00]), 256);
        assert_eq!(value(pids::MODULE_VOLTAGE, &[0x36, 0xb0]), 14_000);
        assert_eq!(value(pids::FUEL_RATE, &[0x00, 0x14]), 1_000);
        assert_eq!(value(0x32, &[0xff, 0xfc]), -1);
        assert_eq!(value(0x3c, &[0x11, 0x94]), 4_100);
        assert_eq!(value(0x5d, &[0, 0]), -2_100);
        assert_eq!(value(pids::ODOMETER, &[0, 0, 0, 1]), 100);
        assert_eq!(value(0x44, &[0x80, 0x00]), 10_000);
    }

    #[test]
    fn monitors_tell_codes_and_lamp() {
        let values: Vec<_> = decode(pids::MONITORS, &[0x82, 0, 0, 0])
            .map(|value| (value.name, value.value))
            .collect();
        assert_eq!(values, [("trouble_codes", 2), ("lamp", 1)]);
    }

    #[test]
    fn every_row_is_in_order_and_within_its_parameter() {
        assert!(ROWS.windows(2).all(|pair| pair[0].pid <= pair[1].pid));
        for row in ROWS {
            assert!(row.first + row.width <= length(row.pid).unwrap(), "{}", row.name);
        }
    }

    #[test]
    fn supported_parameters_are_bits_from_the_highest() {
        let first: Vec<_> = supported(0x00, [0xbe, 0x1f, 0xa8, 0x13]).collect();
        let known = [1, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 19, 21, 28, 31, 32];
        assert_eq!(first, known);
        assert!(supported(0xe0, [0xff; 4]).all(|pid| pid > 0xe0));
    }
}
