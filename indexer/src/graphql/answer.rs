//! Errors as those who ask see them.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{
    async_trait::async_trait,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
    },
    PathSegment, QueryPathSegment, Response, ServerError, ServerResult, Value,
};

use crate::Error;

/// Why a question has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AskError {
    /// The question is wrong.
    #[error("{0}")]
    Wrong(String),
    /// There is too much to do.
    #[error("{waiting} questions are waiting for ClickHouse already: ask again in a second")]
    Busy {
        /// How many.
        waiting: usize,
    },
    /// It takes too long.
    #[error("this takes longer than {milliseconds} ms: ask for less, or with conditions on fields that are looked for")]
    Late {
        /// The time that it had.
        milliseconds: u64,
    },
    /// There is no proof.
    #[error("{0}")]
    Proof(String),
    /// The index cannot be read.
    #[error("the index cannot be read just now: {0}")]
    Index(String),
}

impl AskError {
    /// What ClickHouse said. Its code for a query that took longer than it may is 159.
    pub fn of(error: Error, milliseconds: u64) -> Self {
        match &error {
            Error::Store(smartlink_clickhouse::StoreError::Refused { code: 159, .. })
            | Error::Store(smartlink_clickhouse::StoreError::Late { .. }) => {
                Self::Late { milliseconds }
            }
            _ => {
                tracing::error!(%error, "a question was not answered");
                Self::Index(error.to_string())
            }
        }
    }

    /// The word for machines.
    fn code(&self) -> &'static str {
        match self {
            Self::Wrong(_) => "BAD_USER_INPUT",
            Self::Busy { .. } => "TOO_MANY_REQUESTS",
            Self::Late { .. } => "TIMEOUT",
            Self::Proof(_) => "PROOF_UNAVAILABLE",
            Self::Index(_) => "INDEX_UNAVAILABLE",
        }
    }
}

/// Gives each error its place in the answer and a word for machines. A field that may hold nothing holds nothing then, and
/// what is beside it is answered.
pub struct Errors;

impl ExtensionFactory for Errors {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OfRequest::default())
    }
}

/// The errors of one request.
#[derive(Default)]
struct OfRequest(Mutex<Vec<ServerError>>);

#[async_trait]
impl Extension for OfRequest {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        response.errors.append(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (place, may_be_nothing) = (*info.path_node, !info.return_type.ends_with('!'));
        let mut error = match next.run(ctx, info).await {
            Err(error) => error,
            answer => return answer,
        };
        if error.path.is_empty() {
            error.path = std::iter::once(&place)
                .chain(place.parents())
                .map(|node| match node.segment {
                    QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
                    QueryPathSegment::Index(index) => PathSegment::Index(index),
                })
                .collect();
            error.path.reverse();
        }
        if !may_be_nothing {
            return Err(error);
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(error);
        Ok(None)
    }
}

/// Adds the words for machines to errors of a response.
pub fn coded(mut response: Response) -> Response {
    for error in &mut response.errors {
        if let Some(code) = error.source::<AskError>().map(AskError::code) {
            error.extensions.get_or_insert_default().set("code", code);
        }
    }
    response
}
