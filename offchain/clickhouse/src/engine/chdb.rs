//! The engine's C interface, as few unsafe lines as can be.
//!
//! `libchdb.so` is ClickHouse with eleven C functions around it that matter here. It is loaded when an engine starts
//! and never unloaded: its threads run until the process ends.

use std::{
    ffi::{c_char, c_int, c_void, CStr, CString},
    path::{Path, PathBuf},
    ptr::{self, NonNull},
    sync::Mutex,
};

use super::exception::Exception;

/// A connection's session, as the library hands it out.
type Session = *mut c_void;
/// The result of a query, or of one fetch of a stream.
type Outcome = *mut c_void;
/// An insert under way.
type Insertion = *mut c_void;

macro_rules! functions {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        struct Functions { $($name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)* }

        impl Functions {
            /// # Safety
            ///
            /// The library's functions of these names must have these types.
            unsafe fn of(library: &libloading::Library) -> Result<Self, libloading::Error> {
                Ok(Self {
                    // SAFETY: the caller vouches for the type.
                    $($name: *unsafe { library.get(concat!("chdb_", stringify!($name), "\0")) }?,)*
                })
            }
        }
    };
}

functions! {
    set_signal_handlers_enabled: fn(c_int);
    connect: fn(c_int, *mut *mut c_char) -> *mut Session;
    close_conn: fn(*mut Session);
    query_with_params_n: fn(Session, *const c_char, usize, *const c_char, usize,
        *const *const c_char, *const usize, *const *const c_char, *const usize, usize) -> Outcome;
    stream_query_with_params_n: fn(Session, *const c_char, usize, *const c_char, usize,
        *const *const c_char, *const usize, *const *const c_char, *const usize, usize) -> Outcome;
    stream_fetch_result: fn(Session, Outcome) -> Outcome;
    stream_cancel_query: fn(Session, Outcome);
    destroy_query_result: fn(Outcome);
    stream_insert_with_params_n: fn(Session, *const c_char, usize, *const c_char, usize,
        *const *const c_char, *const usize, *const *const c_char, *const usize, usize) -> Insertion;
    stream_append: fn(Insertion, *const c_void, usize) -> c_int;
    stream_done: fn(Insertion) -> Outcome;
    stream_cancel_insert: fn(Insertion);
    stream_insert_error: fn(Insertion) -> *const c_char;
    destroy_insert_stream: fn(Insertion);
    result_buffer: fn(Outcome) -> *const u8;
    result_length: fn(Outcome) -> usize;
    result_error: fn(Outcome) -> *const c_char;
    result_rows_read: fn(Outcome) -> u64;
    result_storage_rows_read: fn(Outcome) -> u64;
    result_storage_bytes_read: fn(Outcome) -> u64;
    result_rows_written: fn(Outcome) -> u64;
    result_bytes_written: fn(Outcome) -> u64;
}

/// The loaded library. There is one in a process.
pub(super) struct Library {
    path: PathBuf,
    call: Functions,
}

static LOADED: Mutex<Option<&'static Library>> = Mutex::new(None);

/// Why the library cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("{path} cannot be loaded: {source}")]
    Load { path: PathBuf, source: libloading::Error },
    #[error("this process has loaded {0} already: one process has one library")]
    Another(PathBuf),
}

impl Library {
    /// Loads the library, or finds it loaded.
    pub(super) fn load(path: &Path) -> Result<&'static Self, LoadError> {
        let mut loaded = LOADED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(library) = *loaded {
            return match library.path == path {
                true => Ok(library),
                false => Err(LoadError::Another(library.path.clone())),
            };
        }
        let failed = |source| LoadError::Load { path: path.to_owned(), source };
        // SAFETY: the library's initialisers touch nothing of ours; the types of its functions are those of the
        // header that its version is published with (programs/local/chdb.h).
        let library = unsafe { libloading::Library::new(path) }.map_err(failed)?;
        // SAFETY: as above.
        let call = unsafe { Functions::of(&library) }.map_err(failed)?;
        // The function pointers are good as long as the library stays, which is forever: its threads cannot be
        // stopped reliably.
        std::mem::forget(library);
        // SAFETY: sets a flag. Signals are this process's own affair.
        unsafe { (call.set_signal_handlers_enabled)(0) };
        let library: &'static Self = Box::leak(Box::new(Self { path: path.to_owned(), call }));
        *loaded = Some(library);
        Ok(library)
    }
}

