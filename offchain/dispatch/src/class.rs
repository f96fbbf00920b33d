//! Which class of vehicle may fetch an order of which class.
//!
//! | order | economy | comfort | premium | van |
//! | --- | --- | --- | --- | --- |
//! | economy | 0 | 1 | 2 | 2 |
//! | comfort | | 0 | 1 | |
//! | premium | | | 0 | |
//! | van | | | | 0 |
//!
//! A number is how many steps the vehicle is above the order, each of which has a price; where there is
//! none, the vehicle does not serve the order. Trucks carry goods, and are not dispatched here.

pub use smartlink_primitives::vehicle::VehicleClass;

/// How many steps a vehicle is above what an order asks for. `None`: it does not serve it.
pub const fn upgrade_steps(order: VehicleClass, vehicle: VehicleClass) -> Option<u8> {
    use VehicleClass::{Comfort, Economy, Premium, Van};
    match (order, vehicle) {
        (Economy, Economy) | (Comfort, Comfort) | (Premium, Premium) | (Van, Van) => Some(0),
        (Economy, Comfort) | (Comfort, Premium) => Some(1),
        (Economy, Premium | Van) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use VehicleClass::*;

    #[test]
    fn nobody_gets_less_than_was_ordered() {
        assert_eq!(upgrade_steps(Economy, Premium), Some(2));
        assert_eq!(upgrade_steps(Comfort, Economy), None);
        assert_eq!(upgrade_steps(Premium, Van), None);
        assert_eq!(upgrade_steps(Van, Premium), None);
        assert_eq!(upgrade_steps(Economy, LightTruck), None);
    }
}
