//! Logging in and out.

use std::{
    hash::{BuildHasher, RandomState},
    str::FromStr,
    sync::OnceLock,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smartlink_chain::AccountId32;

use super::{Done, Nothing};
use crate::{
    desk::{Call, Desk},
    identity::{Identity, Roles},
    people::Seated,
    refusal::{Code, Refusal},
    sessions::{AccountRecord, Opened, Proof, Signature},
    table::{Access, Effect, Method},
    types::{Id, Text},
    upstream,
};

pub(super) fn methods() -> Vec<Method> {
    use Access::{Anyone, LoggedIn};
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "auth_challenge",
            Reads,
            Anyone,
            "A text that a wallet signs to log in. Good once, for a short time.",
            challenge,
        ),
        Method::call(
            "auth_login",
            Changes,
            Anyone,
            "Begins a session with a wallet's signature over a challenge. Roles come from the chain.",
            login,
        ),
        Method::call(
            "auth_register",
            Changes,
            Anyone,
            "Makes a rider's account with a name and a password, and begins a session.",
            register,
        ),
        Method::call(
            "auth_password",
            Changes,
            Anyone,
            "Begins a session with a name and a password.",
            password,
        ),
        Method::call(
            "auth_refresh",
            Changes,
            Anyone,
            "Goes on with a session: a new access token, and a new refresh token in the place of this one, which is used up; for half a minute it gives the same pair once more, if the new one was not used. Roles are read from the chain again.",
            refresh,
        ),
        Method::call("auth_logout", Changes, LoggedIn, "Ends the session of the token.", logout),
        Method::call("auth_whoami", Reads, LoggedIn, "Who the token says the caller is.", whoami),
        Method::call(
            "auth_attach",
            Reads,
            Anyone,
            "Logs in on this WebSocket with an access token, for browsers, which cannot set the header. Call it again with each new token: what follows on the connection, subscriptions too, needs one that is good.",
            attach,
        ),
    ]
}

/// Begins a login by wallet.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Challenge {
    /// SS58, or 0x and 64 hex digits.
    account: Text<80>,
}

/// What to sign.
#[derive(Serialize, JsonSchema)]
struct Challenged {
    /// The text, to be signed as it is or in <Bytes></Bytes>.
    challenge: String,
    /// Until when, in milliseconds of the Unix epoch.
    expires_at_ms: u64,
}

/// A signed challenge.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    /// The same account.
    account: Text<80>,
    /// The text that was signed.
    #[schemars(length(max = 1000))]
    challenge: String,
    /// sr25519 or ed25519: 0x and 128 hex digits; ecdsa: 130. A byte before it may say the kind, as wallets put it.
    signature: Text<134>,
    /// For ecdsa, whose accounts are hashes of keys: the compressed key, 0x and 66 hex digits.
    public_key: Option<Text<68>>,
}

/// A name with its password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NameAndPassword {
    /// 3 to 32 small letters, digits, dots, dashes and underscores; a letter first.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9._-]{2,31}$"))]
    name: String,
    /// 10 to 200 characters.
    #[schemars(length(min = 10, max = 200))]
    password: String,
}

/// A refresh token.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    /// As it came with the last access token.
    refresh_token: Text<128>,
}

/// An access token.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Attach {
    /// As it came from logging in or refreshing.
    access_token: Text<2048>,
}

/// Who somebody is.
#[derive(Serialize, JsonSchema)]
struct Whoami {
    /// The account in this api.
    account: Id,
    /// What it is in this company.
    roles: Vec<&'static str>,
    /// The company.
    company: u32,
    /// The driver's id on the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: Option<u32>,
    /// The driver's place in the company's ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<u32>,
    /// The session.
    session: Id,
    /// Until when the access token is good, in milliseconds of the Unix epoch.
    expires_at_ms: u64,
}

/// A session's tokens.
#[derive(Serialize, JsonSchema)]
struct Tokens {
    /// Goes with every call.
    access_token: String,
    /// Gets the next pair, once.
    refresh_token: String,
    /// Who it is for.
    whoami: Whoami,
}

impl Whoami {
    fn of(identity: &Identity, company: u32) -> Self {
        Self {
            account: Id(identity.account),
            roles: identity.roles.names().collect(),
            company,
            driver: identity.driver.map(|seated| seated.driver),
            seat: identity.driver.map(|seated| seated.seat),
            session: Id(identity.session),
            expires_at_ms: identity.expires_ms,
        }
    }
}

impl Tokens {
    fn of(opened: Opened, company: u32) -> Self {
        let whoami = Whoami::of(&opened.identity, company);
        let Opened { access_token, refresh_token, .. } = opened;
        Self { access_token, refresh_token, whoami }
    }
}

fn account(text: &str) -> Result<[u8; 32], Refusal> {
    let bytes = match text.strip_prefix("0x") {
        Some(digits) => {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digits, &mut bytes).ok().map(|()| bytes)
        }
        None => AccountId32::from_str(text).ok().map(|account| account.0),
    };
    let rule = "an account is an SS58 address, or 0x and 64 hex digits";
    bytes.ok_or_else(|| Refusal::new(Code::InvalidParams, rule))
}

/// A number for who tries to log in: names of any length take the same place in the throttle.
fn number_of(bytes: &[u8]) -> u64 {
    static HASHER: OnceLock<RandomState> = OnceLock::new();
    HASHER.get_or_init(RandomState::new).hash_one(bytes)
}

