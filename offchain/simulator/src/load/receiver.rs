//! The thread that reads answers.

use std::{
    io,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Instant,
};

use futures::future::join_all;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::{io::AsyncReadExt, net::TcpStream, sync::oneshot};

use super::{board::Ending, set_up::Incoming, state::Shared};
use crate::{
    client::AnswerError,
    figures::lock,
    websocket::{Assembler, Message},
};

/// An answer, of which the result is not read before somebody needs it.
#[derive(Deserialize)]
struct Answer<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<AnswerError>,
}

/// The thread that reads, to be ended.
pub(super) struct Receiver {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Receiver {
    /// Ends the thread and waits for it.
    pub(super) fn stop(self) {
        // It may have ended by itself, with every connection.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

/// Starts the thread.
pub(super) fn start(shared: Arc<Shared>, incoming: Vec<Incoming>) -> io::Result<Receiver> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel();
    let thread = thread::Builder::new().name("load-receiver".to_owned()).spawn(move || {
        runtime.block_on(async {
            let reading = incoming.into_iter().enumerate().map(|(actor, (stream, assembler))| {
                tokio::spawn(read(shared.clone(), actor, stream, assembler))
            });
            let reading: Vec<_> = reading.collect();
            tokio::select! {
                _ = join_all(reading) => {}
                _ = stopped => {}
            }
        });
    })?;
    Ok(Receiver { stop, thread })
}

/// Reads one connection to its end.
async fn read(
    shared: Arc<Shared>,
    actor: usize,
    stream: std::net::TcpStream,
    assembler: Assembler,
) {
    let ended = match TcpStream::from_std(stream) {
        Ok(stream) => read_all(&shared, actor, stream, assembler).await,
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        tracing::warn!(connection = actor, %error, "a connection of the load ended");
    }
    if let Some(out) = shared.outs.get(actor) {
        lock(out).end();
    }
    lock(&shared.figures).give_up(Some(actor), Instant::now());
}

async fn read_all(
    shared: &Shared,
    actor: usize,
    mut stream: TcpStream,
    mut assembler: Assembler,
) -> io::Result<()> {
    let mut piece = vec![0; 8 << 10];
    loop {
        let read = stream.read(&mut piece).await?;
        // The time of the arrival, for everything that arrived together.
        let at = Instant::now();
        assembler.push(piece.get(..read).unwrap_or(&[]));
        while let Some(message) = assembler.next().map_err(io::Error::other)? {
            match message {
                Message::Text(text) => take(shared, actor, &text, at)?,
                Message::Ping(payload) => {
                    if let Some(out) = shared.outs.get(actor) {
                        lock(out).pong(&payload);
                    }
                }
                Message::Closed(reason) => {
                    return Err(io::Error::other(format!("closed: {reason}")))
                }
            }
        }
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn take(shared: &Shared, actor: usize, text: &[u8], at: Instant) -> io::Result<()> {
    let answer: Answer<'_> = serde_json::from_slice(text).map_err(io::Error::other)?;
    if let Some(id) = answer.id {
        let ending = answer.result.map_or(Ending::Refused, Ending::Done);
        lock(&shared.figures).answered(actor, id, answer.error, ending, at);
    }
    Ok(())
}
