//! Datagrams over UDP: the same frames, and a conversation remembered for each address.
//!
//! One task receives. Datagrams that are there together are taken together; another task waits for the disk and
//! answers, so that many groups are on their way at once. A terminal that has authenticated has a small task of its own,
//! which sends its commands.

mod peers;

use super::{
    conversation::{Conversation, Shared},
    turn::Turn,
    Jt808Figures,
};
use crate::{
    bucket::Bucket,
    gate::{Admission, Event, Outlet, Peer},
    service::Alive,
};
use parking_lot::Mutex;
use peers::Peers;
use smartlink_jt808::{Checksum, Splitter};
use smartlink_records::Channel;
use smartlink_service::CancellationToken;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::UdpSocket,
    sync::Semaphore,
    time::{sleep_until, Instant},
};

/// The largest datagram.
const DATAGRAM: usize = 64 << 10;
/// Datagrams that are taken together, at most.
const TOGETHER: usize = 256;
/// Groups that wait for the disk. With one more, nothing is received until one is answered.
const ON_THE_WAY: usize = 32;
/// Bytes of answers in one datagram: what every network carries whole.
const ANSWER: usize = 1_200;

/// A terminal that is remembered.
struct Talk {
    conversation: Conversation,
    bucket: Bucket,
    /// Ends the task that sends its commands.
    sending: CancellationToken,
}

impl Talk {
    /// Whether the terminal may not send any more as who it was.
    fn is_over(&self) -> bool {
        self.conversation.admission().is_some_and(|admission| !admission.is_valid())
    }
}

/// One address that is remembered.
type Talks = Arc<Mutex<Talk>>;

impl Drop for Talk {
    fn drop(&mut self) {
        self.sending.cancel();
    }
}

/// Starts to listen. Returns where.
pub(super) fn start(
    shared: Arc<Shared>,
    address: SocketAddr,
    alive: Alive,
) -> io::Result<SocketAddr> {
    let socket = std::net::UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    let socket = Arc::new(UdpSocket::from_std(socket)?);
    let address = socket.local_addr()?;
    tokio::spawn(receive(alive.clone(), Receiver::new(shared, socket, alive)));
    Ok(address)
}

async fn receive(_alive: Alive, mut receiver: Receiver) {
    let stop = receiver.shared.gate.stopping().clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = receiver.run() => {}
    }
}

struct Receiver {
    shared: Arc<Shared>,
    socket: Arc<UdpSocket>,
    alive: Alive,
    peers: Peers<Talks>,
    on_the_way: Arc<Semaphore>,
    buffer: Vec<u8>,
}

/// The answer to a datagram, when the disk has what was in it.
struct Answer {
    to: SocketAddr,
    admission: Option<Admission>,
    turn: Turn,
}

impl Receiver {
    fn new(shared: Arc<Shared>, socket: Arc<UdpSocket>, alive: Alive) -> Self {
        let most = usize::try_from(shared.config.udp_peers).unwrap_or(usize::MAX);
        let on_the_way = Arc::new(Semaphore::new(ON_THE_WAY));
        Self {
            shared,
            socket,
            alive,
            peers: Peers::new(most),
            on_the_way,
            buffer: vec![0; DATAGRAM],
        }
    }

