//! One person's account: who she is, her tokens, and how she insists.

use std::{
    fmt,
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{json, Value};
use subxt_signer::{sr25519::Keypair, SecretUri};

use super::{Client, Failure};
use crate::{
    plan::Plan,
    prng::SplitMix,
    view,
    witness::{Violation, Witness},
    Error,
};

/// The first wait before a repetition, and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Tokens are renewed so long before they expire.
const EARLY: Duration = Duration::from_secs(30);
/// After how many milliseconds a connection is lost at the latest.
const LOST_WITHIN_MS: u32 = 8;

/// How somebody proves who she is.
#[derive(Clone)]
pub(crate) enum Credentials {
    /// By a name and a password. Whoever is not known yet is registered.
    Password { name: String, password: String },
    /// By a signature of her wallet.
    Wallet(Box<Keypair>),
    /// By a token that somebody else got for her. It cannot be renewed.
    Token(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password",
            Self::Wallet(_) => "Wallet",
            Self::Token(_) => "Token",
        })
    }
}

impl Credentials {
    /// The wallet of a phrase, a seed or a path.
    pub(crate) fn wallet(suri: &str, whose: impl FnOnce() -> String) -> Result<Self, Error> {
        let key = SecretUri::from_str(suri).ok().and_then(|uri| Keypair::from_uri(&uri).ok());
        match key {
            Some(key) => Ok(Self::Wallet(Box::new(key))),
            None => Err(Error::Secret { whose: whose() }),
        }
    }
}

#[derive(Clone)]
struct Tokens {
    access: Arc<str>,
    refresh: Option<String>,
    renew_at: Option<Instant>,
}

/// How an account behaves on the network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manners {
    pub sends_twice: u32,
    pub loses_connection: u32,
    pub give_up: Duration,
}

impl Manners {
    /// Those of a plan.
    pub(crate) fn of(plan: &Plan) -> Self {
        Self {
            sends_twice: plan.habits.sends_twice,
            loses_connection: plan.habits.loses_connection,
            give_up: plan.give_up,
        }
    }
}

/// One person's account.
pub(crate) struct Account {
    client: Client,
    credentials: Credentials,
    tokens: Option<Tokens>,
    dice: SplitMix,
    manners: Manners,
    /// Begins every idempotency key.
    prefix: String,
    commands: u64,
    witness: Arc<Witness>,
}

impl Account {
    /// An account that has not logged in yet. `prefix` names the run and the person, in at most 40 bytes.
    pub(crate) fn new(
        client: Client,
        credentials: Credentials,
        prefix: String,
        dice: SplitMix,
        manners: Manners,
        witness: Arc<Witness>,
    ) -> Self {
        Self { client, credentials, tokens: None, dice, manners, prefix, commands: 0, witness }
    }

    /// A token that holds, for a connection of her own.
    pub(crate) async fn token(&mut self) -> Result<Arc<str>, Failure> {
        if let Some(tokens) = &self.tokens {
            if tokens.renew_at.is_none_or(|at| Instant::now() < at) {
                return Ok(tokens.access.clone());
            }
        }
        self.renew().await
    }

    /// Where the API is.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// A question. It is repeated while the service cannot answer.
    pub(crate) async fn ask(
        &mut self,
        method: &'static str,
        params: &Value,
    ) -> Result<Value, Failure> {
        let until = Instant::now() + self.manners.give_up;
        let mut wait = FIRST_WAIT;
        let mut logged_in = false;
        loop {
            let failure = match self.once(method, params).await {
                Ok(result) => return Ok(result),
                Err(failure) => failure,
            };
            if failure.asks_for_login() && !logged_in {
                (self.tokens, logged_in) = (None, true);
            } else if failure.passes() && Instant::now() < until {
                wait = self.wait(&failure, wait).await;
            } else {
                return Err(failure);
            }
        }
    }

    /// A command, with a key of its own. Some are sent twice, and some lose their connection first. Every
    /// definite answer must be the same.
    pub(crate) async fn command(
        &mut self,
        method: &'static str,
        mut params: Value,
    ) -> Result<Value, Failure> {
        self.commands += 1;
        let key = format!("{}-{}", self.prefix, self.commands);
        if let Some(fields) = params.as_object_mut() {
            fields.insert("idempotency_key".to_owned(), Value::from(key.as_str()));
        }
        let twice = self.dice.happens(self.manners.sends_twice);
        let at_once = twice && self.dice.happens(500);
        if self.dice.happens(self.manners.loses_connection) {
            let after = Duration::from_millis(u64::from(self.dice.below(LOST_WITHIN_MS)));
            self.lose(method, &params, after).await;
        }
        if at_once {
            let token = self.token().await?;
            let other = self.client.call(method, &params, Some(&token));
            let (first, second) =
                tokio::join!(self.client.call(method, &params, Some(&token)), other);
            self.compare(method, &key, &first, &second);
            if definite(&first) {
                return first;
            }
        }
        let answer = self.ask(method, &params).await;
        if twice && !at_once {
            let again = self.ask(method, &params).await;
            self.compare(method, &key, &answer, &again);
        }
        answer
    }

