//! What the gate counts.

use substrate_prometheus_endpoint::{
    register, CounterVec, Gauge, Opts, PrometheusError, Registry, U64,
};

/// The counters, where the node has metrics.
#[derive(Clone)]
pub struct Metrics(Option<Counters>);

#[derive(Clone)]
struct Counters {
    requests: CounterVec<U64>,
    refused: CounterVec<U64>,
    connections: Gauge<U64>,
}

impl Counters {
    fn new(registry: &Registry) -> Result<Self, PrometheusError> {
        let requests = Opts::new(
            "smartlink_gate_requests_total",
            "Requests over JSON-RPC that came to the gate, by tier",
        );
        let refused = Opts::new(
            "smartlink_gate_refused_total",
            "Connections and requests that the gate refused, by reason",
        );
        Ok(Self {
            requests: register(CounterVec::new(requests, &["tier"])?, registry)?,
            refused: register(CounterVec::new(refused, &["reason"])?, registry)?,
            connections: register(
                Gauge::new("smartlink_gate_connections", "Connections of the gate now")?,
                registry,
            )?,
        })
    }
}

impl Metrics {
    /// Registers them.
    pub fn new(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
        registry.map(Counters::new).transpose().map(Self)
    }

    /// A request came.
    pub fn request(&self, tier: &'static str) {
        if let Some(counters) = &self.0 {
            counters.requests.with_label_values(&[tier]).inc();
        }
    }

    /// Something was refused.
    pub fn refused(&self, reason: &'static str) {
        if let Some(counters) = &self.0 {
            counters.refused.with_label_values(&[reason]).inc();
        }
    }

    /// A connection came.
    pub fn connected(&self) {
        if let Some(counters) = &self.0 {
            counters.connections.inc();
        }
    }

    /// A connection ended.
    pub fn disconnected(&self) {
        if let Some(counters) = &self.0 {
            counters.connections.dec();
        }
    }
}
