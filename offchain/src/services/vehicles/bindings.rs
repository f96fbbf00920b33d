//! Which terminals the chain has at the vehicle to which the registry binds them.
//!
//! The chain knows a terminal by a hash ([`ChainSalt`]), so for each binding of the chain the terminals of its vehicle are
//! looked at: at most a few. The registry says which terminals were bound elsewhere meanwhile.

use std::collections::HashSet;

use smartlink_chain::{
    telemetry,
    vehicles::{self, Change},
    At, ChainError,
};
use smartlink_devices::{
    registry::MAX_PAGE, ChainSalt, Gate, Registry, RegistryError, Terminal, TerminalId,
};
use smartlink_primitives::{telemetry::DeviceId, CompanyId, VehicleId};
use tokio::sync::broadcast::{error::TryRecvError, Receiver};

use super::ledger::{LedgerError, Mirror};

/// Bindings that are looked up in the registry at once.
const PAGE: usize = 256;

/// The bindings of a company, followed.
pub(super) struct Bindings {
    known: Known,
    company: CompanyId,
    moves: Receiver<TerminalId>,
}

/// The registry, and the names that the chain has for what is in it.
#[derive(Clone)]
struct Known {
    registry: Registry,
    salt: ChainSalt,
}

impl Bindings {
    /// `None` when terminals have no names on the chain.
    pub(super) fn of(gate: &Gate) -> Option<Self> {
        let salt = gate.chain_salt()?.clone();
        let registry = gate.registry().clone();
        let moves = registry.moves();
        let company = CompanyId(gate.company());
        Some(Self { known: Known { registry, salt }, company, moves })
    }

    /// Whether the chain has what the registry has of one terminal.
    async fn look_up(&self, at: &At, id: TerminalId) -> Result<(), LedgerError> {
        let terminal = self.known.clone().at_disk(move |known| known.registry.terminal(id)).await?;
        if terminal.vehicle == 0 {
            return Ok(());
        }
        let device = self.known.salt.device_id(&terminal.identity);
        let bound = telemetry::device_vehicle(at, self.company, device).await?;
        let vehicle = VehicleId(terminal.vehicle);
        let block = block(at)?;
        let known = self.known.clone();
        if bound.is_some_and(|bound| bound.vehicle == vehicle) {
            known.at_disk(move |known| known.confirm(&terminal, block)).await
        } else {
            known.at_disk(move |known| known.registry.withdraw_confirmation(id)).await?;
            Ok(())
        }
    }
}

impl Known {
    /// Does what may wait for the disk where waiting holds up nobody.
    async fn at_disk<T: Send + 'static>(
        self,
        act: impl FnOnce(&Self) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        Ok(tokio::task::spawn_blocking(move || act(&self)).await??)
    }

    /// The terminals of a vehicle that the chain calls so: one, or several that call themselves the same.
    fn terminals(
        &self,
        device: DeviceId,
        vehicle: VehicleId,
    ) -> Result<Vec<Terminal>, RegistryError> {
        let mut terminals = self.registry.of_vehicle(vehicle.0)?;
        terminals.retain(|terminal| self.salt.device_id(&terminal.identity) == device);
        Ok(terminals)
    }

    fn confirm(&self, terminal: &Terminal, block: u32) -> Result<(), RegistryError> {
        match self.registry.confirm_binding(terminal.id, terminal.vehicle, block) {
            // It was bound elsewhere meanwhile: that is asked next.
            Ok(_) | Err(RegistryError::OtherVehicle { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Confirms what the chain has of these, and returns which terminals those are.
    fn confirm_all(
        &self,
        page: &[(DeviceId, VehicleId)],
        block: u32,
    ) -> Result<Vec<TerminalId>, RegistryError> {
        let mut confirmed = Vec::new();
        for (device, vehicle) in page {
            for terminal in self.terminals(*device, *vehicle)? {
                self.confirm(&terminal, block)?;
                confirmed.push(terminal.id);
            }
        }
        Ok(confirmed)
    }

    /// Withdraws what is confirmed after a terminal, on one page, and is not among these. Returns the last of the page.
    fn withdraw_others(
        &self,
        held: &HashSet<TerminalId>,
        after: TerminalId,
    ) -> Result<Option<TerminalId>, RegistryError> {
        let page = self.registry.list(after, MAX_PAGE)?;
        let gone =
            page.iter().filter(|one| one.bound_on_chain.is_some() && !held.contains(&one.id));
        for terminal in gone {
            self.registry.withdraw_confirmation(terminal.id)?;
        }
        Ok(page.last().map(|terminal| terminal.id))
    }
}

impl Mirror for Bindings {
    const WHAT: &'static str = "bindings of terminals";

    /// What it keeps meanwhile is 8 bytes for each terminal that is bound on the chain.
    async fn compare(&mut self, at: &At) -> Result<(), LedgerError> {
        let block = block(at)?;
        // Whatever moved before is looked at now, and what moves from here on is asked afterwards.
        self.moves = self.known.registry.moves();
        let mut held = HashSet::new();
        let mut devices = vehicles::devices(at, self.company).await?;
        loop {
            let mut page = Vec::with_capacity(PAGE);
            while page.len() < PAGE {
                let Some(binding) = devices.next().await? else { break };
                page.push(binding);
            }
            if page.is_empty() {
                break;
            }
            let known = self.known.clone();
            held.extend(known.at_disk(move |known| known.confirm_all(&page, block)).await?);
        }
        let mut after = Some(TerminalId(0));
        while let Some(last) = after {
            let known = self.known.clone();
            (after, held) =
                known.at_disk(move |known| Ok((known.withdraw_others(&held, last)?, held))).await?;
        }
        Ok(())
    }

    async fn take(&mut self, at: &At, change: Change) -> Result<(), LedgerError> {
        let block = block(at)?;
        let known = self.known.clone();
        match change {
            Change::Bound { company, vehicle, device } if company == self.company => {
                known.at_disk(move |known| known.confirm_all(&[(device, vehicle)], block)).await?;
            }
            // Vehicles that are sold or scrapped have their devices unbound, one by one.
            Change::Unbound { company, vehicle, device } if company == self.company => {
                let withdraw = move |known: &Known| {
                    let terminals = known.terminals(device, vehicle)?;
                    terminals.iter().try_for_each(|terminal| {
                        known.registry.withdraw_confirmation(terminal.id).map(drop)
                    })
                };
                known.at_disk(withdraw).await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn ask(&mut self, at: &At) -> Result<(), LedgerError> {
        loop {
            match self.moves.try_recv() {
                Ok(terminal) => self.look_up(at, terminal).await?,
                Err(TryRecvError::Lagged(_)) => self.compare(at).await?,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return Ok(()),
            }
        }
    }
}

/// The number of a block, as the chain counts them.
fn block(at: &At) -> Result<u32, ChainError> {
    let number = at.block_number();
    u32::try_from(number)
        .map_err(|_| ChainError::Missing { what: format!("block {number}: numbers have 32 bits") })
}