/// A name and a value for each `{name:Type}` of a statement, in ClickHouse's escaped text form.
pub(super) type Parameters = [(String, String)];

/// Parameters as the library takes them: pointers into them.
struct Pointers {
    names: Vec<*const c_char>,
    name_lengths: Vec<usize>,
    values: Vec<*const c_char>,
    value_lengths: Vec<usize>,
}

impl Pointers {
    fn to(parameters: &Parameters) -> Self {
        Self {
            names: parameters.iter().map(|(name, _)| name.as_ptr().cast()).collect(),
            name_lengths: parameters.iter().map(|(name, _)| name.len()).collect(),
            values: parameters.iter().map(|(_, value)| value.as_ptr().cast()).collect(),
            value_lengths: parameters.iter().map(|(_, value)| value.len()).collect(),
        }
    }
}

/// A session with the engine. Every request has one of its own, so that nothing of a session outlives a request.
///
/// Its methods block. The first connection of a process opens the data folder, the last one closes it.
pub(super) struct Connection {
    library: &'static Library,
    /// The library's own cell, which holds the session.
    cell: NonNull<Session>,
}

// SAFETY: a session belongs to no thread, and `&mut self` keeps it to one at a time.
unsafe impl Send for Connection {}

impl Connection {
    /// Opens a session; `arguments` are like those of clickhouse-local: `--path=`, and settings for this session.
    ///
    /// `None` when the engine cannot open the folder or a setting has a value that cannot be; it says why on stderr.
    pub(super) fn open(library: &'static Library, arguments: &[String]) -> Option<Self> {
        let arguments: Vec<CString> = std::iter::once("smartlink")
            .chain(arguments.iter().map(String::as_str))
            .map(CString::new)
            .collect::<Result<_, _>>()
            .ok()?;
        let mut pointers: Vec<_> = arguments.iter().map(|a| a.as_ptr().cast_mut()).collect();
        let count = c_int::try_from(pointers.len()).ok()?;
        // SAFETY: `count` NUL-terminated strings, which the function reads and does not keep.
        let cell = unsafe { (library.call.connect)(count, pointers.as_mut_ptr()) };
        Some(Self { library, cell: NonNull::new(cell)? })
    }

    fn session(&self) -> Session {
        // SAFETY: the cell is valid until close_conn, which only drop calls.
        unsafe { *self.cell.as_ptr() }
    }

    /// Runs a statement of any kind and keeps all that it answers.
    pub(super) fn query(
        &mut self,
        statement: &[u8],
        format: &str,
        parameters: &Parameters,
    ) -> Result<Answer, Exception> {
        let pointers = Pointers::to(parameters);
        // SAFETY: every pointer is good for the length beside it while the call lasts.
        let raw = unsafe {
            (self.library.call.query_with_params_n)(
                self.session(),
                statement.as_ptr().cast(),
                statement.len(),
                format.as_ptr().cast(),
                format.len(),
                pointers.names.as_ptr(),
                pointers.name_lengths.as_ptr(),
                pointers.values.as_ptr(),
                pointers.value_lengths.as_ptr(),
                parameters.len(),
            )
        };
        Answer::of(self.library, raw)
    }

