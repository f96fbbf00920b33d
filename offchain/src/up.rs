//! Starts a consortium on this machine, and settles a day of rides on it.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::try_join_all;
use smartlink_chain::{calls, queries, Chain};
use smartlink_devnet::{Consortium, Options};
use smartlink_primitives::{
    ride::{BatchFull, RideBatch},
    BatchNumber, Money, TariffVersion,
};

use crate::{
    account::{self, CompanyAccount, Times},
    background::compute,
    city,
    day::{CompanyDay, Day},
    finality::{FinalityMeter, Latency},
    fleet::{self, Roster},
    prices,
    recompute::CompanyExpected,
    settle::{self, SettledBatch},
    staff::{Company, Staff, PATIENCE, PLATFORMS},
    table::grouped,
    trips, withdrawal, Error,
};

/// Rides in a batch.
const BATCH_ROWS: usize = 1_000;
/// How long four validators may take from their start to the first final block.
const FIRST_FINALITY: Duration = Duration::from_secs(120);

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's binary.
    pub node: PathBuf,
    /// A file of trips. Without one a day is made up.
    pub trips: Option<PathBuf>,
    /// Seed of the made-up day.
    pub seed: u64,
    /// Rides of the made-up day.
    pub rides: u32,
    /// Drivers of both companies together.
    pub drivers: u32,
    /// Where chain data and logs are kept. Without it they are deleted in the end.
    pub base_path: Option<PathBuf>,
}

/// Starts the consortium and settles the day. The nodes run until the result is dropped.
///
/// # Errors
/// Something failed, or the chain's figures differ from the recomputation.
pub async fn run(plan: &Plan) -> Result<Consortium, Error> {
    let source = plan.clone();
    let day = Arc::new(compute(move || load(&source)).await?);
    println!("{} rides: {}.", grouped(day.rides() as u64), day.title);
    let mut consortium = start(plan).await?;
    match settle_day(&mut consortium, plan, &day).await {
        Ok(()) => Ok(consortium),
        Err(error) => {
            consortium.keep_folder();
            Err(error)
        }
    }
}

