//! A terminal of JT/T 808 on a real socket.
#![allow(dead_code)]

use bytes::BytesMut;
use smartlink_jt808::{
    frame::Checksum,
    location::status,
    messages::{Authentication, GeneralReply, Registration},
    subpackage, BcdTime, Header, Item, Items, Location, LocationReport, Message, Phone, Splitter,
    Text,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

/// Longer than anything here takes.
pub const SOON: Duration = Duration::from_secs(20);

pub struct Terminal {
    line: Line,
    splitter: Splitter,
    input: BytesMut,
    pub phone: Phone,
    pub serial: u16,
}

enum Line {
    Tcp(TcpStream),
    Udp(UdpSocket),
}

impl Terminal {
    pub async fn tcp(address: SocketAddr, phone: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::on(Line::Tcp(stream), phone)
    }

    pub async fn udp(address: SocketAddr, phone: &str) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(address).await.unwrap();
        Self::on(Line::Udp(socket), phone)
    }

    fn on(line: Line, phone: &str) -> Self {
        let splitter = Splitter::new(Checksum::Required);
        Self { line, splitter, input: BytesMut::new(), phone: phone.parse().unwrap(), serial: 0 }
    }

    /// The same with a header of 2019.
    pub fn of_2019(mut self) -> Self {
        self.phone = self.phone.widened(true);
        self
    }

    /// The frames of a message; the next serial comes after them.
    pub fn frames(&mut self, message: &Message) -> Vec<u8> {
        let header = Header::new(message.id(), self.phone, self.serial);
        let mut frames = Vec::new();
        let count = subpackage::encode(&header, message, &mut frames).unwrap();
        self.serial = self.serial.wrapping_add(count);
        frames
    }

    pub async fn write(&mut self, bytes: &[u8]) {
        match &mut self.line {
            Line::Tcp(stream) => stream.write_all(bytes).await.unwrap(),
            Line::Udp(socket) => drop(socket.send(bytes).await.unwrap()),
        }
    }

    /// Sends a message, and returns the serial of its first frame.
    pub async fn send(&mut self, message: &Message) -> u16 {
        let serial = self.serial;
        let frames = self.frames(message);
        self.write(&frames).await;
        serial
    }

    /// The next message of the platform. None: it has closed the connection.
    pub async fn receive(&mut self) -> Option<(Header, Message)> {
        loop {
            if let Some(frame) = self.splitter.push(&mut self.input) {
                let frame = frame.unwrap();
                let body =
                    Message::decode_body(frame.header.id, frame.header.version(), frame.body)
                        .unwrap();
                return Some((frame.header, body));
            }
            let mut bytes = vec![0; 64 << 10];
            let read = match &mut self.line {
                Line::Tcp(stream) => timeout(SOON, stream.read(&mut bytes))
                    .await
                    .expect("the platform says something")
                    .unwrap_or(0),
                Line::Udp(socket) => timeout(SOON, socket.recv(&mut bytes))
                    .await
                    .expect("the platform says something")
                    .unwrap(),
            };
            if read == 0 {
                return None;
            }
            self.input.extend_from_slice(&bytes[..read]);
        }
    }

    /// The result of the general reply that comes next, and to which serial.
    pub async fn reply(&mut self) -> (u16, u8) {
        match self.receive().await.expect("the connection stays").1 {
            Message::PlatformReply(GeneralReply { serial, result, .. }) => (serial, result),
            other => panic!("{other:?} instead of a general reply"),
        }
    }

    /// Sends a message, and returns the result of its general reply.
    pub async fn ask(&mut self, message: &Message) -> u8 {
        let sent = self.send(message).await;
        let (serial, result) = self.reply().await;
        assert_eq!(serial, sent);
        result
    }

    pub async fn authenticate(&mut self, code: &str) -> u8 {
        let message = authentication(code, self.phone.is_wide());
        self.ask(&message).await
    }

    /// Answers a command.
    pub async fn acknowledge(&mut self, to: &Header, result: u8) {
        let reply = GeneralReply { serial: to.serial, id: to.id, result };
        self.send(&Message::TerminalReply(reply)).await;
    }
}

pub fn authentication(code: &str, of_2019: bool) -> Message {
    let text = |text| of_2019.then(|| Text::from(text));
    Message::Authenticate(Authentication {
        code: code.into(),
        imei: text("123456789012345"),
        software: text("V1.0"),
    })
}

/// A position in Shanghai at a second.
pub fn position(second: u64) -> LocationReport<'static> {
    let location = Location {
        status: status::IGNITION | status::FIXED,
        latitude: 31_230_416,
        longitude: 121_473_701,
        altitude: 12,
        speed: 605,
        heading: 90,
        time: BcdTime::from_millis(second * 1_000).unwrap(),
        ..Location::default()
    };
    let items =
        Items::default().with(&Item::Mileage(12_345)).unwrap().with(&Item::Signal(28)).unwrap();
    LocationReport { location, items }
}

/// What a terminal in a van of Shanghai says when it registers.
pub fn registering(plate: &str) -> Message {
    Message::Register(Registration {
        province: 31,
        city: 115,
        manufacturer: "70111".into(),
        model: "BSJ-A6D".into(),
        terminal_id: "1234567".into(),
        plate_color: 1,
        plate: plate.into(),
    })
}
