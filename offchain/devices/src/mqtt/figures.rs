//! What the broker has done, for metrics.

use crate::tally::Count;

/// Numbers since the service started, and what there is now.
#[derive(Debug, Default)]
pub struct MqttFigures {
    /// Connections now (`smartlink_devices_mqtt_connections`).
    pub connections: Count,
    /// Connections that were refused because there were too many.
    pub crowded: Count,
    /// Clients that took too long for their CONNECT.
    pub slow_to_connect: Count,
    /// Clients whose identity, key or account was refused.
    pub not_admitted: Count,
    /// Messages that came.
    pub messages: Count,
    /// Reports in them.
    pub reports: Count,
    /// Messages whose payload is nothing that is documented.
    pub bad_payloads: Count,
    /// Messages and subscriptions to topics of others.
    pub not_allowed: Count,
    /// Messages of exactly once that came again, and were not taken again.
    pub duplicates: Count,
    /// Connections that ended because of bytes or an order that is not MQTT.
    pub protocol_errors: Count,
    /// Connections that ended because nothing was heard for one and a half of the keep alive.
    pub silent: Count,
    /// Times when a client was read more slowly because it sends too much.
    pub throttled: Count,
    /// Connections that ended because records were not taken on or the client takes nothing.
    pub cut: Count,
    /// Connections that ended because the device had a newer one.
    pub taken_over: Count,
    /// Wills that were said.
    pub wills: Count,
    /// Commands that went out.
    pub commands: Count,
    /// Messages that an operator was too slow for.
    pub operator_lost: Count,
    /// Messages of another broker that were acknowledged without being taken, because they never can be.
    pub outside_refused: Count,
    /// Times when another broker let us in and hear (`smartlink_devices_mqtt_outside_connected_total`).
    pub outside_connected: Count,
}
