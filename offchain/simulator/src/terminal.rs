//! A vehicle's terminal that speaks JT/T 808 over TCP: registers, authenticates, and reports positions until each is
//! acknowledged.

use bytes::BytesMut;
use smartlink_jt808::{
    frame,
    messages::{Authentication, GeneralReply, Registration, RegistrationReply},
    subpackage, Checksum, Header, LocationReport, Message, Phone, Splitter,
};
use std::{io, net::SocketAddr, time::Duration};
use thiserror::Error;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The number of a position.
const POSITION: u16 = 0x0200;
/// The number of a heartbeat.
const HEARTBEAT: u16 = 0x0002;

/// Who a terminal says that it is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// What the platform knows it by.
    pub phone: Phone,
    /// The vehicle's plate.
    pub plate: String,
    /// The code from an earlier registration. `None`: it registers.
    pub code: Option<String>,
}

/// Why a terminal gives up.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// The network.
    #[error("the terminal {phone} lost its connection to {address}: {source}")]
    Connection {
        /// Which.
        phone: Phone,
        /// Of the platform.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The platform said no.
    #[error("the platform answered the terminal {phone} with {result} to {what}: see the results of JT/T 808, and enrol the terminal first")]
    Refused {
        /// Which.
        phone: Phone,
        /// To what.
        what: &'static str,
        /// JT/T 808's result.
        result: u8,
    },
    /// The platform said nothing.
    #[error("the platform did not answer the terminal {0} within 60 s: look at its log")]
    Silence(Phone),
    /// The platform said something that is no JT/T 808.
    #[error("the platform's answer to the terminal {phone} cannot be read: {what}")]
    Unreadable {
        /// Which.
        phone: Phone,
        /// What was read.
        what: String,
    },
}

/// A terminal with a connection.
#[derive(Debug)]
pub struct Terminal {
    identity: Identity,
    address: SocketAddr,
    stream: TcpStream,
    splitter: Splitter,
    input: BytesMut,
    output: Vec<u8>,
    body: Vec<u8>,
    serial: u16,
}

impl Terminal {
    /// Connects, registers unless it has a code, and authenticates.
    ///
    /// # Errors
    /// The platform does not let it in.
    pub async fn connect(address: SocketAddr, identity: Identity) -> Result<Self, TerminalError> {
        let phone = identity.phone;
        let failed = |source| TerminalError::Connection { phone, address, source };
        let stream = TcpStream::connect(address).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let mut terminal = Self {
            identity,
            address,
            stream,
            splitter: Splitter::new(Checksum::Required),
            input: BytesMut::new(),
            output: Vec::new(),
            body: Vec::new(),
            serial: 0,
        };
        let code = match terminal.identity.code.clone() {
            Some(code) => code,
            None => terminal.register().await?,
        };
        terminal.authenticate(&code).await?;
        terminal.identity.code = Some(code);
        Ok(terminal)
    }

