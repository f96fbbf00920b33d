//! The work on one request, on a thread that may block.

use std::{
    io::Read,
    sync::atomic::{AtomicBool, Ordering},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::{
    call::Call,
    chdb::{Connection, Progress},
    encoding::Encoder,
    exception::{code, Exception},
    input::{cancelled, Input},
    multipart, outside,
    sessions::{Sessions, LONGEST_STATEMENT},
    spool::{self, broken, Spool},
    statement::{self, Kind, Statement},
    stitch::Stitcher,
};

/// The beginning of a body in which an insert's data is looked for before more is read.
const FIRST_LOOK: usize = 64 * 1024;
/// The most that is kept of an answer that shall be whole before it is sent.
const LARGEST_KEPT: usize = 64 * 1024 * 1024;

/// What a request gets before its answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The format of the answer; `None` for statements that answer nothing.
    pub(super) format: Option<String>,
    pub(super) progress: Progress,
    pub(super) elapsed: Duration,
}

/// A piece of the body, or the sign that the answer is broken off.
pub(super) type Piece = Result<Bytes, Broken>;

/// The answer ends in the middle; the exception was sent as its last words.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the query failed after a part of its answer was sent")]
pub(super) struct Broken;

/// One request and the ways back to its caller.
pub(super) struct Work {
    pub(super) call: Call,
    /// By which its query can be found.
    pub(super) mark: String,
    pub(super) input: Input,
    pub(super) head: oneshot::Sender<Result<Head, Exception>>,
    pub(super) pieces: mpsc::Sender<Piece>,
    /// How long a caller may take to read a piece.
    pub(super) patience: Duration,
    /// The caller went away.
    pub(super) gone: Arc<AtomicBool>,
    /// Marks the exception in an answer.
    pub(super) tag: String,
}

impl Work {
    /// Does it all. Blocks until the last piece of the answer is taken.
    pub(super) fn run(mut self, sessions: &Sessions, runtime: &Handle) {
        let begun = Instant::now();
        let mut reply = Reply {
            head: Some(self.head),
            pieces: self.pieces,
            encoder: Some(Encoder::new(self.call.encoding)),
            kept: Vec::new(),
            keep: match self.call.wait {
                true => LARGEST_KEPT,
                false => self.call.buffer.min(LARGEST_KEPT),
            },
            wait: self.call.wait,
            mark: self.mark.clone(),
            format: None,
            progress: Progress::default(),
            begun,
            patience: self.patience,
            runtime,
        };
        let mut inserts = false;
        let done = prepare(&mut self.call, &mut self.input).and_then(|(statement, text)| {
            inserts = statement.inserts;
            if self.gone.load(Ordering::Acquire) {
                return Err(cancelled());
            }
            if self.call.is_document(&statement) {
                // The disk is not filled by one answer; what the caller says itself comes later and counts.
                let most = ("max_result_bytes".to_owned(), spool::LARGEST.to_string());
                self.call.settings.insert(0, most);
            }
            let (settings, database) = (&self.call.settings, self.call.database.as_deref());
            let mut session = sessions.session(&self.mark, settings, database)?;
            let spool = &sessions.spool;
            let (session, input) = (&mut session.connection, &mut self.input);
            execute(session, spool, &self.call, statement, text, input, &mut reply)
        });
        if inserts && done.is_err() {
            sessions.forget_tokens();
        }
        let ended = match done {
            Ok(()) => reply.end(),
            Err(exception) => reply.fail(&exception, &self.tag, &sessions.version),
        };
        if let Err(exception) = ended {
            tracing::debug!(%exception, id = self.call.id, "an answer was not taken");
        }
    }
}

