//! Where rows come from: the copy, and questions in SQL. The same question in SQL at the same block is asked once, whoever
//! asks.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::Duration,
};

use futures::{future::Shared, FutureExt};
use tokio::sync::{watch, Semaphore};

use super::{
    answer::AskError,
    copy::Copy,
    load::Loader,
    shape::{Shape, Shapes},
    tip::Tip,
};
use crate::{
    config::ApiConfig,
    domain::{rows::RowReader, Cell, Column},
    error::Error,
    infra::{store::schema, Index},
};

/// Bytes of a question whose answer is kept, at most.
const LONGEST_KEPT: usize = 8 << 10;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its cells, in the order of the columns that were asked for.
    pub cells: Vec<Cell>,
}

/// Rows, shared by all who asked the same.
pub type RowsRead = Arc<[Arc<Row>]>;

type Asked = Shared<Pin<Box<dyn Future<Output = Result<RowsRead, AskError>> + Send>>>;

/// Reads rows of the index.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    index: Index,
    copy: Copy,
    shapes: Arc<Shapes>,
    config: ApiConfig,
    tip: watch::Receiver<Tip>,
    queries: Semaphore,
    /// Questions that have their turn, or wait for it.
    asking: AtomicUsize,
    answers: Mutex<Answers>,
    loader: Loader,
}

/// Answers at one block.
#[derive(Default)]
struct Answers {
    tip: Tip,
    /// Rows that are kept.
    rows: usize,
    asked: HashMap<Arc<str>, Asked>,
}

impl Reader {
    /// Of an index and its copy, that has come to `tip`.
    pub fn new(
        index: Index,
        copy: Copy,
        shapes: Arc<Shapes>,
        config: &ApiConfig,
        tip: watch::Receiver<Tip>,
    ) -> Self {
        Self(Arc::new(Inner {
            index,
            copy,
            shapes,
            config: config.clone(),
            tip,
            queries: Semaphore::new(config.queries),
            asking: AtomicUsize::new(0),
            answers: Mutex::default(),
            loader: Loader::default(),
        }))
    }

    /// How far the index is.
    pub fn tip(&self) -> Tip {
        *self.0.tip.borrow()
    }

    /// Tells when the index goes on.
    pub fn watch(&self) -> watch::Receiver<Tip> {
        self.0.tip.clone()
    }

    /// What can be asked for.
    pub fn shapes(&self) -> &Arc<Shapes> {
        &self.0.shapes
    }

    /// The bounds.
    pub fn config(&self) -> &ApiConfig {
        &self.0.config
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.0.index
    }

    /// The copy of its rows.
    pub(super) fn copy(&self) -> &Copy {
        &self.0.copy
    }

    /// What reads rows by their keys.
    pub(super) fn loader(&self) -> &Loader {
        &self.0.loader
    }

    /// Rows of a shape: `SELECT` its columns, and then what is given.
    ///
    /// # Errors
    /// ClickHouse does not answer, or there is too much to do.
    pub async fn rows(&self, shape: &Shape, from: &str) -> Result<RowsRead, AskError> {
        let sql = format!("SELECT {} FROM {from}", schema::listed(&shape.columns));
        self.ask(sql, shape.columns.clone()).await
    }

    /// Rows of a question, by the columns that it asks for. What was asked at this block is not asked again.
    ///
    /// # Errors
    /// ClickHouse does not answer, or there is too much to do.
    pub async fn ask(&self, sql: String, columns: Vec<Column>) -> Result<RowsRead, AskError> {
        if sql.len() > LONGEST_KEPT {
            return self.read(&sql, &columns).await;
        }
        let sql: Arc<str> = sql.into();
        let answer = self.asked(sql.clone(), columns).await;
        if answer.is_err() {
            // The next one who asks is not to be told an old failure.
            self.answers().asked.remove(&sql);
        }
        answer
    }

    /// The answer that is there or on its way, or else one that is asked for now.
    fn asked(&self, sql: Arc<str>, columns: Vec<Column>) -> Asked {
        let tip = self.tip();
        let mut answers = self.answers();
        let config = &self.0.config;
        if answers.tip != tip
            || answers.asked.len() >= config.answers
            || answers.rows > config.answer_rows
        {
            *answers = Answers { tip, ..Answers::default() };
        }
        if let Some(asked) = answers.asked.get(&sql) {
            return asked.clone();
        }
        let (reader, question) = (self.clone(), sql.clone());
        // A task of its own comes to an end, and gives its place back, also when whoever asked has gone.
        let asking = tokio::spawn(async move {
            let rows = reader.read(&question, &columns).await?;
            reader.answers().rows += rows.len();
            Ok::<RowsRead, AskError>(rows)
        });
        let ended = |answer: Result<_, tokio::task::JoinError>| {
            answer.unwrap_or_else(|error| Err(AskError::Index(error.to_string())))
        };
        let asked = asking.map(ended).boxed().shared();
        answers.asked.insert(sql, asked.clone());
        asked
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads rows, without asking whether they are known.
    ///
    /// # Errors
    /// ClickHouse does not answer, or there is too much to do.
    pub(super) async fn read(&self, sql: &str, columns: &[Column]) -> Result<RowsRead, AskError> {
        let Inner { queries, config, index, .. } = &*self.0;
        let _turn = self.turn()?;
        let late = || AskError::Late { milliseconds: config.query_ms };
        let most = Duration::from_millis(config.query_ms);
        let permit = tokio::time::timeout(most, queries.acquire()).await.map_err(|_| late())?;
        let _permit = permit.map_err(|_| AskError::Index("it is closed".to_owned()))?;
        let seconds = config.query_ms.div_ceil(1_000);
        let sql = format!(
            "{sql} SETTINGS max_execution_time = {seconds}, max_threads = {}",
            config.threads
        );
        let bytes = tokio::time::timeout(most, index.row_binary(&sql)).await.map_err(|_| late())?;
        let bytes = bytes.map_err(|error| AskError::of(error, config.query_ms))?;
        decode(&bytes, columns)
    }

    /// A place among the questions that wait, as long as it is held.
    fn turn(&self) -> Result<Turn<'_>, AskError> {
        let waiting = self.0.asking.fetch_add(1, Ordering::Relaxed);
        let turn = Turn(&self.0.asking);
        match waiting > self.0.config.waiting {
            true => Err(AskError::Busy { waiting }),
            false => Ok(turn),
        }
    }
}

struct Turn<'a>(&'a AtomicUsize);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn decode(bytes: &[u8], columns: &[Column]) -> Result<RowsRead, AskError> {
    let mut reader = RowReader::new(bytes);
    let mut rows = Vec::new();
    while let Some((cells, _)) = reader.row(columns) {
        rows.push(Arc::new(Row { cells }));
    }
    match reader.rest() {
        [] => Ok(rows.into()),
        _ => {
            let why = "rows are not of the columns that they should be of".to_owned();
            Err(AskError::of(Error::Differs(why), 0))
        }
    }
}
