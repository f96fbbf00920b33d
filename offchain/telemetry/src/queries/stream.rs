//! Answers as long as they are.

use super::Queries;
use crate::{error::QueryError, export::Pieces};
use clickhouse::{query::Query, RowOwned, RowRead};
use futures::{Stream, StreamExt};
use std::{future::Future, time::Duration};
use tokio::time::timeout;

impl Queries {
    /// Rows as a stream.
    pub(super) fn rows<T: RowOwned + RowRead + Send + 'static>(
        &self,
        query: Query,
    ) -> Result<impl Stream<Item = Result<T, QueryError>> + Send + 'static, QueryError> {
        let (cursor, within) = (endless(query).fetch::<T>()?, self.piece_in);
        Ok(futures::stream::unfold(Some(cursor), move |cursor| async move {
            let mut cursor = cursor?;
            match in_time(within, cursor.next()).await {
                Ok(Some(row)) => Some((Ok(row), Some(cursor))),
                Ok(None) => None,
                // After an error there is nothing more to read.
                Err(error) => Some((Err(error), None)),
            }
        }))
    }

    /// Bytes in a format of ClickHouse's as a stream.
    pub(super) fn pieces(&self, query: Query, format: &str) -> Result<Pieces, QueryError> {
        let (cursor, within) = (endless(query).fetch_bytes(format)?, self.piece_in);
        Ok(futures::stream::unfold(Some(cursor), move |cursor| async move {
            let mut cursor = cursor?;
            match in_time(within, cursor.next()).await {
                Ok(Some(piece)) => Some((Ok(piece), Some(cursor))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed())
    }
}

/// How long a stream takes is its reader's affair: what is bounded is the time between two pieces, here, and the time that
/// its reader may leave one lying, in ClickHouse.
fn endless(query: Query) -> Query {
    query.with_setting("max_execution_time", "0")
}

async fn in_time<T>(
    within: Duration,
    next: impl Future<Output = Result<T, clickhouse::error::Error>>,
) -> Result<T, QueryError> {
    match timeout(within, next).await {
        Ok(next) => Ok(next?),
        Err(_) => {
            let milliseconds = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
            Err(QueryError::Late { milliseconds })
        }
    }
}
