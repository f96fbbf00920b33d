//! The token that services of one company share.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::{header::AUTHORIZATION, HeaderMap, HeaderValue};
use subtle::{Choice, ConstantTimeEq};
use tonic::Status;
use tower::{Layer, Service, ServiceExt};

use super::{Answer, Answering, Call, Callee};
use crate::Secret;

const SCHEME: &[u8] = b"Bearer ";

/// Lets only calls through that carry one of the tokens (`authorization: Bearer ...`); others are
/// UNAUTHENTICATED. Two tokens are for the time in which services change from one to the other.
///
/// Compared in a time that depends on the lengths alone.
#[derive(Clone, Debug)]
pub struct TokenLayer {
    tokens: Arc<[Secret<String>]>,
}

impl TokenLayer {
    /// Those of `tokens` that are not empty count. Without any, no call is let through.
    pub fn new(tokens: impl IntoIterator<Item = Secret<String>>) -> Self {
        Self { tokens: tokens.into_iter().filter(|token| !token.expose().is_empty()).collect() }
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let Some(value) = headers.get(AUTHORIZATION) else { return false };
        let Some(given) = value.as_bytes().strip_prefix(SCHEME) else { return false };
        self.tokens
            .iter()
            .fold(Choice::from(0), |found, token| found | token.expose().as_bytes().ct_eq(given))
            .into()
    }
}

impl<S> Layer<S> for TokenLayer {
    type Service = RequireToken<S>;

    fn layer(&self, inner: S) -> RequireToken<S> {
        RequireToken { inner, layer: self.clone() }
    }
}

/// The service of [`TokenLayer`].
#[derive(Clone, Debug)]
pub struct RequireToken<S> {
    inner: S,
    layer: TokenLayer,
}

impl<S: Callee> Service<Call> for RequireToken<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        if self.layer.knows(call.headers()) {
            return Box::pin(self.inner.clone().oneshot(call));
        }
        Box::pin(std::future::ready(Err(Status::unauthenticated(
            "the shared token is missing or is another one: set the same `token` for both services",
        ))))
    }
}

/// Adds the token to every call.
#[derive(Clone, Debug)]
pub struct PresentTokenLayer {
    header: HeaderValue,
}

impl PresentTokenLayer {
    /// `None` when the token cannot be in a header: it holds something else than visible ASCII.
    pub fn new(token: &Secret<String>) -> Option<Self> {
        let value = [SCHEME, token.expose().as_bytes()].concat();
        let mut header = HeaderValue::from_bytes(&value).ok()?;
        header.to_str().ok()?;
        header.set_sensitive(true);
        Some(Self { header })
    }
}

impl<S> Layer<S> for PresentTokenLayer {
    type Service = PresentToken<S>;

    fn layer(&self, inner: S) -> PresentToken<S> {
        PresentToken { inner, header: self.header.clone() }
    }
}

/// The service of [`PresentTokenLayer`].
#[derive(Clone, Debug)]
pub struct PresentToken<S> {
    inner: S,
    header: HeaderValue,
}

impl<S: Callee> Service<Call> for PresentToken<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut call: Call) -> Answering {
        call.headers_mut().insert(AUTHORIZATION, self.header.clone());
        Box::pin(self.inner.clone().oneshot(call))
    }
}
