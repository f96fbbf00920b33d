//! Stories of machines that join the network, and of some that do not.

use crate::{
    mock::*, Error, Event, Label, Node, NodeKey, NodeKind, Nodes, NodesOf, PeerIdError,
    Permissioned, Removal,
};
use frame_support::{assert_noop, assert_ok, traits::Get};
use smartlink_primitives::{traits::Membership, CompanyId, H256};
use sp_runtime::{BuildStorage, DispatchError};

const SECOND: NodeKey = NodeKey([2; 32]);
const THIRD: NodeKey = NodeKey([3; 32]);
const CART: NodeKey = NodeKey([9; 32]);

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn label(text: &str) -> Label {
    text.as_bytes().to_vec().try_into().expect("a short label")
}

fn register(who: u64, company: CompanyId, node: NodeKey, kind: NodeKind) {
    assert_ok!(Network::register(by(who), company, node, kind, label("machine")));
}

fn cannot_act(company: CompanyId) {
    Still::mutate(|still| still.insert(company));
}

fn admitted() -> Vec<NodeKey> {
    Network::admitted().expect("strangers are kept out")
}

#[test]
fn a_company_registers_its_machines_and_takes_them_out_again() {
    on_chain(|| {
        System::set_block_number(5);
        let node = SECOND;
        let kind = NodeKind::Full;
        let name = label("机房 2");
        assert_ok!(Network::register(by(SWIFT_ADMIN), SWIFT, node, kind, name.clone()));
        let entry = Node { company: SWIFT, kind, label: name.clone(), since: 5 };
        assert_eq!(Nodes::<Test>::get(node), Some(entry));
        System::assert_last_event(
            Event::<Test>::Registered { company: SWIFT, node, kind, label: name, since: 5 }.into(),
        );
        assert_eq!(admitted(), [FIRST, SECOND]);

        assert_ok!(Network::unregister(by(SWIFT_ADMIN), SWIFT, node));
        let removal = Removal::Company;
        System::assert_last_event(
            Event::<Test>::Unregistered { company: SWIFT, node, removal }.into(),
        );
        assert_eq!(admitted(), [FIRST]);
        assert_noop!(Network::unregister(by(SWIFT_ADMIN), SWIFT, node), Error::<Test>::UnknownNode);
    });
}

#[test]
fn a_machine_gets_another_kind_and_label_and_keeps_its_age() {
    on_chain(|| {
        System::set_block_number(5);
        let kind = NodeKind::Reader;
        assert_ok!(Network::register(by(SWIFT_ADMIN), SWIFT, FIRST, kind, label("reader")));
        let entry = Node { company: SWIFT, kind, label: label("reader"), since: 0 };
        assert_eq!(Nodes::<Test>::get(FIRST), Some(entry));
        assert_eq!(NodesOf::<Test>::get(SWIFT).into_inner(), [FIRST]);
    });
}

#[test]
fn a_key_is_of_one_company() {
    on_chain(|| {
        let take = |kind| Network::register(by(OXCART_ADMIN), OXCART, FIRST, kind, label("mine"));
        assert_noop!(take(NodeKind::Full), Error::<Test>::TakenNode);
        assert_noop!(
            Network::unregister(by(OXCART_ADMIN), OXCART, FIRST),
            Error::<Test>::UnknownNode
        );
        assert_ok!(Network::unregister(by(SWIFT_ADMIN), SWIFT, FIRST));
        assert_ok!(take(NodeKind::Full));
    });
}

#[test]
fn only_those_who_govern_a_company_register_for_it() {
    on_chain(|| {
        let no_role = DispatchError::Other("no role");
        assert_noop!(
            Network::register(by(OXCART_ADMIN), SWIFT, SECOND, NodeKind::Full, label("spy")),
            no_role
        );
        assert_noop!(Network::unregister(by(OXCART_ADMIN), SWIFT, FIRST), no_role);
        cannot_act(SWIFT);
        assert_noop!(
            Network::register(by(SWIFT_ADMIN), SWIFT, SECOND, NodeKind::Full, label("late")),
            DispatchError::Other("suspended")
        );
    });
}

#[test]
fn a_company_has_a_limit_and_labels_are_text() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxNodes::get();
        for n in 1..limit {
            register(SWIFT_ADMIN, SWIFT, NodeKey([n as u8 + 100; 32]), NodeKind::Full);
        }
        let put = |name| Network::register(by(SWIFT_ADMIN), SWIFT, THIRD, NodeKind::Full, name);
        assert_noop!(put(label("one more")), Error::<Test>::TooManyNodes);
        assert_noop!(put(label(" ")), Error::<Test>::BadLabel);
        assert_noop!(put(vec![0xff].try_into().unwrap()), Error::<Test>::BadLabel);
        // What is there can still be renamed.
        register(SWIFT_ADMIN, SWIFT, FIRST, NodeKind::Validator);
    });
}

#[test]
fn the_council_takes_any_machine_out() {
    on_chain(|| {
        assert_noop!(Network::remove_by_council(by(SWIFT_ADMIN), FIRST), DispatchError::BadOrigin);
        assert_ok!(Network::remove_by_council(root(), FIRST));
        let (company, node, removal) = (SWIFT, FIRST, Removal::Council);
        System::assert_last_event(Event::<Test>::Unregistered { company, node, removal }.into());
        assert!(!NodesOf::<Test>::contains_key(SWIFT));
        assert_noop!(Network::remove_by_council(root(), FIRST), Error::<Test>::UnknownNode);
    });
}

