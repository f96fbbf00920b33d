//! A connection: what it may still ask, and a socket that does not let its client keep the node waiting.

use super::{
    limits::Limits,
    metrics::Metrics,
    places::Place,
    rate::{Bucket, Rate},
    refusal::Refusal,
};
use std::{
    future::Future,
    io::{self, IoSlice},
    net::Shutdown,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{ready, Context, Poll, Waker},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, Sleep},
};

/// What is known of a connection. Its places are free again when nobody holds it any more.
pub struct Connection {
    /// Requests without a token.
    pub stranger: Bucket,
    /// Requests with one.
    pub member: Bucket,
    /// Room for requests that are being answered.
    pub at_a_time: Arc<Semaphore>,
    /// Another handle of the socket.
    socket: std::net::TcpStream,
    metrics: Metrics,
    held: Mutex<Held>,
    _place: OwnedSemaphorePermit,
}

/// The places that a connection has until it ends.
#[derive(Default)]
struct Held {
    standing: Standing,
    /// Of an account, for a WebSocket.
    account: Option<Place>,
}

/// What a connection has shown.
#[derive(Default)]
enum Standing {
    /// Nothing, and it has no place among those who show no token.
    #[default]
    Unknown,
    /// No token: it has a place.
    Stranger { _place: OwnedSemaphorePermit },
    /// A good token, with its last request.
    Member,
}

impl Connection {
    /// Takes a place among those who show no token, unless it has one.
    pub fn be_a_stranger(&self, places: &Arc<Semaphore>) -> Result<(), Refusal> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(held.standing, Standing::Stranger { .. }) {
            let place = places.clone().try_acquire_owned();
            let place = place.map_err(|_| Refusal::StrangersFull)?;
            held.standing = Standing::Stranger { _place: place };
        }
        Ok(())
    }

    /// Gives the place among those who show no token back.
    pub fn be_a_member(&self) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).standing = Standing::Member;
    }

    /// Whether it has shown nothing, and has no place among those who show no token.
    pub fn is_unknown(&self) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(held.standing, Standing::Unknown)
    }

    /// Keeps the place of an account until the connection ends.
    pub fn keep(&self, place: Place) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).account = Some(place);
    }

    /// Ends it at once. What is on its way still arrives.
    pub fn cut(&self) {
        // An error means that it has ended.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.metrics.disconnected();
    }
}

/// The socket of a connection.
///
/// Nothing is read from a client that takes no answers: else its requests, each with its answer, would pile up in memory. When it
/// takes nothing for a while, the connection ends.
pub struct Socket {
    stream: TcpStream,
    connection: Arc<Connection>,
    patience: Duration,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Who wants to read meanwhile.
    reader: Option<Waker>,
}

impl Socket {
    /// The socket of a connection that has a place.
    pub fn new(
        stream: TcpStream,
        place: OwnedSemaphorePermit,
        limits: &Limits,
        metrics: Metrics,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let stream = stream.into_std()?;
        let socket = stream.try_clone()?;
        let stream = TcpStream::from_std(stream)?;
        let bucket = |rate: Rate| Bucket::new(rate, Instant::now());
        metrics.connected();
        let connection = Arc::new(Connection {
            stranger: bucket(limits.stranger),
            member: bucket(limits.member),
            at_a_time: Arc::new(Semaphore::new(limits.at_a_time)),
            socket,
            metrics,
            held: Mutex::default(),
            _place: place,
        });
        let patience = limits.stalled;
        Ok(Self { stream, connection, patience, stalled: None, reader: None })
    }

    /// What is known of its connection.
    pub fn connection(&self) -> Arc<Connection> {
        self.connection.clone()
    }

    /// Looks at a writer's result: starts to wait, goes on waiting, or lets readers read again.
    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if wrote.is_ready() {
            self.stalled = None;
            if let Some(reader) = self.reader.take() {
                reader.wake();
            }
            return wrote;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(self.give_up()))
    }

    /// Ends the connection for reader and writer alike.
    fn give_up(&self) -> io::Error {
        self.connection.cut();
        io::Error::new(io::ErrorKind::TimedOut, "the client takes no answers")
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let Some(stalled) = &mut this.stalled else {
            return Pin::new(&mut this.stream).poll_read(cx, buffer);
        };
        // Whoever looked last is woken when the patience ends, reader or writer: either ends the connection.
        if stalled.as_mut().poll(cx).is_pending() {
            this.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Err(this.give_up()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let wrote = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.wrote(cx, wrote)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let wrote = Pin::new(&mut this.stream).poll_write_vectored(cx, parts);
        this.wrote(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl Drop for Socket {
    /// The other handle would keep it open.
    fn drop(&mut self) {
        self.connection.cut();
    }
}