    async fn run(&mut self) {
        loop {
            let permit = self.on_the_way.clone().acquire_owned().await;
            let Ok(permit) = permit else { return };
            let readable = tokio::select! {
                readable = self.socket.readable() => readable,
                () = self.idle() => {
                    self.forget_silent(Instant::now());
                    continue;
                }
            };
            if readable.is_err() {
                // The next look tells whether it is over.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            let answers = self.take();
            if answers.is_empty() {
                continue;
            }
            let (shared, socket) = (self.shared.clone(), self.socket.clone());
            let alive = self.alive.clone();
            tokio::spawn(async move {
                let _permit = permit;
                answer(&shared, &socket, answers).await;
                drop((shared, alive));
            });
        }
    }

    /// Ends when somebody has been silent for too long.
    async fn idle(&self) {
        match self.peers.quietest() {
            Some(heard) => sleep_until(heard + self.patience()).await,
            None => std::future::pending().await,
        }
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(self.shared.config.idle_ms)
    }

    /// Ends the conversations in which nothing was said for as long as may be.
    fn forget_silent(&mut self, now: Instant) {
        let patience = self.patience();
        while self.peers.quietest().is_some_and(|heard| heard + patience <= now) {
            self.peers.pop_quietest();
            self.shared.figures.silent.add(1);
        }
        self.count();
    }

    /// Takes the datagrams that are there.
    fn take(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        let mut splitter = Splitter::new(Checksum::Required);
        while answers.len() < TOGETHER {
            match self.socket.try_recv_from(&mut self.buffer) {
                Ok((length, from)) => {
                    let length = length.min(self.buffer.len());
                    splitter.reset();
                    self.shared.figures.bytes.add(length as u64);
                    answers.extend(self.datagram(length, from, &mut splitter));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // An earlier answer did not arrive somewhere: that says nothing about the next datagram.
                Err(_) => continue,
            }
        }
        answers
    }

    fn datagram(
        &mut self,
        length: usize,
        from: SocketAddr,
        splitter: &mut Splitter,
    ) -> Option<Answer> {
        let figures = self.shared.figures.clone();
        let (mut turn, mut frames) = (Turn::default(), 0);
        let skipped = splitter.skipped();
        let now = Instant::now();
        // Datagrams that never end must not keep the silent.
        self.forget_silent(now);
        let mut talk: Option<Talks> = self.peers.get(&from).cloned();
        if talk.as_ref().is_some_and(|talk| talk.lock().is_over()) {
            // Who was sent away proves anew who it is.
            self.peers.remove(&from);
            talk = None;
        }
        let mut attached = None;
        let mut rest = self.buffer.get(..length)?;
        while let Some(found) = splitter.next_in(&mut rest) {
            let Ok(frame) = found else {
                figures.bad_frames.add(1);
                continue;
            };
            // Only who sends whole frames is remembered.
            let talk = talk.get_or_insert_with(|| new_talk(&self.shared, from));
            let mut talk = talk.lock();
            frames += 1;
            if talk.bucket.take(1, now).is_some() {
                figures.dropped_datagrams.add(1);
                break;
            }
            if let Some(outlet) = talk.conversation.frame(&frame, &mut turn) {
                attached = Some(outlet);
            }
        }
        figures.frames.add(frames);
        figures.garbage_bytes.add(splitter.skipped() - skipped);
        // Only a whole frame is a sign of life.
        let talk = talk.filter(|_| frames > 0)?;
        let admission = talk.lock().conversation.admission().cloned();
        self.remember(from, &talk, admission.is_some(), turn.close);
        if let Some(outlet) = attached {
            let sending = talk.lock().sending.clone();
            let send = Send {
                shared: self.shared.clone(),
                socket: self.socket.clone(),
                talk: Arc::downgrade(&talk),
                to: from,
            };
            tokio::spawn(run(self.alive.clone(), send, outlet, sending));
        }
        Some(Answer { to: from, admission, turn })
    }

    fn remember(&mut self, from: SocketAddr, talk: &Talks, admitted: bool, forget: bool) {
        if forget {
            self.peers.remove(&from);
        } else {
            self.peers.put(from, talk.clone(), admitted, Instant::now());
        }
        self.count();
    }

    fn count(&self) {
        let now = self.peers.len() as u64;
        let before = self.shared.figures.udp_peers.get();
        self.shared.figures.udp_peers.add(now.saturating_sub(before));
        self.shared.figures.udp_peers.sub(before.saturating_sub(now));
    }
}

fn new_talk(shared: &Arc<Shared>, from: SocketAddr) -> Talks {
    let rate = shared.config.frames_per_second;
    let peer = Peer { channel: Channel::Jt808, address: from };
    Arc::new(Mutex::new(Talk {
        conversation: Conversation::new(shared.clone(), peer),
        bucket: Bucket::new(rate, rate.saturating_mul(2), Instant::now()),
        sending: CancellationToken::new(),
    }))
}

/// Settles the turns of a group side by side, and answers each.
async fn answer(shared: &Shared, socket: &UdpSocket, answers: Vec<Answer>) {
    let settle = |answer: Answer| async move {
        let figures: &Jt808Figures = &shared.figures;
        let settled = answer.turn.settle(&shared.gate, answer.admission.as_ref(), figures).await;
        send(socket, answer.to, &settled.out).await;
    };
    futures::future::join_all(answers.into_iter().map(settle)).await;
}

/// Sends frames in as few datagrams as carry them whole.
async fn send(socket: &UdpSocket, to: SocketAddr, out: &[u8]) {
    let mut rest = out;
    while !rest.is_empty() {
        let (datagram, next) = rest.split_at(whole_frames(rest));
        // What is lost on the way is asked for again.
        let _ = socket.send_to(datagram, to).await;
        rest = next;
    }
}

/// The length of the first frames that fit into a datagram; at least one.
fn whole_frames(out: &[u8]) -> usize {
    let delimiters =
        out.iter().enumerate().filter(|(_, byte)| **byte == smartlink_jt808::frame::DELIMITER);
    // Each of our frames has two delimiters of its own.
    let ends = delimiters.skip(1).step_by(2).map(|(at, _)| at + 1);
    let mut length = 0;
    for end in ends {
        if length > 0 && end > ANSWER {
            break;
        }
        length = end;
    }
    if length == 0 {
        out.len()
    } else {
        length
    }
}

/// Sends a terminal its commands.
struct Send {
    shared: Arc<Shared>,
    socket: Arc<UdpSocket>,
    talk: std::sync::Weak<Mutex<Talk>>,
    to: SocketAddr,
}

async fn run(_alive: Alive, send: Send, outlet: Outlet, sending: CancellationToken) {
    tokio::select! {
        () = sending.cancelled() => {}
        () = send.shared.gate.stopping().cancelled() => {}
        () = send.commands(outlet) => {}
    }
}

impl Send {
    async fn commands(&self, mut outlet: Outlet) {
        let idle = Duration::from_millis(self.shared.config.package_ms);
        loop {
            let now = Instant::now();
            let (has_room, due) = {
                let Some(talk) = self.talk.upgrade() else { return };
                let talk = talk.lock();
                (talk.conversation.has_room(), talk.conversation.due(now).unwrap_or(now + idle))
            };
            let event = tokio::select! {
                event = outlet.next_with(has_room) => Some(event),
                () = sleep_until(due) => None,
            };
            let mut out = Vec::new();
            {
                let Some(talk) = self.talk.upgrade() else { return };
                let mut talk = talk.lock();
                match event {
                    Some(Event::Command(issued)) => {
                        talk.conversation.command(&issued, Instant::now(), &mut out)
                    }
                    Some(Event::Close(_)) => return,
                    None => talk.conversation.tick(Instant::now(), &mut out),
                }
            }
            crate::jt808::udp::send(&self.socket, self.to, &out).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_jt808::{reply, Header};

    #[test]
    fn answers_are_cut_between_frames() {
        let to = Header::new(0x0200, "13800138000".parse().unwrap(), 1);
        let mut out = Vec::new();
        for serial in 0..200 {
            reply::general(&to, serial, 0, &mut out);
        }
        let (mut rest, mut datagrams) = (&out[..], 0);
        while !rest.is_empty() {
            let (datagram, next) = rest.split_at(whole_frames(rest));
            assert!(datagram.len() <= ANSWER);
            assert!(datagram.starts_with(&[0x7e]) && datagram.ends_with(&[0x7e]));
            (rest, datagrams) = (next, datagrams + 1);
        }
        assert!(datagrams < 6, "{datagrams} datagrams");
    }
}