async fn settle_day(consortium: &mut Consortium, plan: &Plan, day: &Arc<Day>) -> Result<(), Error> {
    let first = consortium.wait_finalized(1, FIRST_FINALITY).await?;
    println!("Four validators agree: block {first} is final.");
    let chain = consortium.chain(0)?;
    let meter = FinalityMeter::start(&chain).await?;
    let began = Instant::now();
    let companies = day.companies.iter().enumerate().filter_map(|(place, own)| {
        let company = PLATFORMS.iter().find(|company| company.id == own.company)?;
        let drivers = drivers_of(plan.drivers, own, day);
        Some(company_day(chain.clone(), *company, day.clone(), place, drivers))
    });
    let outcomes = try_join_all(companies).await?;
    let (mut accounts, mut waits) = (Vec::new(), Vec::new());
    for (account, settled) in outcomes {
        waits.extend(settled.iter().map(|batch| batch.final_after));
        accounts.push(account);
    }
    let times = Times { blocks: meter.latency(), batches: Latency::of(waits) };
    account::close(&chain, day, &accounts, times).await?;
    take_home(&chain, &accounts).await?;
    println!(
        "From the first role to the last batch it took {:.0} s.",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// One driver of the first company withdraws what she earned.
async fn take_home(chain: &Chain, accounts: &[CompanyAccount]) -> Result<(), Error> {
    let Some(account) = accounts.first() else {
        return Ok(());
    };
    let Some(company) = PLATFORMS.iter().find(|one| one.id == account.expected.company) else {
        return Ok(());
    };
    let staff = Staff::new(*company)?;
    if let Some(withdrawal) = withdrawal::of_the_day(chain, &staff, account).await? {
        println!(
            "Driver {} of {} withdrew {} to her own account; the fee was {}. All money still adds up.",
            withdrawal.driver.0, company.name, withdrawal.amount, withdrawal.fee,
        );
    }
    Ok(())
}

/// Where the running nodes are reached.
pub fn addresses(consortium: &Consortium) -> String {
    let node = |place: usize| {
        let node = consortium.node(place);
        format!("  {:<8} {}  log {}", node.name(), node.url(), node.log().display())
    };
    (0..consortium.len()).map(node).collect::<Vec<_>>().join("\n")
}

fn load(plan: &Plan) -> Result<Day, Error> {
    match &plan.trips {
        Some(file) => {
            let title = format!("the trips in {}", file.display());
            Day::new(title, prices::NEW_YORK, prices::new_york(), trips::read(file)?)
        }
        None if plan.rides == 0 => {
            Err(Error::Asked("a day needs a ride: give --rides 1 or more".to_owned()))
        }
        None => city::day(plan.seed, plan.rides),
    }
}

async fn start(plan: &Plan) -> Result<Consortium, Error> {
    println!("Starting four validators: Alice, Bob, Charlie and Dave ...");
    let mut options = Options::new(&plan.node);
    if let Some(path) = &plan.base_path {
        options = options.base_path(path);
    }
    let consortium = Consortium::start(options).await?;
    println!("{}", addresses(&consortium));
    Ok(consortium)
}

/// A company's part of the drivers, by its part of the rides. At least one.
fn drivers_of(drivers: u32, own: &CompanyDay, day: &Day) -> usize {
    (drivers as usize * own.trips.len() / day.rides().max(1)).max(1)
}

async fn company_day(
    chain: Chain,
    company: Company,
    day: Arc<Day>,
    place: usize,
    drivers: usize,
) -> Result<(CompanyAccount, Vec<SettledBatch>), Error> {
    let at = chain.at_finalized().await?;
    let before = queries::totals(&at, company.id).await?;
    if before.batches > 0 {
        return Err(Error::Used { company: company.id, batches: before.batches });
    }
    let staff = Staff::new(company)?;
    staff.hire(&chain).await?;
    println!("{}: six people have their roles.", company.name);
    let (roster, _) = futures::try_join!(
        fleet::enrol(&chain, &staff, drivers),
        fleet::register(&chain, &staff, drivers as u32),
    )?;
    println!(
        "{}: {} drivers and as many vehicles are registered.",
        company.name,
        grouped(drivers as u64)
    );
    let version = TariffVersion(1);
    let (rides, of) = (day.clone(), roster.clone());
    let (batches, expected) =
        compute(move || recompute(company, &rides, place, version, &of)).await?;
    let funded = fund(&chain, &staff, expected.sums.gross).await?;
    put_in_force(&chain, &staff, &day, version).await?;
    println!("{}: {funded} are ready for clearing, and the tariff is in force.", company.name);
    let count = batches.len();
    let report = |batch: &SettledBatch| println!("{}", line(company.name, batch, count));
    let settled = settle::settle(&chain, &staff.worker, batches, &expected, report).await?;
    Ok((CompanyAccount { name: company.name, roster, expected }, settled))
}

/// A company's batches, and what they must come to.
fn recompute(
    company: Company,
    day: &Day,
    place: usize,
    version: TariffVersion,
    roster: &Roster,
) -> Result<(Vec<RideBatch>, CompanyExpected), Error> {
    let too_long = |e: BatchFull| Error::Asked(format!("{}: {e}", company.name));
    let own = &day.companies[place];
    let batches = own.batches(day.city, BatchNumber(1), BATCH_ROWS, roster).map_err(too_long)?;
    let expected = CompanyExpected::new(company.id, &batches, &day.tariff, version, roster)?;
    Ok((batches, expected))
}

fn line(company: &str, batch: &SettledBatch, count: usize) -> String {
    format!(
        "{company}: {} of {count}, {} rides, {}: in block {} after {:.1} s, final after {:.1} s",
        batch.number,
        grouped(batch.rides),
        batch.gross,
        batch.block,
        batch.in_block_after.as_secs_f64(),
        batch.final_after.as_secs_f64(),
    )
}

/// Puts what the rides will cost, and a little to keep the account alive, into the clearing account.
pub async fn fund(chain: &Chain, staff: &Staff, gross: Money) -> Result<Money, Error> {
    let amount = Money(gross.0 + Money::yuan(100).0);
    chain.execute(&staff.finance, &calls::fund(staff.company.id, amount), PATIENCE).await?;
    Ok(amount)
}

/// Proposes the day's tariff, and has another person approve it.
pub async fn put_in_force(
    chain: &Chain,
    staff: &Staff,
    day: &Day,
    version: TariffVersion,
) -> Result<(), Error> {
    let company = staff.company.id;
    let propose = calls::propose_tariff(company, day.city, prices::FROM, day.tariff.clone());
    chain.execute(&staff.maker, &propose, PATIENCE).await?;
    chain
        .execute(&staff.checker, &calls::approve_tariff(company, day.city, version), PATIENCE)
        .await?;
    Ok(())
}