    /// Begins a SELECT whose rows come in pieces, from [`Connection::rows`].
    pub(super) fn select(
        &mut self,
        statement: &[u8],
        format: &str,
        parameters: &Parameters,
    ) -> Result<Selection, Exception> {
        let pointers = Pointers::to(parameters);
        // SAFETY: as in `query`.
        let raw = unsafe {
            (self.library.call.stream_query_with_params_n)(
                self.session(),
                statement.as_ptr().cast(),
                statement.len(),
                format.as_ptr().cast(),
                format.len(),
                pointers.names.as_ptr(),
                pointers.name_lengths.as_ptr(),
                pointers.values.as_ptr(),
                pointers.value_lengths.as_ptr(),
                parameters.len(),
            )
        };
        Answer::of(self.library, raw).map(Selection)
    }

    /// The rows of a SELECT that was begun on this connection.
    pub(super) fn rows(&mut self, selection: Selection) -> ResultStream<'_> {
        ResultStream { connection: self, handle: selection.0, ended: false }
    }

    /// Begins an INSERT (without its FORMAT) whose data comes in pieces.
    pub(super) fn insert(
        &mut self,
        statement: &[u8],
        format: &str,
        parameters: &Parameters,
    ) -> Result<InsertStream<'_>, Exception> {
        let pointers = Pointers::to(parameters);
        // SAFETY: as in `query`.
        let raw = unsafe {
            (self.library.call.stream_insert_with_params_n)(
                self.session(),
                statement.as_ptr().cast(),
                statement.len(),
                format.as_ptr().cast(),
                format.len(),
                pointers.names.as_ptr(),
                pointers.name_lengths.as_ptr(),
                pointers.values.as_ptr(),
                pointers.value_lengths.as_ptr(),
                parameters.len(),
            )
        };
        let Some(handle) = NonNull::new(raw) else { return Err(nothing()) };
        let stream = InsertStream { connection: self, handle };
        match stream.failure() {
            Some(exception) => Err(exception),
            None => Ok(stream),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: the streams borrow the connection: none is left.
        unsafe { (self.library.call.close_conn)(self.cell.as_ptr()) };
    }
}

/// What a statement, or one fetch, gave.
pub(super) struct Answer {
    library: &'static Library,
    raw: NonNull<c_void>,
}

// SAFETY: an answer is a buffer and some numbers that nobody else refers to.
unsafe impl Send for Answer {}

impl Answer {
    fn of(library: &'static Library, raw: Outcome) -> Result<Self, Exception> {
        let answer = Self { library, raw: NonNull::new(raw).ok_or_else(nothing)? };
        // SAFETY: the handle is valid; the text lives as long as it.
        match unsafe { text((library.call.result_error)(raw)) } {
            Some(error) => Err(Exception::from_engine(&error)),
            None => Ok(answer),
        }
    }

    /// What it says in the format that was asked for.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: the buffer has that length and lives as long as the answer.
        unsafe {
            let length = (self.library.call.result_length)(self.raw.as_ptr());
            let buffer = (self.library.call.result_buffer)(self.raw.as_ptr());
            match length == 0 || buffer.is_null() {
                true => &[],
                false => std::slice::from_raw_parts(buffer, length),
            }
        }
    }

    /// What it cost.
    pub(super) fn progress(&self) -> Progress {
        let (raw, call) = (self.raw.as_ptr(), &self.library.call);
        // SAFETY: these read numbers of a valid handle.
        unsafe {
            Progress {
                result_rows: (call.result_rows_read)(raw),
                read_rows: (call.result_storage_rows_read)(raw),
                read_bytes: (call.result_storage_bytes_read)(raw),
                written_rows: (call.result_rows_written)(raw),
                written_bytes: (call.result_bytes_written)(raw),
            }
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // SAFETY: the handle is destroyed once, here.
        unsafe { (self.library.call.destroy_query_result)(self.raw.as_ptr()) };
    }
}

/// A SELECT that was begun.
pub(super) struct Selection(Answer);

/// How much a statement read and wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) result_rows: u64,
    pub(super) read_rows: u64,
    pub(super) read_bytes: u64,
    pub(super) written_rows: u64,
    pub(super) written_bytes: u64,
}

