//! anvil, Foundry's node of Ethereum, on a port of its own.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use alloy_primitives::{keccak256, Address, B256};
use serde_json::{json, Value};
use smartlink_devnet::{free_port, spawn};

use super::tool::tool;

/// Keys of anvil's first accounts, which are everybody's.
pub const KEYS: [&str; 3] = [
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
];
/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// A node of Ethereum with a block each second.
pub struct Anvil {
    child: Child,
    port: u16,
    client: reqwest::Client,
}

impl Anvil {
    pub async fn start() -> Self {
        let port = free_port().unwrap();
        let mut command = Command::new(tool("anvil"));
        command.args(["--port", &port.to_string(), "--block-time", "1", "--silent"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = spawn(command).unwrap();
        let anvil = Self { child, port, client: reqwest::Client::new() };
        super::until("anvil answers", PATIENCE, || async {
            anvil.try_ask("eth_blockNumber", json!([])).await
        })
        .await;
        anvil
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    async fn try_ask(&self, method: &str, params: Value) -> Option<Value> {
        let question = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let answer = self.client.post(self.url()).json(&question).send().await.ok()?;
        answer.json().await.ok()
    }

    pub async fn ask(&self, method: &str, params: Value) -> Value {
        let mut answer = self.try_ask(method, params).await.unwrap();
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Blocks come no more, and transactions wait.
    pub async fn stop_mining(&self) {
        self.ask("evm_setAutomine", json!([false])).await;
        self.ask("evm_setIntervalMining", json!([0])).await;
    }

    pub async fn mine_each_second(&self) {
        self.ask("evm_setIntervalMining", json!([1])).await;
    }

    /// How many transactions an account has in blocks.
    pub async fn nonce(&self, account: Address) -> u64 {
        number(&self.ask("eth_getTransactionCount", json!([account, "latest"])).await)
    }

    /// Transactions of an account that wait.
    pub async fn waiting(&self, account: Address) -> u64 {
        let all = self.ask("eth_getTransactionCount", json!([account, "pending"])).await;
        number(&all) - self.nonce(account).await
    }

    /// The checkpoints that a contract has taken, in order: block and set.
    pub async fn checkpoints(&self, contract: Address) -> Vec<(u32, u64)> {
        let topic = keccak256("Checkpoint(uint32,bytes32,uint64)");
        let events = self.events(contract, topic).await;
        let read = |event: &Value| {
            let topic = |place: usize| {
                let word: B256 = event["topics"][place].as_str().unwrap().parse().unwrap();
                u64::from_be_bytes(word[24..].try_into().unwrap())
            };
            (u32::try_from(topic(1)).unwrap(), topic(3))
        };
        events.iter().map(read).collect()
    }

    /// The sets that took over, in order, with the one that the contract was made with.
    pub async fn handovers(&self, contract: Address) -> Vec<u64> {
        let topic = keccak256("Handover(uint64,bytes32,uint32)");
        let set = |event: &Value| {
            let word: B256 = event["topics"][1].as_str().unwrap().parse().unwrap();
            u64::from_be_bytes(word[24..].try_into().unwrap())
        };
        self.events(contract, topic).await.iter().map(set).collect()
    }

    async fn events(&self, contract: Address, topic: B256) -> Vec<Value> {
        let filter = json!({"address": contract, "topics": [topic], "fromBlock": "0x0"});
        self.ask("eth_getLogs", json!([filter])).await.as_array().unwrap().clone()
    }
}

fn number(quantity: &Value) -> u64 {
    let digits = quantity.as_str().unwrap().trim_start_matches("0x").to_owned();
    u64::from_str_radix(&digits, 16).unwrap()
}

impl Drop for Anvil {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
