//! The gate of a real node: what strangers and members are answered, and what becomes of a member who is dismissed. Tokens are made by
//! hand, as `docs/rpc.md` says, and by the command.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL, Engine};
use serde_json::{json, Value};
use smartlink_chain::{
    api, calls,
    subxt::{
        rpcs::{client::RawValue, Error, RpcClient},
        utils::H256,
    },
    Account, Static,
};
use smartlink_devnet::{free_port, Consortium, Options};
use smartlink_primitives::{CompanyId, Permissions};
use support::{node, PATIENCE};
use tokio::time::{sleep, timeout};

/// The company of the chain's administrator, Alice.
const COMPANY: CompanyId = CompanyId(1);
/// How often something that is to happen is looked for.
const LOOK: Duration = Duration::from_millis(500);
/// The code of what is for members alone.
const MEMBERS_ONLY: i64 = -32_001;
/// The code of what is unsafe.
const UNSAFE: i64 = -32_601;

/// A node's gate, and its port for the machine that it runs on.
struct Gate {
    client: reqwest::Client,
    port: u16,
    local: String,
    genesis: H256,
}

impl Gate {
    /// Asks the gate. Gives the status, and what was said.
    async fn ask(&self, token: Option<&str>, method: &str, params: Value) -> (u16, String) {
        self.post(&format!("http://127.0.0.1:{}", self.port), token, method, params).await
    }

    async fn post(
        &self,
        url: &str,
        token: Option<&str>,
        method: &str,
        params: Value,
    ) -> (u16, String) {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let mut request = self.client.post(url).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{method}: {error}"));
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What a method answers.
    async fn get(&self, token: Option<&str>, method: &str, params: Value) -> Value {
        let (status, said) = self.ask(token, method, params).await;
        let answer: Value = serde_json::from_str(&said).unwrap();
        assert!(status == 200 && answer["error"].is_null(), "{method}: {status} {said}");
        answer["result"].clone()
    }

    /// The code with which a method is refused.
    async fn code(&self, token: Option<&str>, method: &str, params: Value) -> i64 {
        let (_, said) = self.ask(token, method, params).await;
        let answer: Value = serde_json::from_str(&said).unwrap();
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {said}"))
    }

    /// A WebSocket whose token is in the address, as a browser opens it.
    async fn websocket(&self, token: &str) -> RpcClient {
        let url = format!("ws://127.0.0.1:{}/?token={token}", self.port);
        RpcClient::from_insecure_url(url).await.unwrap()
    }

    /// A token of an account for ten minutes, made by hand.
    fn token(&self, account: &Account) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut claims = vec![1];
        claims.extend(account.id().0);
        claims.extend(self.genesis.0);
        claims.extend((now + 600).to_le_bytes());
        let part = BASE64URL.encode(claims);
        let message = format!("<Bytes>smartlink rpc {part}</Bytes>");
        let signature = account.keypair().sign(message.as_bytes());
        format!("{part}.{}", BASE64URL.encode(signature.0))
    }
}