/// Counts an attempt against who is tried. The address has been counted before the method began.
fn throttle(desk: &Desk, tried: u64) -> Result<(), Refusal> {
    let taken = desk.names.take(tried, desk.clock.now_ms());
    taken.map_err(|ms| Refusal::from(Code::TooManyCalls).retry_after(ms))
}

async fn challenge(desk: Desk, call: Call, params: Challenge) -> Result<Challenged, Refusal> {
    desk.attempt(&call)?;
    let account = account(&params.account.0)?;
    let (challenge, expires_at_ms) = desk.challenges.give(account, desk.clock.now_ms())?;
    Ok(Challenged { challenge, expires_at_ms })
}

/// What the chain says of a wallet now.
async fn standing(desk: &Desk, wallet: [u8; 32]) -> Result<(Roles, Option<Seated>), Refusal> {
    let standing = desk.people.standing(wallet).await.map_err(upstream::away)?;
    let roles = Roles::of(&standing);
    if roles.is_empty() {
        return Err(Code::NoRole.into());
    }
    Ok((roles, standing.driver))
}

async fn login(desk: Desk, call: Call, params: Login) -> Result<Tokens, Refusal> {
    let wallet = account(&params.account.0)?;
    let tried = number_of(&wallet);
    throttle(&desk, tried)?;
    let public_key = params.public_key.as_ref().map(|key| key.0.as_str());
    let signature = Signature::parse(&params.signature.0, public_key)?;
    desk.challenges.answer(wallet, &params.challenge, &signature, desk.clock.now_ms())?;
    let (roles, driver) = standing(&desk, wallet).await?;
    let account = desk.sessions.of_wallet(wallet).await?;
    call.acted(account.id, roles);
    let opened = desk.sessions.begin(account.id, roles, driver).await?;
    desk.names.give_back(tried, desk.clock.now_ms());
    Ok(Tokens::of(opened, desk.config.company))
}

async fn register(desk: Desk, call: Call, params: NameAndPassword) -> Result<Tokens, Refusal> {
    crate::sessions::check_name(&params.name)?;
    crate::sessions::check_password(&params.password)?;
    throttle(&desk, number_of(params.name.as_bytes()))?;
    if desk.sessions.by_name(&params.name)?.is_some() {
        return Err(Code::NameTaken.into());
    }
    let hash = desk.passwords.hash(params.password).await?;
    let account = desk.sessions.register(&params.name, hash).await?;
    call.acted(account.id, Roles::RIDER);
    let opened = desk.sessions.begin(account.id, Roles::RIDER, None).await?;
    Ok(Tokens::of(opened, desk.config.company))
}

async fn password(desk: Desk, call: Call, params: NameAndPassword) -> Result<Tokens, Refusal> {
    let tried = number_of(params.name.as_bytes());
    throttle(&desk, tried)?;
    let account = desk.sessions.by_name(&params.name)?;
    let (id, hash) = match account {
        Some(AccountRecord { id, proof: Proof::Password { hash, .. }, .. }) => (id, Some(hash)),
        _ => (0, None),
    };
    if !desk.passwords.check(params.password, hash).await? {
        return Err(Code::BadCredentials.into());
    }
    call.acted(id, Roles::RIDER);
    let opened = desk.sessions.begin(id, Roles::RIDER, None).await?;
    desk.names.give_back(tried, desk.clock.now_ms());
    Ok(Tokens::of(opened, desk.config.company))
}

async fn refresh(desk: Desk, call: Call, params: Refresh) -> Result<Tokens, Refusal> {
    let token = &params.refresh_token.0;
    let redeemed = match desk.sessions.redeem(token).await {
        // It ended a session: that is noted with whose it was.
        Err(refusal) if refusal.code() == Code::RefreshReused => {
            if let Some(account) = desk.sessions.owner(token)? {
                call.acted(account, Roles::NONE);
            }
            return Err(refusal);
        }
        redeemed => redeemed?,
    };
    let standing = match &redeemed.account.proof {
        Proof::Password { .. } => Ok((Roles::RIDER, None)),
        Proof::Wallet { public } => standing(&desk, *public).await,
    };
    let (roles, driver) = standing.inspect_err(|_| call.acted(redeemed.account.id, Roles::NONE))?;
    call.acted(redeemed.account.id, roles);
    let opened = redeemed.renew(roles, driver).await?;
    Ok(Tokens::of(opened, desk.config.company))
}

async fn logout(desk: Desk, call: Call, _: Nothing) -> Result<Done, Refusal> {
    desk.sessions.end(call.identity()?.session).await?;
    Ok(Done {})
}

async fn whoami(desk: Desk, call: Call, _: Nothing) -> Result<Whoami, Refusal> {
    Ok(Whoami::of(call.identity()?, desk.config.company))
}

async fn attach(desk: Desk, call: Call, params: Attach) -> Result<Whoami, Refusal> {
    if !call.origin.websocket {
        return Err(Code::WebSocketOnly.into());
    }
    let identity = desk.sessions.identify(&params.access_token.0)?;
    let whoami = Whoami::of(&identity, desk.config.company);
    call.origin.connection.attach(identity);
    Ok(whoami)
}
