//! Starts everything: nodes, what stands beside the chain, and the services of both companies.

use std::time::Duration;

use futures::future::try_join_all;
use smartlink_chain::Chain;
use smartlink_devnet::{Consortium, Options, Worker};
use smartlink_primitives::{Money, TariffVersion, VehicleId};

use super::{City, Plan};
use crate::{
    day::Day,
    ethereum::Ethereum,
    fleet,
    index::{self, Index},
    portal, prices,
    services::{Ports, ServicesProcess, Setup},
    staff::{Company, Staff, PLATFORMS},
    up, Error,
};

/// How long four validators may take from their start to the first final block.
const FIRST_FINALITY: Duration = Duration::from_secs(120);
/// What a company sets aside for its rides.
const CLEARING: Money = Money::yuan(1_000_000);
/// What services are told in a city of a development consortium.
const CITY: [&str; 6] = [
    // Everybody calls from one address.
    "api.login.address_rate={ per_second = 1000.0, burst = 1000 }",
    "api.login.name_rate={ per_second = 10.0, burst = 100 }",
    "orders.rules.offer_valid_ms=8000",
    "orders.rules.quote_valid_ms=20000",
    "orders.rules.no_show_ms=5000",
    "orders.rules.batch_wait_ms=4000",
];
/// What services need besides that listen to terminals.
const ROAD: [&str; 3] = [
    "roles=[\"orders\",\"notify\",\"dispatch\",\"herald\",\"api\",\"clickhouse\",\"devices\",\"telemetry\"]",
    // A development consortium has no secrets.
    "devices.chain_salt=\"5a17000000000000000000000000000000000000000000000000000000000000\"",
    "telemetry.settings.pipeline.batch_ms=5000",
];

/// Starts nodes and services, and prepares both companies. Nothing is ordered yet.
///
/// # Errors
/// Something does not start, or the chain refuses.
pub async fn start(plan: &Plan) -> Result<City, Error> {
    let ports = PLATFORMS.iter().map(|_| Ports::free()).collect::<Result<Vec<_>, _>>()?;
    let consortium = validators(plan, &ports).await?;
    let chain = consortium.chain(0)?;
    let prepared =
        PLATFORMS.map(|company| prepare(chain.clone(), company, plan.drivers, fleet_of(plan)));
    let (vehicles, (ethereum, index)) =
        futures::try_join!(try_join_all(prepared), beside(plan, &consortium, &ports))?;
    // The last, for they tell the browsers of their portals where the rest is.
    let mut services = Vec::new();
    for (place, ports) in ports.into_iter().enumerate() {
        let set = told(plan, &consortium.node(place).url(), ethereum.as_ref(), index.as_ref());
        let company = PLATFORMS[place].id;
        services.push(ServicesProcess::start(Setup {
            binary: plan.offchain.clone(),
            company,
            node: consortium.node(place).url(),
            folder: plan.base_path.join(format!("company-{}", company.0)),
            ports,
            set,
        })?);
    }
    let portal = plan.portal.is_some() && index.is_some();
    Ok(City { consortium, services, ethereum, index, portal, vehicles })
}

/// Four validators, those of the platforms with workers that ask the services at these ports.
async fn validators(plan: &Plan, ports: &[Ports]) -> Result<Consortium, Error> {
    println!("Starting four validators, two of them with a settlement worker ...");
    let mut options = Options::new(&plan.node).base_path(plan.base_path.join("nodes"));
    for (place, (company, ports)) in PLATFORMS.iter().zip(ports).enumerate() {
        let suri = format!("{}//worker", company.admin);
        let url = ports.worker_url();
        let telemetry_url = (plan.vehicles > 0).then(|| ports.anchors_url());
        options = options.worker(place, Worker { company: company.id, suri, url, telemetry_url });
    }
    let mut consortium = Consortium::start(options).await?;
    let first = consortium.wait_finalized(1, FIRST_FINALITY).await?;
    println!("{}\nFour validators agree: block {first} is final.", up::addresses(&consortium));
    Ok(consortium)
}

/// Ethereum and the index, as far as they are asked for. The index leads its proofs to Ethereum, so it comes after it.
async fn beside(
    plan: &Plan,
    consortium: &Consortium,
    ports: &[Ports],
) -> Result<(Option<Ethereum>, Option<Index>), Error> {
    let ethereum = match &plan.ethereum {
        Some(tools) => {
            let (node, folder) = (consortium.node(0).url(), plan.base_path.join("ethereum"));
            Some(Ethereum::start(tools, &node, &folder).await?)
        }
        None => None,
    };
    let Some(indexer) = &plan.indexer else { return Ok((ethereum, None)) };
    // That of a validator without a worker: it has the least to do.
    let node = consortium.node(consortium.len() - 1).url();
    let folder = plan.base_path.join("index");
    let setup = index::Setup {
        indexer,
        offchain: &plan.offchain,
        node: &node,
        ethereum: ethereum.as_ref().map(Ethereum::contract),
        origins: ports.iter().flat_map(|ports| portal::origins(ports.api)).collect(),
        folder: &folder,
    };
    let index = Index::start(&setup).await?;
    println!("The chain is indexed: {} answers GraphQL.", index.url());
    Ok((ethereum, Some(index)))
}

/// What the services of a company are told besides where they are.
fn told(
    plan: &Plan,
    node: &str,
    ethereum: Option<&Ethereum>,
    index: Option<&Index>,
) -> Vec<String> {
    let vehicles = if plan.vehicles > 0 { &ROAD[..] } else { &[] };
    let mut set: Vec<String> = CITY.iter().chain(vehicles).map(|one| (*one).to_owned()).collect();
    if let (Some(folder), Some(index)) = (&plan.portal, index) {
        let ethereum = ethereum.map(Ethereum::contract);
        set.extend(portal::settings(folder, node, &index.url(), ethereum));
    }
    set
}

/// How many vehicles a company has: each driver one, each terminal one.
fn fleet_of(plan: &Plan) -> u32 {
    // At most MOST_TRACES.
    plan.drivers.max(plan.vehicles + plan.traces.len() as u32)
}

/// Gives a company its people, drivers, vehicles, tariff and money.
pub(crate) async fn prepare(
    chain: Chain,
    company: Company,
    drivers: u32,
    vehicles: u32,
) -> Result<Vec<VehicleId>, Error> {
    let staff = Staff::new(company)?;
    staff.hire(&chain).await?;
    let (_, registered) = futures::try_join!(
        fleet::enrol(&chain, &staff, drivers as usize),
        fleet::register(&chain, &staff, vehicles),
    )?;
    up::fund(&chain, &staff, CLEARING).await?;
    let tariffs = Day::new("prices".to_owned(), prices::SHENZHEN, prices::shenzhen(), Vec::new())?;
    up::put_in_force(&chain, &staff, &tariffs, TariffVersion(1)).await?;
    println!(
        "{}: people, {drivers} drivers, {vehicles} vehicles, the tariff and {CLEARING} for clearing are on the chain.",
        company.name
    );
    Ok(registered)
}
