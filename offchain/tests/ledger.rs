//! What the services of a company learn from the chain about vehicles: which terminals are bound there, and what the
//! vehicles are. Whoever was away hears of it afterwards.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use smartlink_chain::{
    api::vehicles::events::Registered,
    calls::{self, NewVehicle},
    telemetry, Included,
};
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_devnet::{Consortium, Options};
use smartlink_jt808::{location::status, BcdTime, Items, Location, LocationReport};
use smartlink_offchain::{
    fleet,
    services::{Ports, ServicesProcess, Setup},
    staff::{Staff, PLATFORMS},
};
use smartlink_primitives::{telemetry::DeviceId, vehicle::VehicleClass, VehicleId};
use smartlink_proto::{
    devices::{self, devices_client::DevicesClient, EnrolRequest, Protocol, TerminalRequest},
    orders::{self, orders_client::OrdersClient, OffDutyRequest, OnDutyRequest},
};
use smartlink_service::{ClientLimits, Transport};
use smartlink_simulator::terminal::{Identity, Terminal};
use support::{node, PATIENCE};

/// The company's secret.
const SALT: [u8; 32] = [0x5a; 32];

/// A company with one validator and its people.
struct Company {
    consortium: Consortium,
    staff: Staff,
}

impl Company {
    async fn start() -> Self {
        let options = Options::new(node()).validators(1);
        let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
        consortium.wait_finalized(1, PATIENCE).await.unwrap_or_else(|e| panic!("{e}"));
        let staff = Staff::new(PLATFORMS[0]).unwrap();
        staff.hire(&consortium.chain(0).unwrap()).await.unwrap_or_else(|e| panic!("{e}"));
        Self { consortium, staff }
    }

    /// Its services, with these settings beside the salt.
    fn services(&self, folder: &Path, ports: Ports, set: &[&str]) -> ServicesProcess {
        let salt = format!("devices.chain_salt=\"{}\"", "5a".repeat(32));
        let setup = Setup {
            binary: PathBuf::from(env!("CARGO_BIN_EXE_smartlink-offchain")),
            company: PLATFORMS[0].id,
            node: self.consortium.node(0).url(),
            folder: folder.to_owned(),
            ports,
            set: set.iter().map(|one| (*one).to_owned()).chain([salt]).collect(),
        };
        ServicesProcess::start(setup).unwrap_or_else(|e| panic!("{e}"))
    }

    async fn sign<C: smartlink_chain::subxt::tx::Payload>(&self, call: &C) -> Included {
        let chain = self.consortium.chain(0).unwrap();
        let signed = chain.execute(&self.staff.fleet, call, PATIENCE).await;
        signed.unwrap_or_else(|e| panic!("{e}"))
    }

    async fn register(&self, number: u32, class: VehicleClass) -> VehicleId {
        let vehicle = fleet::vehicle(PLATFORMS[0].id, number).unwrap();
        let call = calls::register_vehicle(PLATFORMS[0].id, NewVehicle { class, ..vehicle });
        self.sign(&call).await.event::<Registered>("Vehicles::Registered").unwrap().vehicle.0
    }

    /// Binds a device as a wallet would, and returns the block.
    async fn bind(&self, vehicle: VehicleId, device: DeviceId) -> u64 {
        self.sign(&telemetry::bind_device(vehicle, device, None)).await.number
    }

    async fn unbind(&self, vehicle: VehicleId, device: DeviceId) -> u64 {
        self.sign(&telemetry::unbind_device(vehicle, device)).await.number
    }
}

async fn reach(services: &ServicesProcess) -> Transport {
    let address = services.grpc().await.unwrap_or_else(|e| panic!("{e}"));
    Transport::connect(&format!("http://{address}"), &ClientLimits::default()).unwrap()
}

async fn enrol(
    client: &mut DevicesClient<Transport>,
    phone: &str,
    vehicle: VehicleId,
) -> devices::Terminal {
    let enrolment = EnrolRequest {
        protocol: Protocol::Jt808.into(),
        identity: phone.to_owned(),
        vehicle: vehicle.0,
        ..EnrolRequest::default()
    };
    client.enrol(enrolment).await.unwrap().into_inner().terminal.unwrap()
}

