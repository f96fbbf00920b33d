//! A living city: riders order, drivers accept, trips end, the chain settles, and the account shows it.
//!
//! Every company runs its node with its worker and its services; riders and drivers use the public API
//! alone; nobody sends a ride to the chain by hand.

mod addresses;
mod start;

pub(crate) use start::prepare;
pub use start::start;

use std::{path::PathBuf, time::Duration};

use futures::future::try_join_all;
use smartlink_chain::{queries, telemetry, Chain};
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_devnet::Consortium;
use smartlink_primitives::{BatchNumber, Money, VehicleId};
use smartlink_proto::orders::{
    orders_client::OrdersClient, FiguresRequest, ListRequest, Order, State,
};
use smartlink_service::{ClientLimits, Transport};
use smartlink_simulator::{on_terminal, DriverSeat, Person, Report};

use crate::{
    driven,
    ethereum::{Ethereum, Proven, Tools},
    index::Index,
    proving,
    road::Road,
    services::ServicesProcess,
    staff::{Company, Staff, PLATFORMS},
    table::{grouped, Table},
    terminals::FleetManager,
    trace::Trace,
    up, Error,
};

/// How long the settlement of the last rides may take.
const SETTLEMENT: Duration = Duration::from_secs(180);
/// Time between two looks at what is not settled yet.
const LOOK: Duration = Duration::from_secs(1);
/// Recorded drives that are reported again, at most.
pub const MOST_TRACES: usize = 100;
/// Orders of a page.
const PAGE: u32 = 500;

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's binary.
    pub node: PathBuf,
    /// The services' binary.
    pub offchain: PathBuf,
    /// Who wants to go where.
    pub seed: u64,
    /// Orders of each company.
    pub orders: u32,
    /// Riders of each company.
    pub riders: u32,
    /// Drivers of each company, at most [`crate::fleet::KEY_HOLDERS`]: each logs in with a key of her own.
    pub drivers: u32,
    /// How many times faster than a real city.
    pub speed_up: u32,
    /// Vehicles of each company whose terminals report where they are. With none, nobody listens to any.
    pub vehicles: u32,
    /// What further vehicles of the first company drove before, at most [`MOST_TRACES`].
    pub traces: Vec<Trace>,
    /// With these, what the validators sign is brought to Ethereum, and a ride is proven there.
    pub ethereum: Option<Tools>,
    /// The binary `smartlink-indexer`. With it, the chain is indexed, and GraphQL answered.
    pub indexer: Option<PathBuf>,
    /// The folder of the portal, as it was built. With it and an index, the services serve it.
    pub portal: Option<PathBuf>,
    /// Where everything is kept.
    pub base_path: PathBuf,
}

/// A consortium with its services. All of it ends when this is dropped.
pub struct City {
    /// The nodes.
    pub consortium: Consortium,
    /// The services of each platform, in the order of [`PLATFORMS`].
    pub services: Vec<ServicesProcess>,
    /// Ethereum beside them, if it was asked for.
    pub ethereum: Option<Ethereum>,
    /// The index of the chain, if it was asked for.
    pub index: Option<Index>,
    /// Whether the services serve the portal.
    portal: bool,
    vehicles: Vec<Vec<VehicleId>>,
}

impl City {
    /// Where everything is reached, what people open first.
    ///
    /// # Errors
    /// Services have ended.
    pub async fn addresses(&self) -> Result<String, Error> {
        let mut text = String::new();
        if self.portal {
            for (company, services) in PLATFORMS.iter().zip(&self.services) {
                let api = services.api().await?;
                text.push_str(&format!("  {:<18} http://{api}/  of {}\n", "portal", company.name));
            }
        }
        text.push_str(&up::addresses(&self.consortium));
        for (company, services) in PLATFORMS.iter().zip(&self.services) {
            let (api, log) = (services.api().await?, services.log());
            text.push_str(&format!("\n  {:<18} http://{api}  log {}", company.name, log.display()));
            if let (Some(jt808), Some(clickhouse)) = services.on_the_road() {
                text.push_str(&format!(
                    "\n  {:<18} jt808 {jt808}  clickhouse http://{clickhouse}",
                    ""
                ));
            }
        }
        if let Some(ethereum) = &self.ethereum {
            text.push_str(&format!("\n{}", ethereum.addresses()));
        }
        if let Some(index) = &self.index {
            text.push_str(&format!("\n{}", index.addresses()));
        }
        Ok(text)
    }

