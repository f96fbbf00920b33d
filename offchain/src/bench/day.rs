//! A simulated day under batch assignment and under the nearest driver, on the same seed.

use smartlink_dispatch::simday::{self, Report};

use crate::{background::compute, Error};

/// Lets days pass, each of another seed, with as many drivers as given and with twice as many, and prints
/// what the policies came to.
///
/// # Errors
/// A day's computation panicked.
pub async fn run(seed: u64, days: u64, drivers: u32, orders: u32) -> Result<(), Error> {
    let mut tight = Vec::new();
    for seed in seed..seed.saturating_add(days) {
        for drivers in [drivers, drivers.saturating_mul(2)] {
            let day = compute(move || Ok(simday::compare(seed, drivers, orders))).await?;
            println!("{day}");
            tight.push(day);
        }
    }
    let mean = |of: fn(&Report) -> i64| {
        let sum: i64 = tight.iter().map(of).sum();
        // At most 200 days.
        sum as f64 / tight.len().max(1) as f64 / 10.0
    };
    let (saved, free) = (mean(Report::saved_permille), mean(Report::saved_permille_against_free));
    println!("Empty kilometres of a served trip: {saved:.1} % fewer than the nearest driver's, {free:.1} % fewer than the nearest free driver's.");
    println!("RESULT dispatch.day_empty_km_saved {saved:.1} %");
    println!("RESULT dispatch.day_empty_km_saved_against_free {free:.1} %");
    Ok(())
}
