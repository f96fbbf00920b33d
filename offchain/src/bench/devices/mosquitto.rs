//! The peer: what Mosquitto takes of the same payload, at QoS 1, from as many clients, with nobody subscribed and nothing
//! written to disk.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::{Duration, Instant},
};

use futures::{stream, StreamExt, TryStreamExt};
use smartlink_devnet::free_port;
use smartlink_jt808::{frame, Header};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

use super::{
    load::{phone, Times, STEP_MS},
    Counter, BUNDLE,
};
use crate::{road::Drive, Error};

/// How long messages are counted.
const MEASURED: Duration = Duration::from_secs(10);
/// Before they are.
const WARM_UP: Duration = Duration::from_secs(3);
/// How long anything may take to be answered.
const PATIENCE: Duration = Duration::from_secs(30);

/// What it takes.
pub struct Measured {
    /// Clients.
    pub clients: u32,
    /// Messages a second that were acknowledged.
    pub per_second: f64,
    /// From the write of a bundle to the last of its acknowledgements.
    pub times: Times,
}

fn failed(what: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Io { what, source }
}

/// Starts a Mosquitto of our own, and gives it as much as it takes.
pub async fn measure(binary: &Path, clients: u32) -> Result<Measured, Error> {
    println!("Mosquitto takes the same payload ...");
    let folder = tempfile::tempdir().map_err(failed("making a folder for Mosquitto"))?;
    let port = free_port()?;
    let config = folder.path().join("mosquitto.conf");
    let text = format!(
        "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\nset_tcp_nodelay true\n\
         max_inflight_messages 0\nmax_queued_messages 0\n"
    );
    std::fs::write(&config, text).map_err(failed("writing Mosquitto's configuration"))?;
    let mut command = Command::new(binary);
    command.arg("-c").arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut broker = smartlink_devnet::spawn(command).map_err(failed("starting Mosquitto"))?;
    let measured = load(([127, 0, 0, 1], port).into(), clients).await;
    // Both fail only when it has ended.
    let _ = broker.kill();
    let _ = broker.wait();
    measured
}

async fn load(address: SocketAddr, clients: u32) -> Result<Measured, Error> {
    let connecting = stream::iter(1..=clients).map(|number| connect(address, number));
    let streams: Vec<TcpStream> = connecting.buffer_unordered(200).try_collect().await?;
    let taken = Counter::new(AtomicU64::new(0));
    let times = Arc::new(Mutex::new(Times::new()));
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    for (number, stream) in (1..).zip(streams) {
        tasks.spawn(publish(stream, number, taken.clone(), times.clone(), stop.clone()));
    }
    tokio::time::sleep(WARM_UP).await;
    *times.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Times::new();
    let (began, before) = (Instant::now(), taken.load(Ordering::Acquire));
    tokio::time::sleep(MEASURED).await;
    let counted = taken.load(Ordering::Acquire) - before;
    let per_second = counted as f64 / began.elapsed().as_secs_f64();
    stop.store(true, Ordering::Release);
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|error| Error::Asked(format!("a client panicked: {error}")))??;
    }
    let times = times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    Ok(Measured { clients, per_second, times })
}

/// A client of MQTT 3.1.1 with a clean session (clause 3.1).
async fn connect(address: SocketAddr, number: u32) -> Result<TcpStream, Error> {
    let began = Instant::now();
    let mut stream = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            // It may still be starting.
            Err(source) if began.elapsed() > PATIENCE => {
                return Err(Error::Io { what: "connecting to Mosquitto", source });
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    stream.set_nodelay(true).map_err(failed("connecting to Mosquitto"))?;
    let name = format!("terminal-{number:05}");
    let mut packet = vec![0x10, u8::try_from(12 + name.len()).unwrap_or(u8::MAX)];
    packet.extend_from_slice(b"\0\x04MQTT\x04\x02\0\0");
    packet.extend_from_slice(&u16::try_from(name.len()).unwrap_or_default().to_be_bytes());
    packet.extend_from_slice(name.as_bytes());
    stream.write_all(&packet).await.map_err(failed("saying hello to Mosquitto"))?;
    let mut answer = [0; 4];
    let read = timeout(PATIENCE, stream.read_exact(&mut answer)).await;
    let silent = || Error::Asked("Mosquitto did not answer a client within 30 s".to_owned());
    read.map_err(|_| silent())?.map_err(failed("waiting for Mosquitto"))?;
    if answer != [0x20, 2, 0, 0] {
        return Err(Error::Asked(format!("Mosquitto refused a client: {answer:02x?}")));
    }
    Ok(stream)
}

/// Publishes bundles of frames, each frame a message (clause 3.3), and waits for their acknowledgements (3.4).
async fn publish(
    mut stream: TcpStream,
    number: u32,
    taken: Counter,
    times: Arc<Mutex<Times>>,
    stop: Arc<AtomicBool>,
) -> Result<(), Error> {
    let (mut drive, phone) = (Drive::new(number.into(), STEP_MS), phone(number)?);
    let topic = format!("v/{number:05}");
    let (mut packets, mut frame, mut body) = (Vec::new(), Vec::new(), Vec::new());
    let mut acknowledgements = [0; 4 * BUNDLE];
    let mut id = 0_u16;
    while !stop.load(Ordering::Acquire) {
        packets.clear();
        for _ in 0..BUNDLE {
            id = id.wrapping_add(1).max(1);
            body.clear();
            frame.clear();
            drive.report().encode(&mut body);
            frame::encode(&Header::new(0x0200, phone, id), &body, &mut frame)
                .map_err(|error| Error::Asked(error.to_string()))?;
            let length = 2 + topic.len() + 2 + frame.len();
            // Below 128: one byte.
            packets.extend_from_slice(&[0x32, u8::try_from(length).unwrap_or(0x7f), 0]);
            packets.push(u8::try_from(topic.len()).unwrap_or_default());
            packets.extend_from_slice(topic.as_bytes());
            packets.extend_from_slice(&id.to_be_bytes());
            packets.extend_from_slice(&frame);
        }
        let began = Instant::now();
        stream.write_all(&packets).await.map_err(failed("publishing to Mosquitto"))?;
        let read = timeout(PATIENCE, stream.read_exact(&mut acknowledgements)).await;
        let silent = || Error::Asked("Mosquitto did not acknowledge within 30 s".to_owned());
        read.map_err(|_| silent())?.map_err(failed("waiting for Mosquitto"))?;
        if acknowledgements.chunks(4).any(|one| one[..2] != [0x40, 2]) {
            return Err(Error::Asked(
                "Mosquitto sent something else than acknowledgements".to_owned(),
            ));
        }
        taken.fetch_add(BUNDLE as u64, Ordering::AcqRel);
        times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).add(began.elapsed());
    }
    Ok(())
}