    fn compare(
        &self,
        method: &'static str,
        key: &str,
        first: &Result<Value, Failure>,
        second: &Result<Value, Failure>,
    ) {
        if definite(first) && definite(second) && gist(first) != gist(second) {
            self.witness.saw(Violation::TwoAnswers {
                method,
                key: key.to_owned(),
                first: gist(first),
                second: gist(second),
            });
        }
    }

    /// Sends a request and goes away before the answer, which breaks the connection.
    async fn lose(&mut self, method: &'static str, params: &Value, after: Duration) {
        if let Ok(token) = self.token().await {
            let call = self.client.call(method, params, Some(&token));
            let _ = tokio::time::timeout(after, call).await;
        }
    }

    async fn once(&mut self, method: &'static str, params: &Value) -> Result<Value, Failure> {
        let token = self.token().await?;
        self.client.call(method, params, Some(&token)).await
    }

    /// Waits as long as the service asks for, or with growing patience; up to half as long again, so that
    /// not everybody comes back at once.
    async fn wait(&mut self, failure: &Failure, wait: Duration) -> Duration {
        let asked = match failure {
            Failure::Refused(refusal) => refusal.retry_after.unwrap_or(wait),
            _ => wait,
        };
        let asked = asked.min(LONGEST_WAIT);
        tokio::time::sleep(asked + asked.mul_f64(f64::from(self.dice.below(500)) / 1000.0)).await;
        (wait * 2).min(LONGEST_WAIT)
    }

    /// New tokens: by the refresh token while there is one, or by logging in. A refresh token is used once
    /// only, also when its answer is lost: using it again would look like theft.
    async fn renew(&mut self) -> Result<Arc<str>, Failure> {
        let refresh = self.tokens.take().and_then(|tokens| tokens.refresh);
        if let Some(refresh) = refresh {
            let params = json!({ "refresh_token": refresh });
            if let Ok(answer) = self.client.call("auth_refresh", &params, None).await {
                return self.keep(&answer);
            }
        }
        let until = Instant::now() + self.manners.give_up;
        let mut wait = FIRST_WAIT;
        loop {
            match self.log_in().await {
                Ok(answer) => return self.keep(&answer),
                Err(failure) if failure.passes() && Instant::now() < until => {
                    wait = self.wait(&failure, wait).await;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    fn keep(&mut self, answer: &Value) -> Result<Arc<str>, Failure> {
        let Some(access) = answer.get("access_token").and_then(Value::as_str) else {
            return Err(Failure::Unreadable("the login has no access_token".to_owned()));
        };
        let access: Arc<str> = access.into();
        let until = answer.get("whoami").and_then(|who| view::number(who, "expires_at_ms"));
        let left = until.map(|at| Duration::from_millis(at.saturating_sub(now_ms())));
        self.tokens = Some(Tokens {
            access: access.clone(),
            refresh: answer.get("refresh_token").and_then(Value::as_str).map(str::to_owned),
            // A token that holds for less than a minute is used for half its time.
            renew_at: left.map(|left| Instant::now() + left.saturating_sub(EARLY).max(left / 2)),
        });
        Ok(access)
    }

    async fn log_in(&self) -> Result<Value, Failure> {
        match &self.credentials {
            Credentials::Password { name, password } => self.by_password(name, password).await,
            Credentials::Wallet(key) => self.by_wallet(key).await,
            Credentials::Token(token) => Ok(json!({ "access_token": token })),
        }
    }

    /// Logs in, and registers whoever is not known.
    async fn by_password(&self, name: &str, password: &str) -> Result<Value, Failure> {
        let params = json!({ "name": name, "password": password });
        match self.client.call("auth_register", &params, None).await {
            Ok(answer) if answer.get("access_token").is_some() => Ok(answer),
            Err(failure) if failure.passes() => Err(failure),
            _ => self.client.call("auth_password", &params, None).await,
        }
    }

    async fn by_wallet(&self, key: &Keypair) -> Result<Value, Failure> {
        let account = format!("0x{}", hex::encode(key.public_key().0));
        let asked =
            self.client.call("auth_challenge", &json!({ "account": account }), None).await?;
        let challenge = asked.as_str().or_else(|| asked.get("challenge").and_then(Value::as_str));
        let Some(challenge) = challenge else {
            return Err(Failure::Unreadable("there is no challenge to sign".to_owned()));
        };
        let signature = format!("0x{}", hex::encode(key.sign(challenge.as_bytes()).0));
        let params = json!({ "account": account, "challenge": challenge, "signature": signature });
        self.client.call("auth_login", &params, None).await
    }
}

/// Whether the service decided: a result, or a refusal that stays.
fn definite(answer: &Result<Value, Failure>) -> bool {
    match answer {
        Ok(_) => true,
        Err(failure) => {
            matches!(failure, Failure::Refused(_)) && !failure.passes() && !failure.asks_for_login()
        }
    }
}

/// What two answers to the same command must have in common.
fn gist(answer: &Result<Value, Failure>) -> String {
    match answer {
        Ok(value) => match view::number(value, "id") {
            Some(id) => format!("done to {id}"),
            None => "done".to_owned(),
        },
        Err(failure) => failure.name().to_owned(),
    }
}

/// Milliseconds of the Unix epoch.
pub(crate) fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