impl Progress {
    /// Adds what another piece cost.
    pub(super) fn add(&mut self, other: Self) {
        self.result_rows = self.result_rows.saturating_add(other.result_rows);
        self.read_rows = self.read_rows.saturating_add(other.read_rows);
        self.read_bytes = self.read_bytes.saturating_add(other.read_bytes);
        self.written_rows = self.written_rows.saturating_add(other.written_rows);
        self.written_bytes = self.written_bytes.saturating_add(other.written_bytes);
    }
}

/// The rows of a SELECT, in pieces. Dropped before its end it cancels the query.
pub(super) struct ResultStream<'a> {
    connection: &'a mut Connection,
    handle: Answer,
    ended: bool,
}

impl ResultStream<'_> {
    /// The next piece; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Answer>, Exception> {
        if self.ended {
            return Ok(None);
        }
        let library = self.connection.library;
        // SAFETY: both handles are valid, and `&mut self` keeps others away.
        let raw = unsafe {
            (library.call.stream_fetch_result)(self.connection.session(), self.handle.raw.as_ptr())
        };
        let answer = Answer::of(library, raw).inspect_err(|_| self.ended = true)?;
        self.ended = answer.bytes().is_empty();
        Ok((!self.ended).then_some(answer))
    }
}

impl Drop for ResultStream<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let call = &self.connection.library.call;
            // SAFETY: both handles are valid.
            unsafe {
                (call.stream_cancel_query)(self.connection.session(), self.handle.raw.as_ptr());
            }
        }
    }
}

/// An INSERT under way. Dropped before [`InsertStream::finish`] it is cancelled.
pub(super) struct InsertStream<'a> {
    connection: &'a mut Connection,
    handle: NonNull<c_void>,
}

impl InsertStream<'_> {
    /// Hands over the next piece of data; waits while the engine is behind.
    pub(super) fn append(&mut self, data: &[u8]) -> Result<(), Exception> {
        let call = &self.connection.library.call;
        // SAFETY: the handle is valid, and the data is copied.
        let state =
            unsafe { (call.stream_append)(self.handle.as_ptr(), data.as_ptr().cast(), data.len()) };
        match state {
            0 => Ok(()),
            _ => Err(self.failure().unwrap_or_else(nothing)),
        }
    }

    /// Ends the data and waits until it is stored.
    pub(super) fn finish(self) -> Result<Progress, Exception> {
        let library = self.connection.library;
        // SAFETY: the handle is valid; drop destroys it afterwards, as it must be.
        let raw = unsafe { (library.call.stream_done)(self.handle.as_ptr()) };
        Answer::of(library, raw).map(|answer| answer.progress())
    }

    /// Gives up; what was stored of large inserts already stays.
    pub(super) fn cancel(self) {
        // SAFETY: the handle is valid; drop destroys it afterwards.
        unsafe { (self.connection.library.call.stream_cancel_insert)(self.handle.as_ptr()) };
    }

    fn failure(&self) -> Option<Exception> {
        // SAFETY: the handle is valid; the text lives as long as it.
        let error = unsafe {
            text((self.connection.library.call.stream_insert_error)(self.handle.as_ptr()))
        };
        error.map(|error| Exception::from_engine(&error))
    }
}

impl Drop for InsertStream<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is destroyed once, here; one that is not finished is cancelled by this.
        unsafe { (self.connection.library.call.destroy_insert_stream)(self.handle.as_ptr()) };
    }
}

/// # Safety
///
/// `pointer` is null or a NUL-terminated string.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    if ptr::eq(pointer, ptr::null()) {
        return None;
    }
    // SAFETY: the caller vouches for it.
    Some(unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

fn nothing() -> Exception {
    Exception::new(
        super::exception::code::LOGICAL_ERROR,
        "LOGICAL_ERROR",
        "the engine answered nothing at all",
    )
}
