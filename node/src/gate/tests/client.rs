//! A client that speaks HTTP/1.1 and WebSocket by hand, so that a test can be as rude as a stranger.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Until a test fails instead of waiting.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

impl Answer {
    /// The result or the error of an answer over JSON-RPC.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }

    /// The code of a JSON-RPC error.
    pub fn code(&self) -> i64 {
        self.json()["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {self:?}"))
    }
}

/// A connection that speaks HTTP.
pub struct Http(BufReader<TcpStream>);

impl Http {
    pub fn open(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    /// Asks one method, with a token or without one.
    pub fn ask(&mut self, token: Option<&str>, method: &str) -> Answer {
        self.post(token, &request(method))
    }

    pub fn post(&mut self, token: Option<&str>, body: &str) -> Answer {
        let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n"));
        self.send(&format!(
            "POST / HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\n{}content-length: {}\r\n\r\n{body}",
            authorization.unwrap_or_default(),
            body.len()
        ));
        self.receive().expect("an answer")
    }

    /// Sends as it stands. Who was turned away finds the connection ended when it reads.
    pub fn send(&mut self, text: &str) {
        let _ = self.0.get_mut().write_all(text.as_bytes());
    }

    /// The next answer. `None`: the connection ended.
    pub fn receive(&mut self) -> Option<Answer> {
        let mut headers = String::new();
        loop {
            let mut line = String::new();
            // A connection that is reset has ended as well.
            if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            if line == "\r\n" {
                break;
            }
            headers.push_str(&line.to_lowercase());
        }
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
        self.0.read_exact(&mut body).unwrap();
        Some(Answer { status, headers, body: String::from_utf8(body).unwrap() })
    }

    /// Waits until the other side ends the connection.
    pub fn ends(&mut self) -> bool {
        self.receive().is_none()
    }
}

/// A connection that became a WebSocket.
pub struct WebSocket(BufReader<TcpStream>);

impl WebSocket {
    /// Opens one with a token in the header, or without one.
    pub fn open(addr: SocketAddr, token: Option<&str>) -> Result<Self, Answer> {
        let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n"));
        Self::at(addr, "/", &authorization.unwrap_or_default())
    }

    /// Opens one at this target with these further headers.
    pub fn at(addr: SocketAddr, target: &str, headers: &str) -> Result<Self, Answer> {
        let mut http = Http::open(addr);
        http.send(&format!(
            "GET {target} HTTP/1.1\r\nhost: gate\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        ));
        let answer = http.receive().expect("an answer");
        if answer.status == 101 {
            Ok(Self(http.0))
        } else {
            Err(answer)
        }
    }

    pub fn ask(&mut self, method: &str) -> serde_json::Value {
        self.send(&request(method));
        self.receive().expect("an answer")
    }

    /// Sends a message as one frame, whose mask of zeros changes nothing.
    pub fn send(&mut self, text: &str) {
        let mut frame = vec![0x81];
        match u16::try_from(text.len()) {
            Ok(length @ 0..=125) => frame.push(0x80 | length.to_le_bytes()[0]),
            Ok(length) => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(0x80 | 127);
                frame.extend((text.len() as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.0.get_mut().write_all(&frame).unwrap();
    }

    /// The next message. `None`: the connection ended.
    pub fn receive(&mut self) -> Option<serde_json::Value> {
        loop {
            let [first, second] = self.bytes()?;
            let length = match second {
                126 => u64::from(u16::from_be_bytes(self.bytes()?)),
                127 => u64::from_be_bytes(self.bytes()?),
                short => short.into(),
            };
            let mut message = vec![0; usize::try_from(length).unwrap()];
            self.0.read_exact(&mut message).ok()?;
            match first & 0x0f {
                1 => return Some(serde_json::from_slice(&message).unwrap()),
                8 => return None,
                // A ping. Nobody waits for the answer as long as a test takes.
                9 => {}
                other => panic!("a frame of kind {other}"),
            }
        }
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// A request over JSON-RPC.
pub fn request(method: &str) -> String {
    serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": [] }).to_string()
}
