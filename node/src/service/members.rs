//! Who may talk to this node: the machines that the members registered on the chain.
//!
//! The list is that of the newest final block. A chain that is open admits everybody. What a stranger still can do is to connect,
//! learn which software this is, and ask for addresses of other nodes: it gets no block, no state, no proof, no transaction and
//! no vote.

use super::FullClient;
use futures::StreamExt;
use sc_client_api::BlockchainEvents;
use sc_network::{
    config::{IncomingRequest, OutgoingResponse, RequestResponseConfig},
    multiaddr::{Multiaddr, Protocol},
    service::traits::NetworkService,
    PeerId, ProtocolName, ReputationChange,
};
use sc_service::{Error, SpawnTaskHandle};
use smartlink_runtime::{api::NodesApi, Hash};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

/// A stranger that asks is not talked to for a while.
const STRANGER: ReputationChange = ReputationChange::new_fatal("not a node of a member");

/// Requests that wait at the gate, of all peers together. Beyond it the network refuses them.
const WAITING: usize = 64;

/// Who is admitted now.
pub struct Members {
    /// `None`: everybody.
    admitted: RwLock<Option<HashSet<PeerId>>>,
    /// Those that the operator of this node named by `--reserved-nodes`.
    named: HashSet<PeerId>,
}

impl Members {
    /// Reads the list of the newest final block.
    pub fn read(client: &FullClient, named: HashSet<PeerId>) -> Result<Arc<Self>, Error> {
        let admitted = RwLock::new(admitted(client, client.info().finalized_hash)?);
        Ok(Arc::new(Self { admitted, named }))
    }

    /// Whether a peer may ask this node anything.
    pub fn admits(&self, peer: &PeerId) -> bool {
        match &*self.admitted.read().unwrap_or_else(PoisonError::into_inner) {
            None => true,
            Some(peers) => peers.contains(peer) || self.named.contains(peer),
        }
    }

    /// Whether strangers are kept out.
    pub fn keeps_out(&self) -> bool {
        self.admitted.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Has strangers' requests refused before they reach whoever answers this protocol.
    pub fn guard(
        self: &Arc<Self>,
        protocol: &mut RequestResponseConfig,
        spawner: &SpawnTaskHandle,
    ) {
        let Some(answers) = protocol.inbound_queue.take() else { return };
        let (asked, requests) = async_channel::bounded(answers.capacity().unwrap_or(WAITING));
        protocol.inbound_queue = Some(asked);
        let members = self.clone();
        spawner.spawn("members-gate", Some("networking"), async move {
            while let Ok(request) = requests.recv().await {
                if !members.admits(&request.peer) {
                    refuse(request);
                } else if answers.send(request).await.is_err() {
                    return;
                }
            }
        });
    }

    /// Has the network keep to the list, and connect to whoever is on it.
    pub fn impose(&self, network: &dyn NetworkService, blocks: &ProtocolName) {
        let peers = match &*self.admitted.read().unwrap_or_else(PoisonError::into_inner) {
            None => return network.accept_unreserved_peers(),
            Some(peers) => peers.union(&self.named).copied().collect::<HashSet<PeerId>>(),
        };
        let others = peers.into_iter().filter(|peer| *peer != network.local_peer_id());
        let addresses = others.map(|peer| Multiaddr::empty().with(Protocol::P2p(peer.into())));
        if let Err(why) = network.set_reserved_peers(blocks.clone(), addresses.collect()) {
            log::error!("the network does not take the list of the members' nodes: {why}");
        }
        network.deny_unreserved_peers();
    }

    /// Follows the chain, and imposes each new list. Ends when the client does.
    pub async fn follow(
        self: Arc<Self>,
        client: Arc<FullClient>,
        network: Arc<dyn NetworkService>,
        blocks: ProtocolName,
    ) {
        let mut finalised = client.finality_notification_stream();
        while let Some(block) = finalised.next().await {
            let next = match admitted(&client, block.hash) {
                Ok(next) => next,
                Err(why) => {
                    log::error!("the list of the members' nodes stays as it was: {why}");
                    continue;
                }
            };
            let mut present = self.admitted.write().unwrap_or_else(PoisonError::into_inner);
            if *present == next {
                continue;
            }
            match &next {
                None => log::info!("the network is open to everybody now"),
                Some(peers) => log::info!("the network is {} registered nodes now", peers.len()),
            }
            *present = next;
            drop(present);
            self.impose(&*network, &blocks);
        }
    }
}

fn refuse(request: IncomingRequest) {
    let refusal = OutgoingResponse {
        result: Err(()),
        reputation_changes: vec![STRANGER],
        sent_feedback: None,
    };
    // Who asked may be gone.
    let _ = request.pending_response.send(refusal);
}

/// The peers that a block's state admits. `None`: everybody.
fn admitted(client: &FullClient, block: Hash) -> Result<Option<HashSet<PeerId>>, Error> {
    let keys = client.runtime_api().admitted_nodes(block).map_err(|error| {
        Error::Other(format!("the chain does not say whose nodes may join: {error}"))
    })?;
    // What is no point of the curve is nobody's key: it admits nobody.
    Ok(keys.map(|keys| keys.iter().filter_map(PeerId::from_ed25519).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(admitted: Option<&[PeerId]>, named: &[PeerId]) -> Members {
        Members {
            admitted: RwLock::new(admitted.map(|peers| peers.iter().copied().collect())),
            named: named.iter().copied().collect(),
        }
    }

    #[test]
    fn an_open_chain_admits_everybody_and_a_closed_one_its_nodes_and_whom_the_operator_named() {
        let [member, named, stranger] = [PeerId::random(), PeerId::random(), PeerId::random()];
        let open = gate(None, &[]);
        assert!(open.admits(&stranger) && !open.keeps_out());
        let closed = gate(Some(&[member]), &[named]);
        assert!(closed.admits(&member) && closed.admits(&named) && closed.keeps_out());
        assert!(!closed.admits(&stranger));
    }
}
