//! Everything before the first request that counts: logins, vehicles, connections.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{stream, StreamExt, TryStreamExt};
use serde_json::json;
use tokio::net::TcpStream;

use super::{
    board::Board,
    state::{Figures, Out, PhaseTally, Shared},
    Credentials, Phase, Target,
};
use crate::{
    city::Location,
    client::{now_ms, Account, Address, Client, Credentials as Login, Failure, Manners},
    figures::Meter,
    prng::SplitMix,
    websocket::{self, Assembler},
    witness::Witness,
    Error,
};

/// Logins at the same time.
const AT_ONCE: usize = 8;
/// How long one login may be repeated while the service is busy with others.
const LOGIN_PATIENCE: Duration = Duration::from_secs(120);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

fn login(credentials: &Credentials, whose: impl FnOnce() -> String) -> Result<Login, Error> {
    Ok(match credentials.clone() {
        Credentials::Password { name, password } => Login::Password { name, password },
        Credentials::Wallet { suri } => Login::wallet(&suri, whose)?,
        Credentials::Token { access_token } => Login::Token(access_token),
    })
}

/// Logs everybody in and puts the drivers on duty at their places. Returns the board, and a token for each
/// actor.
pub(super) async fn log_in(
    target: &Target,
    address: &Address,
) -> Result<(Board, Vec<Arc<str>>), Error> {
    let client = Client::new(address.clone(), AT_ONCE, REQUEST_TIMEOUT, Arc::new(Meter::default()));
    let run = format!("{:x}", now_ms());
    let witness = Arc::new(Witness::default());
    let manners = Manners { sends_twice: 0, loses_connection: 0, give_up: LOGIN_PATIENCE };
    let account = |login, actor: usize| {
        let (prefix, dice) = (format!("{run}-l{actor}"), SplitMix::new(actor as u64));
        Account::new(client.clone(), login, prefix, dice, manners, witness.clone())
    };
    let mut dice = SplitMix::new(target.seed);
    let homes: Vec<Location> =
        target.drivers.iter().map(|_| target.city.somewhere(&mut dice).0).collect();
    let mut beginnings = Vec::new();
    for (place, rider) in target.riders.iter().enumerate() {
        let who = format!("rider {place}");
        let login = login(rider, || who.clone())?;
        beginnings.push(begin(account(login, place), who, None));
    }
    for (place, (seat, home)) in target.drivers.iter().zip(&homes).enumerate() {
        let who = format!("driver {place}");
        let login = login(&seat.credentials, || who.clone())?;
        let account = account(login, target.riders.len() + place);
        beginnings.push(begin(account, who, Some((seat.vehicle, *home))));
    }
    let tokens = stream::iter(beginnings).buffered(AT_ONCE).try_collect().await?;
    let (city, class) = (target.city.clone(), target.class.clone());
    Ok((Board::new(target.riders.len(), homes, city, class, target.seed, &run), tokens))
}

async fn begin(
    mut account: Account,
    who: String,
    duty: Option<(u32, Location)>,
) -> Result<Arc<str>, Error> {
    let begun = async {
        let token = account.token().await?;
        if let Some((vehicle, at)) = duty {
            account.command("driver_on_duty", json!({ "vehicle": vehicle })).await?;
            let position =
                json!({ "latitude": at.latitude, "longitude": at.longitude, "at_ms": now_ms() });
            account.ask("driver_report", &json!({ "positions": [position] })).await?;
        }
        Ok(token)
    };
    begun.await.map_err(|failure: Failure| Error::Begin { who, reason: failure.to_string() })
}

/// The receiving side of a connection.
pub(super) type Incoming = (std::net::TcpStream, Assembler);

/// A WebSocket for each actor.
pub(super) async fn connect(
    address: &Address,
    board: Board,
    tokens: &[Arc<str>],
    phases: Vec<Phase>,
) -> Result<(Shared, Vec<Incoming>), Error> {
    let opened = tokens.iter().enumerate().map(|(place, token)| async move {
        let failed =
            |reason: std::io::Error| Error::Connection { place, reason: reason.to_string() };
        let (stream, assembler) = websocket::connect(address, token).await.map_err(failed)?;
        let (incoming, out) = halves(stream).map_err(failed)?;
        Ok::<_, Error>(((incoming, assembler), Mutex::new(Out::new(out))))
    });
    let opened: Vec<_> = stream::iter(opened).buffered(AT_ONCE).try_collect().await?;
    let (incoming, outs): (Vec<Incoming>, Vec<_>) = opened.into_iter().unzip();
    let figures = Figures {
        pending: (0..board.actors()).map(|_| VecDeque::new()).collect(),
        tallies: phases.iter().map(|_| PhaseTally::default()).collect(),
        board,
    };
    Ok((Shared { phases, figures: Mutex::new(figures), outs }, incoming))
}

/// Two handles of one socket that does not block: one is read from in one thread, the other written to in
/// another.
fn halves(stream: TcpStream) -> std::io::Result<(std::net::TcpStream, std::net::TcpStream)> {
    let stream = stream.into_std()?;
    let out = stream.try_clone()?;
    Ok((stream, out))
}
