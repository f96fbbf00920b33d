//! A company with its node and its services on this machine, to be measured.

use std::path::PathBuf;

use smartlink_devnet::{Consortium, Options, Worker};
use smartlink_simulator::load::{Credentials, Mix, Seat, Target};

use super::super::FIRST_FINALITY;
use crate::{
    live,
    services::{Ports, ServicesProcess, Setup},
    staff::PLATFORMS,
    Error,
};

/// Riders, and as many drivers: each has a connection of its own.
const PEOPLE: u32 = 300;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's binary.
    pub node: PathBuf,
    /// The services' binary.
    pub offchain: PathBuf,
    /// Requests a second.
    pub rate: u32,
    /// What is asked.
    pub mix: Mix,
}

/// What is measured. It ends when this is dropped.
pub(in crate::bench) struct Bench {
    pub target: Target,
    pub services: ServicesProcess,
    pub consortium: Consortium,
    _folder: tempfile::TempDir,
}

/// Starts one validator, and the services of its company.
pub(in crate::bench) async fn start(plan: &Plan) -> Result<Bench, Error> {
    let folder = tempfile::tempdir()
        .map_err(|source| Error::Io { what: "making a folder for the services", source })?;
    let company = PLATFORMS[0];
    let ports = Ports::free()?;
    let carries = Worker {
        company: company.id,
        suri: format!("{}//worker", company.admin),
        url: ports.worker_url(),
        telemetry_url: None,
    };
    let options = Options::new(&plan.node).validators(1).worker(0, carries);
    let mut consortium = Consortium::start(options).await?;
    consortium.wait_finalized(1, FIRST_FINALITY).await?;
    let vehicles = live::prepare(consortium.chain(0)?, company, PEOPLE, PEOPLE).await?;
    let services = ServicesProcess::start(Setup {
        binary: plan.offchain.clone(),
        company: company.id,
        node: consortium.node(0).url().to_owned(),
        folder: folder.path().to_owned(),
        ports,
        // Everybody logs in at once from one address.
        // Three hundred riders ask for as many prices as thousands would.
        set: [
            "api.login.address_rate={ per_second = 1000.0, burst = 1000 }",
            "orders.rules.most_quotes=1000",
        ]
        .map(Into::into)
        .into(),
    })?;
    let url = format!("http://{}", services.api().await?);
    let riders = (0..PEOPLE).map(|number| Credentials::Password {
        name: format!("rider-{number:04}"),
        password: format!("a long password {number}"),
    });
    let drivers = vehicles.iter().enumerate().map(|(number, vehicle)| Seat {
        credentials: Credentials::Wallet {
            suri: format!("{}//driver//{:04}", company.admin, number + 1),
        },
        vehicle: vehicle.0,
    });
    let mut target = Target::new(url, riders.collect(), drivers.collect());
    target.rate = plan.rate;
    target.mix = plan.mix;
    Ok(Bench { target, services, consortium, _folder: folder })
}
