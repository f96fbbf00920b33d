//! A chain in small, made by other means than the verifier's: keys that sign, mountains by recursion, tries by the format.

// Each test binary uses a part of this; and in a test an unwrap is the assertion.
#![allow(dead_code, clippy::unwrap_used)]

pub mod mountain;
pub mod trie;

use k256::ecdsa::SigningKey;
use mountain::Mountain;
use smartlink_primitives::{
    keccak, merkle,
    receipt::{checkpoint_leaf, BatchRecord, ItemKind, Receipt, ReceiptProof},
    ride::RideKind,
    telemetry::{Anchor, AnchorProof},
    vehicle::{VehicleClass, VehicleStatus},
    AnchorNumber, BatchNumber, CityCode, CompanyId, DriverId, Money, TariffVersion, H256,
};
use smartlink_proofs::{
    roster,
    trie::{blake2, find, Found},
    Address, AnchorItem, Bundle, Bytes, Commitment, Entry, Ethereum, Fixed, Format, Hash, Item,
    Leaf, NextSet, Place, Signature, StorageItem, Trust, Vehicle, VehicleItem,
};

/// The block of every item.
pub const BLOCK: u32 = 77;
/// The block whose root is signed.
pub const SIGNED: u32 = 105;
/// The number of the set that signs.
pub const SET: u64 = 9;

/// Validators with their keys.
pub struct Validators(Vec<SigningKey>);

impl Validators {
    /// So many, others for each name.
    pub fn new(count: u8, name: &str) -> Self {
        let key =
            |n: u8| SigningKey::from_slice(&keccak(&[name.as_bytes(), &[n]].concat()).0).unwrap();
        Self((0..count).map(key).collect())
    }

    pub fn addresses(&self) -> Vec<Address> {
        let address = |key: &SigningKey| {
            let compressed = key.verifying_key().to_encoded_point(true);
            roster::address_of_key(compressed.as_bytes().try_into().unwrap()).unwrap()
        };
        self.0.iter().map(address).collect()
    }

    pub fn trust(&self) -> Trust {
        Trust { root: roster::root(&self.addresses()).unwrap(), id: Some(SET) }
    }

    /// The signatures of some, in the order in which they are named.
    pub fn sign(
        &self,
        commitment: &Commitment,
        who: impl IntoIterator<Item = u32>,
    ) -> Vec<Signature> {
        let sign = |by: u32| {
            let key = &self.0[by as usize];
            let (numbers, parity) = key.sign_prehash_recoverable(&commitment.digest().0).unwrap();
            let mut signature = [0; 65];
            signature[..64].copy_from_slice(&numbers.to_bytes());
            signature[64] = parity.to_byte();
            Signature { by, signature: Fixed(signature) }
        };
        who.into_iter().map(sign).collect()
    }
}

pub fn validators() -> Validators {
    Validators::new(4, "ours")
}

/// The checkpoint with an item at place 1 of 3, and the item's place.
fn checkpoint(kind: ItemKind, item: H256) -> (Hash, Place) {
    let leaves: Vec<H256> = (0..3)
        .map(|place| match place {
            1 => merkle::leaf(1, &checkpoint_leaf(kind, &item)),
            _ => merkle::leaf(place, &checkpoint_leaf(ItemKind::Vehicle, &H256::repeat_byte(7))),
        })
        .collect();
    let partners = merkle::proof(leaves.clone(), 1).unwrap();
    let partners = partners.into_iter().map(Hash::from).collect();
    (merkle::root(leaves).into(), Place { item: 1, items: 3, partners })
}

/// A bundle of an item whose checkpoint root, or whose block's hash, is given.
pub fn bundle(item: Item, extra: Hash, parent_hash: Hash) -> Bundle {
    let validators = validators();
    let next_set = NextSet { id: 10, len: 4, root: validators.trust().root };
    let leaf = Leaf { version: 0, parent_number: BLOCK, parent_hash, next_set, extra };
    let mut leaves: Vec<Hash> = (0..SIGNED).map(|n| keccak(&n.to_le_bytes()).into()).collect();
    leaves[BLOCK as usize] = leaf.hash();
    let mountain = Mountain::new(&leaves);
    let data = Bytes(mountain.root().0.to_vec());
    let payload = vec![Entry { id: Fixed(*b"mh"), data }];
    let commitment = Commitment { payload, block: SIGNED, set: SET };
    Bundle {
        format: Format::First,
        item,
        leaf,
        mmr: mountain.proof(u64::from(BLOCK)),
        signatures: validators.sign(&commitment, [0, 1, 3]),
        commitment,
        validators: validators.addresses(),
        ethereum: None,
    }
}

