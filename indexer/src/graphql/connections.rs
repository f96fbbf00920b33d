//! Connections of the server: no more than a bound of them, and none that nothing goes through.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{ready, Context, Poll},
    time::Duration,
};

use axum::serve::Listener;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep},
};

/// What a connection may do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How long nothing may come or go.
    pub quiet: Duration,
    /// How long the client may take nothing of what is sent.
    pub stall: Duration,
}

/// Accepts connections while there is a place for them. One more is closed at once.
pub(super) struct Connections {
    listener: TcpListener,
    places: Arc<Semaphore>,
    patience: Patience,
}

impl Connections {
    pub fn new(listener: TcpListener, most: usize, patience: Patience) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(most)), patience }
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            let Ok(place) = self.places.clone().try_acquire_owned() else { continue };
            // Also what the system still has when the connection is over here would wait for its client for ever.
            if let Err(error) =
                SockRef::from(&stream).set_tcp_user_timeout(Some(self.patience.stall))
            {
                tracing::debug!(%error, "a connection is already gone");
                continue;
            }
            return (Connection::new(stream, self.patience.quiet, place), address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that breaks when nothing comes or goes for too long.
pub(super) struct Connection {
    stream: TcpStream,
    quiet: Duration,
    /// When something came or went for the last time.
    last: Instant,
    alarm: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(stream: TcpStream, quiet: Duration, place: OwnedSemaphorePermit) -> Self {
        let alarm = Box::pin(tokio::time::sleep(quiet));
        Self { stream, quiet, last: Instant::now(), alarm, _place: place }
    }

    /// What came of reading or writing, or that it is over.
    fn watched<T>(
        &mut self,
        context: &mut Context<'_>,
        done: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.last = Instant::now();
            return done;
        }
        loop {
            ready!(self.alarm.as_mut().poll(context));
            let due = self.last + self.quiet;
            if due <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(due);
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_read(context, into);
        self.watched(context, done)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.watched(context, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn listening(most: usize, quiet: Duration) -> (Connections, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Patience { quiet, stall: Duration::from_millis(200) };
        (Connections::new(listener, most, patience), address)
    }

    #[tokio::test]
    async fn one_too_many_is_closed_and_a_place_is_given_again() {
        let (mut connections, address) = listening(1, Duration::from_secs(60)).await;
        let _first = TcpStream::connect(address).await.unwrap();
        let (held, _) = connections.accept().await;
        let mut second = TcpStream::connect(address).await.unwrap();
        let more = tokio::spawn(async move { connections.accept().await });
        assert_eq!(second.read(&mut [0]).await.unwrap(), 0);
        drop(held);
        let third = TcpStream::connect(address).await.unwrap();
        let (_held, from) = more.await.unwrap();
        assert_eq!(from, third.local_addr().unwrap());
    }

    #[tokio::test]
    async fn nothing_for_too_long_is_the_end() {
        let (mut connections, address) = listening(1, Duration::from_millis(50)).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let (mut connection, _) = connections.accept().await;
        client.write_all(b"x").await.unwrap();
        assert_eq!(connection.read(&mut [0; 8]).await.unwrap(), 1);
        let over = connection.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(over.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_is_given_up() {
        let (mut connections, address) = listening(1, Duration::from_secs(60)).await;
        let _client = TcpStream::connect(address).await.unwrap();
        let (mut connection, _) = connections.accept().await;
        let piece = vec![0; 1 << 20];
        let sending = async { while connection.write_all(&piece).await.is_ok() {} };
        // Much sooner than it is quiet for too long: the system breaks it.
        let within = Duration::from_secs(30);
        tokio::time::timeout(within, sending).await.expect("the connection breaks");
    }
}