/// Waits until a terminal's binding is as it should be on the chain, and returns since which block it is.
async fn is_bound(client: &mut DevicesClient<Transport>, terminal: u64, bound: bool) -> u64 {
    let seen = async {
        loop {
            let known = client.get(TerminalRequest { terminal }).await.unwrap().into_inner();
            if (known.bound_on_chain != 0) == bound {
                return known.bound_on_chain.into();
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let seen = tokio::time::timeout(PATIENCE, seen).await;
    seen.unwrap_or_else(|_| panic!("terminal {terminal} does not become bound={bound} in time"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_knows_which_terminals_the_chain_has_whoever_was_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut company = Company::start().await;
    let chain = company.consortium.chain(0).unwrap();
    let vehicles = fleet::register(&chain, &company.staff, 2).await;
    let [truck, van] = vehicles.unwrap_or_else(|e| panic!("{e}"))[..] else { panic!("two") };
    let ports = Ports::free().unwrap();
    let services = company.services(folder.path(), ports, &["roles=[\"devices\"]"]);
    let mut client = DevicesClient::new(reach(&services).await);

    // The wallet signs what the service shows.
    let first = enrol(&mut client, "013800000001", truck).await;
    let device = DeviceId::salted(&SALT, b"13800000001");
    assert_eq!((first.device_id, first.bound_on_chain), (format!("{:?}", device.0), 0));
    let block = company.bind(truck, device).await;
    assert!(is_bound(&mut client, first.id, true).await >= block);

    // The chain may have it first.
    let second = DeviceId::salted(&SALT, b"13800000002");
    let block = company.bind(van, second).await;
    let elsewhere = enrol(&mut client, "13800000002", truck).await.id;
    let bind = devices::BindRequest { terminal: elsewhere, vehicle: van.0 };
    assert_eq!(client.bind(bind).await.unwrap().into_inner().bound_on_chain, 0);
    assert!(is_bound(&mut client, elsewhere, true).await >= block);

    // What is signed while the services are away is seen when they are back.
    services.kill().unwrap();
    company.unbind(truck, device).await;
    services.restart().unwrap();
    let mut client = DevicesClient::new(reach(&services).await);
    is_bound(&mut client, first.id, false).await;
    assert_ne!(is_bound(&mut client, elsewhere, true).await, 0, "the other one stays");

    // The node goes and comes back: it is followed again.
    company.consortium.kill_9(0);
    company.consortium.restart(0).await.unwrap_or_else(|e| panic!("{e}"));
    let block = company.bind(truck, device).await;
    assert!(is_bound(&mut client, first.id, true).await >= block);

    // A vehicle that is scrapped has no devices any more.
    company.sign(&calls::scrap_vehicle(van)).await;
    is_bound(&mut client, elsewhere, false).await;
    assert_ne!(is_bound(&mut client, first.id, true).await, 0);
    services.stop().await.unwrap_or_else(|e| panic!("{e}"));
    company.consortium.stop().await;
}

/// A vehicle on a straight road, whose position is reported each second.
struct Drive {
    terminal: Terminal,
    second: u64,
    /// 10⁻⁶ degrees north of the start.
    north: f64,
}

impl Drive {
    async fn begin(services: &ServicesProcess, phone: &str) -> Self {
        let address = services.jt808().await.unwrap_or_else(|e| panic!("{e}"));
        let identity =
            Identity { phone: phone.parse().unwrap(), plate: "粤B00001".into(), code: None };
        let terminal = Terminal::connect(address, identity).await.unwrap_or_else(|e| panic!("{e}"));
        Self { terminal, second: 0, north: 0.0 }
    }

    async fn go(&mut self, kmh: u16, seconds: u64) {
        let mut positions = Vec::new();
        for _ in 0..seconds {
            self.second += 1;
            // A meter is nine millionths of a degree.
            self.north += f64::from(kmh) / 3.6 / 0.111_195;
            let location = Location {
                status: status::IGNITION | status::FIXED,
                latitude: 22_500_000 + self.north as i32,
                longitude: 113_000_000,
                speed: kmh * 10,
                time: BcdTime::from_millis(1_790_000_000_000 + self.second * 1_000).unwrap(),
                ..Location::default()
            };
            positions.push(LocationReport { location, items: Items::default() });
        }
        for bundle in positions.chunks(20) {
            self.terminal.report(bundle).await.unwrap_or_else(|e| panic!("{e}"));
        }
    }

    /// Faster than a truck may drive, and slower than a car may.
    async fn hurry(&mut self) {
        self.go(60, 60).await;
        self.go(110, 40).await;
        self.go(60, 30).await;
    }
}

/// How often vehicles were too fast, by vehicle and driver: 0 for nobody.
async fn speeding(store: &Store, vehicle: VehicleId, driver: u32) -> u64 {
    let query = format!(
        "SELECT uniqExact(id) FROM alerts WHERE kind = 'speeding' AND vehicle = {} AND driver = {driver}",
        vehicle.0
    );
    store.query(&query).fetch_one::<u64>().await.unwrap_or_else(|e| panic!("{query}: {e}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vehicle_is_judged_as_what_the_chain_has_it_for_and_its_driver_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::start().await;
    let car = company.register(0, VehicleClass::Comfort).await;
    let ports = Ports::free().unwrap();
    let roles = "roles=[\"orders\",\"clickhouse\",\"devices\",\"telemetry\"]";
    let services = company.services(folder.path(), ports, &[roles]);
    services.clickhouse().await.unwrap_or_else(|e| panic!("{e}"));
    let transport = reach(&services).await;
    let (mut devices, mut orders) =
        (DevicesClient::new(transport.clone()), OrdersClient::new(transport));
    // One that is registered while the services run.
    let truck = company.register(1, VehicleClass::HeavyTruck).await;
    enrol(&mut devices, "13800000001", truck).await;
    enrol(&mut devices, "13800000002", car).await;
    let duty = OnDutyRequest {
        idempotency_key: "on".into(),
        driver: 7,
        vehicle: truck.0,
        seat: 1,
        class: orders::VehicleClass::Economy.into(),
    };
    assert!(orders.go_on_duty(duty).await.unwrap().into_inner().on_duty);

    let store = StoreConfig { url: ports.clickhouse_url(), ..StoreConfig::default() };
    let store = Store::connect(&store);
    let mut of_truck = Drive::begin(&services, "13800000001").await;
    let mut of_car = Drive::begin(&services, "13800000002").await;
    let judged = async {
        // Until chain and orders have told what it is and who drives: nothing in the log waits for them.
        while speeding(&store, truck, 7).await == 0 {
            of_truck.hurry().await;
            of_car.hurry().await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, judged).await.expect("the truck is too fast");

    let off = OffDutyRequest { idempotency_key: "off".into(), driver: 7 };
    assert!(!orders.go_off_duty(off).await.unwrap().into_inner().on_duty);
    let nobodys = speeding(&store, truck, 0).await;
    let unknown = async {
        while speeding(&store, truck, 0).await == nobodys {
            of_truck.hurry().await;
            of_car.hurry().await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, unknown).await.expect("nobody drives the truck any more");
    assert_eq!(speeding(&store, car, 0).await, 0, "a car may drive so fast");
    services.stop().await.unwrap_or_else(|e| panic!("{e}"));
    company.consortium.stop().await;
}