    /// Who it is, with the code for the next connection.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    async fn register(&mut self) -> Result<String, TerminalError> {
        let registration = Registration {
            province: 44,
            city: 300,
            manufacturer: "SLD01".into(),
            model: "SL-808".into(),
            // The last digits of its phone number.
            terminal_id: self
                .identity
                .phone
                .number()
                .chars()
                .rev()
                .take(7)
                .collect::<String>()
                .as_str()
                .into(),
            plate_color: 1,
            plate: self.identity.plate.as_str().into(),
        };
        self.say(&Message::Register(registration));
        self.flush().await?;
        let answer = self
            .hear(|message| match message {
                Message::RegisterReply(RegistrationReply { result, code, .. }) => {
                    Some((result, code.to_string()))
                }
                _ => None,
            })
            .await?;
        match answer {
            (RegistrationReply::SUCCESS, code) => Ok(code),
            (result, _) => Err(self.refused("its registration", result)),
        }
    }

    async fn authenticate(&mut self, code: &str) -> Result<(), TerminalError> {
        let wide = self.identity.phone.is_wide();
        let since_2019 = |text: &str| wide.then(|| text.into());
        let message = Authentication {
            code: code.into(),
            imei: since_2019("860000000000000"),
            software: since_2019("1.0.0"),
        };
        self.say(&Message::Authenticate(message));
        self.flush().await?;
        self.acknowledged("its authentication", 1).await
    }

    /// Reports positions, all in one write, and waits until the platform has acknowledged each: then they are on its disk.
    ///
    /// # Errors
    /// One was refused, or the connection is gone: none of them may count as delivered.
    pub async fn report(&mut self, positions: &[LocationReport<'_>]) -> Result<(), TerminalError> {
        for position in positions {
            self.body.clear();
            position.encode(&mut self.body);
            let header = Header::new(POSITION, self.identity.phone, self.next_serial());
            frame::encode(&header, &self.body, &mut self.output)
                .map_err(|error| self.unreadable(&error))?;
        }
        self.flush().await?;
        self.acknowledged("a position", positions.len()).await
    }

    /// Says that it is alive.
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn heartbeat(&mut self) -> Result<(), TerminalError> {
        let header = Header::new(HEARTBEAT, self.identity.phone, self.next_serial());
        frame::encode(&header, &[], &mut self.output).map_err(|error| self.unreadable(&error))?;
        self.flush().await?;
        self.acknowledged("a heartbeat", 1).await
    }

    fn next_serial(&mut self) -> u16 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    fn say(&mut self, message: &Message) {
        let header = Header::new(message.id(), self.identity.phone, self.next_serial());
        // What this terminal says fits into frames.
        let _ = subpackage::encode(&header, message, &mut self.output);
    }

    async fn flush(&mut self) -> Result<(), TerminalError> {
        let written = self.stream.write_all(&self.output).await;
        self.output.clear();
        written.map_err(|source| self.lost(source))
    }

    /// Waits for so many general replies that say that all is well.
    async fn acknowledged(
        &mut self,
        what: &'static str,
        mut frames: usize,
    ) -> Result<(), TerminalError> {
        while frames > 0 {
            let result = self
                .hear(|message| match message {
                    Message::PlatformReply(GeneralReply { result, .. }) => Some(result),
                    _ => None,
                })
                .await?;
            match result {
                GeneralReply::SUCCESS | GeneralReply::ALARM_CONFIRMED => frames -= 1,
                result => return Err(self.refused(what, result)),
            }
        }
        Ok(())
    }

    /// Reads until there is what is looked for. What the platform asks besides is answered as done.
    async fn hear<T>(
        &mut self,
        mut find: impl FnMut(Message) -> Option<T>,
    ) -> Result<T, TerminalError> {
        loop {
            while let Some(frame) = self.splitter.push(&mut self.input) {
                let phone = self.identity.phone;
                let unreadable = |what: &dyn std::fmt::Display| TerminalError::Unreadable {
                    phone,
                    what: what.to_string(),
                };
                let frame = frame.map_err(|error| unreadable(&error))?;
                let header = frame.header;
                let message =
                    Message::decode(&header, frame.body).map_err(|error| unreadable(&error))?;
                let wants_an_answer = !matches!(
                    message,
                    Message::PlatformReply(_) | Message::RegisterReply(_) | Message::TimeAnswer(_)
                );
                if let Some(found) = find(message) {
                    return Ok(found);
                }
                if wants_an_answer {
                    let serial = self.next_serial();
                    smartlink_jt808::reply::terminal(
                        &header,
                        serial,
                        GeneralReply::SUCCESS,
                        &mut self.output,
                    );
                }
            }
            if !self.output.is_empty() {
                self.flush().await?;
            }
            self.input.reserve(4_096);
            let read = timeout(PATIENCE, self.stream.read_buf(&mut self.input)).await;
            match read.map_err(|_| TerminalError::Silence(self.identity.phone))? {
                Ok(0) => return Err(self.lost(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(source) => return Err(self.lost(source)),
            }
        }
    }

    fn lost(&self, source: io::Error) -> TerminalError {
        TerminalError::Connection { phone: self.identity.phone, address: self.address, source }
    }

    fn refused(&self, what: &'static str, result: u8) -> TerminalError {
        TerminalError::Refused { phone: self.identity.phone, what, result }
    }

    fn unreadable(&self, error: &dyn std::fmt::Display) -> TerminalError {
        TerminalError::Unreadable { phone: self.identity.phone, what: error.to_string() }
    }
}
