//! Files of telemetry and uploads of terminals, as long as they are: who gets one, how many at a time, and what ends
//! them.
//!
//! Nothing of a file is held but the piece that is on its way. Its reader sets the pace, and whoever the file comes from
//! waits for her. A file that cannot be finished ends with an error, never as if it were whole.

use std::{sync::Arc, time::Duration};

use futures::{
    stream::{self, BoxStream},
    Stream, StreamExt, TryStreamExt,
};
use hyper::body::Bytes;
use smartlink_proto::{devices::MediaRequest, refusal::name_of};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{timeout, timeout_at, Instant},
};
use tonic::Status;

use crate::{
    config,
    desk::{Call, Desk, Entered, Note, Origin},
    methods::EXPORT,
    places::{Place, Places},
    refusal::{Code, Refusal},
    types::{Link, Wanted},
    upstream::refusal,
};

/// Where files are.
pub(crate) const PATH: &str = "/export";
/// What the audit log calls a download.
const NAME: &str = "GET /export";
/// When there may be room for one more file.
const FULL_MS: u64 = 5_000;

/// Room for files that are under way.
pub(crate) struct Exports {
    all: Arc<Semaphore>,
    of_accounts: Arc<Places<u64>>,
    config: config::Exports,
}

/// Room for one file.
struct Room {
    _of_all: OwnedSemaphorePermit,
    _of_account: Place<u64>,
}

impl Exports {
    pub fn new(config: config::Exports) -> Self {
        Self {
            all: Arc::new(Semaphore::new(config.at_once as usize)),
            of_accounts: Arc::new(Places::new(config.per_account)),
            config,
        }
    }

    fn take(&self, account: u64) -> Result<Room, Refusal> {
        let full = |most, whose| {
            let said =
                format!("{most} exports of {whose} are under way, which is all there may be");
            Refusal::new(Code::TooManyExports, said).retry_after(FULL_MS)
        };
        let config = &self.config;
        let of_account = self.of_accounts.take(account);
        let of_account = of_account.ok_or_else(|| full(config.per_account, "this account"))?;
        let of_all = self.all.clone().try_acquire_owned();
        let of_all = of_all.map_err(|_| full(config.at_once, "all accounts"))?;
        Ok(Room { _of_all: of_all, _of_account: of_account })
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.config.wait_s)
    }
}

/// What somebody wants who comes without JSON-RPC.
pub(crate) struct Asked {
    /// What the link shows in the place of a token.
    pub ticket: Option<String>,
    /// The file, where it does not follow from the ticket.
    pub wanted: Result<Wanted, Refusal>,
}

type Pieces = BoxStream<'static, Result<Bytes, Status>>;

/// A file that has begun.
pub(crate) struct File {
    pub wanted: Wanted,
    /// Until it was given. `None` within: the file is empty.
    first: Option<Option<Bytes>>,
    pieces: Pieces,
    session: u64,
    until: Instant,
    _room: Room,
}

impl Desk {
    /// A link to a file.
    pub fn link(&self, call: &Call, wanted: Wanted) -> Result<Link, Refusal> {
        wanted.check()?;
        let file_name = wanted.file_name();
        let caller = call.identity()?.clone();
        let (ticket, expires_at_ms) = self.tickets.give(caller, wanted, self.clock.now_ms())?;
        Ok(Link { path: format!("{PATH}?ticket={ticket}"), file_name, expires_at_ms })
    }

    /// Whether somebody may have a file, and which. Nothing is begun, and a ticket stays good.
    pub fn look_at_export(&self, asked: Asked, origin: Arc<Origin>) -> Result<Wanted, Refusal> {
        let (_entered, wanted) = self.enter_for_export(asked, origin, false)?;
        let wanted = wanted?;
        wanted.check()?;
        Ok(wanted)
    }

    /// Begins a file. It is noted in the audit log before it is answered, as a change would be: what was taken out of
    /// the company shows there.
    pub async fn begin_export(&self, asked: Asked, origin: Arc<Origin>) -> Result<File, Refusal> {
        let (entered, wanted) = self.enter_for_export(asked, origin, true)?;
        let slot = self.store.reserve_audit();
        let slot = slot.ok_or_else(|| Refusal::from(Code::Overloaded).retry_after(100))?;
        let subject = wanted.as_ref().ok().map(Wanted::to_string);
        let file = match wanted {
            Ok(wanted) => self.open_export(&entered, wanted).await,
            Err(refusal) => Err(refusal),
        };
        // Attempts that a bound stopped would fill the log.
        let bounded = matches!(&file, Err(refusal) if refusal.code() == Code::TooManyExports);
        if !bounded {
            let note = Note { subject, idempotency_key: None };
            slot.append(self.entry(NAME, &entered.call, note, file.as_ref().err())).await?;
        }
        file
    }

