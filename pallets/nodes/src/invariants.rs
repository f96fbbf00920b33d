//! What always holds of the machines.

use crate::{Config, Nodes, NodesOf, Pallet};
use frame_support::{ensure, traits::Get};
use smartlink_primitives::traits::Companies;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut registered = 0usize;
        for node in Nodes::<T>::iter_values() {
            ensure!(T::Companies::treasury(node.company).is_ok(), "a node of an unknown company");
            ensure!(crate::is_label(&node.label), "a node has a bad label");
            ensure!(node.since <= now, "a node was registered in the future");
            registered = registered.saturating_add(1);
        }

        let mut listed = 0usize;
        for (company, nodes) in NodesOf::<T>::iter() {
            ensure!(!nodes.is_empty(), "an empty list of nodes is kept");
            ensure!(nodes.len() <= T::MaxNodes::get() as usize, "a company has too many nodes");
            for (place, node) in nodes.iter().enumerate() {
                let owner = Nodes::<T>::get(node).map(|entry| entry.company);
                ensure!(owner == Some(company), "a listed node is not the company's");
                let twice = nodes.iter().take(place).any(|other| other == node);
                ensure!(!twice, "a node is listed twice");
            }
            listed = listed.saturating_add(nodes.len());
        }
        ensure!(listed == registered, "a node is in no company's list");
        Ok(())
    }
}
