//! The methods: one table that the server, the docs, the OpenRPC document and the tests share.
//!
//! A row says the name, who may call, whether it changes something, what goes in and out, and what does it.

use std::{future::Future, pin::Pin, sync::Arc};

use futures::stream::BoxStream;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::value::RawValue;

use crate::{
    desk::{Call, Desk},
    identity::Roles,
    refusal::{Code, Refusal},
};

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Anyone,
    /// Whoever is logged in.
    LoggedIn,
    /// Whoever has one of these roles.
    Any(Roles),
}

/// What a method does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Reads,
    /// Tells what was measured. Not noted in the audit log.
    Reports,
    /// Changes something. Noted in the audit log before it is answered.
    Changes,
}

impl Access {
    /// Who may call, in words.
    pub fn words(self) -> String {
        match self {
            Self::Anyone => "anyone".into(),
            Self::LoggedIn => "logged in".into(),
            Self::Any(roles) => roles.names().collect::<Vec<_>>().join(", "),
        }
    }
}

/// What comes of a call, later.
pub(crate) type Later<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send>>;
/// What a subscription pushes, as JSON. It ends with the reason why there is no more.
pub(crate) type Pushes = BoxStream<'static, Result<Box<RawValue>, Refusal>>;

type OnCall = dyn Fn(Desk, Call, &str) -> Result<Later<Box<RawValue>>, Refusal> + Send + Sync;
type OnSubscribe = dyn Fn(Desk, Call, &str) -> Result<Later<Pushes>, Refusal> + Send + Sync;

#[derive(Clone)]
pub(crate) enum Handler {
    Call(Arc<OnCall>),
    Subscription { notification: &'static str, unsubscribe: &'static str, begin: Arc<OnSubscribe> },
}

/// A method.
#[derive(Clone)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it does to the world.
    pub effect: Effect,
    /// What it is for.
    pub summary: &'static str,
    pub(crate) params: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) answer: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) handler: Handler,
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

fn schema_in_place<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// Reads parameters: one object, by name, nothing unknown in it.
///
/// # Errors
/// [`Code::InvalidParams`] with what is wrong.
pub fn parse<P: DeserializeOwned>(params: &str) -> Result<P, Refusal> {
    let params = match params.trim() {
        "" | "[]" | "null" => "{}",
        params => params,
    };
    if !params.starts_with('{') {
        let by_name = "parameters go by name: send one object";
        return Err(Refusal::new(Code::InvalidParams, by_name));
    }
    serde_json::from_str(params)
        .map_err(|error| Refusal::new(Code::InvalidParams, error.to_string()))
}

pub(crate) fn to_json<A: Serialize>(answer: &A) -> Result<Box<RawValue>, Refusal> {
    serde_json::value::to_raw_value(answer).map_err(|error| {
        tracing::error!(%error, "an answer is no JSON");
        Code::Internal.into()
    })
}

impl Method {
    /// A method that answers once.
    pub(crate) fn call<P, A, F, Fut>(
        name: &'static str,
        effect: Effect,
        access: Access,
        summary: &'static str,
        act: F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema,
        A: Serialize + JsonSchema,
        F: Fn(Desk, Call, P) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<A, Refusal>> + Send + 'static,
    {
        let handler = move |desk: Desk, call: Call, params: &str| {
            let acting = act(desk, call, parse(params)?);
            let answering: Later<Box<RawValue>> = Box::pin(async move { to_json(&acting.await?) });
            Ok(answering)
        };
        let (params, answer) = (schema_in_place::<P>, schema::<A>);
        let handler = Handler::Call(Arc::new(handler));
        Self { name, access, effect, summary, params, answer, handler }
    }

    /// A method that pushes until it is unsubscribed.
    pub(crate) fn subscription<P, A, F, Fut>(
        [name, notification, unsubscribe]: [&'static str; 3],
        access: Access,
        summary: &'static str,
        begin: F,
    ) -> Self
    where
        P: DeserializeOwned + JsonSchema,
        A: Serialize + JsonSchema + 'static,
        F: Fn(Desk, Call, P) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<BoxStream<'static, Result<A, Refusal>>, Refusal>>
            + Send
            + 'static,
    {
        use futures::StreamExt;
        let begin = move |desk: Desk, call: Call, params: &str| {
            let beginning = begin(desk, call, parse(params)?);
            let pushing: Later<Pushes> = Box::pin(async move {
                let items = beginning.await?;
                Ok(items.map(|item| to_json(&item?)).boxed())
            });
            Ok(pushing)
        };
        let (params, answer) = (schema_in_place::<P>, schema::<A>);
        let begin: Arc<OnSubscribe> = Arc::new(begin);
        let handler = Handler::Subscription { notification, unsubscribe, begin };
        Self { name, access, effect: Effect::Reads, summary, params, answer, handler }
    }

    /// For subscriptions: the names of the notification and of the method that unsubscribes.
    pub fn pushes(&self) -> Option<(&'static str, &'static str)> {
        match &self.handler {
            Handler::Call(_) => None,
            Handler::Subscription { notification, unsubscribe, .. } => {
                Some((notification, unsubscribe))
            }
        }
    }
}
