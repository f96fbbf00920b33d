//! Where vehicles are, and who follows them.

use super::company::{at, drained, meridian, refusal, rides, Client, Company, LONG};
use smartlink_proto::telemetry::{self as proto, change::What};
use smartlink_records::Alarms;
use tonic::{Code, Streaming};

type Changes = Streaming<proto::Change>;

async fn follow(client: &mut Client, request: proto::FollowRequest) -> Changes {
    client.follow(request).await.unwrap().into_inner()
}

async fn next(changes: &mut Changes) -> What {
    let change = tokio::time::timeout(LONG, changes.message()).await.unwrap();
    change.unwrap().unwrap().what.unwrap()
}

/// The vehicle and the latitude of the next state.
async fn state(changes: &mut Changes) -> (u32, i32) {
    loop {
        match next(changes).await {
            What::Vehicle(state) => return (state.vehicle, state.place.unwrap().latitude_e6),
            What::Alert(_) => {}
            What::CaughtUp(_) => panic!("it has caught up before a state"),
        }
    }
}

async fn caught_up(changes: &mut Changes) {
    assert_eq!(next(changes).await, What::CaughtUp(proto::Done {}));
}

/// Around a vehicle's meridian, between two parallels.
fn around(vehicle: u32, south_e6: i32, north_e6: i32) -> Option<proto::Box> {
    let west_e6 = meridian(vehicle) - 1_000;
    Some(proto::Box { south_e6, west_e6, north_e6, east_e6: west_e6 + 2_000 })
}