    /// Everything before the file. The row of the method that gives links says who may have one.
    fn enter_for_export(
        &self,
        asked: Asked,
        origin: Arc<Origin>,
        use_up: bool,
    ) -> Result<(Entered, Result<Wanted, Refusal>), Refusal> {
        let Asked { ticket, mut wanted } = asked;
        let shown = ticket.as_ref().map(|text| self.tickets.look(text, self.clock.now_ms()));
        let name = match shown {
            Some(Ok(ticket)) => ticket.what.method(),
            _ => EXPORT,
        };
        let row = self.methods.iter().find(|method| method.name == name);
        let row = row.ok_or(Refusal::from(Code::Internal))?;
        let entered = self.enter_by(row, origin, |desk, origin| {
            let Some(text) = ticket else { return desk.caller(origin) };
            let now = desk.clock.now_ms();
            let ticket = match use_up {
                true => desk.tickets.take(&text, now)?,
                false => desk.tickets.look(&text, now)?,
            };
            desk.sessions.check(&ticket.caller)?;
            wanted = Ok(ticket.what);
            Ok(Some(ticket.caller))
        })?;
        let allowed = Self::authorise(row, &entered.call);
        Ok((entered, allowed.and(wanted)))
    }

    async fn open_export(&self, entered: &Entered, wanted: Wanted) -> Result<File, Refusal> {
        let identity = entered.call.identity()?;
        wanted.check()?;
        let room = self.exports.take(identity.account)?;
        let opening = async {
            let mut pieces = self.pieces(&wanted).await?;
            let first = pieces.next().await.transpose().map_err(refusal)?;
            Ok::<_, Refusal>((first, pieces))
        };
        let opened = timeout(self.exports.patience(), opening).await;
        let (first, pieces) = opened.unwrap_or_else(|_| Err(Code::TimedOut.into()))?;
        let until = Instant::now() + Duration::from_secs(self.exports.config.longest_s);
        let first = Some(first);
        Ok(File { wanted, first, pieces, session: identity.session, until, _room: room })
    }

    /// The content, from where it is.
    async fn pieces(&self, wanted: &Wanted) -> Result<Pieces, Refusal> {
        match wanted {
            Wanted::Telemetry(export) => {
                let mut telemetry = self.upstream.telemetry()?;
                let pieces = telemetry.export(export.request()?).await.map_err(not_begun)?;
                Ok(pieces.into_inner().map_ok(|piece| piece.content.into()).boxed())
            }
            Wanted::Medium(medium) => {
                let mut devices = self.upstream.devices()?;
                let request = MediaRequest { medium: medium.id.0 };
                let pieces = devices.read_media(request).await.map_err(refusal)?;
                Ok(pieces.into_inner().map_ok(|piece| piece.content.into()).boxed())
            }
        }
    }
}

/// Telemetry has a bound of its own, which it shares among all who ask it.
fn not_begun(status: Status) -> Refusal {
    match name_of(&status) {
        Some("too_many_streams") => {
            Refusal::new(Code::TooManyExports, status.message().to_owned()).retry_after(FULL_MS)
        }
        _ => refusal(status),
    }
}

impl File {
    /// Its bytes. An error is the last there is, and means that the file is not whole.
    pub fn content(self, desk: Desk) -> impl Stream<Item = Result<Bytes, Refusal>> + Send {
        stream::unfold(Some((self, desk)), |going_on| async move {
            let (mut file, desk) = going_on?;
            match file.next(&desk).await {
                Ok(Some(piece)) => Some((Ok(piece), Some((file, desk)))),
                Ok(None) => {
                    tracing::debug!(file = %file.wanted, "a file is done");
                    None
                }
                Err(refusal) => {
                    tracing::warn!(file = %file.wanted, %refusal, "a file was cut");
                    Some((Err(refusal), None))
                }
            }
        })
    }

    async fn next(&mut self, desk: &Desk) -> Result<Option<Bytes>, Refusal> {
        if desk.sessions.has_ended(self.session) {
            return Err(Code::SessionRevoked.into());
        }
        if let Some(first) = self.first.take() {
            return Ok(first);
        }
        let patience = (Instant::now() + desk.exports.patience()).min(self.until);
        match timeout_at(patience, self.pieces.next()).await {
            Ok(piece) => piece.transpose().map_err(refusal),
            Err(_) => Err(Code::TimedOut.into()),
        }
    }
}
