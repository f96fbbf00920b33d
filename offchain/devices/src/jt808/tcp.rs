//! Connections over TCP: one small task each.

use super::{
    conversation::{Conversation, Shared},
    turn::Turn,
};
use crate::{
    bucket::Bucket,
    door::{Door, Pass},
    gate::{Event, Outlet, Peer},
    service::Alive,
};
use bytes::BytesMut;
use smartlink_jt808::{Checksum, Splitter};
use smartlink_records::Channel;
use socket2::{Domain, Socket, Type};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    time::{sleep_until, timeout, Instant},
};

/// Bytes for which there is room before a read.
const READ: usize = 4 << 10;
/// Bytes that are read before frames are looked for: one group of records at most.
const READ_AT_ONCE: usize = 64 << 10;
/// How long to wait when the system gives no connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Starts to listen. Returns where.
pub(super) fn start(
    shared: Arc<Shared>,
    address: SocketAddr,
    alive: Alive,
) -> io::Result<SocketAddr> {
    let listener = listen(address, shared.config.backlog)?;
    let address = listener.local_addr()?;
    tokio::spawn(accept(alive, shared, listener));
    Ok(address)
}

fn listen(address: SocketAddr, backlog: u32) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
    TcpListener::from_std(socket.into())
}

async fn accept(alive: Alive, shared: Arc<Shared>, listener: TcpListener) {
    let config = &shared.config;
    let door = Door::new(config.connections, config.connections_per_address);
    loop {
        let accepted = tokio::select! {
            () = shared.gate.stopping().cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => match door.enter(address.ip()) {
                Some(pass) => {
                    let connection = Connection::new(shared.clone(), stream, address, pass);
                    tokio::spawn(run(alive.clone(), connection));
                }
                None => shared.figures.crowded.add(1),
            },
            Err(error) => {
                shared.figures.accept_failed.add(1);
                tracing::warn!(%error, "the system gives no connection; is the limit of open files too low?");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The connection is dropped before what says that it is alive.
async fn run(_alive: Alive, mut connection: Connection) {
    let address = connection.address;
    if let Err(ended) = connection.talk().await {
        tracing::debug!(%address, ?ended, "a connection ended");
    }
}

/// Why a connection ended.
#[derive(Debug)]
enum Ended {
    /// The terminal closed it, or the network.
    Closed,
    /// The terminal said goodbye, is refused, or has a newer connection.
    Told,
    /// The first frame, the authentication, or the next frame took too long.
    Silent,
    /// Most of what came was garbage.
    Garbage,
    /// The terminal did not take what was sent to it.
    Stuck,
    /// The service stops.
    Stopping,
}

struct Connection {
    shared: Arc<Shared>,
    stream: TcpStream,
    address: SocketAddr,
    conversation: Conversation,
    outlet: Option<Outlet>,
    splitter: Splitter,
    input: BytesMut,
    bucket: Bucket,
    began: Instant,
    /// When the newest whole frame came.
    last_frame: Option<Instant>,
    /// It is not read before.
    paused: Option<Instant>,
    bytes: u64,
    bad_bytes: u64,
    skipped: u64,
    _pass: Pass,
}

/// What woke the connection.
enum Woken {
    Readable(io::Result<()>),
    Outlet(Event),
    Time,
    Stop,
}

impl Connection {
    fn new(shared: Arc<Shared>, stream: TcpStream, address: SocketAddr, pass: Pass) -> Self {
        // Answers are small and one write each time: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        shared.figures.connections.add(1);
        let now = Instant::now();
        let rate = shared.config.frames_per_second;
        let peer = Peer { channel: Channel::Jt808, address };
        Self {
            conversation: Conversation::new(shared.clone(), peer),
            stream,
            address,
            outlet: None,
            splitter: Splitter::new(Checksum::Required),
            input: BytesMut::new(),
            bucket: Bucket::new(rate, rate.saturating_mul(2), now),
            began: now,
            last_frame: None,
            paused: None,
            bytes: 0,
            bad_bytes: 0,
            skipped: 0,
            shared,
            _pass: pass,
        }
    }

    async fn talk(&mut self) -> Result<(), Ended> {
        let timer = sleep_until(self.wake_at(Instant::now()));
        tokio::pin!(timer);
        loop {
            let paused = self.paused.is_some();
            let has_room = self.conversation.has_room();
            let woken = tokio::select! {
                readable = self.stream.readable(), if !paused => Woken::Readable(readable),
                event = next(&mut self.outlet, has_room) => Woken::Outlet(event),
                () = &mut timer => Woken::Time,
                () = self.shared.gate.stopping().cancelled() => Woken::Stop,
            };
            match woken {
                Woken::Readable(readable) => {
                    readable.map_err(|_| Ended::Closed)?;
                    self.read().await?;
                }
                Woken::Outlet(Event::Command(issued)) => {
                    let mut out = Vec::new();
                    self.conversation.command(&issued, Instant::now(), &mut out);
                    self.write(&out).await?;
                }
                Woken::Outlet(Event::Close(_)) => return Err(Ended::Told),
                Woken::Time => self.time().await?,
                Woken::Stop => return Err(Ended::Stopping),
            }
            let now = Instant::now();
            let wake_at = self.wake_at(now);
            // A deadline that moved away is seen when the timer ends: setting it costs more than looking.
            if wake_at < timer.deadline() || timer.is_elapsed() {
                timer.as_mut().reset(wake_at);
            }
        }
    }

    /// When there is something to do even if nothing comes.
    fn wake_at(&self, now: Instant) -> Instant {
        let deadlines = [Some(self.silent_at()), self.paused, self.conversation.due(now)];
        deadlines.into_iter().flatten().min().unwrap_or(now)
    }

    /// When the terminal has been silent for too long.
    fn silent_at(&self) -> Instant {
        let config = &self.shared.config;
        let after = |from: Instant, ms| from + Duration::from_millis(ms);
        match (self.last_frame, self.conversation.admission()) {
            (None, _) => after(self.began, config.first_frame_ms),
            (Some(last), None) if !self.shared.gate.watches_strangers() => {
                after(self.began, config.authenticate_ms).min(after(last, config.idle_ms))
            }
            (Some(last), _) => after(last, config.idle_ms),
        }
    }

    async fn time(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        if now >= self.silent_at() {
            self.shared.figures.silent.add(1);
            return Err(Ended::Silent);
        }
        self.paused = self.paused.filter(|until| *until > now);
        self.check_place()?;
        let mut out = Vec::new();
        self.conversation.tick(now, &mut out);
        self.write(&out).await
    }

    async fn read(&mut self) -> Result<(), Ended> {
        let mut came = 0;
        while came < READ_AT_ONCE {
            self.input.reserve(READ);
            let room = self.input.capacity() - self.input.len();
            match self.stream.try_read_buf(&mut self.input) {
                Ok(0) => return Err(Ended::Closed),
                Ok(read) => {
                    came += read;
                    if read < room {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return Err(Ended::Closed),
            }
        }
        if came == 0 {
            return Ok(());
        }
        self.bytes += came as u64;
        self.shared.figures.bytes.add(came as u64);
        self.check_place()?;
        let turn = self.frames();
        if self.input.is_empty() {
            // Connections are silent most of the time: they hold no buffer then.
            self.input = BytesMut::new();
        }
        let garbage = self.check_garbage();
        let settled = turn
            .settle(&self.shared.gate, self.conversation.admission(), &self.shared.figures)
            .await;
        if let Some(pause) = settled.pause {
            let until = Instant::now() + pause;
            self.paused = Some(self.paused.map_or(until, |paused| paused.max(until)));
        }
        self.write(&settled.out).await?;
        garbage?;
        if settled.close {
            return Err(Ended::Told);
        }
        Ok(())
    }

    /// Answers all frames that are there.
    fn frames(&mut self) -> Turn {
        let mut turn = Turn::default();
        let mut frames = 0;
        let figures = &self.shared.figures;
        while !turn.close {
            let before = self.input.len();
            let Some(found) = self.splitter.push(&mut self.input) else { break };
            match found {
                Ok(frame) => {
                    frames += 1;
                    if let Some(outlet) = self.conversation.frame(&frame, &mut turn) {
                        self.outlet = Some(outlet);
                    }
                }
                Err(error) => {
                    tracing::debug!(address = %self.address, %error, "a bad frame");
                    figures.bad_frames.add(1);
                    self.bad_bytes += (before - self.input.len()) as u64;
                }
            }
        }
        if frames > 0 {
            let now = Instant::now();
            self.last_frame = Some(now);
            figures.frames.add(frames.into());
            self.paused = self.bucket.take(frames, now);
            if self.paused.is_some() {
                figures.throttled.add(1);
            }
        }
        turn
    }

    /// Ends when the terminal has a newer connection, or may not send any more.
    fn check_place(&self) -> Result<(), Ended> {
        match self.outlet.as_ref().and_then(Outlet::closing) {
            Some(_) => Err(Ended::Told),
            None => Ok(()),
        }
    }

    fn check_garbage(&mut self) -> Result<(), Ended> {
        let skipped = self.splitter.skipped();
        self.shared.figures.garbage_bytes.add(skipped - self.skipped);
        self.skipped = skipped;
        let garbage = skipped + self.bad_bytes;
        if garbage > u64::from(self.shared.config.garbage_bytes) && garbage * 2 > self.bytes {
            self.shared.figures.garbage.add(1);
            return Err(Ended::Garbage);
        }
        Ok(())
    }

    async fn write(&mut self, out: &[u8]) -> Result<(), Ended> {
        if out.is_empty() {
            return Ok(());
        }
        match self.stream.try_write(out) {
            Ok(written) if written == out.len() => return Ok(()),
            Ok(written) => return self.write_slowly(&out[written..]).await,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Err(Ended::Closed),
        }
        self.write_slowly(out).await
    }

    async fn write_slowly(&mut self, out: &[u8]) -> Result<(), Ended> {
        let in_time = Duration::from_millis(self.shared.config.write_ms);
        // In a box: nearly no connection ever comes here, and each task has room for what it waits for.
        match Box::pin(timeout(in_time, self.stream.write_all(out))).await {
            Ok(written) => written.map_err(|_| Ended::Closed),
            Err(_) => {
                self.shared.figures.stuck.add(1);
                Err(Ended::Stuck)
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.figures.connections.sub(1);
    }
}

/// The next event of a terminal that has authenticated; of another, none ever.
async fn next(outlet: &mut Option<Outlet>, room: bool) -> Event {
    match outlet {
        Some(outlet) => outlet.next_with(room).await,
        None => std::future::pending().await,
    }
}
