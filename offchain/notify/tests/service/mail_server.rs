//! A small mail server (RFC 5321 with STARTTLS and AUTH PLAIN), on a socket.

use std::{io, path::Path, sync::Arc};

use smartlink_notify::{SmtpConfig, SmtpTls};
use smartlink_service::Secret;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::{mpsc, watch},
};
use tokio_rustls::{
    rustls::{crypto::ring, pki_types::PrivatePkcs8KeyDer, ServerConfig},
    TlsAcceptor,
};

/// A mail that came.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    pub to: String,
    pub data: String,
    pub over_tls: bool,
    /// What AUTH PLAIN carried, in base64.
    pub login: String,
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

type Lines = BufReader<Box<dyn Wire>>;

/// A mail server that accepts everything but mail to `nobody@…` (550 for ever). It ends with the test.
pub struct MailServer {
    pub config: SmtpConfig,
    pub mails: mpsc::UnboundedReceiver<Mail>,
    /// While true, every recipient is put off (451).
    pub busy: watch::Sender<bool>,
}

impl MailServer {
    pub async fn start(folder: &Path, tls: SmtpTls) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let ca_file = folder.join("mail.pem");
        std::fs::write(&ca_file, made.cert.pem()).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into();
        let server = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(server));
        let (sender, mails) = mpsc::unbounded_channel();
        let (busy, is_busy) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let session = Session {
                    acceptor: acceptor.clone(),
                    tls,
                    mails: sender.clone(),
                    busy: is_busy.clone(),
                    mail: Mail::default(),
                };
                tokio::spawn(async move { session.run(Box::new(stream)).await });
            }
        });
        let login = tls != SmtpTls::Plain;
        let config = SmtpConfig {
            host: "127.0.0.1".into(),
            port,
            tls,
            username: if login { "notify".into() } else { String::new() },
            password: Secret::new(if login { "correct horse".into() } else { String::new() }),
            from: "SmartLink <notify@example.com>".into(),
            ca_file: Some(ca_file),
            timeout_ms: 5_000,
        };
        Self { config, mails, busy }
    }

    pub async fn next(&mut self) -> Mail {
        crate::within(self.mails.recv()).await.unwrap()
    }
}

struct Session {
    acceptor: TlsAcceptor,
    tls: SmtpTls,
    mails: mpsc::UnboundedSender<Mail>,
    busy: watch::Receiver<bool>,
    mail: Mail,
}

impl Session {
    async fn run(mut self, stream: Box<dyn Wire>) -> io::Result<()> {
        let mut lines: Lines = BufReader::new(stream);
        if self.tls == SmtpTls::Tls {
            lines = self.secure(lines).await?;
        }
        say(&mut lines, "220 mail.example").await?;
        loop {
            let line = hear(&mut lines).await?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.greet(&mut lines).await?,
                "STARTTLS" => {
                    say(&mut lines, "220 go ahead").await?;
                    lines = self.secure(lines).await?;
                }
                "AUTH" => {
                    self.mail.login = line.rsplit(' ').next().unwrap_or_default().to_owned();
                    say(&mut lines, "235 welcome").await?;
                }
                "MAIL" | "RSET" | "NOOP" => say(&mut lines, "250 fine").await?,
                "RCPT" => {
                    let answer = self.recipient(&line);
                    say(&mut lines, answer).await?;
                }
                "DATA" => self.take(&mut lines).await?,
                "QUIT" => return say(&mut lines, "221 bye").await,
                _ => say(&mut lines, "502 what?").await?,
            }
        }
    }

    async fn secure(&mut self, lines: Lines) -> io::Result<Lines> {
        self.mail.over_tls = true;
        let secured = self.acceptor.accept(lines.into_inner()).await?;
        Ok(BufReader::new(Box::new(secured)))
    }

    async fn greet(&self, lines: &mut Lines) -> io::Result<()> {
        let starttls = self.tls == SmtpTls::Starttls && !self.mail.over_tls;
        let offer = if starttls { "250 STARTTLS" } else { "250 AUTH PLAIN" };
        say(lines, "250-mail.example\r\n250-8BITMIME").await?;
        say(lines, offer).await
    }

    fn recipient(&mut self, line: &str) -> &'static str {
        self.mail.to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        if *self.busy.borrow() {
            "451 try again later"
        } else if self.mail.to.starts_with("nobody@") {
            "550 no such mailbox"
        } else {
            "250 fine"
        }
    }

    async fn take(&mut self, lines: &mut Lines) -> io::Result<()> {
        say(lines, "354 end with a full stop").await?;
        let mut data = String::new();
        loop {
            let line = hear(lines).await?;
            if line == "." {
                break;
            }
            data.push_str(&line);
            data.push('\n');
        }
        let _ = self.mails.send(Mail { data, ..self.mail.clone() });
        say(lines, "250 taken").await
    }
}

async fn say(lines: &mut Lines, text: &str) -> io::Result<()> {
    lines.get_mut().write_all(format!("{text}\r\n").as_bytes()).await?;
    lines.get_mut().flush().await
}

async fn hear(lines: &mut Lines) -> io::Result<String> {
    let mut line = String::new();
    if lines.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}
