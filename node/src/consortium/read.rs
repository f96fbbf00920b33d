//! Reads a consortium's file from the top to the bottom, and notes all that is wrong with it.

use super::{
    error::{Error, Wrong},
    parameters,
    rules::{self, Rules},
    table::{text, Section, Source},
    values::{self, Kind},
    Company, Consortium, Node, Validator,
};
use codec::Encode;
use smartlink_primitives::Money;
use sp_runtime::traits::OpaqueKeys;
use toml_edit::ImDocument;

/// The session keys in the order of `SessionKeys`, as people call them.
const SESSION_KEYS: [&str; 4] = ["BABE key", "GRANDPA key", "BEEFY key", "authority discovery key"];

/// The consortium that a text describes. Errors call the file `file`.
pub fn consortium(file: &str, text: &str) -> Result<Consortium, Error> {
    let document = ImDocument::parse(text).map_err(|error| Error::Syntax {
        file: file.into(),
        line: error.span().map_or(1, |span| Source::new(file, text).line(span.start)),
        why: error.message().trim().replace('\n', "; "),
    })?;
    let source = Source::new(file, text);
    let read = whole(file, &source.root(document.as_table()));
    match (read, source.faults()) {
        (Some(consortium), faults) if faults.is_empty() => Ok(consortium),
        (_, faults) => Err(Error::Faults(faults)),
    }
}

/// The whole file. `None`, or with faults noted: it is wrong.
fn whole(file: &str, root: &Section<'_>) -> Option<Consortium> {
    root.only(&["name", "id", "kind", "permissioned", "bootnodes", "company", "parameters"]);
    let name = root.required("name", text(values::name));
    let id = root.required("id", text(values::id));
    let kind = root.required("kind", text(values::kind::<Kind>));
    let permissioned = root.or("permissioned", true, values::flag);
    let bootnodes = root.or("bootnodes", Vec::new(), values::bootnodes);

    let mut rules = Rules::new(kind == Some(Kind::Live));
    for address in bootnodes.iter().flatten() {
        if let Some(key) = address.peer_id.into_ed25519() {
            rules.is_secret(root, "bootnodes", &key);
        }
    }
    let sections = root.sections("company");
    let companies: Vec<_> = sections.iter().map(|section| company(section, &mut rules)).collect();
    let parameters = parameters::read(root);

    let consortium = Consortium {
        file: file.into(),
        name: name?,
        id: id?,
        kind: kind?.into(),
        permissioned: permissioned?,
        bootnodes: bootnodes?,
        companies: companies.into_iter().collect::<Option<_>>()?,
        parameters,
    };
    rules::of_the_whole(root, &consortium);
    Some(consortium)
}

fn company(section: &Section<'_>, rules: &mut Rules) -> Option<Company> {
    section.only(&[
        "name",
        "kind",
        "treasury",
        "administrator",
        "money",
        "administrator_money",
        "validator",
        "node",
    ]);
    let name = section.required("name", text(values::name));
    let kind = section.required("kind", text(values::kind));
    let treasury = section.required("treasury", text(values::account));
    let administrator = section.required("administrator", text(values::account));
    let money = section.or("money", Money::ZERO, text(values::money));
    let administrator_money = section.or("administrator_money", Money::ZERO, text(values::money));

    if let Some(name) = &name {
        rules.is_only(section, "name", "name", name.as_bytes());
    }
    if let Some(treasury) = &treasury {
        rules.is_only(section, "treasury", "treasury", treasury.as_ref());
        rules.is_secret(section, "treasury", treasury.as_ref());
    }
    if let Some(administrator) = &administrator {
        rules.is_only(section, "administrator", "administrator", administrator.as_ref());
        rules.is_secret(section, "administrator", administrator.as_ref());
    }
    let validators: Vec<_> =
        section.sections("validator").iter().map(|section| validator(section, rules)).collect();
    let nodes: Vec<_> =
        section.sections("node").iter().map(|section| node(section, rules)).collect();
    rules::of_nodes(section, nodes.len());

    Some(Company {
        name: name?,
        kind: kind?,
        treasury: treasury?,
        administrator: administrator?,
        money: money?,
        administrator_money: administrator_money?,
        validators: validators.into_iter().collect::<Option<_>>()?,
        nodes: nodes.into_iter().collect::<Option<_>>()?,
    })
}

fn validator(section: &Section<'_>, rules: &mut Rules) -> Option<Validator> {
    section.only(&["account", "money", "keys", "proof"]);
    let account = section.required("account", text(values::account));
    let money = section.or("money", Money::ZERO, text(values::money));
    let keys = section.required("keys", text(values::session_keys));
    let proof = section.or("proof", None, text(|proof| values::proof(proof).map(Some)));

    if let Some(account) = &account {
        rules.is_only(section, "account", "validator", account.as_ref());
        rules.is_secret(section, "account", account.as_ref());
    }
    if let Some(keys) = &keys {
        let kinds = <smartlink_runtime::SessionKeys as OpaqueKeys>::key_ids();
        for (kind, what) in kinds.iter().zip(SESSION_KEYS) {
            rules.is_only(section, "keys", what, keys.get_raw(*kind));
            rules.is_secret(section, "keys", keys.get_raw(*kind));
        }
    }
    match (&account, &keys, &proof) {
        // The bytes that `session.set_keys` checks.
        (Some(account), Some(keys), Some(Some(proof)))
            if !keys.ownership_proof_is_valid(&account.encode(), proof) =>
        {
            section.fault(
                "proof",
                Wrong::new(
                    "it does not prove that these keys are this account's",
                    "take account, keys and proof of one run of `smartlink-node company join`",
                ),
            );
        }
        (_, _, Some(None)) => rules.wants_proof(section),
        _ => {}
    }
    Some(Validator { account: account?, money: money?, keys: keys? })
}

fn node(section: &Section<'_>, rules: &mut Rules) -> Option<Node> {
    section.only(&["id", "kind", "label"]);
    let key = section.required("id", text(values::node_key));
    let kind = section.required("kind", text(values::kind));
    let label = section.required("label", text(values::name));
    if let Some(key) = &key {
        rules.is_only(section, "id", "node", &key.0);
        rules.is_secret(section, "id", &key.0);
    }
    Some(Node { key: key?, kind: kind?, label: label? })
}
