//! What can be measured in a vehicle.

/// One measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What was measured.
    pub quantity: Quantity,
    /// Which of several, from 0: the tyre, the door, the compartment.
    pub instance: u8,
    /// In the quantity's unit.
    pub value: i64,
}

impl Reading {
    /// The value of a quantity's first instance.
    pub const fn of(quantity: Quantity, value: i64) -> Self {
        Self { quantity, instance: 0, value }
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal, $unit:literal;)*) => {
        /// A quantity and its unit. The numbers are part of the encoding and of ClickHouse's rows: never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Quantity {
            $($(#[$doc])* #[doc = concat!("Unit: ", $unit, ".")] $name = $number,)*
        }

        impl Quantity {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The quantity of a number.
            pub const fn from_number(number: u16) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// Its name in JSON, tables and exports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The unit of its values.
            pub const fn unit(self) -> &'static str {
                match self {
                    $(Self::$name => $unit,)*
                }
            }
        }
    };
}

quantities! {
    /// Distance driven in the vehicle's life or since the terminal was fitted.
    Odometer = 1, "odometer", "m";
    /// Fuel in the tank.
    Fuel = 2, "fuel", "ml";
    /// Fuel in the tank, as a part of it.
    FuelLevel = 3, "fuel_level", "0.1 %";
    /// Fuel that the engine takes.
    FuelRate = 4, "fuel_rate", "ml/h";
    /// Fuel used since the engine was started or the counter began.
    FuelUsed = 5, "fuel_used", "ml";
    /// Charge of the traction battery.
    Charge = 10, "charge", "0.1 %";
    /// Voltage of the traction battery.
    TractionVoltage = 11, "traction_voltage", "mV";
    /// Current out of the traction battery; into it is negative.
    TractionCurrent = 12, "traction_current", "mA";
    /// Energy used since the counter began.
    EnergyUsed = 13, "energy_used", "Wh";
    /// Voltage of the vehicle's starter battery or supply.
    SupplyVoltage = 14, "supply_voltage", "mV";
    /// Voltage of the terminal's own battery.
    TerminalVoltage = 15, "terminal_voltage", "mV";
    /// Charge of the terminal's own battery.
    TerminalCharge = 16, "terminal_charge", "0.1 %";
    /// Speed of the engine.
    EngineSpeed = 20, "engine_speed", "0.1 rpm";
    /// Calculated engine load.
    EngineLoad = 21, "engine_load", "0.1 %";
    /// Engine coolant.
    CoolantTemperature = 22, "coolant_temperature", "0.1 °C";
    /// Intake air.
    IntakeTemperature = 23, "intake_temperature", "0.1 °C";
    /// Engine oil.
    OilTemperature = 24, "oil_temperature", "0.1 °C";
    /// Ambient air.
    AmbientTemperature = 25, "ambient_temperature", "0.1 °C";
    /// Throttle position.
    Throttle = 26, "throttle", "0.1 %";
    /// Mass of air into the engine.
    AirFlow = 27, "air_flow", "10 mg/s";
    /// Absolute pressure of the intake manifold.
    IntakePressure = 28, "intake_pressure", "Pa";
    /// Pressure of the fuel.
    FuelPressure = 29, "fuel_pressure", "Pa";
    /// Ignition timing before top dead centre.
    TimingAdvance = 30, "timing_advance", "0.1 °";
    /// Time since the engine was started.
    EngineRunTime = 31, "engine_run_time", "s";
    /// Trouble codes that are stored.
    TroubleCodes = 32, "trouble_codes", "codes";
    /// A stored trouble code as SAE J1979 sends it: two bytes, most significant first.
    TroubleCode = 33, "trouble_code", "J1979 code";
    /// Distance with the malfunction lamp on.
    DistanceWithFault = 34, "distance_with_fault", "m";
    /// Speed by the vehicle's own recorder or bus.
    VehicleSpeed = 35, "vehicle_speed", "0.1 km/h";
    /// Absolute pressure of the air outside.
    AmbientPressure = 36, "ambient_pressure", "Pa";
    /// Cargo compartment or a sensor of its own.
    Temperature = 40, "temperature", "0.1 °C";
    /// Relative humidity of the cargo compartment.
    Humidity = 41, "humidity", "0.1 %";
    /// Largest acceleration since the last report.
    Shock = 42, "shock", "mg";
    /// Weight of the load.
    Load = 43, "load", "kg";
    /// Pressure of a tyre, by instance.
    TyrePressure = 44, "tyre_pressure", "Pa";
    /// A door, by instance: 1 is open.
    Door = 45, "door", "0 or 1";
    /// Acceleration along the vehicle, forward is positive.
    AccelerationForward = 50, "acceleration_forward", "mg";
    /// Acceleration across the vehicle, to the right is positive.
    AccelerationRight = 51, "acceleration_right", "mg";
    /// Acceleration up, without gravity.
    AccelerationUp = 52, "acceleration_up", "mg";
    /// Satellites used for the fix.
    Satellites = 60, "satellites", "satellites";
    /// Strength of the mobile network.
    Signal = 61, "signal", "0 to 31 (3GPP 27.007), or as the terminal has it";
    /// Dilution of precision.
    Dilution = 62, "dilution", "0.01";
    /// Expected error of the fix.
    Accuracy = 63, "accuracy", "0.1 m";
    /// The terminal's analogue inputs, by instance, in the terminal's own unit.
    Analogue = 70, "analogue", "as the terminal has it";
    /// The terminal's digital inputs, a bit each.
    Inputs = 71, "inputs", "bits";
    /// Signals of the vehicle that JT/T 808 extends (lights, doors, brakes), a bit each.
    VehicleSignals = 72, "vehicle_signals", "bits of JT/T 808-2019 table 31";
    /// Overspeed alarm's place: kind in the low byte, area or route above.
    OverspeedArea = 80, "overspeed_area", "kind | id << 8";
    /// Entering or leaving an area or a route that the terminal knows: kind, id, and direction.
    AreaCrossing = 81, "area_crossing", "kind | direction << 8 | id << 16";
    /// Time on a section of a route: too short or too long.
    RouteTime = 82, "route_time", "s, negative when too short";
    /// The number of an alarm that a person has to confirm.
    AlarmEvent = 83, "alarm_event", "number";
}
