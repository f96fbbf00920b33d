//! The gate, by a real server on a free port and by connections of every kind.

mod client;

use super::*;
use client::{request, Answer, Http, WebSocket};
use jsonrpsee::{types::ErrorObjectOwned, RpcModule, SubscriptionMessage};
use rate::Rate;
use sc_rpc_api::{check_if_safe, DenyUnsafe};
use serde_json::json;
use smartlink_runtime::AccountId;
use sp_core::{sr25519, Pair};
use std::{
    collections::HashSet,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Mutex,
    },
    time::{Duration, Instant},
};

const GENESIS: Hash = Hash::repeat_byte(7);
/// A while in which something that was to happen has happened.
const SOON: Duration = Duration::from_secs(10);

/// Those who work for a company.
#[derive(Default)]
struct Staff {
    accounts: Mutex<HashSet<AccountId>>,
    asked: AtomicUsize,
    silent: Mutex<bool>,
}

impl Members for Staff {
    fn has(&self, account: &AccountId) -> Result<bool, String> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if *self.silent.lock().unwrap() {
            return Err("the runtime is being replaced".into());
        }
        Ok(self.accounts.lock().unwrap().contains(account))
    }
}

impl Staff {
    fn hire(&self, who: &sr25519::Pair) {
        self.accounts.lock().unwrap().insert(who.public().into());
    }

    fn dismiss(&self, who: &sr25519::Pair) {
        let account: AccountId = who.public().into();
        assert!(self.accounts.lock().unwrap().remove(&account));
    }
}

/// What `state_call` does in these tests: it keeps its thread until it is let go.
#[derive(Default)]
struct Reading {
    now: AtomicUsize,
    let_go: AtomicBool,
}

impl Reading {
    fn read(&self) -> &'static str {
        self.now.fetch_add(1, Ordering::SeqCst);
        let start = Instant::now();
        while !self.let_go.load(Ordering::SeqCst) && start.elapsed() < 3 * SOON {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.now.fetch_sub(1, Ordering::SeqCst);
        "what was read"
    }

    /// Waits until so many read, and a while longer in which no more begin.
    fn are(&self, count: usize) {
        let now = || self.now.load(Ordering::SeqCst);
        soon("so many read", || now() == count);
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(now(), count);
    }

    fn let_go(&self) {
        self.let_go.store(true, Ordering::SeqCst);
    }
}

/// A gate, and Alice, who works for a company.
struct World {
    gate: Running,
    staff: Arc<Staff>,
    alice: sr25519::Pair,
    registry: Registry,
    reading: Arc<Reading>,
}

impl World {
    fn new(limits: Limits) -> Self {
        let (staff, registry) = (Arc::new(Staff::default()), Registry::new());
        let alice = key("//Alice");
        staff.hire(&alice);
        let reading = Arc::new(Reading::default());
        let mut methods = module();
        let read = reading.clone();
        methods.register_blocking_method("state_call", move |_, _, _| read.read()).unwrap();
        let parts = Parts {
            limits,
            genesis: GENESIS,
            methods: methods.into(),
            members: staff.clone(),
            registry: Some(&registry),
        };
        let gate = open("127.0.0.1:0".parse().unwrap(), parts).unwrap();
        Self { gate, staff, alice, registry, reading }
    }

    /// Another one who works for a company.
    fn hire(&self, uri: &str) -> String {
        let who = key(uri);
        self.staff.hire(&who);
        token_of(&who)
    }

    fn token(&self) -> String {
        token_of(&self.alice)
    }

    fn http(&self) -> Http {
        Http::open(self.gate.addr)
    }

    fn websocket(&self, token: Option<&str>) -> Result<WebSocket, Answer> {
        WebSocket::open(self.gate.addr, token)
    }

    /// What a metric counts.
    fn count(&self, metric: &str, label: &str) -> u64 {
        let families = self.registry.gather();
        let family = families.iter().filter(|family| family.get_name() == metric);
        let mut counted = family.flat_map(|family| family.get_metric());
        let found =
            counted.find(|one| one.get_label().iter().any(|pair| pair.get_value() == label));
        // Of what never happened there is no count.
        found.map_or(0, |one| one.get_counter().get_value() as u64)
    }
}

