//! Connections that may not be slow: neither with a request, byte by byte, nor with taking an answer.

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{ready, Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{sleep, sleep_until, Instant, Sleep},
};

use super::{HttpConfig, HttpFigures};
use crate::door::{Door, Pass};

/// The wait after the system had no connection to give: it has too many open.
const NO_DESCRIPTOR: Duration = Duration::from_millis(100);

/// Listens, within the bounds on connections.
pub(super) struct Bounded {
    listener: TcpListener,
    door: Door,
    idle: Duration,
    request: Duration,
    figures: Arc<HttpFigures>,
}

impl Bounded {
    pub(super) fn new(
        listener: TcpListener,
        config: &HttpConfig,
        figures: Arc<HttpFigures>,
    ) -> Self {
        Self {
            listener,
            door: Door::new(config.connections, config.connections_per_address),
            idle: Duration::from_millis(config.idle_ms),
            request: Duration::from_millis(config.request_ms),
            figures,
        }
    }
}

impl Listener for Bounded {
    type Io = Timed<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    let Some(pass) = self.door.enter(address.ip()) else {
                        self.figures.crowded.add(1);
                        continue;
                    };
                    // Answers are small and somebody waits for them.
                    let _ = stream.set_nodelay(true);
                    let timed = Timed::new(stream, self.idle, self.request, self.figures.clone());
                    return (Timed { _pass: Some(pass), ..timed }, address);
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection of HTTP could not be taken");
                    sleep(NO_DESCRIPTOR).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, Bounded>> for Origin {
    fn connect_info(stream: IncomingStream<'_, Bounded>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A connection with a deadline: that of silence until a request begins, and that of the request from its first byte
/// until its answer is written. Single bytes now and then do not prolong it.
pub(super) struct Timed<S> {
    stream: S,
    idle: Duration,
    request: Duration,
    deadline: Pin<Box<Sleep>>,
    in_request: bool,
    figures: Arc<HttpFigures>,
    /// The place among the connections.
    _pass: Option<Pass>,
}

impl<S> Timed<S> {
    fn new(stream: S, idle: Duration, request: Duration, figures: Arc<HttpFigures>) -> Self {
        let deadline = Box::pin(sleep_until(Instant::now() + idle));
        Self { stream, idle, request, deadline, in_request: false, figures, _pass: None }
    }

    fn turn(&mut self, in_request: bool) {
        if self.in_request != in_request {
            self.in_request = in_request;
            let lasting = if in_request { self.request } else { self.idle };
            self.deadline.as_mut().reset(Instant::now() + lasting);
        }
    }

    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.deadline.as_mut().poll(context).is_ready() {
            // It is asked again until the connection is dropped.
            if std::mem::take(&mut self.in_request) {
                self.figures.slow.add(1);
            }
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.check(context)?;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            this.turn(true);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        this.check(context)?;
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        // Answers are one small write: once it is taken, the next request may begin.
        this.turn(false);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.check(context)?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{duplex, AsyncReadExt, AsyncWriteExt};

    fn timed(stream: tokio::io::DuplexStream) -> Timed<tokio::io::DuplexStream> {
        let seconds = Duration::from_secs;
        Timed::new(stream, seconds(60), seconds(10), Arc::default())
    }

    #[tokio::test(start_paused = true)]
    async fn byte_after_byte_does_not_prolong_a_request() {
        let (mut device, server) = duplex(64);
        let mut server = timed(server);
        let drip = tokio::spawn(async move {
            while device.write_all(b"x").await.is_ok() {
                sleep(Duration::from_secs(3)).await;
            }
        });
        let start = Instant::now();
        let mut read = Vec::new();
        let error = server.read_to_end(&mut read).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(start.elapsed().as_secs(), 10);
        assert_eq!(read.len(), 4);
        assert_eq!(server.figures.slow.get(), 1);
        drop(server);
        drip.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn between_requests_a_connection_may_be_silent_for_longer() {
        let (mut device, server) = duplex(64);
        let mut server = timed(server);
        let mut bytes = [0; 8];
        for _ in 0..3 {
            device.write_all(b"request").await.unwrap();
            assert_eq!(server.read(&mut bytes).await.unwrap(), 7);
            server.write_all(b"answer").await.unwrap();
            device.read_exact(&mut bytes[..6]).await.unwrap();
            sleep(Duration::from_secs(50)).await;
        }
        let start = Instant::now();
        assert!(server.read(&mut bytes).await.is_err());
        assert_eq!(start.elapsed().as_secs(), 10);
        assert_eq!(server.figures.slow.get(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_take_the_answer_is_left() {
        let (mut device, server) = duplex(64);
        let mut server = timed(server);
        device.write_all(b"request").await.unwrap();
        let _ = server.read(&mut [0; 8]).await.unwrap();
        let start = Instant::now();
        assert!(server.write_all(&[0; 1000]).await.is_err());
        assert!(start.elapsed().as_secs() <= 60);
    }
}