    /// Ends the index and Ethereum, and stops the services, then the nodes.
    ///
    /// # Errors
    /// Services did not stop well.
    pub async fn stop(self) -> Result<(), Error> {
        drop((self.index, self.ethereum));
        try_join_all(self.services.into_iter().map(ServicesProcess::stop)).await?;
        self.consortium.stop().await;
        Ok(())
    }
}

/// Lets both companies' riders and drivers live through the plan, and waits until all of it is settled.
///
/// # Errors
/// A promise of the API did not hold, or a ride was not settled as it must be.
pub async fn run(city: &City, plan: &Plan) -> Result<(), Error> {
    let mut roads = Vec::new();
    if plan.vehicles > 0 {
        for place in 0..PLATFORMS.len() {
            roads.push(drive_out(city, plan, place).await?);
        }
    }
    ride(city, plan).await?;
    settle_up(city).await?;
    for (place, (manager, road)) in roads.into_iter().enumerate() {
        account_for_the_road(city, plan, place, manager, road).await?;
    }
    Ok(())
}

/// Fits a company's vehicles with terminals, and sends them out.
async fn drive_out(city: &City, plan: &Plan, place: usize) -> Result<(FleetManager, Road), Error> {
    let (company, services) = (PLATFORMS[place], &city.services[place]);
    let traces = if place == 0 { &plan.traces[..] } else { &[] };
    let vehicles = plan.vehicles as usize + traces.len();
    let (url, wallet) = (format!("http://{}", services.api().await?), Staff::new(company)?.fleet);
    let name = format!("the fleet manager of {}", company.name);
    let person = Person::new(&url, wallet.name(), name)?;
    let mut manager = FleetManager { company: company.id, wallet, person };
    let mut fitted =
        manager.fit(&city.consortium.chain(place)?, &city.vehicles[place][..vehicles]).await?;
    for (vehicle, trace) in fitted[plan.vehicles as usize..].iter_mut().zip(traces) {
        vehicle.trace = Some(trace.clone());
    }
    let recorded = match traces.len() {
        0 => String::new(),
        traces => format!("; {traces} tell what was recorded of real ones"),
    };
    println!(
        "{}: {vehicles} terminals are enrolled and bound to their vehicles on the chain; {} vehicles report \
         every second where they are, by JT/T 808{recorded}.",
        company.name, plan.vehicles
    );
    Ok((manager, Road::open(services.jt808().await?, fitted)))
}

