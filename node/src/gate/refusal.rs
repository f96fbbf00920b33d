//! Why the gate does not do what it is asked, in a sentence that says what to do.

use super::{rate::Rate, token::TokenError};
use hyper::{
    header::{HeaderValue, CONNECTION, CONTENT_TYPE, WWW_AUTHENTICATE},
    StatusCode,
};
use jsonrpsee::{
    server::{HttpBody, HttpResponse},
    types::{ErrorObject, ErrorObjectOwned},
};
use smartlink_runtime::AccountId;

/// How a member comes by a token.
const MAKE: &str =
    "whoever works for a company makes one with `smartlink-node company token` (docs/rpc.md)";

/// Why a connection or a request over HTTP is turned away.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}: {MAKE}")]
    Token(#[from] TokenError),

    #[error("the Authorization header is not 'Bearer TOKEN': write it so, or leave it out")]
    Header,

    #[error("there are two tokens, of which one would be ignored: send one")]
    Several,

    #[error(
        "a token in the address is taken for WebSocket alone, because addresses are written to logs: send it in \
         the header 'Authorization: Bearer TOKEN'"
    )]
    InAddress,

    #[error(
        "the account {account} works for no company that may act: ask an administrator of your company for a role, \
         or the council when the company is suspended or its membership has ended; who works for several companies \
         chooses the one that counts, on whose allowance the account draws, by allowance.draw_on"
    )]
    NoMember { account: AccountId },

    #[error("the node cannot say now whether the token's account works for a company ({why}): ask again")]
    Unanswered { why: String },

    #[error(
        "the account has {most} WebSockets and running requests, and may have no more: close one, or use another \
         account"
    )]
    AccountFull { most: usize },

    #[error(
        "the places of those who show no token are taken: come again, or show a member's token"
    )]
    StrangersFull,

    #[error("the node has as many connections as it takes: come again, or ask another node")]
    Full,

    #[error(
        "the request was not there, or not answered, within {seconds} s: ask for less at once"
    )]
    Slow { seconds: u64 },

    #[error(transparent)]
    Often(#[from] Denial),
}

impl Refusal {
    /// Its name in the metrics.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Token(_) | Self::Header | Self::Several | Self::InAddress => "token",
            Self::NoMember { .. } => "no_member",
            Self::Unanswered { .. } => "unanswered",
            Self::AccountFull { .. } => "account_full",
            Self::StrangersFull => "strangers_full",
            Self::Full => "full",
            Self::Slow { .. } => "slow",
            Self::Often(denial) => denial.reason(),
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Token(_)
            | Self::Header
            | Self::Several
            | Self::InAddress
            | Self::NoMember { .. } => StatusCode::UNAUTHORIZED,
            Self::AccountFull { .. } | Self::Often(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unanswered { .. } | Self::StrangersFull | Self::Full => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Slow { .. } => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// The answer. The connection ends with it, so that who guesses tokens has to come anew for each.
    pub fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(HttpBody::from(self.to_string()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// The same as it goes over the wire, for a connection that nobody reads from.
    pub fn wire(&self) -> String {
        let (status, said) = (self.status(), self.to_string());
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\naccess-control-allow-origin: *\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{said}",
            said.len()
        )
    }
}

/// Why a request over JSON-RPC is not answered. The connection stays.
#[derive(Debug, thiserror::Error)]
pub enum Denial {
    #[error(
        "{method} is answered to members alone: send a member's token in the header 'Authorization: Bearer TOKEN'; \
         {MAKE}. What is answered without one is in rpc_methods"
    )]
    MembersOnly { method: String },

    #[error("at most {rate} on a connection without a token: ask again in a second, or show a member's token")]
    Stranger { rate: Rate },

    #[error("at most {rate} on all connections without a token: ask again in a second, or show a member's token")]
    Strangers { rate: Rate },

    #[error("at most {rate} on a connection: ask again in a second")]
    Member { rate: Rate },

    #[error("at most {most} requests of a connection are answered at a time: wait for an answer")]
    AtATime { most: usize },

    #[error(
        "it was not this request's turn to read the state within {seconds} s, at most {most} of an account at a \
         time: ask for less at once"
    )]
    Reads { most: usize, seconds: u64 },

    #[error(
        "{function} reads the whole state and is unsafe to be called from other machines: ask a node from its own \
         machine"
    )]
    Unsafe { function: &'static str },
}

impl Denial {
    /// Its name in the metrics.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::MembersOnly { .. } => "method",
            Self::Stranger { .. } | Self::Member { .. } => "rate",
            Self::Strangers { .. } => "strangers_rate",
            Self::AtATime { .. } => "at_a_time",
            Self::Reads { .. } => "reads",
            Self::Unsafe { .. } => "unsafe",
        }
    }

    const fn code(&self) -> i32 {
        match self {
            Self::MembersOnly { .. } => -32_001,
            Self::Stranger { .. }
            | Self::Strangers { .. }
            | Self::Member { .. }
            | Self::AtATime { .. }
            | Self::Reads { .. } => -32_002,
            // As whatever is unsafe is refused.
            Self::Unsafe { .. } => -32_601,
        }
    }
}

impl From<Denial> for ErrorObjectOwned {
    fn from(denial: Denial) -> Self {
        ErrorObject::owned(denial.code(), denial.to_string(), None::<()>)
    }
}