#[test]
fn the_council_opens_the_network_and_closes_it() {
    on_chain(|| {
        assert_noop!(Network::set_permissioned(by(SWIFT_ADMIN), false), DispatchError::BadOrigin);
        assert_ok!(Network::set_permissioned(root(), false));
        System::assert_last_event(Event::<Test>::PermissionedSet { permissioned: false }.into());
        assert_eq!(Network::admitted(), None);

        assert_ok!(Network::set_permissioned(root(), true));
        assert_eq!(admitted(), [FIRST]);
    });
}

#[test]
fn nobody_closes_a_network_that_nobody_could_join() {
    on_chain(|| {
        assert_ok!(Network::set_permissioned(root(), false));
        assert_ok!(Network::unregister(by(SWIFT_ADMIN), SWIFT, FIRST));
        assert_noop!(Network::set_permissioned(root(), true), Error::<Test>::NobodyRegistered);
        assert!(!Permissioned::<Test>::get());
    });
}

#[test]
fn a_company_that_cannot_act_is_cut_off_without_a_write() {
    on_chain(|| {
        register(OXCART_ADMIN, OXCART, CART, NodeKind::Full);
        assert_eq!(admitted(), [FIRST, CART]);
        cannot_act(OXCART);
        assert_eq!(admitted(), [FIRST]);
        Still::mutate(|still| still.clear());
        assert_eq!(admitted(), [FIRST, CART]);
    });
}

#[test]
fn finality_does_not_fall_with_a_suspension() {
    on_chain(|| {
        register(SWIFT_ADMIN, SWIFT, SECOND, NodeKind::Full);
        register(SWIFT_ADMIN, SWIFT, THIRD, NodeKind::Reader);
        Validating::mutate(|validating| validating.insert(SWIFT));
        cannot_act(SWIFT);
        assert_eq!(admitted(), [FIRST]);
        // Once none of its validators is in the session, nothing keeps it in.
        Validating::mutate(|validating| validating.clear());
        assert!(admitted().is_empty());
    });
}

#[test]
fn the_machines_of_an_expelled_company_go_with_it() {
    on_chain(|| {
        register(SWIFT_ADMIN, SWIFT, SECOND, NodeKind::Full);
        register(OXCART_ADMIN, OXCART, CART, NodeKind::Full);
        Validating::mutate(|validating| validating.insert(SWIFT));
        cannot_act(SWIFT);
        Network::fell(SWIFT);
        for node in [FIRST, SECOND] {
            let (company, removal) = (SWIFT, Removal::Expulsion);
            System::assert_has_event(Event::<Test>::Unregistered { company, node, removal }.into());
        }
        assert_eq!(admitted(), [CART]);
        assert!(!NodesOf::<Test>::contains_key(SWIFT));
        // Nothing is left to go.
        Network::fell(SWIFT);
    });
}

#[test]
fn a_role_that_ends_changes_nothing() {
    on_chain(|| {
        Network::joined(SWIFT, &77);
        Network::left(SWIFT, &77);
        assert_eq!(admitted(), [FIRST]);
    });
}

#[test]
#[should_panic(expected = "node 'nobody's' of company 7 in the genesis")]
fn a_genesis_with_a_node_of_nobody_is_refused() {
    let nodes = vec![(SECOND, CompanyId(7), NodeKind::Full, "nobody's".into())];
    let network = crate::GenesisConfig { nodes, ..Default::default() };
    let _ = RuntimeGenesisConfig { network, ..Default::default() }.build_storage();
}

#[test]
#[should_panic(expected = "a network without nodes in the genesis")]
fn a_genesis_that_nobody_could_join_is_refused() {
    let network = crate::GenesisConfig { permissioned: true, ..Default::default() };
    let _ = RuntimeGenesisConfig { network, ..Default::default() }.build_storage();
}

#[test]
fn a_network_is_open_unless_its_genesis_says_otherwise() {
    let storage = RuntimeGenesisConfig::default().build_storage().expect("it fits");
    sp_io::TestExternalities::from(storage).execute_with(|| {
        assert_eq!(Network::admitted(), None);
    });
}

#[test]
fn a_key_goes_into_a_peer_id_and_back() {
    for byte in 0..=u8::MAX {
        let key = NodeKey([byte; 32]);
        let peer_id = key.to_peer_id();
        assert_eq!(peer_id[..6], [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]);
        assert_eq!(NodeKey::from_peer_id(&peer_id), Ok(key));
        assert_eq!(NodeKey::from(H256::from(key)), key);
    }
}

#[test]
fn nothing_else_is_a_peer_id() {
    let peer_id = FIRST.to_peer_id();
    for length in 0..peer_id.len() {
        assert_eq!(NodeKey::from_peer_id(&peer_id[..length]), Err(PeerIdError::Length));
    }
    let mut long = peer_id.to_vec();
    long.push(0);
    assert_eq!(NodeKey::from_peer_id(&long), Err(PeerIdError::Length));
    // A hash of a key (0x12), and a key of another kind (secp256k1 is 0x02).
    for (place, byte) in [(0, 0x12), (1, 0x20), (2, 0x00), (3, 0x02), (4, 0x00), (5, 0x21)] {
        let mut other = peer_id;
        other[place] = byte;
        assert_eq!(NodeKey::from_peer_id(&other), Err(PeerIdError::Form));
    }
}
