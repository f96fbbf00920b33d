//! CONNECT: who is this, and may they speak.

use std::{net::SocketAddr, sync::Arc, time::Duration};
use subtle::ConstantTimeEq;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};

use smartlink_records::Channel;

use super::{
    config::OperatorAccount,
    device::{Device, Introduced},
    line::{Line, OpenError},
    operator::Operator,
    packet::{Connect, Outbound, Reason, Version, Welcome},
    shared::Shared,
    topic,
};
use crate::gate::{Admission, Credential, Peer, Refusal};

/// The most bytes of a CONNECT: an identity, a key, a will.
const MAX_CONNECT: usize = 8_192;

type Refused = (Reason, String);

/// Serves one connection from its first byte to its end.
pub(crate) async fn introduce<S: AsyncRead + AsyncWrite + Unpin>(
    shared: &Arc<Shared>,
    stream: S,
    address: SocketAddr,
) {
    let config = &shared.config;
    let max_packet = usize::try_from(config.packet_bytes).unwrap_or(usize::MAX);
    let write_within = Duration::from_millis(config.write_ms);
    let open = Line::open(stream, MAX_CONNECT, max_packet, write_within);
    let (mut line, connect) = match timeout(Duration::from_millis(config.connect_ms), open).await {
        Ok(Ok(Some(opened))) => opened,
        Ok(Ok(None) | Err(OpenError::Io(_))) => return,
        Ok(Err(OpenError::Wire(error))) => {
            shared.figures.protocol_errors.add(1);
            tracing::debug!(%address, %error, "not MQTT");
            return;
        }
        Err(_) => {
            shared.figures.slow_to_connect.add(1);
            return;
        }
    };
    match judge(shared, &connect, address) {
        Ok(Who::Device { identity, admission }) => {
            speak(shared, line, connect, identity, admission, address).await;
        }
        Ok(Who::Operator(name)) => {
            let (keep_alive, told) = keep_alive(shared, &connect);
            if welcome(shared, &mut line, &connect, false, told).is_ok() {
                Operator::new(shared.clone(), line, name, patience(keep_alive)).run().await;
            }
        }
        Err((reason, because)) => {
            shared.figures.not_admitted.add(1);
            let _ = line.say(Outbound::Welcome(Welcome::Refused { reason, because }));
            line.close().await;
        }
    }
}

enum Who {
    Device { identity: String, admission: Admission },
    Operator(String),
}

fn judge(shared: &Shared, connect: &Connect, address: SocketAddr) -> Result<Who, Refused> {
    if connect.wants_exchange {
        return Err((Reason::Method, "there is no enhanced authentication here".to_owned()));
    }
    let name = connect.username.as_deref().unwrap_or(&connect.client_id);
    let key = connect.password.as_deref().unwrap_or_default();
    if let Some(account) = shared.config.operators.iter().find(|account| account.name == name) {
        return operator(account, key);
    }
    let same = connect.client_id.is_empty() || connect.client_id == name;
    if !same || !topic::is_identity(name) {
        let why = "the client id must be the device's identity, as the user name";
        return Err((Reason::ClientId, why.to_owned()));
    }
    if let Some(will) = &connect.will {
        if !matches!(topic::up(&will.topic), Some((identity, _)) if identity == name) {
            shared.figures.not_allowed.add(1);
            return Err((Reason::NotAuthorized, "the will is below another's up".to_owned()));
        }
    }
    let credential = Credential::Key { identity: name.to_owned(), key: key.to_vec() };
    let peer = Peer { channel: Channel::Mqtt, address };
    match shared.gate.admit(credential, peer) {
        Ok(admission) => Ok(Who::Device { identity: name.to_owned(), admission }),
        Err(refusal) => Err(refused(&refusal)),
    }
}

fn operator(account: &OperatorAccount, key: &[u8]) -> Result<Who, Refused> {
    if bool::from(account.key.expose().as_bytes().ct_eq(key)) {
        return Ok(Who::Operator(account.name.clone()));
    }
    Err((Reason::BadCredentials, "the name or the key is wrong".to_owned()))
}

/// What a device is told. Whether it was the identity or the key is for operators to know.
fn refused(refusal: &Refusal) -> Refused {
    match refusal {
        Refusal::Identity(_) => (Reason::ClientId, refusal.to_string()),
        Refusal::Unknown
        | Refusal::NotRegistered
        | Refusal::Mismatch
        | Refusal::Unproved
        | Refusal::WrongKey => {
            (Reason::BadCredentials, "the identity or the key is wrong".to_owned())
        }
        Refusal::Suspended | Refusal::Quarantined => (Reason::NotAuthorized, refusal.to_string()),
        Refusal::TooManyAttempts => (Reason::Busy, refusal.to_string()),
        Refusal::Full | Refusal::Disk(_) => {
            (Reason::Unavailable, "the service cannot look: try again later".to_owned())
        }
    }
}

async fn speak<S: AsyncRead + AsyncWrite + Unpin>(
    shared: &Arc<Shared>,
    mut line: Line<S>,
    connect: Connect,
    identity: String,
    admission: Admission,
    address: SocketAddr,
) {
    // The older connection is told to end before the session is taken over.
    let outlet = shared.gate.attach(&admission, Peer { channel: Channel::Mqtt, address });
    let opened = shared.sessions.open(admission.terminal(), connect.clean);
    shared.execute(opened.testament.into_iter().collect());
    let (keep_alive, told) = keep_alive(shared, &connect);
    // An error is the packet that this client cannot take; it would not take any.
    let _ = welcome(shared, &mut line, &connect, opened.present, told);
    let of = Introduced {
        identity: identity.into(),
        admission,
        version: connect.version,
        patience: patience(keep_alive),
        receive_maximum: connect.receive_maximum,
        expiry_s: connect.expiry_s,
        will: connect.will,
    };
    let session = (opened.session, opened.connection);
    Device::new(shared.clone(), line, of, outlet, session).run().await;
}

/// The keep alive that holds, in seconds, and whether the client is told because it is another than it asked for.
fn keep_alive(shared: &Shared, connect: &Connect) -> (u16, Option<u16>) {
    let longest = shared.config.keep_alive_s;
    match (connect.keep_alive, connect.version) {
        (0, Version::V3) => (longest, None),
        (wanted, Version::V3) => (wanted, None),
        (wanted, Version::V5) if wanted == 0 || wanted > longest => (longest, Some(longest)),
        (wanted, Version::V5) => (wanted, None),
    }
}

/// MQTT 3.1.2.10: one and a half times the keep alive.
fn patience(keep_alive: u16) -> Duration {
    Duration::from_millis(u64::from(keep_alive) * 1_500)
}

fn welcome<S: AsyncRead + AsyncWrite + Unpin>(
    shared: &Shared,
    line: &mut Line<S>,
    connect: &Connect,
    session_present: bool,
    keep_alive: Option<u16>,
) -> Result<bool, super::wire::WireError> {
    let config = &shared.config;
    let lasting = shared.sessions.lasting(connect.expiry_s).as_secs();
    line.say(Outbound::Welcome(Welcome::Accepted {
        session_present,
        // At most what was asked for, which has 32 bits.
        expiry_s: u32::try_from(lasting).unwrap_or(u32::MAX),
        receive_maximum: config.in_flight,
        max_packet: config.packet_bytes,
        alias_maximum: config.aliases,
        keep_alive,
    }))
}
