//! Positions of ten thousand terminals a second: decoded, on disk, in ClickHouse and found by a query, beside what
//! Mosquitto takes of the same payload.

mod load;
mod mosquitto;
mod probe;
mod stack;

use std::{
    path::PathBuf,
    sync::{atomic::Ordering, Arc},
    time::{Duration, Instant},
};

use crate::{
    table::{grouped, Table},
    Error,
};

/// Positions that one terminal sends in one write: it collects them for about half a second.
pub const BUNDLE: usize = 10;
/// What is reached for.
const GOAL: f64 = 200_000.0;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The services' binary.
    pub offchain: PathBuf,
    /// Connections.
    pub terminals: u32,
    /// Positions a second of all terminals.
    pub rate: u32,
    /// Seconds for which positions are counted.
    pub seconds: u64,
    /// Mosquitto's binary. `None`: it is left out.
    pub mosquitto: Option<PathBuf>,
}

/// Measures the way of positions from the socket to a query.
///
/// # Errors
/// Something does not start, a terminal was refused, or ClickHouse does not have what was acknowledged.
pub async fn run(plan: &Plan) -> Result<(), Error> {
    println!(
        "Starting the embedded ClickHouse, devices and telemetry in a process of their own ..."
    );
    let stack = stack::start(&plan.offchain).await?;
    println!(
        "{} terminals register, authenticate and stay connected ...",
        grouped(plan.terminals.into())
    );
    let fleet = load::connect(stack.jt808, plan.terminals).await?;
    let probe = probe::Probe::start(&stack, plan.terminals).await?;
    let measured = measure(plan, &stack, fleet).await?;
    let probed = probe.stop().await?;
    let rows = stack.all_are_stored(measured.acknowledged + probed.sent).await?;
    let space = stack.space().await?;
    stack.stop().await?;
    let peer = match &plan.mosquitto {
        Some(binary) => Some(mosquitto::measure(binary, plan.terminals).await?),
        None => None,
    };
    print(plan, &measured, &probed, rows, &space, peer.as_ref());
    Ok(())
}

/// What was measured of the whole way.
struct Measured {
    /// From the first to the last row that a query found in the window.
    queryable: f64,
    /// Acknowledged to terminals a second, in the window.
    per_second: f64,
    /// In all, also before the window and behind it.
    acknowledged: u64,
    seconds: f64,
    /// From the write of a bundle to the acknowledgement of all of it.
    acknowledgement: load::Times,
}

async fn measure(plan: &Plan, stack: &stack::Stack, fleet: load::Fleet) -> Result<Measured, Error> {
    let running = fleet.drive(plan.rate);
    // What is full is full by then: caches, the first parts, the first merges.
    running.while_alive(tokio::time::sleep(Duration::from_secs(10))).await?;
    running.forget_times();
    let (began, rows, acknowledged) =
        (Instant::now(), stack.rows().await?, running.acknowledged.load(Ordering::Acquire));
    for second in 1..=plan.seconds {
        let next = began + Duration::from_secs(second);
        running.while_alive(tokio::time::sleep_until(next.into())).await?;
        if second.is_multiple_of(10) {
            let so_far = running.acknowledged.load(Ordering::Acquire) - acknowledged;
            println!("  after {second} s: {} a second are acknowledged", grouped(so_far / second));
        }
    }
    let stored = stack.rows().await? - rows;
    let seconds = began.elapsed().as_secs_f64();
    let counted = running.acknowledged.load(Ordering::Acquire) - acknowledged;
    let acknowledgement = running.times();
    let acknowledged = running.stop().await?;
    Ok(Measured {
        queryable: stored as f64 / seconds,
        per_second: counted as f64 / seconds,
        acknowledged,
        seconds,
        acknowledgement,
    })
}

fn print(
    plan: &Plan,
    measured: &Measured,
    probed: &probe::Probed,
    rows: u64,
    space: &stack::Space,
    peer: Option<&mosquitto::Measured>,
) {
    let rate = measured.queryable.min(measured.per_second);
    if let Some(peer) = peer {
        println!(
            "\nPositions taken, decoded, on disk and found by a query to messages that Mosquitto takes: {:.2} to 1.",
            rate / peer.per_second
        );
    }
    println!("{:.2} of the {} a second that are reached for.\n", rate / GOAL, grouped(GOAL as u64));
    let mut table = Table::new(&["", "a second", "median", "99 %", "longest"]);
    let ms = |times: &load::Times, part: f64| format!("{:.1} ms", times.quantile(part));
    let terminals = grouped(plan.terminals.into());
    table.row([
        format!("{terminals} terminals, {} due: acknowledged, on disk", grouped(plan.rate.into())),
        grouped(measured.per_second as u64),
        ms(&measured.acknowledgement, 0.5),
        ms(&measured.acknowledgement, 0.99),
        ms(&measured.acknowledgement, 1.0),
    ]);
    table.row([
        "the same: found by a query".to_owned(),
        grouped(measured.queryable as u64),
        ms(&probed.times, 0.5),
        ms(&probed.times, 0.99),
        ms(&probed.times, 1.0),
    ]);
    if let Some(peer) = peer {
        table.row([
            format!(
                "Mosquitto, {} clients, QoS 1, nobody subscribed",
                grouped(peer.clients.into())
            ),
            grouped(peer.per_second as u64),
            ms(&peer.times, 0.5),
            ms(&peer.times, 0.99),
            ms(&peer.times, 1.0),
        ]);
    }
    print!("{table}");
    println!(
        "Measured for {:.0} s; each terminal writes {BUNDLE} frames at once. Times count from when they were due.",
        measured.seconds
    );
    println!(
        "{} rows are in ClickHouse, as many as were acknowledged. A position takes {:.1} bytes, with the copy by area and all \
         aggregates {:.1} bytes.",
        grouped(rows),
        space.records,
        space.all
    );
    println!("RESULT devices.positions_per_second {rate:.0} positions/s");
    println!("RESULT devices.queryable_p99_ms {:.1} ms", probed.times.quantile(0.99));
    println!(
        "RESULT devices.acknowledged_p99_ms {:.1} ms",
        measured.acknowledgement.quantile(0.99)
    );
    println!("RESULT devices.bytes_per_position {:.2} bytes", space.all);
    if let Some(peer) = peer {
        println!("RESULT devices.ratio_to_mosquitto {:.3} ratio", rate / peer.per_second);
        println!("RESULT devices.mosquitto_messages_per_second {:.0} messages/s", peer.per_second);
    }
}

/// Shared by what counts in several tasks.
type Counter = Arc<std::sync::atomic::AtomicU64>;
