//! The listener for JT/T 808: TCP and UDP, 2011, 2013 and 2019 by each frame's header.
//!
//! ```text
//!  terminal                                platform
//!     │ 0x0100 registration ─────────────────▶│ known? ─▶ a code, of which a hash is kept
//!     │◀───────────────── 0x8100 with the code│
//!     │ 0x0102 authentication ───────────────▶│ from here on the connection is the terminal's
//!     │◀──────────────────────── 0x8001 result│
//!     │ 0x0200, 0x0704, … several at once ───▶│ one group of records ─▶ log ─▶ disk
//!     │◀────────── 0x8001 for each, one write │ only then
//! ```
//!
//! What is refused is answered with the result of the standard: 1 for who is not authenticated, 2 for what cannot be
//! read, 3 for what is not known. What the log does not take is not answered: the terminal keeps it and sends it again.

mod config;
mod conversation;
mod downlink;
mod figures;
mod mapping;
mod outstanding;
mod tcp;
mod turn;
mod udp;
mod uploads;

pub use config::Jt808Config;
pub use figures::Jt808Figures;

use crate::{gate::Gate, service::Alive};
use conversation::Shared;
use std::{io, net::SocketAddr, sync::Arc};

/// A listener that listens.
pub(crate) struct Jt808 {
    pub(crate) tcp: Option<SocketAddr>,
    pub(crate) udp: Option<SocketAddr>,
    pub(crate) figures: Arc<Jt808Figures>,
}

/// Which address cannot be listened on.
pub(crate) struct NotListening(pub(crate) SocketAddr, pub(crate) io::Error);

/// Starts what is configured. It ends when the gate stops.
pub(crate) fn start(
    gate: &Gate,
    config: &Jt808Config,
    alive: &Alive,
) -> Result<Jt808, NotListening> {
    let figures = Arc::new(Jt808Figures::default());
    let shared =
        Arc::new(Shared { gate: gate.clone(), config: config.clone(), figures: figures.clone() });
    let mut jt808 = Jt808 { tcp: None, udp: None, figures };
    if let Some(address) = config.tcp {
        let listening = tcp::start(shared.clone(), address, alive.clone());
        jt808.tcp = Some(listening.map_err(|error| NotListening(address, error))?);
    }
    if let Some(address) = config.udp {
        let listening = udp::start(shared, address, alive.clone());
        jt808.udp = Some(listening.map_err(|error| NotListening(address, error))?);
    }
    Ok(jt808)
}