fn key(uri: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(uri, None).unwrap()
}

fn token_of(who: &sr25519::Pair) -> String {
    token::make(who, GENESIS, token::now() + 60)
}

/// What the node of these tests answers: one method of each kind.
fn module() -> RpcModule<()> {
    let mut module = RpcModule::new(());
    module.register_method("system_health", |_, _, _| "well").unwrap();
    module.register_method("author_submitExtrinsic", |_, _, _| "taken").unwrap();
    module.register_method("chain_getBlock", |_, _, _| "a block").unwrap();
    module
        .register_method("system_peers", |_, _, extensions| {
            check_if_safe(extensions).map(|()| "peers").map_err(ErrorObjectOwned::from)
        })
        .unwrap();
    module
        .register_async_method("state_getStorage", |_, _, _| async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            "a value"
        })
        .unwrap();
    subscription(&mut module, ["chain_subscribeNewHeads", "chain_unsubscribeNewHeads"], 1);
    subscription(&mut module, ["state_subscribeStorage", "state_unsubscribeStorage"], 1 << 20);
    // As the service hands it over: whoever asks within the node's process may do everything.
    module.extensions_mut().insert(DenyUnsafe::No);
    module
}

/// Notifies without an end, each time of so many bytes.
fn subscription(module: &mut RpcModule<()>, [begin, end]: [&'static str; 2], bytes: usize) {
    module
        .register_subscription(begin, "notification", end, move |_, pending, _, _| async move {
            let Ok(sink) = pending.accept().await else { return };
            let message = "x".repeat(bytes);
            loop {
                let next = SubscriptionMessage::from_json(&message).unwrap();
                if sink.send(next).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .unwrap();
}

/// Waits until something holds.
fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < SOON, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn everybody_gets_what_is_open_and_a_sentence_instead_of_the_rest() {
    let world = World::new(Limits::default());
    let mut http = world.http();
    assert_eq!(http.ask(None, "system_health").json()["result"], "well");
    for closed in ["chain_getBlock", "system_peers", "state_getStorage"] {
        let answer = http.ask(None, closed);
        assert_eq!((answer.status, answer.code()), (200, -32_001), "{answer:?}");
        let said = answer.json()["error"]["message"].to_string();
        assert!(said.contains(closed) && said.contains("smartlink-node company token"), "{said}");
    }
    assert_eq!(http.ask(None, "no_such").code(), -32_601);

    let mut websocket = world.websocket(None).unwrap();
    assert_eq!(websocket.ask("system_health")["result"], "well");
    assert_eq!(websocket.ask("chain_getBlock")["error"]["code"], -32_001);
    assert_eq!(websocket.ask("chain_subscribeNewHeads")["error"]["code"], -32_001);
    assert_eq!(world.count("smartlink_gate_requests_total", "public"), 8);
    assert_eq!(world.count("smartlink_gate_refused_total", "method"), 5);
}

#[test]
fn a_batch_opens_nothing_that_a_request_does_not() {
    let world = World::new(Limits::default());
    let batch = format!("[{},{}]", request("system_health"), request("chain_getBlock"));
    let answer = world.http().post(None, &batch).json();
    assert_eq!(answer[0]["result"], "well");
    assert_eq!(answer[1]["error"]["code"], -32_001);
}

#[test]
fn a_member_gets_everything_but_what_is_unsafe() {
    let world = World::new(Limits::default());
    let token = world.token();
    let mut http = world.http();
    assert_eq!(http.ask(Some(&token), "system_health").json()["result"], "well");
    assert_eq!(http.ask(Some(&token), "chain_getBlock").json()["result"], "a block");
    assert_eq!(http.ask(Some(&token), "system_peers").code(), -32_601);
    // A connection is nobody's: each request shows who asks.
    assert_eq!(http.ask(None, "chain_getBlock").code(), -32_001);

    let mut websocket = world.websocket(Some(&token)).unwrap();
    assert_eq!(websocket.ask("chain_getBlock")["result"], "a block");
    assert_eq!(websocket.ask("system_peers")["error"]["code"], -32_601);
    let subscription = websocket.ask("chain_subscribeNewHeads")["result"].clone();
    let heard = websocket.receive().unwrap();
    assert_eq!(heard["params"]["subscription"], subscription);
    assert_eq!(world.count("smartlink_gate_requests_total", "member"), 6);
}

#[test]
fn each_tier_is_told_its_own_methods() {
    let world = World::new(Limits::default());
    let listed = |token: Option<&str>| {
        let answer = world.http().ask(token, "rpc_methods").json();
        let list = answer["result"]["methods"].as_array().unwrap().clone();
        list.into_iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let open: HashSet<String> = OPEN.iter().map(|open| open.name.to_owned()).collect();
    assert_eq!(listed(None).into_iter().collect::<HashSet<_>>(), open);
    let members = listed(Some(&world.token()));
    assert!(members.contains(&"chain_getBlock".to_owned()), "{members:?}");
    assert!(members.is_sorted() && members.contains(&"rpc_methods".to_owned()), "{members:?}");
}

#[test]
fn an_open_method_that_the_node_lacks_is_noticed() {
    let lacking = missing(&module().into());
    assert!(lacking.contains(&"chain_getHeader"), "{lacking:?}");
    assert!(!lacking.contains(&"system_health") && !lacking.contains(&"rpc_methods"));
}

#[test]
fn a_bad_token_is_401_with_a_sentence_and_never_taken_for_none() {
    let world = World::new(Limits::default());
    let now = token::now();
    let mut forged = world.token();
    forged.replace_range(20..21, if &forged[20..21] == "A" { "B" } else { "A" });
    let stranger = token_of(&key("//Stranger"));
    let elsewhere = token::make(&world.alice, Hash::repeat_byte(8), now + 60);
    let expired = token::make(&world.alice, GENESIS, now - 1);
    let long = token::make(&world.alice, GENESIS, now + 8 * 24 * 3_600);
    for (token, said) in [
        ("nonsense", "no token"),
        (forged.as_str(), "not signed"),
        (elsewhere.as_str(), "another chain"),
        (expired.as_str(), "expired"),
        (long.as_str(), "may be good for 168"),
        (stranger.as_str(), "works for no company"),
        (stranger.as_str(), "allowance.draw_on"),
    ] {
        let over_http = world.http().ask(Some(token), "system_health");
        let over_websocket = world.websocket(Some(token)).err().unwrap();
        for answer in [over_http, over_websocket] {
            assert_eq!(answer.status, 401, "{answer:?}");
            assert!(answer.body.contains(said), "{answer:?}");
            assert!(answer.headers.contains("www-authenticate: bearer"), "{answer:?}");
        }
    }
    assert_eq!(world.count("smartlink_gate_refused_total", "token"), 10);
    assert_eq!(world.count("smartlink_gate_refused_total", "no_member"), 4);
    assert_eq!(world.count("smartlink_gate_requests_total", "public"), 0);
}

#[test]
fn a_connection_ends_with_its_first_bad_token() {
    let world = World::new(Limits::default());
    let mut http = world.http();
    assert_eq!(http.ask(Some("nonsense"), "system_health").status, 401);
    assert!(http.ends());
}

#[test]
fn a_browser_may_show_the_token_in_the_address_of_a_websocket_alone() {
    let world = World::new(Limits::default());
    let target = format!("/?token={}", world.token());
    let mut websocket = WebSocket::at(world.gate.addr, &target, "").unwrap();
    assert_eq!(websocket.ask("chain_getBlock")["result"], "a block");
    let mut http = world.http();
    let body = request("system_health");
    http.send(&format!(
        "POST {target} HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    let answer = http.receive().unwrap();
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("WebSocket alone"), "{answer:?}");
}

#[test]
fn a_page_of_any_origin_may_ask() {
    let world = World::new(Limits::default());
    let mut http = world.http();
    http.send(
        "OPTIONS / HTTP/1.1\r\nhost: gate\r\norigin: https://portal.example\r\n\
         access-control-request-method: POST\r\naccess-control-request-headers: authorization\r\n\r\n",
    );
    let answer = http.receive().unwrap();
    assert_eq!(answer.status, 204);
    assert!(answer.headers.contains("access-control-allow-origin: *"), "{answer:?}");
    assert!(answer.headers.contains("access-control-allow-headers: authorization"), "{answer:?}");
    // Without it a page could not read why it was refused.
    for token in [None, Some("nonsense")] {
        let answer = world.http().ask(token, "system_health");
        assert!(answer.headers.contains("access-control-allow-origin: *"), "{answer:?}");
        assert!(!answer.headers.contains("allow-credentials"), "{answer:?}");
    }
}

#[test]
fn a_member_who_is_dismissed_hears_nothing_more() {
    let limits =
        Limits { round: Duration::from_millis(100), memory: Duration::ZERO, ..Limits::default() };
    let world = World::new(limits);
    let mut websocket = world.websocket(Some(&world.token())).unwrap();
    websocket.ask("chain_subscribeNewHeads");
    // Several rounds pass while she works there.
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(500) {
        assert!(websocket.receive().is_some(), "the connection of a member ended");
    }
    world.staff.dismiss(&world.alice);
    let start = Instant::now();
    while websocket.receive().is_some() {
        assert!(start.elapsed() < SOON, "the connection of a dismissed member goes on");
    }
    let answer = world.http().ask(Some(&world.token()), "system_health");
    assert_eq!(answer.status, 401, "{answer:?}");
    assert_eq!(world.count("smartlink_gate_refused_total", "ended"), 1);
}

#[test]
fn a_connection_ends_with_its_token() {
    let world = World::new(Limits::default());
    let token = token::make(&world.alice, GENESIS, token::now() + 3);
    let mut websocket = world.websocket(Some(&token)).unwrap();
    assert_eq!(websocket.ask("chain_getBlock")["result"], "a block");
    assert!(websocket.receive().is_none());
    assert_eq!(world.websocket(Some(&token)).err().unwrap().status, 401);
}

#[test]
fn a_membership_is_asked_for_once_in_a_while() {
    let world = World::new(Limits::default());
    for _ in 0..5 {
        assert_eq!(world.http().ask(Some(&world.token()), "chain_getBlock").status, 200);
    }
    assert_eq!(world.staff.asked.load(Ordering::Relaxed), 1);
    // Who was none becomes one at once.
    let ben = key("//Ben");
    assert_eq!(world.http().ask(Some(&token_of(&ben)), "chain_getBlock").status, 401);
    world.staff.hire(&ben);
    assert_eq!(world.http().ask(Some(&token_of(&ben)), "chain_getBlock").status, 200);
}

#[test]
fn where_the_runtime_does_not_answer_nobody_is_taken_for_a_member() {
    let world = World::new(Limits::default());
    *world.staff.silent.lock().unwrap() = true;
    let answer = world.http().ask(Some(&world.token()), "system_health");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.body.contains("the runtime is being replaced"), "{answer:?}");
    *world.staff.silent.lock().unwrap() = false;
    assert_eq!(world.http().ask(Some(&world.token()), "system_health").status, 200);
}

/// A rate that does not come back while a test runs.
const THREE: Rate = Rate { per_second: 1, at_once: 3 };

/// How many of ten requests are answered, and the code of those that are not.
fn answered(http: &mut Http, token: Option<&str>) -> (usize, Vec<i64>) {
    let answers: Vec<Answer> = (0..10).map(|_| http.ask(token, "system_health")).collect();
    let (good, bad): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.json()["error"].is_null());
    (good.len(), bad.into_iter().map(Answer::code).collect())
}

#[test]
fn a_connection_asks_so_often_and_no_more() {
    let world = World::new(Limits { stranger: THREE, member: THREE, ..Limits::default() });
    let start = Instant::now();
    for token in [None, Some(world.token())] {
        let (good, codes) = answered(&mut world.http(), token.as_deref());
        let come_back = usize::try_from(start.elapsed().as_secs()).unwrap() + 1;
        assert!((3..=3 + come_back).contains(&good), "{good}");
        assert!(codes.iter().all(|code| *code == -32_002), "{codes:?}");
    }
    let mut http = world.http();
    answered(&mut http, None);
    let said = http.ask(None, "system_health").json()["error"]["message"].to_string();
    assert!(said.contains("at most 1 in a second (3 at once)"), "{said}");
    soon("the rate comes back", || http.ask(None, "system_health").json()["result"] == "well");
}

#[test]
fn strangers_together_ask_so_often_and_members_are_none_of_them() {
    let world = World::new(Limits { strangers: THREE, ..Limits::default() });
    let (good, _) = answered(&mut world.http(), None);
    assert!((3..9).contains(&good), "{good}");
    let mut other = world.http();
    let (good, codes) = answered(&mut other, None);
    assert!(good < 9 && codes.iter().all(|code| *code == -32_002), "{good} {codes:?}");
    assert_eq!(answered(&mut world.http(), Some(&world.token())).0, 10);
}

#[test]
fn a_large_request_is_a_large_part_of_the_rate() {
    let world = World::new(Limits::default());
    let mut http = world.http();
    let extrinsic = "x".repeat(30 * 1024);
    let submit = json!({
        "jsonrpc": "2.0", "id": 1, "method": "author_submitExtrinsic", "params": [extrinsic],
    });
    assert_eq!(http.post(None, &submit.to_string()).json()["result"], "taken");
    assert_eq!(http.post(None, &submit.to_string()).code(), -32_002);
}

#[test]
fn a_request_or_a_batch_that_is_too_large_is_refused() {
    let world = World::new(Limits::default());
    // It is refused by what it says of itself, before it is there.
    let declared = |token: Option<&str>, bytes: u32| {
        let mut http = world.http();
        let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n"));
        http.send(&format!(
            "POST / HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\n{}content-length: {bytes}\r\n\r\n{{",
            authorization.unwrap_or_default()
        ));
        http.receive().unwrap().status
    };
    let token = world.token();
    assert_eq!(declared(None, limits::STRANGERS_REQUEST + 1), 413);
    assert_eq!(declared(Some(&token), limits::MEMBERS_REQUEST + 1), 413);
    let filler = "x".repeat(2 * usize::try_from(limits::STRANGERS_REQUEST).unwrap());
    let large = json!({ "jsonrpc": "2.0", "id": 1, "method": "system_health", "params": [filler] });
    assert_eq!(world.http().post(Some(&token), &large.to_string()).json()["result"], "well");
    let batch = |count: u32| {
        let requests: Vec<String> = (0..count).map(|_| request("system_health")).collect();
        format!("[{}]", requests.join(","))
    };
    let fits = world.http().post(None, &batch(limits::BATCH)).json();
    assert_eq!(fits.as_array().unwrap().len(), 32);
    assert_eq!(world.http().post(None, &batch(limits::BATCH + 1)).code(), -32_010);
}

#[test]
fn so_many_requests_of_a_connection_are_answered_at_a_time() {
    let world = World::new(Limits { at_a_time: 2, ..Limits::default() });
    let mut websocket = world.websocket(Some(&world.token())).unwrap();
    for _ in 0..3 {
        websocket.send(&request("state_getStorage"));
    }
    let refused = websocket.receive().unwrap();
    assert_eq!(refused["error"]["code"], -32_002, "{refused}");
    for _ in 0..2 {
        assert_eq!(websocket.receive().unwrap()["result"], "a value");
    }
    assert_eq!(websocket.ask("state_getStorage")["result"], "a value");
}

#[test]
fn so_many_subscriptions_of_a_connection_are_held() {
    let world = World::new(Limits::default());
    let mut websocket = world.websocket(Some(&world.token())).unwrap();
    let mut codes = Vec::new();
    for _ in 0..=limits::SUBSCRIPTIONS {
        websocket.send(&request("chain_subscribeNewHeads"));
        let answer = loop {
            let heard = websocket.receive().unwrap();
            if heard["id"] == 1 {
                break heard;
            }
        };
        codes.extend(answer["error"]["code"].as_i64());
    }
    assert_eq!(codes, [-32_006]);
}

#[test]
fn so_many_connections_are_taken_and_the_places_come_back() {
    let world = World::new(Limits { connections: 4, ..Limits::default() });
    let token = world.token();
    let held: Vec<WebSocket> = (0..4).map(|_| world.websocket(Some(&token)).unwrap()).collect();
    // It says so before anything is sent.
    let answer = world.http().receive().unwrap();
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.body.contains("as many connections as it takes"), "{answer:?}");
    drop(held);
    soon("places come back", || {
        let mut http = world.http();
        http.send("GET / HTTP/1.1\r\nhost: gate\r\n\r\n");
        http.receive().is_some_and(|answer| answer.status == 405)
    });
}

/// What a browser asks before a page's request.
const PREFLIGHT: &str = "OPTIONS / HTTP/1.1\r\nhost: gate\r\n\r\n";

#[test]
fn strangers_leave_half_of_the_places_to_members() {
    // Of the other four some are still ending while the next ones come.
    let world = World::new(Limits { connections: 8, ..Limits::default() });
    let enters = || {
        let mut member = world.websocket(Some(&world.token())).unwrap();
        assert_eq!(member.ask("chain_getBlock")["result"], "a block");
    };
    let strangers: Vec<WebSocket> = (0..4).map(|_| world.websocket(None).unwrap()).collect();
    let refused = world.websocket(None).err().unwrap();
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.body.contains("show a member's token"), "{refused:?}");
    enters();
    drop(strangers);

    // Those who only send OPTIONS are strangers as well. One for whom there is no place has its answer, and no place.
    let mut asking: Vec<Http> = Vec::new();
    soon("four have places", || {
        let mut http = world.http();
        http.send(PREFLIGHT);
        let answer = http.receive();
        let stays = answer.is_some_and(|answer| !answer.headers.contains("connection: close"));
        if stays {
            asking.push(http);
        }
        asking.len() == 4
    });
    let mut fifth = world.http();
    fifth.send(PREFLIGHT);
    let answer = fifth.receive().unwrap();
    assert_eq!(answer.status, 204, "{answer:?}");
    assert!(fifth.ends());
    assert_eq!(world.websocket(None).err().unwrap().status, 503);
    enters();
    let mut still = asking.pop().unwrap();
    still.send(PREFLIGHT);
    assert_eq!(still.receive().unwrap().status, 204, "its place is its own");
}

#[test]
fn silent_connections_leave_half_of_the_places_to_members() {
    let world = World::new(Limits { connections: 20, ..Limits::default() });
    // Ten have places of strangers. Of the others two may stand there, and each is cut for the next one.
    let mut silent: Vec<Http> = Vec::new();
    for _ in 0..40 {
        silent.push(world.http());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(world.websocket(None).err().unwrap().status, 503);
    let mut members: Vec<WebSocket> = Vec::new();
    for _ in 0..5 {
        members.push(world.websocket(Some(&world.token())).unwrap());
        silent.push(world.http());
    }
    for member in &mut members {
        assert_eq!(member.ask("chain_getBlock")["result"], "a block");
    }
    assert!(silent[10].ends(), "the first for which there was no place is cut");
    let first = &mut silent[0];
    assert_eq!(first.ask(None, "system_health").json()["result"], "well", "it has a place");
    // Who shows a token gives the place back.
    assert_eq!(first.ask(Some(&world.token()), "chain_getBlock").status, 200);
    assert!(world.websocket(None).is_ok());
}

#[test]
fn what_is_no_request_over_json_rpc_counts_as_one() {
    let get = "GET / HTTP/1.1\r\nhost: gate\r\n\r\n";
    let malformed = "POST / HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n{";
    for text in [PREFLIGHT, get, malformed] {
        let world = World::new(Limits { stranger: THREE, ..Limits::default() });
        let mut http = world.http();
        let mut last = None;
        for _ in 0..10 {
            http.send(text);
            let Some(answer) = http.receive() else { break };
            last = Some(answer);
        }
        let last = last.unwrap();
        assert_eq!(last.status, 429, "{text}: {last:?}");
        assert!(last.body.contains("at most 1 in a second (3 at once)"), "{last:?}");
        assert!(http.ends());
        assert_eq!(world.count("smartlink_gate_refused_total", "rate"), 1);
    }
}

#[test]
fn however_much_is_read_questions_about_members_are_answered() {
    let limits = Limits {
        reads: 64,
        reads_of_an_account: 64,
        round: Duration::from_millis(100),
        memory: Duration::ZERO,
        ..Limits::default()
    };
    let world = World::new(limits);
    let mut websocket = world.websocket(Some(&world.token())).unwrap();
    for _ in 0..limits::READING_THREADS + 4 {
        websocket.send(&request("state_call"));
    }
    world.reading.are(limits::READING_THREADS);
    let ben = world.hire("//Ben");
    let start = Instant::now();
    assert_eq!(world.http().ask(Some(&ben), "system_health").json()["result"], "well");
    assert!(start.elapsed() < Duration::from_secs(4), "before the patience ends");
    // Longer than the patience of a question.
    std::thread::sleep(Duration::from_secs(6));
    world.reading.let_go();
    for _ in 0..limits::READING_THREADS + 4 {
        assert_eq!(websocket.receive().unwrap()["result"], "what was read");
    }
    assert_eq!(world.count("smartlink_gate_refused_total", "ended"), 0);
}

#[test]
fn so_many_requests_read_the_state_at_a_time_of_an_account_and_of_all() {
    let world = World::new(Limits::default());
    let tokens: Vec<String> =
        ["//A", "//B", "//C", "//D"].iter().map(|uri| world.hire(uri)).collect();
    let mut websockets: Vec<WebSocket> = Vec::new();
    for (token, reading) in tokens.iter().zip([4, 8, 12, 12]) {
        let mut websocket = world.websocket(Some(token)).unwrap();
        for _ in 0..6 {
            websocket.send(&request("state_call"));
        }
        websockets.push(websocket);
        world.reading.are(reading);
    }
    // What does not read the state does not wait.
    assert_eq!(websockets[3].ask("chain_getBlock")["result"], "a block");
    world.reading.let_go();
    for websocket in &mut websockets {
        for _ in 0..6 {
            assert_eq!(websocket.receive().unwrap()["result"], "what was read");
        }
    }
}

#[test]
fn who_goes_away_has_its_turns_until_what_it_asked_for_is_read() {
    let world = World::new(Limits { reads_of_an_account: 1, ..Limits::default() });
    let mut first = world.websocket(Some(&world.token())).unwrap();
    first.send(&request("state_call"));
    world.reading.are(1);
    drop(first);
    let mut second = world.websocket(Some(&world.token())).unwrap();
    second.send(&request("state_call"));
    world.reading.are(1);
    world.reading.let_go();
    assert_eq!(second.receive().unwrap()["result"], "what was read");
}

#[test]
fn a_turn_to_read_is_not_waited_for_without_an_end() {
    let limits =
        Limits { reads_of_an_account: 1, answer: Duration::from_millis(500), ..Limits::default() };
    let world = World::new(limits);
    let mut websocket = world.websocket(Some(&world.token())).unwrap();
    websocket.send(&request("state_call"));
    world.reading.are(1);
    let refused = websocket.ask("state_call");
    assert_eq!(refused["error"]["code"], -32_002, "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("turn"), "{refused}");
    assert_eq!(world.count("smartlink_gate_refused_total", "reads"), 1);
    world.reading.let_go();
    assert_eq!(websocket.receive().unwrap()["result"], "what was read");
}

#[test]
fn what_reads_the_whole_state_is_not_run_by_another_name() {
    let world = World::new(Limits::default());
    world.reading.let_go();
    let call = |function: &str| {
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "state_call", "params": [function, "0x"],
        });
        world.http().post(Some(&world.token()), &call.to_string())
    };
    for function in ["SmartlinkApi_supply", "SmartlinkApi_check_invariants"] {
        let refused = call(function);
        assert_eq!(refused.code(), -32_601, "{refused:?}");
        assert!(refused.body.contains(function) && refused.body.contains("unsafe"), "{refused:?}");
    }
    assert_eq!(call("SmartlinkApi_totals").json()["result"], "what was read");
}

#[test]
fn an_account_has_so_many_connections_whatever_tokens_it_shows() {
    let world = World::new(Limits { of_an_account: 2, ..Limits::default() });
    let other_token = token::make(&world.alice, GENESIS, token::now() + 120);
    let first = world.websocket(Some(&world.token())).unwrap();
    let _second = world.websocket(Some(&other_token)).unwrap();
    let refused = world.http().ask(Some(&world.token()), "chain_getBlock");
    assert_eq!(refused.status, 429, "{refused:?}");
    drop(first);
    soon("its place comes back", || {
        world.http().ask(Some(&world.token()), "chain_getBlock").status == 200
    });
}

#[test]
fn who_says_nothing_is_not_waited_for() {
    let world = World::new(Limits { head: Duration::from_millis(300), ..Limits::default() });
    let mut silent = world.http();
    let mut slow = world.http();
    slow.send("POST / HTTP/1.1\r\nhost: ga");
    let start = Instant::now();
    silent.receive();
    slow.receive();
    assert!(silent.ends() && slow.ends());
    assert!(start.elapsed() < SOON);
}

#[test]
fn who_does_not_end_a_request_is_not_waited_for() {
    let world = World::new(Limits { answer: Duration::from_millis(300), ..Limits::default() });
    let mut http = world.http();
    http.send(
        "POST / HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    );
    let answer = http.receive().unwrap();
    assert_eq!(answer.status, 408, "{answer:?}");
}

#[test]
fn http_is_spoken_for_a_while_and_a_websocket_stays() {
    let world = World::new(Limits { http: Duration::from_millis(500), ..Limits::default() });
    let mut http = world.http();
    let mut websocket = world.websocket(None).unwrap();
    assert_eq!(http.ask(None, "system_health").status, 200);
    assert!(http.ends());
    assert_eq!(websocket.ask("system_health")["result"], "well");
}

#[test]
fn who_takes_no_answers_is_let_go() {
    let limits =
        Limits { of_an_account: 1, stalled: Duration::from_millis(500), ..Limits::default() };
    let world = World::new(limits);
    let mut websocket = world.websocket(Some(&world.token())).unwrap();
    websocket.send(&request("state_subscribeStorage"));
    // It is open, and takes nothing: a MiB each 20 ms fills what the system buffers soon.
    let again = || world.http().ask(Some(&world.token()), "chain_getBlock").status;
    assert_eq!(again(), 429);
    soon("its place comes back", || again() == 200);
}

#[test]
fn an_occupied_port_is_named() {
    let world = World::new(Limits::default());
    let parts = Parts {
        limits: Limits::default(),
        genesis: GENESIS,
        methods: module().into(),
        members: world.staff.clone(),
        registry: None,
    };
    let error = open(world.gate.addr, parts).err().unwrap().to_string();
    assert!(error.contains(&world.gate.addr.to_string()), "{error}");
    assert!(error.contains("--gate-addr"), "{error}");
}

#[test]
fn a_gate_that_is_dropped_is_closed() {
    let world = World::new(Limits::default());
    let (addr, mut websocket) = (world.gate.addr, world.websocket(None).unwrap());
    drop(world);
    assert!(websocket.receive().is_none());
    soon("the port is free", || std::net::TcpListener::bind(addr).is_ok());
}

#[test]
fn the_gate_is_closed_unless_it_has_an_address() {
    use clap::Parser;
    #[derive(clap::Parser)]
    struct Line {
        #[clap(flatten)]
        gate: GateArgs,
    }
    let parse = |arguments: &[&str]| {
        Line::try_parse_from(["node"].iter().chain(arguments)).map(|line| line.gate)
    };
    assert_eq!(parse(&[]).unwrap().gate_addr, None);
    let open = parse(&["--gate-addr", "0.0.0.0:9955"]).unwrap();
    assert_eq!(open.gate_addr, Some("0.0.0.0:9955".parse().unwrap()));
    assert_eq!(open.limits().connections, 1_000);
    let small = ["--gate-addr", "[::]:9955", "--gate-max-connections", "20"];
    assert_eq!(parse(&small).unwrap().limits().connections, 20);
    for wrong in ["0", "1", "10001", "many"] {
        let line = ["--gate-addr", "[::]:9955", "--gate-max-connections", wrong];
        assert!(parse(&line).is_err(), "{wrong}");
    }
    assert!(parse(&["--gate-max-connections", "20"]).is_err(), "of which gate?");
    assert!(parse(&["--gate-addr", "9955"]).is_err());
}