/// Reads as much of the request as it takes to know the statement: all of it, or up to an insert's data.
fn prepare(call: &mut Call, input: &mut Input) -> Result<(Statement, Vec<u8>), Exception> {
    if let Some(boundary) = call.boundary.take() {
        let mut form = Vec::new();
        while let Some(piece) = input.next()? {
            form.extend_from_slice(&piece);
            if form.len() > 2 * LONGEST_STATEMENT {
                return Err(too_long());
            }
        }
        call.take_form(multipart::read(&form, &boundary)?)?;
    }
    // ClickHouse joins what is in the URL and the body, with a line's end between them.
    let mut text = std::mem::take(&mut call.query).into_bytes();
    if !text.is_empty() {
        text.push(b'\n');
        let statement = statement::read(&text)?;
        if matches!(statement.kind, Kind::Insert { .. }) {
            return heeded(call, input, statement, text);
        }
    }
    let mut look = FIRST_LOOK;
    while let Some(piece) = input.next()? {
        text.extend_from_slice(&piece);
        if text.len() < look {
            continue;
        }
        if let Ok(statement) = statement::read(&text) {
            let is_insert = matches!(statement.kind, Kind::Insert { .. });
            // A format's name at the very end may be half of it.
            if is_insert && statement.data < text.len() {
                return heeded(call, input, statement, text);
            }
        }
        if text.len() > LONGEST_STATEMENT {
            return Err(too_long());
        }
        look = LONGEST_STATEMENT;
    }
    let statement = statement::read(&text)?;
    heeded(call, input, statement, text)
}

/// Expressions in the data of VALUES are read like a statement, as far as a statement may be long. Data that goes on
/// behind that is of literals alone.
fn heeded(
    call: &mut Call,
    input: &mut Input,
    statement: Statement,
    mut text: Vec<u8>,
) -> Result<(Statement, Vec<u8>), Exception> {
    while statement.has_expressions() && text.len() <= LONGEST_STATEMENT {
        match input.next()? {
            Some(piece) => text.extend_from_slice(&piece),
            None => {
                outside::refuse(&text[statement.data..])?;
                call.settings.extend(outside::expressions(true));
                break;
            }
        }
    }
    Ok((statement, text))
}

/// Runs the statement, each kind in its way.
fn execute(
    session: &mut Connection,
    spool: &Spool,
    call: &Call,
    statement: Statement,
    text: Vec<u8>,
    input: &mut Input,
    reply: &mut Reply<'_>,
) -> Result<(), Exception> {
    let parameters = &call.parameters;
    let format = statement.format.as_deref().unwrap_or(&call.format);
    match &statement.kind {
        Kind::Insert { format } => {
            let mut insert = session.insert(&text[..statement.end], format, parameters)?;
            if statement.data < text.len() {
                insert.append(&text[statement.data..])?;
            }
            drop(text);
            loop {
                match input.next() {
                    Ok(Some(piece)) => insert.append(&piece)?,
                    Ok(None) => break,
                    Err(exception) => {
                        insert.cancel();
                        return Err(exception);
                    }
                }
            }
            reply.progress = insert.finish()?;
            Ok(())
        }
        Kind::Select => {
            reply.format = Some(format.to_owned());
            match call.stitcher(&statement) {
                Some(stitcher) => rows(session, &text, format, parameters, stitcher, reply),
                None => document(session, spool, call, &statement, &text, reply),
            }
        }
        Kind::Other => whole(session, &text, format, parameters, reply),
    }
}

/// Runs a SELECT whose rows are sent as they come.
fn rows(
    session: &mut Connection,
    text: &[u8],
    format: &str,
    parameters: &[(String, String)],
    mut stitcher: Stitcher,
    reply: &mut Reply<'_>,
) -> Result<(), Exception> {
    let selection = match session.select(text, format, parameters) {
        Ok(selection) => selection,
        // A WITH that inserts, for one.
        Err(refused) if refused.text().contains("Streaming query is not supported") => {
            return whole(session, text, format, parameters, reply);
        }
        Err(exception) => return Err(exception),
    };
    let mut stream = session.rows(selection);
    while let Some(piece) = stream.next()? {
        reply.progress.add(piece.progress());
        let piece = stitcher.next(piece.bytes()).ok_or_else(|| {
            let sentence = format!("a piece of the answer has no heading of the format {format}");
            Exception::new(code::LOGICAL_ERROR, "LOGICAL_ERROR", sentence)
        })?;
        reply.give(piece)?;
    }
    Ok(())
}

/// Runs a SELECT whose answer is one document: by way of a file, so that it may be of any size.
fn document(
    session: &mut Connection,
    spool: &Spool,
    call: &Call,
    statement: &Statement,
    text: &[u8],
    reply: &mut Reply<'_>,
) -> Result<(), Exception> {
    let place = spool.place(&reply.mark);
    let format = statement.format.is_none().then_some(call.format.as_str());
    let diverted = place.divert(text, statement.clauses, format);
    reply.progress = session.query(&diverted, "Null", &call.parameters)?.progress();
    let mut file = place.read()?;
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece).map_err(|error| broken(&error))? {
            0 => return Ok(()),
            length => reply.give(&piece[..length])?,
        }
    }
}

