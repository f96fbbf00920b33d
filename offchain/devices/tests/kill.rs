//! kill -9 of the role under load: whatever was acknowledged is in the log.
//!
//! The test starts itself again as a process that runs the role, and kills that process at random.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod terminal;

use smartlink_devices::{Devices, DevicesConfig, Enrolment, Identity};
use smartlink_jt808::{messages::GeneralReply, Message};
use smartlink_service::Secret;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use terminal::{authentication, position, SOON};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

/// The folder of the role, in the environment of the process that runs it.
const FOLDER: &str = "SMARTLINK_TEST_DEVICES_FOLDER";
const CODE: &str = "a-code-of-its-own";
const TERMINALS: u64 = 50;
const KILLS: u64 = 10;
const NOON: u64 = 1_795_406_400;

fn config(folder: &Path) -> DevicesConfig {
    let mut config = DevicesConfig { path: folder.to_owned(), ..DevicesConfig::default() };
    config.jt808.tcp = Some(([127, 0, 0, 1], 0).into());
    config
}

/// Not a test of its own: what the process runs that is killed.
#[test]
fn the_role_in_a_process_of_its_own() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let devices = Devices::start(config(Path::new(&folder))).await.unwrap();
        eprintln!("listening on {}", devices.addresses().jt808_tcp.unwrap());
        std::future::pending::<()>().await;
    });
}

/// The role in a process that dies with this.
struct Role(Child);

impl Role {
    fn start(folder: &Path) -> (Self, SocketAddr) {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_role_in_a_process_of_its_own", "--nocapture"])
            .env(FOLDER, folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let said = lines
            .map(Result::unwrap)
            .find_map(|line| line.split_once("listening on ").map(|(_, at)| at.to_owned()));
        let address = said.expect("the role says where it listens").parse().unwrap();
        (Self(process), address)
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        // SIGKILL.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What one terminal was told is durable: seconds of its positions.
#[derive(Default)]
struct Told {
    seconds: BTreeSet<u64>,
    next: u64,
}

/// Reports until the connection breaks. What is not acknowledged then is sent again by the next connection.
async fn report(address: SocketAddr, number: u64, told: &mut Told) -> std::io::Result<()> {
    use smartlink_jt808::{frame::Checksum, subpackage, Header, Splitter};
    let phone = format!("1380000{number:04}").parse().unwrap();
    let mut stream = TcpStream::connect(address).await?;
    let (mut splitter, mut input) = (Splitter::new(Checksum::Required), bytes::BytesMut::new());
    let mut waiting: BTreeMap<u16, u64> = BTreeMap::new();
    let mut serial = 0u16;
    let mut encode = |message: &Message, out: &mut Vec<u8>| {
        let of = serial;
        serial = of.wrapping_add(
            subpackage::encode(&Header::new(message.id(), phone, of), message, out).unwrap(),
        );
        of
    };
    let mut out = Vec::new();
    encode(&authentication(CODE, false), &mut out);
    loop {
        while waiting.len() < 8 {
            let of = encode(&Message::Location(position(NOON + told.next)), &mut out);
            waiting.insert(of, told.next);
            told.next += 1;
        }
        stream.write_all(&out).await?;
        out.clear();
        if timeout(SOON, stream.read_buf(&mut input)).await?? == 0 {
            // Sent again with the same time, which is what telemetry knows it by.
            told.next = waiting.values().next().copied().unwrap_or(told.next);
            return Ok(());
        }
        while let Some(frame) = splitter.push(&mut input) {
            let frame = frame.unwrap();
            let message =
                Message::decode_body(frame.header.id, frame.header.version(), frame.body).unwrap();
            if let Message::PlatformReply(GeneralReply { serial, result, .. }) = message {
                assert_eq!(result, 0);
                told.seconds.extend(waiting.remove(&serial));
            }
        }
    }
}

/// Reports to whichever process runs the role, until there is none any more.
async fn terminal(number: u64, mut role: watch::Receiver<Option<SocketAddr>>) -> (u64, Told) {
    let mut told = Told::default();
    loop {
        let Some(address) = *role.borrow_and_update() else { return (number, told) };
        // It was killed: connect to the next.
        let _ = report(address, number, &mut told).await;
        told.next = told.seconds.last().map_or(0, |last| last + 1);
        let gone = *role.borrow() == Some(address);
        if gone && role.changed().await.is_err() {
            return (number, told);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let devices = Devices::start(config(folder.path())).await.unwrap();
    let enrolments = (0..TERMINALS).map(|number| Enrolment {
        key: Some(Secret::new(CODE.to_owned())),
        ..Enrolment::of(Identity::phone(&format!("1380000{number:04}")).unwrap(), 1)
    });
    devices.gate().registry().enrol_many(enrolments.collect(), 1).unwrap();
    devices.stop().await;

    let start = |folder: Arc<Path>| tokio::task::spawn_blocking(move || Role::start(&folder));
    let path: Arc<Path> = folder.path().into();
    let (mut role, address) = start(path.clone()).await.unwrap();
    let (current, follow) = watch::channel(Some(address));
    let terminals: Vec<_> =
        (0..TERMINALS).map(|number| tokio::spawn(terminal(number, follow.clone()))).collect();
    drop(follow);
    for kill in 0..KILLS {
        // The load itself is what is waited for; when in it the kill comes is left to chance.
        let chance =
            u64::from(std::process::id()).wrapping_mul(kill + 1).wrapping_mul(0x9e37_79b9) >> 7;
        tokio::time::sleep(Duration::from_millis(150 + chance % 250)).await;
        drop(role);
        let (next, address) = start(path.clone()).await.unwrap();
        role = next;
        current.send(Some(address)).unwrap();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    current.send(None).unwrap();
    drop(role);

    let devices = Devices::start(config(folder.path())).await.unwrap();
    let log = devices.log();
    let mut there: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    let mut last = 0;
    log.visit(1, usize::MAX, |sequence, bytes| {
        let record = smartlink_records::Record::decode(sequence, bytes).unwrap();
        assert_eq!(sequence, last + 1);
        last = sequence;
        there.entry(record.terminal.0).or_default().insert(record.report.time_ms / 1_000 - NOON);
        Ok(())
    })
    .unwrap();
    let mut acknowledged = 0;
    for terminal in terminals {
        let (number, told) = terminal.await.unwrap();
        acknowledged += told.seconds.len();
        // They were enrolled in this order.
        let of = there.remove(&(number + 1)).unwrap_or_default();
        let lost: Vec<_> = told.seconds.difference(&of).collect();
        assert!(lost.is_empty(), "terminal {number} was told that {lost:?} are durable");
    }
    assert!(acknowledged > 1_000, "only {acknowledged} were acknowledged: there was no load");
    devices.stop().await;
}
