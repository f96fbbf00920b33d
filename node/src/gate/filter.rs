//! Looks at each request over JSON-RPC before it is answered: who asks, what, and how often.

use super::{
    connection::Connection,
    methods::{self, Open},
    refusal::Denial,
    server::Gate,
};
use futures::{future, FutureExt};
use jsonrpsee::{
    server::middleware::rpc::RpcServiceT,
    types::{ErrorCode, ErrorObjectOwned, Id, Request},
    MethodResponse,
};
use smartlink_runtime::AccountId;
use std::{
    borrow::Cow,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::Instant,
};
use tokio::{sync::OwnedSemaphorePermit, task::block_in_place, time::timeout};
use tower::Layer;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Who shows no token.
    Public,
    /// Who works for a company, by its account.
    Member(AccountId),
}

impl Tier {
    /// Its name in the metrics.
    const fn name(&self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Member(_) => "member",
        }
    }
}

/// Puts the filter before whatever answers.
#[derive(Clone)]
pub struct FilterLayer {
    /// The gate through which the request came.
    pub gate: Arc<Gate>,
    /// Its connection.
    pub connection: Arc<Connection>,
    /// Who asks.
    pub tier: Tier,
    /// Whether anything was asked over JSON-RPC.
    pub asked: Arc<AtomicBool>,
}

impl<S> Layer<S> for FilterLayer {
    type Service = Filter<S>;

    fn layer(&self, service: S) -> Filter<S> {
        Filter { service, rules: self.clone() }
    }
}

/// The filter.
#[derive(Clone)]
pub struct Filter<S> {
    service: S,
    rules: FilterLayer,
}

impl<'a, S> RpcServiceT<'a> for Filter<S>
where
    S: for<'b> RpcServiceT<'b> + Clone + Send + Sync + 'static,
{
    type Future = future::BoxFuture<'a, MethodResponse>;

    fn call(&self, request: Request<'a>) -> Self::Future {
        let room = match self.rules.admit(&request) {
            Ok(room) => room,
            Err(denial) => return future::ready(self.rules.refuse(request.id, denial)).boxed(),
        };
        let service = self.service.clone();
        match &self.rules.tier {
            Tier::Member(account) if methods::reads(request.method_name()) => {
                let (rules, account) = (self.rules.clone(), account.clone());
                async move {
                    let response = read(service, &rules, &account, owned(request)).await;
                    drop(room);
                    response
                }
                .boxed()
            }
            _ => async move {
                let response = service.call(request).await;
                drop(room);
                response
            }
            .boxed(),
        }
    }
}

/// Lets a member's request read the state when it is its turn.
async fn read<S>(
    service: S,
    rules: &FilterLayer,
    account: &AccountId,
    request: Request<'static>,
) -> MethodResponse
where
    S: for<'b> RpcServiceT<'b> + Send + Sync + 'static,
{
    let id = request.id();
    let limits = &rules.gate.limits;
    let Ok(Ok(turn)) = timeout(limits.answer, rules.gate.reads.turn(account)).await else {
        let (most, seconds) = (limits.reads_of_an_account, limits.answer.as_secs());
        return rules.refuse(id, Denial::Reads { most, seconds });
    };
    // What reads goes on when nobody waits for it any more: so its turn is over when it is, in a task that nobody ends.
    let reading = tokio::spawn(async move {
        // Some methods read right here, on one of the few threads that speak: another one takes its place meanwhile.
        let response = block_in_place(|| service.call(request)).await;
        drop(turn);
        response
    });
    reading.await.unwrap_or_else(|broken| {
        log::error!("a request of a member at the gate broke: {broken}");
        MethodResponse::error(id, ErrorObjectOwned::from(ErrorCode::InternalError))
    })
}

/// The same request, with nothing borrowed.
fn owned(request: Request<'_>) -> Request<'static> {
    Request {
        jsonrpc: request.jsonrpc,
        id: request.id.into_owned(),
        method: Cow::Owned(request.method.into_owned()),
        params: request.params.map(|params| Cow::Owned(params.into_owned())),
        extensions: request.extensions,
    }
}

impl FilterLayer {
    /// Says no.
    fn refuse(&self, id: Id<'_>, denial: Denial) -> MethodResponse {
        self.gate.metrics.refused(denial.reason());
        MethodResponse::error(id, ErrorObjectOwned::from(denial))
    }

    /// Room for the answer, when there is to be one.
    fn admit(&self, request: &Request<'_>) -> Result<OwnedSemaphorePermit, Denial> {
        let (gate, now) = (&*self.gate, Instant::now());
        let limits = &gate.limits;
        let method = request.method_name();
        gate.metrics.request(self.tier.name());
        self.asked.store(true, Ordering::Relaxed);
        match self.tier {
            Tier::Member(_) => {
                if !self.connection.member.take(1, now) {
                    return Err(Denial::Member { rate: limits.member });
                }
                let params = request.params.as_ref().map(|params| params.get());
                if let Some(function) = methods::unsafe_function(method, params) {
                    return Err(Denial::Unsafe { function });
                }
            }
            Tier::Public => {
                let open = methods::find(method);
                let units = units(open, request);
                gate.count_stranger(&self.connection, units, now)?;
                // What no tier has is answered as JSON-RPC says.
                if open.is_none() && gate.knows(method) {
                    return Err(Denial::MembersOnly { method: method.to_owned() });
                }
            }
        }
        let room = self.connection.at_a_time.clone().try_acquire_owned();
        room.map_err(|_| Denial::AtATime { most: limits.at_a_time })
    }
}

/// What a request takes of a stranger's rate.
fn units(open: Option<&Open>, request: &Request<'_>) -> u32 {
    let parameters = request.params.as_ref().map_or(0, |params| params.get().len() / 1024);
    let size = u32::try_from(parameters).unwrap_or(u32::MAX);
    open.map_or(1, |open| open.units).saturating_add(size)
}