/// Runs a statement whose answer is kept whole by the engine.
fn whole(
    session: &mut Connection,
    text: &[u8],
    format: &str,
    parameters: &[(String, String)],
    reply: &mut Reply<'_>,
) -> Result<(), Exception> {
    let answer = session.query(text, format, parameters)?;
    reply.progress = answer.progress();
    if !answer.bytes().is_empty() {
        reply.format = Some(format.to_owned());
        reply.give(answer.bytes())?;
    }
    Ok(())
}

fn too_long() -> Exception {
    let sentence = format!(
        "the statement is longer than {LONGEST_STATEMENT} bytes (max_query_size), or its FORMAT stands behind that"
    );
    Exception::new(code::SYNTAX_ERROR, "SYNTAX_ERROR", sentence)
}

/// The answer, on its way.
///
/// Its beginning is kept until it is large enough: a query that fails early is answered with a status, and one that
/// ends early with a complete summary.
struct Reply<'a> {
    /// Until it is sent.
    head: Option<oneshot::Sender<Result<Head, Exception>>>,
    pieces: mpsc::Sender<Piece>,
    /// Until the answer is finished.
    encoder: Option<Encoder>,
    kept: Vec<u8>,
    keep: usize,
    wait: bool,
    mark: String,
    format: Option<String>,
    progress: Progress,
    begun: Instant,
    patience: Duration,
    runtime: &'a Handle,
}

impl Reply<'_> {
    /// Takes a piece of the answer. Waits while the caller is behind.
    fn give(&mut self, piece: &[u8]) -> Result<(), Exception> {
        if self.head.is_some() {
            if self.kept.len() + piece.len() <= self.keep {
                self.kept.extend_from_slice(piece);
                return Ok(());
            }
            if self.wait {
                let sentence = "the answer is larger than the 64 MiB that wait_end_of_query keeps";
                let name = "TOO_MANY_ROWS_OR_BYTES";
                return Err(Exception::new(code::TOO_MANY_ROWS_OR_BYTES, name, sentence));
            }
            self.begin()?;
        }
        self.encode(piece)
    }

    /// Sends the head and what was kept.
    fn begin(&mut self) -> Result<(), Exception> {
        let Some(head) = self.head.take() else { return Ok(()) };
        let told = Head {
            format: self.format.clone(),
            progress: self.progress,
            elapsed: self.begun.elapsed(),
        };
        head.send(Ok(told)).map_err(|_| cancelled())?;
        let kept = std::mem::take(&mut self.kept);
        match kept.is_empty() {
            true => Ok(()),
            false => self.encode(&kept),
        }
    }

    fn encode(&mut self, piece: &[u8]) -> Result<(), Exception> {
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        let encoded = encoder.encode(piece);
        self.send(Ok(encoded.into()))
    }

    fn send(&self, piece: Piece) -> Result<(), Exception> {
        if piece.as_ref().is_ok_and(Bytes::is_empty) {
            return Ok(());
        }
        let sent =
            self.runtime.block_on(tokio::time::timeout(self.patience, self.pieces.send(piece)));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(cancelled()),
            Err(_) => {
                let sentence = "the caller does not read its answer";
                Err(Exception::new(code::SOCKET_TIMEOUT, "SOCKET_TIMEOUT", sentence))
            }
        }
    }

    /// Ends a whole answer.
    fn end(&mut self) -> Result<(), Exception> {
        self.begin()?;
        match self.encoder.take() {
            Some(encoder) if self.format.is_some() => self.send(Ok(encoder.finish().into())),
            _ => Ok(()),
        }
    }

    /// Ends with an exception: as the answer, or, when a part is sent already, as its last words.
    fn fail(&mut self, exception: &Exception, tag: &str, version: &str) -> Result<(), Exception> {
        if let Some(head) = self.head.take() {
            return head.send(Err(exception.clone())).map_err(|_| cancelled());
        }
        let message = format!("{}\n", exception.sentence(version));
        let last_words = format!(
            "\r\n__exception__\r\n{tag}\r\n{message}{} {tag}\r\n__exception__\r\n",
            message.len()
        );
        self.encode(last_words.as_bytes())?;
        if let Some(encoder) = self.encoder.take() {
            self.send(Ok(encoder.finish().into()))?;
        }
        self.send(Err(Broken))
    }
}
