//! Deliveries by e-mail.

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lettre::{
    message::{header::ContentType, Mailbox, Message},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        PoolConfig,
    },
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
};

use super::{Attempt, NotifyError};
use crate::{store::MessageRecord, SmtpConfig, SmtpTls};

/// The reply of a server that closes: it says something about the server, not about the mail (RFC 5321, 4.2.3).
const CLOSING: &str = "421";
/// A connection that was not used for so long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// The way to the mail server.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl Mailer {
    /// `None` when no mail server is configured. Nothing is connected yet.
    pub(crate) fn new(config: &SmtpConfig, connections: u32) -> Result<Option<Self>, NotifyError> {
        if config.host.is_empty() {
            return Ok(None);
        }
        let from = config.from.parse().map_err(|_| NotifyError::From(config.from.clone()))?;
        let timeout = Duration::from_millis(config.timeout_ms);
        let pool = PoolConfig::new().max_size(connections).idle_timeout(IDLE);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(tls(config)?)
            .timeout(Some(timeout))
            .pool_config(pool);
        if !config.username.is_empty() {
            let password = config.password.expose().clone();
            builder = builder.credentials(Credentials::new(config.username.clone(), password));
        }
        Ok(Some(Self { transport: builder.build(), from, timeout }))
    }

    /// Hands a mail to the server. `delivery` is the same at every attempt.
    pub(crate) async fn send(
        &self,
        delivery: &str,
        to: &Address,
        message: &MessageRecord,
    ) -> Attempt {
        let mail = match self.write(delivery, to, message) {
            Ok(mail) => mail,
            Err(error) => return Attempt::refused(format!("the mail cannot be written: {error}")),
        };
        // lettre bounds each step; this bounds all of them together.
        match tokio::time::timeout(self.timeout, self.transport.send(mail)).await {
            Ok(Ok(_)) => Attempt::arrived(),
            Ok(Err(error)) => judge(&error),
            Err(_) => {
                let waited = self.timeout.as_millis();
                Attempt::failed(format!("the mail server did not finish within {waited} ms"))
            }
        }
    }

    fn write(
        &self,
        delivery: &str,
        to: &Address,
        message: &MessageRecord,
    ) -> Result<Message, lettre::error::Error> {
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(message.title.clone())
            .date(UNIX_EPOCH + Duration::from_millis(message.at_ms).min(since_epoch()))
            .message_id(Some(format!("<{delivery}@{domain}>")))
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
    }
}

/// A date that every mail server can read: lettre panics on years with five digits.
fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn tls(config: &SmtpConfig) -> Result<Tls, NotifyError> {
    let mut parameters = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_file {
        let pem = fs::read(path).map_err(|source| NotifyError::Authority {
            path: path.clone(),
            why: source.to_string(),
        })?;
        let certificate = Certificate::from_pem(&pem).map_err(|source| NotifyError::Authority {
            path: path.clone(),
            why: source.to_string(),
        })?;
        parameters = parameters.add_root_certificate(certificate);
    }
    let built = || parameters.build().map_err(|source| NotifyError::Tls(source.to_string()));
    Ok(match config.tls {
        SmtpTls::Plain => Tls::None,
        SmtpTls::Starttls => Tls::Required(built()?),
        SmtpTls::Tls => Tls::Wrapper(built()?),
    })
}

fn judge(error: &lettre::transport::smtp::Error) -> Attempt {
    let said = error.to_string();
    if error.is_permanent() {
        // "Do not repeat this request" (RFC 5321, 4.2.1).
        return Attempt::refused(said);
    }
    let closing = error.status().is_some_and(|code| code.to_string() == CLOSING);
    if error.is_transient() && !closing {
        Attempt::failed_itself(said)
    } else {
        Attempt::failed(said)
    }
}