/// Waits until everything that vehicles reported is in ClickHouse and its root is on chain, and proves a record of it.
async fn account_for_the_road(
    city: &City,
    plan: &Plan,
    place: usize,
    mut manager: FleetManager,
    road: Road,
) -> Result<(), Error> {
    let acknowledged = road.close().await?;
    let company = PLATFORMS[place];
    let url = format!("http://{}", city.services[place].clickhouse().await?);
    let store = StoreConfig { url, ..StoreConfig::default() };
    let chain = city.consortium.chain(place)?;
    let client = Store::connect(&store);
    let anchored = async {
        loop {
            let rows = client.query("SELECT count() FROM records").fetch_one::<u64>().await;
            let rows = rows.map_err(|error| Error::Asked(format!("counting records: {error}")))?;
            let head = telemetry::head(&chain.at_finalized().await?, company.id).await?;
            if rows == acknowledged && head.next_sequence > rows {
                return Ok::<_, Error>(head);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let head = tokio::time::timeout(SETTLEMENT, anchored).await.map_err(|_| {
        Error::Asked(format!(
            "{}: the roots of {acknowledged} positions are not on chain after {SETTLEMENT:?}",
            company.name
        ))
    })??;
    println!(
        "\n{}: {} positions were acknowledged and are in ClickHouse; the roots of their {} batches are on chain.",
        company.name,
        grouped(acknowledged),
        head.last.0
    );
    let tracks = plan.base_path.join(format!("company-{}/tracks.gpx", company.id.0));
    println!("{}", driven::told(&mut manager.person, &tracks).await?);
    let node = city.consortium.node(place).url().to_owned();
    let any = proving::Plan { store, node, company: company.id, sequence: None, out: None };
    let (proof, record) = proving::prove(&any).await?;
    println!("One of them, picked at random: {}", proving::told(&proof, &record));
    Ok(())
}

/// Lets both companies' riders and drivers live through the plan.
///
/// # Errors
/// A promise of the API did not hold.
pub async fn ride(city: &City, plan: &Plan) -> Result<(), Error> {
    println!(
        "{} riders and {} drivers of each company come to life, {} times as fast as in a real city.",
        plan.riders, plan.drivers, plan.speed_up
    );
    let each = PLATFORMS.iter().zip(&city.services).zip(&city.vehicles);
    let lives = each.map(|((company, own), vehicles)| live(*company, own, plan, vehicles));
    let reports = try_join_all(lives).await?;
    for (company, report) in PLATFORMS.iter().zip(&reports) {
        println!("\n{}\n{report}", company.name);
    }
    Ok(())
}

/// Waits until every ride is settled, prints each order with its proof, and compares all receipts with what the
/// chain has settled. With Ethereum beside the chain, the last ride of each company is proven there as well; those are
/// the result.
///
/// # Errors
/// A ride was not settled, or not as its receipt says, or is not proven on Ethereum in time.
pub async fn settle_up(city: &City) -> Result<Vec<Proven>, Error> {
    let chain = city.consortium.chain(0)?;
    let mut on_ethereum = Vec::new();
    for (company, services) in PLATFORMS.iter().zip(&city.services) {
        let last = account(&chain, *company, services).await?;
        if let (Some(ethereum), Some((batch, order))) = (&city.ethereum, last) {
            let proven = ethereum.prove(company.id, batch, order).await?;
            println!("{proven}");
            on_ethereum.push(proven);
        }
    }
    Ok(on_ethereum)
}

async fn live(
    company: Company,
    services: &ServicesProcess,
    plan: &Plan,
    vehicles: &[VehicleId],
) -> Result<Report, Error> {
    let url = format!("http://{}", services.api().await?);
    // A vehicle may have no driver of the city: then its terminal drives alone.
    let driven = &vehicles[..plan.drivers as usize];
    let seats = driven.iter().enumerate().map(|(number, vehicle)| {
        let suri = format!("{}//driver//{:04}", company.admin, number + 1);
        DriverSeat { suri, vehicle: vehicle.0 }
    });
    let seed = plan.seed + u64::from(company.id.0);
    let mut city = smartlink_simulator::Plan::new(url, seed, seats.collect());
    city.riders = plan.riders;
    city.orders = plan.orders;
    city.speed_up = plan.speed_up;
    city.pause = Duration::from_secs(180);
    city.longest_wait = Duration::from_secs(25);
    city.settle_within = SETTLEMENT;
    let mut show = on_terminal();
    let progress = |progress: &smartlink_simulator::Progress| {
        // Both move in the same time: one line for people is enough.
        if company.id == PLATFORMS[0].id {
            show(progress);
        }
    };
    Ok(smartlink_simulator::run(city, std::future::pending(), progress).await?)
}

/// Waits until everything is settled, and prints each order with its proof. The last one that was settled, and its batch.
async fn account(
    chain: &Chain,
    company: Company,
    services: &ServicesProcess,
) -> Result<Option<(BatchNumber, u64)>, Error> {
    let url = format!("http://{}", services.grpc().await?);
    let transport = Transport::connect(&url, &ClientLimits::default());
    let transport = transport.map_err(|error| Error::Asked(error.to_string()))?;
    let mut client = OrdersClient::new(transport);
    let settled = tokio::time::timeout(SETTLEMENT, wait_settled(&mut client)).await;
    settled.map_err(|_| {
        Error::Asked(format!("{}: rides are not settled after {SETTLEMENT:?}", company.name))
    })??;
    let orders = all(&mut client).await?;
    print_orders(chain, company, &orders).await
}

/// Waits until no ride is between its end and its settlement.
async fn wait_settled(client: &mut OrdersClient<Transport>) -> Result<(), Error> {
    loop {
        let figures = client.figures(FiguresRequest {}).await.map_err(refused)?.into_inner();
        let over = [State::Completed, State::Cancelled];
        let waits = figures.open.iter().any(|count| over.contains(&count.state()));
        if !waits && figures.batches_closed == figures.batches_settled {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// All orders that were ever placed, the oldest first.
async fn all(client: &mut OrdersClient<Transport>) -> Result<Vec<Order>, Error> {
    let (mut orders, mut before) = (Vec::new(), 0);
    loop {
        let request = ListRequest { before, limit: PAGE, ..Default::default() };
        let page = client.list(request).await.map_err(refused)?.into_inner();
        orders.extend(page.orders);
        before = page.next;
        if before == 0 {
            orders.reverse();
            return Ok(orders);
        }
    }
}

/// The state of each order, with its proof checked up to the checkpoint root of the block. The last one that was settled,
/// and its batch.
async fn print_orders(
    chain: &Chain,
    company: Company,
    orders: &[Order],
) -> Result<Option<(BatchNumber, u64)>, Error> {
    let mut table = Table::new(&["order", "state", "fare", "batch", "row", "block", "proof"]);
    let (mut gross, mut proven, mut last) = (0u128, 0u64, None);
    for order in orders {
        let mut cells = vec![order.id.to_string(), name(order.state()).to_owned()];
        match (&order.receipt, &order.settlement) {
            (Some(price), Some(settled)) => {
                let total = u128::from(price.fare) + u128::from(price.tolls);
                let proof = chain.receipt_proof(company.id, settled.batch.into(), order.id).await?;
                let at = chain.at_number(settled.block.into()).await?;
                let root = queries::checkpoint_root(&at).await?;
                let wrong = |error| Error::Differs(format!("the proof of {}: {error}", order.id));
                proof.verify(root).map_err(|error| wrong(format!("{error:?}")))?;
                let proves = u128::from(proof.receipt.fare) + u128::from(proof.receipt.tolls);
                if proves != total {
                    return Err(wrong(format!(
                        "it proves {}, not {}",
                        Money(proves),
                        Money(total)
                    )));
                }
                gross += total;
                proven += 1;
                last = Some((BatchNumber(settled.batch), order.id));
                cells.extend([
                    Money(total).to_string(),
                    settled.batch.to_string(),
                    settled.row.to_string(),
                    settled.block.to_string(),
                    format!(
                        "holds, {} hashes",
                        proof.receipt_partners.len() + proof.item_partners.len()
                    ),
                ]);
            }
            _ => cells.extend(["", "", "", "", ""].map(str::to_owned)),
        }
        table.row(cells);
    }
    let at = chain.at_finalized().await?;
    let totals = queries::totals(&at, company.id).await?;
    println!("\n{}: {} orders", company.name, orders.len());
    print!("{table}");
    if (totals.rides, totals.gross) != (proven, Money(gross)) {
        let ours = Money(gross);
        return Err(Error::Differs(format!(
            "{}: the chain settled {} rides for {}, the orders say {proven} for {ours}",
            company.name, totals.rides, totals.gross
        )));
    }
    println!(
        "The chain settled {} rides for {} in {} batches: the same as all receipts together.",
        grouped(totals.rides),
        totals.gross,
        totals.batches
    );
    Ok(last)
}

/// The state in the words of the API.
fn name(state: State) -> &'static str {
    state.as_str_name().strip_prefix("STATE_").unwrap_or("?")
}

fn refused(status: tonic::Status) -> Error {
    Error::Asked(format!("the orders service does not answer: {}", status.message()))
}
