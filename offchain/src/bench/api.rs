//! The API under a fixed rate of a real mix of requests, and under twice as many.

pub(super) mod target;

use smartlink_simulator::load::{self, KindReport, PhaseReport, Recovery, Report, Target};

use crate::{
    table::{grouped, Table},
    Error,
};

/// What P99 may be, in milliseconds, at the rate that counts.
const GOAL_P99_MS: f64 = 10.0;
/// What no answer may take, in milliseconds.
const GOAL_MAX_MS: f64 = 100.0;

pub use target::Plan;

/// Measures the API of a company whose node and services run on this machine, beside the load.
///
/// # Errors
/// Something does not start, or somebody could not log in or connect.
pub async fn run(plan: &Plan) -> Result<(), Error> {
    println!("Starting a validator and the services of its company ...");
    let bench = target::start(plan).await?;
    let measured = measure(bench.target.clone()).await;
    bench.services.stop().await?;
    bench.consortium.stop().await;
    measured
}

async fn measure(target: Target) -> Result<(), Error> {
    let (riders, drivers) = (target.riders.len() as u64, target.drivers.len() as u64);
    println!(
        "{} riders and {} drivers log in and connect, each by a WebSocket; then {} requests a second.",
        grouped(riders),
        grouped(drivers),
        grouped(u64::from(target.rate)),
    );
    let report = load::measure(target).await?;
    print(&report);
    Ok(())
}

fn print(report: &Report) {
    let Some(measured) = report.measured() else {
        return;
    };
    let (p99, max) = (measured.times.quantile_ms(0.99), measured.times.max_ms());
    println!(
        "\nAt {} requests a second P99 is {p99:.2} ms, {:.2} of the goal; the longest is {max:.1} ms, {:.2} of what is allowed.\n",
        grouped(u64::from(measured.rate)),
        p99 / GOAL_P99_MS,
        max / GOAL_MAX_MS,
    );
    println!("{}", phases(report));
    println!("{}", kinds(measured));
    for phase in &report.phases {
        for (name, count) in &phase.errors {
            println!("{}: {} answers were {name}", phase.name, grouped(*count));
        }
    }
    println!(
        "\nLatency counts from when a request was due. The generator itself was late by {:.2} ms (P99), {:.1} ms at most.",
        measured.lag.quantile_ms(0.99),
        measured.lag.max_ms(),
    );
    println!(
        "{} orders were driven to their end; {:.1} % of the requests were positions in the place of commands that no order was ready for.\n",
        grouped(measured.completed),
        100.0 * measured.substituted as f64 / measured.due.max(1) as f64,
    );
    results(report, measured);
}

fn phases(report: &Report) -> Table {
    let mut table = Table::new(&[
        "",
        "due/s",
        "answered/s",
        "P50 ms",
        "P99 ms",
        "P99.9 ms",
        "max ms",
        "shed",
        "no answer",
        "shed in ms (P99)",
    ]);
    for phase in &report.phases {
        let times = &phase.times;
        table.row([
            phase.name.to_owned(),
            grouped(u64::from(phase.rate)),
            grouped(phase.answered_per_second() as u64),
            format!("{:.2}", times.quantile_ms(0.5)),
            format!("{:.2}", times.quantile_ms(0.99)),
            format!("{:.2}", times.quantile_ms(0.999)),
            format!("{:.1}", times.max_ms()),
            format!("{:.1} %", 100.0 * phase.shed_share()),
            grouped(phase.missing + phase.not_sent),
            format!("{:.2}", phase.shed.quantile_ms(0.99)),
        ]);
    }
    table
}

fn kinds(phase: &PhaseReport) -> Table {
    let mut table =
        Table::new(&["measured", "requests", "share", "P50 ms", "P99 ms", "P99.9 ms", "max ms"]);
    for KindReport { kind, times } in &phase.kinds {
        table.row([
            kind.name().to_owned(),
            grouped(times.count()),
            format!("{:.1} %", 100.0 * times.count() as f64 / phase.due.max(1) as f64),
            format!("{:.2}", times.quantile_ms(0.5)),
            format!("{:.2}", times.quantile_ms(0.99)),
            format!("{:.2}", times.quantile_ms(0.999)),
            format!("{:.1}", times.max_ms()),
        ]);
    }
    table
}

fn results(report: &Report, measured: &PhaseReport) {
    println!("RESULT api.p99_ms {:.3} ms", measured.times.quantile_ms(0.99));
    println!("RESULT api.p999_ms {:.3} ms", measured.times.quantile_ms(0.999));
    println!("RESULT api.max_ms {:.3} ms", measured.times.max_ms());
    println!("RESULT api.requests_per_second {:.0} requests/s", measured.answered_per_second());
    let orders = measured.completed as f64 / measured.time.as_secs_f64();
    println!("RESULT api.orders_per_second {orders:.1} orders/s");
    if let Some(twice) = report.twice() {
        println!("RESULT api.twice_p99_ms {:.3} ms", twice.times.quantile_ms(0.99));
        println!("RESULT api.twice_shed_share {:.4} ratio", twice.shed_share());
    }
    match report.recovery {
        Some(Recovery::After(seconds)) => println!("RESULT api.recovery_s {seconds} s"),
        Some(Recovery::NotSeen) => println!("The service did not recover while it was watched."),
        None => {}
    }
}