pub fn receipt() -> Bundle {
    let (company, number) = (CompanyId(1), BatchNumber(9));
    let receipt = |row: u32| Receipt {
        company,
        batch: number,
        order: (1 << 60) + u64::from(row),
        driver: DriverId(row),
        account: [row as u8; 32],
        tariff: TariffVersion(2),
        kind: RideKind::Trip,
        pickup: 1_795_394_400,
        distance_m: 5_000,
        duration_s: 900,
        waiting_s: 30,
        surge_permille: 1_200,
        fare: 30_000_000,
        tolls: 5_000_000,
        driver_share: 29_000_000,
    };
    let leaves: Vec<H256> = (0..11).map(|row| receipt(row).leaf(row)).collect();
    let batch = BatchRecord {
        company,
        number,
        city: CityCode(440_300),
        block: BLOCK,
        rides: 11,
        receipts_root: merkle::root(leaves.clone()),
        evidence_root: H256::repeat_byte(3),
        gross: Money(385_000_000),
        drivers: Money(319_000_000),
        platform: Money(66_000_000),
        third_parties: Money::ZERO,
    };
    let (root, place) = checkpoint(ItemKind::RideBatch, batch.item());
    let proof = ReceiptProof {
        receipt: receipt(10),
        row: 10,
        receipt_partners: merkle::proof(leaves, 10).unwrap(),
        batch,
        item: place.item,
        items: place.items,
        item_partners: place.partners.iter().map(|hash| H256(hash.0)).collect(),
    };
    bundle(Item::Receipt(proof.into()), root, Fixed([8; 32]))
}

pub fn vehicle() -> Bundle {
    let vehicle = Vehicle {
        id: 12,
        version: 3,
        owner: 2,
        class: VehicleClass::Comfort,
        status: VehicleStatus::OutOfService,
        vin: "LSVAA4182E2123456".to_owned(),
        plate: "粤B12345".to_owned(),
        model: "BYD \"Han\"".to_owned(),
    };
    let (root, place) = checkpoint(ItemKind::Vehicle, vehicle.item().unwrap());
    bundle(Item::Vehicle(VehicleItem { vehicle, place }), root, Fixed([8; 32]))
}

pub fn anchor() -> Bundle {
    let anchor = Anchor {
        company: CompanyId(7),
        number: AnchorNumber(4),
        first_sequence: 1_001,
        count: 500,
        root: H256::repeat_byte(5),
        closed_at_ms: 1_795_394_400_000,
    };
    let (root, place) = checkpoint(ItemKind::TelemetryAnchor, anchor.item());
    let item_partners = place.partners.iter().map(|hash| H256(hash.0)).collect();
    let (item, items) = (place.item, place.items);
    let proof = AnchorProof { anchor, block: BLOCK, item, items, item_partners };
    bundle(Item::Anchor(AnchorItem::from(proof)), root, Fixed([8; 32]))
}

/// The state of the storage bundles.
pub fn state() -> trie::Trie {
    let long = vec![0xab; 100];
    let mut entries: Vec<(Vec<u8>, Vec<u8>)> = vec![
        (b"balances: alice".to_vec(), long.clone()),
        (b"balances: bob".to_vec(), vec![1; 16]),
        (b"balances".to_vec(), vec![2; 8]),
    ];
    entries.extend((0..40_u8).map(|n| (vec![n, n ^ 0x5a, 0x77, n], vec![n; 20 + usize::from(n)])));
    trie::Trie::new(entries)
}

/// Whether that state holds a key.
pub fn holds(key: &[u8]) -> bool {
    let state = state();
    let nodes = state.nodes();
    let by_hash = |hash: &Hash| nodes.iter().find(|node| blake2(node) == *hash).map(Vec::as_slice);
    find(state.root(), key, by_hash).unwrap() != Found::Nothing
}

/// The header of the storage bundles in SCALE.
pub fn header(state_root: Hash) -> Vec<u8> {
    let mut header = vec![1; 32];
    // 77 as a compact integer of two bytes.
    header.extend([(77_u16 << 2 | 1).to_le_bytes()[0], (77_u16 << 2 | 1).to_le_bytes()[1]]);
    header.extend(state_root.0);
    header.extend([2; 32]);
    header.push(0);
    header
}

pub fn storage(key: &[u8]) -> Bundle {
    let state = state();
    let header = header(state.root());
    let hash = blake2(&header);
    let item = StorageItem::assemble(key.to_vec(), header, state.nodes()).unwrap();
    bundle(Item::Storage(item), Fixed([4; 32]), hash)
}

/// One of each kind.
pub fn all() -> Vec<(&'static str, Bundle)> {
    let mut told = receipt();
    told.ethereum = Some(Ethereum {
        chain_id: 1,
        contract: Fixed([0x11; 20]),
        transaction: Fixed([0x22; 32]),
        block: 21_000_000,
    });
    vec![
        ("receipt", receipt()),
        ("receipt that is on Ethereum", told),
        ("vehicle", vehicle()),
        ("anchor", anchor()),
        ("value with a hash", storage(b"balances: alice")),
        ("value in its node", storage(b"balances: bob")),
        ("no value", storage(b"balances: eve")),
    ]
}
