//! A socket that acknowledges what it reads at once.
//!
//! The node's socket holds a short answer back while one before it is not acknowledged (RFC 896), and a reader's system takes
//! up to 40 ms for that when it has nothing to say itself (RFC 1122, 4.2.3.2). Substrate's server does not turn the first off, so this
//! side turns the second off; Linux forgets it by itself (tcp(7), TCP_QUICKACK), so after every read again.

use std::{
    io,
    pin::Pin,
    task::{ready, Context, Poll},
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A connection over TCP that keeps nobody waiting.
pub(crate) struct Prompt(TcpStream);

impl Prompt {
    /// Connects to the host of an address such as `ws://127.0.0.1:9944/path`. `None`: it has another form, TLS perhaps.
    pub(crate) async fn connect(url: &str) -> Option<io::Result<Self>> {
        Some(Self::open(place(url)?).await)
    }

    async fn open(place: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(place).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }
}

/// Host and port of an address without TLS and without names of users.
fn place(url: &str) -> Option<&str> {
    let place = url.strip_prefix("ws://")?.split(['/', '?', '#']).next()?;
    let (host, port) = place.rsplit_once(':')?;
    let plain = !host.is_empty() && !host.contains('@') && port.parse::<u16>().is_ok();
    plain.then_some(place)
}

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.0).poll_read(context, buffer))?;
        // Only speed hangs on it: where it is refused, answers come as slowly as they do everywhere.
        #[cfg(target_os = "linux")]
        SockRef::from(&self.0).set_tcp_quickack(true).ok();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn what_has_no_plain_host_and_port_is_left_to_the_library() {
        assert_eq!(place("ws://127.0.0.1:9944"), Some("127.0.0.1:9944"));
        assert_eq!(place("ws://[::1]:9944/a?b"), Some("[::1]:9944"));
        assert_eq!(place("ws://node.example:80#c"), Some("node.example:80"));
        for other in [
            "wss://node.example:443",
            "ws://node.example",
            "ws://a:b@node:1",
            "ws://:1",
            "http://a:1",
            "",
        ] {
            assert_eq!(place(other), None, "{other}");
        }
    }
}