#[tokio::test(flavor = "multi_thread")]
async fn vehicles_are_listed_by_their_numbers_and_where_they_are() {
    let (company, mut client) = Company::open().await;
    let nobody =
        client.list_vehicles(proto::ListVehiclesRequest { limit: 1, ..Default::default() });
    assert_eq!(nobody.await.unwrap().into_inner(), proto::VehiclePage::default());
    company.report(&rides(1..=3)).await;
    company.settled().await;

    let one = client.get_vehicle(proto::VehicleRequest { vehicle: 1 }).await.unwrap().into_inner();
    assert_eq!((one.vehicle, one.terminal, one.driver, one.online), (1, 1_001, None, true));
    assert_eq!((one.speed_dkmh, one.odometer_m.unwrap() > 65_000), (0, true));
    assert_eq!(one.place.unwrap().longitude_e6, meridian(1));
    assert_eq!(one.fixed_ms, Some(one.time_ms));
    let unknown = client.get_vehicle(proto::VehicleRequest { vehicle: 99 }).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);

    let request = proto::ListVehiclesRequest { limit: 2, ..Default::default() };
    let first = client.list_vehicles(request).await.unwrap().into_inner();
    let numbers = |page: &proto::VehiclePage| {
        page.vehicles.iter().map(|vehicle| vehicle.vehicle).collect::<Vec<_>>()
    };
    assert_eq!((numbers(&first), first.next, first.known), (vec![1, 2], 2, 3));
    let request = proto::ListVehiclesRequest { after: first.next, ..request };
    let last = client.list_vehicles(request).await.unwrap().into_inner();
    assert_eq!((numbers(&last), last.next), (vec![3], 0));
    let there = around(3, 0, 90_000_000);
    let request = proto::ListVehiclesRequest { after: 0, r#box: there, ..request };
    let there = client.list_vehicles(request).await.unwrap().into_inner();
    assert_eq!((numbers(&there), there.next, there.known), (vec![3], 0, 3));
    let request = proto::ListVehiclesRequest { online: Some(false), ..request };
    assert!(client.list_vehicles(request).await.unwrap().into_inner().vehicles.is_empty());
    for limit in [0, 1_001] {
        let request = proto::ListVehiclesRequest { limit, ..Default::default() };
        let refused = client.list_vehicles(request).await.unwrap_err();
        assert!(refused.message().contains("give 1 to 1000"), "{refused}");
    }
    let turned = Some(proto::Box { south_e6: 5, north_e6: 4, ..Default::default() });
    let request = proto::ListVehiclesRequest { r#box: turned, limit: 1, ..Default::default() };
    let refused = client.list_vehicles(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    company.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_are_told_what_they_asked_for_until_they_are_too_slow() {
    let (company, mut client) = Company::with(|config| config.live_groups = 8).await;
    company.report(&[at(1, 0, 22_500_000, 54), at(2, 0, 22_500_000, 54)]).await;
    company.settled().await;

    let mut all = follow(&mut client, proto::FollowRequest::default()).await;
    assert_eq!([state(&mut all).await.0, state(&mut all).await.0], [1, 2]);
    caught_up(&mut all).await;
    let named = proto::FollowRequest { vehicles: vec![2, 99], ..Default::default() };
    let mut second = follow(&mut client, named).await;
    assert_eq!(state(&mut second).await, (2, 22_500_000));
    caught_up(&mut second).await;
    let framed =
        proto::FollowRequest { r#box: around(1, 22_400_000, 22_600_000), ..Default::default() };
    let mut framed = follow(&mut client, framed).await;
    assert_eq!(state(&mut framed).await, (1, 22_500_000));
    caught_up(&mut framed).await;
    let alerts =
        proto::FollowRequest { vehicles: vec![1], alerts_only: true, ..Default::default() };
    let mut alerts = follow(&mut client, alerts).await;
    caught_up(&mut alerts).await;

    // Vehicle 1 drives out of the box, on, and back; vehicle 2 is never in it.
    for (second, latitude) in [(600, 22_590_000), (1_200, 22_700_000), (1_800, 22_710_000)] {
        company.report(&[at(1, second, latitude, 54)]).await;
        assert_eq!(state(&mut all).await, (1, latitude));
    }
    company.report(&[at(2, 600, 22_550_000, 54)]).await;
    assert_eq!(state(&mut all).await, (2, 22_550_000));
    assert_eq!(state(&mut second).await, (2, 22_550_000));
    company.report(&[at(1, 2_400, 22_600_000, 54)]).await;
    assert_eq!(state(&mut all).await, (1, 22_600_000));
    assert_eq!(state(&mut framed).await, (1, 22_590_000));
    assert_eq!(state(&mut framed).await, (1, 22_700_000), "once outside");
    assert_eq!(state(&mut framed).await, (1, 22_600_000), "not twice outside, and in again");

    // Both call for help; one is followed.
    for vehicle in [2, 1] {
        let mut help = at(vehicle, 2_402, 22_600_000, 0);
        help.report.alarms = Alarms::EMERGENCY;
        company.report(&[help]).await;
    }
    let What::Alert(change) = next(&mut alerts).await else { panic!("no alert") };
    assert_eq!(change.step(), proto::AlertStep::Opened);
    let alert = change.alert.unwrap();
    assert_eq!((alert.vehicle, alert.kind.as_str()), (1, "emergency"));
    assert_eq!(
        (alert.severity(), alert.state()),
        (proto::Severity::Critical, proto::AlertState::Open)
    );

    // Whoever reads nothing is let go, and nobody else.
    let mut slow = follow(&mut client, proto::FollowRequest::default()).await;
    let mut quick = follow(&mut client, proto::FollowRequest::default()).await;
    for _ in 0..2 {
        state(&mut quick).await;
    }
    caught_up(&mut quick).await;
    for step in 0..20 {
        let latitude = 22_600_000 + step;
        company.report(&[at(1, 2_500 + step as u64, latitude, 0)]).await;
        while state(&mut quick).await != (1, latitude) {}
    }
    for _ in 0..2 {
        state(&mut slow).await;
    }
    caught_up(&mut slow).await;
    let status = tokio::time::timeout(LONG, slow.message()).await.unwrap().unwrap_err();
    assert_eq!(refusal(&status), (Code::DataLoss, "behind"));

    // It ends with telemetry.
    company.grpc.end();
    let status = drained(&mut quick).await.1.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
    let status = client.follow(proto::FollowRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let many = proto::FollowRequest { vehicles: (0..10_001).collect(), ..Default::default() };
    assert_eq!(client.follow(many).await.unwrap_err().code(), Code::InvalidArgument);
    company.close().await;
}
