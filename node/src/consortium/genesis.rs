//! The specification of the chain that a consortium starts.

use super::{parameters, Consortium, Error};
use crate::chain_spec::{properties, ChainSpec};
use frame_support::build_struct_json_patch;
use pallet_nodes::{NodeKey, NodeKind};
use sc_service::ChainSpec as _;
use serde_json::Value;
use smartlink_primitives::{CompanyId, CompanyKind};
use smartlink_runtime::{
    genesis::BABE_EPOCH, AccountId, BabeConfig, Balance, BalancesConfig, ConsortiumConfig,
    NodesConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, ValidatorsConfig,
};
use sp_runtime::BuildStorage;
use std::collections::BTreeMap;

impl Consortium {
    /// The chain, whose runtime is `code`. With parameters, its genesis is made here and is raw.
    ///
    /// # Errors
    /// The runtime does not build the genesis.
    pub fn specification(&self, code: &[u8]) -> Result<ChainSpec, Error> {
        let mut specification = ChainSpec::builder(code, None)
            .with_name(&self.name)
            .with_id(&self.id)
            .with_chain_type(self.kind.clone())
            .with_protocol_id(&self.id)
            .with_properties(properties())
            .with_boot_nodes(self.bootnodes.clone())
            .with_genesis_config_patch(self.patch())
            .build();
        if !self.parameters.is_empty() {
            let built = specification.build_storage();
            let mut storage =
                built.map_err(|why| Error::Genesis { file: self.file.clone(), why })?;
            storage.top.extend(parameters::storage(&self.parameters));
            specification.set_storage(storage);
        }
        Ok(specification)
    }

    /// What differs from the runtime's empty genesis.
    fn patch(&self) -> Value {
        let companies: Vec<(String, CompanyKind, AccountId, AccountId)> = self
            .companies
            .iter()
            .map(|one| {
                (one.name.clone(), one.kind, one.treasury.clone(), one.administrator.clone())
            })
            .collect();
        build_struct_json_patch!(RuntimeGenesisConfig {
            balances: BalancesConfig { balances: self.balances().into_iter().collect::<Vec<_>>() },
            consortium: ConsortiumConfig { companies },
            nodes: NodesConfig { permissioned: self.permissioned, nodes: self.nodes() },
            validators: ValidatorsConfig { validators: self.accounts() },
            session: SessionConfig { keys: self.session_keys() },
            babe: BabeConfig { epoch_config: BABE_EPOCH },
        })
    }

    /// The companies with their ids.
    fn numbered(&self) -> impl Iterator<Item = (CompanyId, &super::Company)> {
        (1_u32..).map(CompanyId).zip(&self.companies)
    }

    /// What each account holds. An account that holds nothing does not exist.
    pub(super) fn balances(&self) -> BTreeMap<AccountId, Balance> {
        let mut balances = BTreeMap::new();
        let mut give = |account: &AccountId, amount: Balance| {
            if amount > 0 {
                // All of them together are less than the bound of `values::MOST_MONEY`.
                *balances.entry(account.clone()).or_insert(0) += amount;
            }
        };
        for company in &self.companies {
            give(&company.treasury, company.money.units());
            give(&company.administrator, company.administrator_money.units());
            for validator in &company.validators {
                give(&validator.account, validator.money.units());
            }
        }
        balances
    }

    fn nodes(&self) -> Vec<(NodeKey, CompanyId, NodeKind, String)> {
        self.numbered()
            .flat_map(|(id, company)| {
                company.nodes.iter().map(move |node| (node.key, id, node.kind, node.label.clone()))
            })
            .collect()
    }

    fn accounts(&self) -> Vec<(AccountId, CompanyId)> {
        self.numbered()
            .flat_map(|(id, company)| {
                company.validators.iter().map(move |one| (one.account.clone(), id))
            })
            .collect()
    }

    fn session_keys(&self) -> Vec<(AccountId, AccountId, SessionKeys)> {
        self.companies
            .iter()
            .flat_map(|company| &company.validators)
            .map(|one| (one.account.clone(), one.account.clone(), one.keys.clone()))
            .collect()
    }
}