/// The names that `rpc_methods` gives.
fn names(answer: &Value) -> BTreeSet<String> {
    let names = answer["methods"].as_array().unwrap().iter();
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_no_business_and_members_everything_until_they_are_dismissed() {
    let port = free_port().unwrap();
    let address = format!("127.0.0.1:{port}");
    let options = Options::new(node()).validators(1).extra_args(["--gate-addr", &address]);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap();
    let chain = consortium.chain(0).unwrap();
    let local = format!("http://127.0.0.1:{}", consortium.node(0).rpc_port());
    let gate = Gate { client: reqwest::Client::new(), port, local, genesis: chain.genesis() };

    strangers(&gate).await;
    let alice = Account::from_uri("//Alice").unwrap();
    members(&gate, &gate.token(&alice)).await;
    members(&gate, &by_command(&consortium)).await;
    tokens_of_nobody(&gate, &alice).await;
    a_reader_is_hired_and_dismissed(&gate, &consortium, &alice).await;
    consortium.stop().await;
}

/// What is open is there, and is all that is.
async fn strangers(gate: &Gate) {
    let (_, said) = gate.post(&gate.local, None, "rpc_methods", json!([])).await;
    let all = names(&serde_json::from_str::<Value>(&said).unwrap()["result"]);
    let open = names(&gate.get(None, "rpc_methods", json!([])).await);
    let unknown: Vec<_> = open.difference(&all).collect();
    assert!(unknown.is_empty(), "open, and not known to the node: {unknown:?}");
    assert!(open.len() > 20 && open.len() < all.len(), "{open:?}");

    let genesis = gate.get(None, "chain_getBlockHash", json!([0])).await;
    assert_eq!(genesis, json!(gate.genesis));
    gate.get(None, "system_health", json!([])).await;
    let metadata = gate.get(None, "state_getMetadata", json!([])).await;
    assert!(metadata.as_str().unwrap().len() > 100_000);
    for (method, params) in [
        ("chain_getBlock", json!([])),
        ("state_call", json!(["Core_version", "0x"])),
        ("state_getStorage", json!(["0x00"])),
        ("author_pendingExtrinsics", json!([])),
        ("smartlink_totals", json!([1])),
        ("system_peers", json!([])),
    ] {
        assert_eq!(gate.code(None, method, params).await, MEMBERS_ONLY, "{method}");
    }
}

async fn members(gate: &Gate, token: &str) {
    let token = Some(token);
    let totals = gate.get(token, "smartlink_totals", json!([1])).await;
    assert_eq!(totals["batches"], json!(0));
    assert!(gate.get(token, "chain_getBlock", json!([])).await["block"].is_object());
    gate.get(token, "state_call", json!(["Core_version", "0x"])).await;
    // The node is its operator's, whoever the member is.
    for method in ["author_rotateKeys", "system_peers"] {
        assert_eq!(gate.code(token, method, json!([])).await, UNSAFE, "{method}");
    }
}

/// A token of Alice, by the command, from a file with her secret.
fn by_command(consortium: &Consortium) -> String {
    let secret = consortium.base_path().join("alice.secret");
    fs::write(&secret, "//Alice\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let made = Command::new(node())
        .args(["company", "token", "--hours", "1", "--account-file"])
        .arg(&secret)
        .arg("--chain")
        .arg(consortium.base_path().join("dev.json"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success() && !said.contains("Warning"), "{said}");
    String::from_utf8(made.stdout).unwrap().trim_end().to_owned()
}

async fn tokens_of_nobody(gate: &Gate, alice: &Account) {
    let stranger = gate.token(&Account::from_uri("//Stranger").unwrap());
    let elsewhere = Gate {
        client: gate.client.clone(),
        local: String::new(),
        genesis: H256::repeat_byte(7),
        ..*gate
    };
    for (token, why) in [
        (stranger, "works for no company"),
        (elsewhere.token(alice), "another chain"),
        ("nonsense".to_owned(), "no token"),
    ] {
        let (status, said) = gate.ask(Some(&token), "system_health", json!([])).await;
        assert_eq!(status, 401, "{said}");
        assert!(said.contains(why), "{said}");
    }
}

async fn a_reader_is_hired_and_dismissed(gate: &Gate, consortium: &Consortium, alice: &Account) {
    let chain = consortium.chain(0).unwrap();
    let reader = Account::from_uri("//Alice//reader").unwrap();
    let token = gate.token(&reader);
    let enters = || gate.ask(Some(&token), "system_health", json!([]));
    assert_eq!(enters().await.0, 401);

    let hire = calls::grant_role(COMPANY, reader.id(), Permissions::FLEET, None);
    chain.execute(alice, &hire, PATIENCE).await.unwrap();
    let (status, said) = enters().await;
    assert_eq!(status, 200, "who was hired in a final block comes in at once: {said}");
    let websocket = gate.websocket(&token).await;
    assert!(listens(&websocket).await, "a member's WebSocket");

    let dismiss = api::transactions().consortium().revoke_role(Static(COMPANY), reader.id());
    chain.execute(alice, &dismiss, PATIENCE).await.unwrap();
    let out = async {
        while enters().await.0 != 401 || listens(&websocket).await {
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, out).await.expect("who was dismissed is out after a minute");
}

/// Whether a WebSocket still answers what is for members.
async fn listens(websocket: &RpcClient) -> bool {
    let params = RawValue::from_string("[1]".to_owned()).unwrap();
    match websocket.request_raw("smartlink_totals", Some(params)).await {
        Ok(_) => true,
        Err(Error::User(refused)) => panic!("the connection goes on and refuses: {refused:?}"),
        Err(_) => false,
    }
}
