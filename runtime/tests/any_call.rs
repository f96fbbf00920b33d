//! Any bytes as an extrinsic, and any calls of anybody one after the other: nothing panics, no invariant breaks, and no money
//! appears or disappears.
//!
//! Both are tried with the same inputs every time, then with a few random ones and the corpus; `cargo xtask fuzz any_call` goes
//! on for as long as it is told.

#[path = "support/any_value.rs"]
mod any_value;
mod support;

use any_value::{noise, Bytes, Values, Words};
use codec::{Decode, DecodeAll, DecodeLimit, Encode};
use frame_support::{
    dispatch::GetDispatchInfo,
    storage::{with_transaction, TransactionOutcome},
    traits::{GetCallMetadata, KeyOwnerProofSystem},
    MAX_EXTRINSIC_DEPTH,
};
use pallet_collective::Instance1;
use pallet_consortium::ApplicationId;
use pallet_nodes::NodeKey;
use smartlink_primitives::{
    telemetry::DeviceId, CompanyId, DriverId, Money, Permissions, Seat, TariffVersion, VehicleId,
};
use smartlink_runtime::{
    api::runtime_decl_for_smartlink_api::SmartlinkApiV1,
    configs::{EPOCH_BLOCKS, SLOT_MILLIS},
    AccountId, Address, Beefy, Block, Executive, Hash, Header, Historical, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeOrigin, Settlement, Signature, System, TxExtension, UncheckedExtrinsic,
};
use sp_consensus_beefy::{
    ecdsa_crypto::{AuthorityId as BeefyId, AuthoritySignature},
    known_payloads::MMR_ROOT_ID,
    Commitment, ForkVotingProof, Payload, VoteMessage,
};
use sp_keyring::Sr25519Keyring::{
    self, Alice, AliceStash, Bob, BobStash, Charlie, CharlieStash, Dave, DaveStash, Eve, Ferdie,
    One, Two,
};
use sp_mmr_primitives::AncestryProof;
use sp_runtime::{
    generic::{Era, Preamble, SignedPayload},
    traits::{Dispatchable, Header as _},
    transaction_validity::TransactionSource,
    ApplyExtrinsicResult, DispatchError, StateVersion,
};
use sp_session::MembershipProof;
use std::{collections::BTreeSet, sync::LazyLock, thread};
use support::{
    blocks::Blocks,
    business::{account, batch, run, set_up, tariff, CITY, NOW, PLATFORM, VINS},
    local_chain, signed,
};

/// The companies' people, their validators, a maker of tariffs, a driver, an applicant, and a stranger.
const PEOPLE: [Sr25519Keyring; 12] = [
    Alice,
    Bob,
    Charlie,
    Dave,
    AliceStash,
    BobStash,
    CharlieStash,
    DaveStash,
    Eve,
    Ferdie,
    One,
    Two,
];

/// Steps of a script.
const STEPS: usize = 24;

const DAY: u64 = 24 * 60 * 60 * 1_000 / SLOT_MILLIS;

/// How many slots may lie between two blocks: none that is missed, a session, several of them, and as long as memberships last.
const SLOTS: [u64; 6] = [1, 2, EPOCH_BLOCKS as u64, 3 * EPOCH_BLOCKS as u64, DAY, 31 * DAY];

/// What scripts leave out: pallet, call, and why anything may come of it. Who may do this can do everything, so it takes three
/// quarters of the council; as extrinsics these calls are tried like all others.
const BEYOND: [(&str, &str, &str); 16] = [
    ("System", "set_code", "another runtime has other rules"),
    ("System", "set_code_without_checks", "another runtime has other rules"),
    ("System", "apply_authorized_upgrade", "another runtime has other rules"),
    ("System", "set_storage", "it writes anything anywhere"),
    ("System", "kill_storage", "it removes anything"),
    ("System", "kill_prefix", "it removes anything"),
    (
        "Timestamp",
        "set",
        "the block has its time; its author answers for a wrong one with the block",
    ),
    ("Balances", "force_transfer", "it takes money from the drivers' ledger"),
    ("Balances", "force_unreserve", "it takes deposits from those who count on them"),
    ("Balances", "force_set_balance", "it makes money"),
    ("Balances", "force_adjust_total_issuance", "it makes money that nobody has"),
    ("Council", "set_members", "the council is then another one than the companies'"),
    (
        "MultiBlockMigrations",
        "force_set_cursor",
        "the chain waits for a migration that is not there",
    ),
    ("MultiBlockMigrations", "force_set_active_cursor", "as before"),
    ("Utility", "dispatch_as", "it acts for accounts that nobody has a key of, like the ledger's"),
    ("Utility", "dispatch_as_fallible", "as before"),
];

/// All calls, with what the chain knows after [`set_up`].
static ALL: LazyLock<Values> = LazyLock::new(with_words);

/// Those that keep the rules, whoever sends them.
static WITHIN_RULES: LazyLock<Values> = LazyLock::new(|| {
    BEYOND.iter().fold(ALL.clone(), |values, (pallet, call, _)| values.never(pallet, call))
});

fn with_words() -> Values {
    let people = PEOPLE.map(account);
    // Nobody has a key of these: the drivers' ledger, and what companies set aside for their rides.
    let keyless = [Settlement::ledger_account(), Settlement::clearing_account(PLATFORM)];
    let accounts = || people.clone().into_iter().chain(keyless.clone());
    let ends = [None, Some(0), Some(NOW + 60), Some(NOW + 86_400), Some(NOW + 40 * 86_400)];
    let calls = ["fund", "settle_batch", "no_such_call"];
    let calls = calls.map(|call| (b"Settlement".to_vec(), call.as_bytes().to_vec()));
    let text = |text: &str| text.as_bytes().to_vec();
    let (keys, proofs): (Vec<BeefyId>, Vec<MembershipProof>) = key_owners().into_iter().unzip();
    let permissions = [
        Permissions::ALL,
        Permissions::ROLES,
        Permissions::FINANCE | Permissions::FLEET,
        Permissions::SETTLEMENT | Permissions::TELEMETRY,
        Permissions::TARIFF_CHECKER,
        Permissions::ATTEST,
    ];
    Values::of::<RuntimeCall>()
        .word("AccountId32", accounts())
        .word("MultiAddress", accounts().map(Address::Id))
        .word("CompanyId", (0..=5).map(CompanyId))
        .word("ApplicationId", (0..=1).map(ApplicationId))
        .word("DriverId", (0..=2).map(DriverId))
        .word("VehicleId", (0..=2).map(VehicleId))
        .word("Seat", (0..=1).map(Seat))
        .word("TariffVersion", (0..=3).map(TariffVersion))
        .word("CityCode", [CITY])
        .word("Permissions", permissions)
        .word("Money", [0, 1, 1_000_000, 10_000_000_000, 1_000_000_000_000_000].map(Money))
        .word("DeviceId", (1..=2).map(|byte| DeviceId(Hash::repeat_byte(byte))))
        .word("NodeKey", (1..=2).map(|byte| NodeKey([byte; 32])))
        .word("Tariff", [tariff()])
        .word("RideBatch", (1..=3).map(batch))
        .word("AnchorRun", [run(PLATFORM, 2, 11), run(PLATFORM, 3, 21), run(CompanyId(2), 1, 1)])
        .word("ecdsa_crypto::Public", keys)
        .word("MembershipProof", proofs)
        .field("vin", VINS)
        .field("plate", ["A1", "A2", "a 3"].map(text))
        .field("model", ["Qin"].map(text))
        .field("name", ["Neue Fracht", " "].map(text))
        .field("label", ["validator"].map(text))
        .field("full_name", calls.clone())
        .field("ident", calls)
        .field("until", ends)
        .field("expires", ends)
        .field("from", [1, 11, NOW - 60, NOW + 60, NOW + 86_400, u64::MAX])
        .field("next", [12, 1 << 30, u64::MAX])
}

/// The BEEFY keys of the validators, each with the proof that it is one's. Everybody can ask a node for them.
fn key_owners() -> Vec<(BeefyId, MembershipProof)> {
    local_chain().execute_with(|| {
        let set = Beefy::validator_set().expect("there are validators");
        let owner = |key: &BeefyId| Historical::prove((sp_consensus_beefy::KEY_TYPE, key.clone()));
        let proven = |key: &BeefyId| (key.clone(), owner(key).expect("it is a validator's"));
        set.validators().iter().map(proven).collect()
    })
}

/// What was done until now, for whoever reads why it failed.
#[derive(Default)]
struct Story(Vec<String>);

impl Story {
    fn tell(&mut self, line: String) {
        self.0.push(line.chars().take(1_000).collect());
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{}", self.0.join("\n"));
        }
    }
}

fn issuance() -> u128 {
    pallet_balances::TotalIssuance::<Runtime>::get()
}

/// The invariants of the pallets of ours, and of money.
fn check(issued: u128) {
    let held = <Runtime as SmartlinkApiV1<Block, AccountId>>::check_invariants();
    assert_eq!(held, Ok(()));
    assert_eq!(issuance(), issued, "money appeared or disappeared");
}

/// The invariants of all pallets. Between blocks, as some hold there alone.
fn check_all(issued: u128) {
    check(issued);
    #[cfg(feature = "try-runtime")]
    {
        use frame_support::traits::{PalletsInfoAccess, TryState, TryStateSelect};
        use smartlink_runtime::{AllPalletsWithSystem, BlockNumber};
        for pallet in AllPalletsWithSystem::infos() {
            let only = TryStateSelect::Only(vec![pallet.name.as_bytes().to_vec()]);
            let now = System::block_number();
            let held = <AllPalletsWithSystem as TryState<BlockNumber>>::try_state(now, only);
            assert_eq!(held, Ok(()), "the state of {}", pallet.name);
        }
    }
}

/// Does something on the chain after [`set_up`], in a block that was begun.
fn on_open_chain<T>(story: impl FnOnce(Blocks) -> T) -> T {
    // Made on a chain of their own.
    LazyLock::force(&WITHIN_RULES);
    local_chain().execute_with(|| {
        let mut blocks = Blocks::before(NOW);
        blocks.begin(1);
        set_up();
        blocks.end();
        blocks.begin(1);
        story(blocks)
    })
}

/// The origin of a call, as a person would say it.
fn origin(bytes: &mut Bytes<'_>) -> (String, RuntimeOrigin) {
    use frame_system::RawOrigin;
    match bytes.below(9) {
        0..=4 => {
            let who = *bytes.of(&PEOPLE);
            (format!("{who:?}"), signed(who))
        }
        5 => ("Root".into(), RawOrigin::<AccountId>::Root.into()),
        6 => ("Nobody".into(), RawOrigin::<AccountId>::None.into()),
        7 => ("Authorized".into(), RawOrigin::<AccountId>::Authorized.into()),
        _ => {
            let seats = pallet_collective::Members::<Runtime, Instance1>::get().len();
            let ayes = 1 + bytes.below(seats.max(1));
            type Council = pallet_collective::RawOrigin<AccountId, Instance1>;
            // At most as many as there are companies.
            let council = Council::Members(ayes as u32, seats as u32);
            (format!("{ayes} of {seats}"), council.into())
        }
    }
}

/// A call, with the hashes of the council's motions among its words.
fn any_call(bytes: &mut Bytes<'_>) -> Option<RuntimeCall> {
    static HASHES: LazyLock<Vec<u32>> = LazyLock::new(|| WITHIN_RULES.ids("H256"));
    let motions = pallet_collective::Proposals::<Runtime, Instance1>::get();
    let motions: Vec<_> = motions.iter().map(Encode::encode).collect();
    let more: Words = HASHES.iter().map(|id| (*id, motions.clone())).collect();
    let written = WITHIN_RULES.write(&more, bytes)?;
    RuntimeCall::decode_all(&mut &written[..]).ok()
}

/// Whether the last that was told is of a call that was enacted, and failed.
fn was_enacted_in_vain() -> bool {
    let last = System::events().pop().map(|record| record.event);
    let result = match last {
        Some(RuntimeEvent::Consortium(pallet_consortium::Event::Enacted { result })) => result,
        _ => Ok(()),
    };
    result.is_err()
}

/// Plays a script: calls of anybody, and blocks between them. Gives the names of the calls that were done.
fn play(script: &[u8]) -> BTreeSet<String> {
    on_open_chain(|mut blocks| {
        let (issued, mut bytes) = (issuance(), Bytes::new(script));
        let (mut story, mut done) = (Story::default(), BTreeSet::new());
        for _ in 0..STEPS {
            if bytes.is_empty() {
                break;
            }
            if bytes.once_in(6) {
                let slots = *bytes.of(&SLOTS);
                story.tell(format!("{slots} slots later"));
                blocks.end();
                check_all(issued);
                blocks.begin(slots);
                continue;
            }
            let (who, origin) = origin(&mut bytes);
            let Some(mut call) = any_call(&mut bytes) else { continue };
            story.tell(format!("{who}: {call:?}"));
            let name = call.get_call_metadata();
            let name = format!("{}.{}", name.pallet_name, name.function_name);
            let by_root = frame_system::ensure_root(origin.clone()).is_ok();
            if by_root {
                // There is no other way to the root.
                call = RuntimeCall::Consortium(pallet_consortium::Call::enact {
                    call: Box::new(call),
                });
            }
            // Whoever sends it, its weight is computed first.
            let _ = call.get_dispatch_info();
            let taken = call.dispatch(origin).is_ok();
            if taken && !(by_root && was_enacted_in_vain()) {
                done.insert(name);
            }
        }
        story.tell("the end of the last block".into());
        blocks.end();
        check_all(issued);
        done
    })
}

#[test]
fn scripts_of_any_calls_break_no_invariant() {
    let done: BTreeSet<_> = (0..150).flat_map(|seed| play(&noise(seed, 768))).collect();
    println!("{} calls were done: {done:?}", done.len());
    // Otherwise the words mean nothing to the chain any more, and nothing is tried.
    assert!(done.len() >= 20, "only {done:?} were ever done");
}

#[test]
fn any_bytes_as_a_script_break_no_invariant() {
    bolero::check!().with_iterations(16).with_max_len(1_024).for_each(|script: &[u8]| {
        play(script);
    });
}

/// What somebody who signs, or the call itself, says about the transaction.
fn extension(nonce: u32, tip: u128, era: Era) -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        pallet_allowance::Fair::new(),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// A call that somebody signs, mostly as it is taken.
fn sign(call: RuntimeCall, bytes: &mut Bytes<'_>) -> Option<UncheckedExtrinsic> {
    let who = *bytes.of(&PEOPLE);
    let nonce = System::account_nonce(account(who)) + u32::from(bytes.once_in(8));
    let tip = if bytes.once_in(8) { 1u128 << bytes.below(128) } else { 0 };
    let era = if bytes.once_in(8) { Era::mortal(8, 1) } else { Era::Immortal };
    let extension = extension(nonce, tip, era);
    let payload = SignedPayload::<RuntimeCall, TxExtension>::new(call.clone(), extension.clone());
    let signature = payload.ok()?.using_encoded(|payload| who.sign(payload));
    let (who, signature) = (Address::Id(account(who)), Signature::Sr25519(signature));
    Some(UncheckedExtrinsic::new_signed(call, who, signature, extension))
}

/// The bytes themselves, or what somebody could send: bare, for the call to be authorized, or signed; every other time damaged.
fn any_extrinsic(mut bytes: Bytes<'_>) -> Option<UncheckedExtrinsic> {
    let kind = bytes.below(8);
    let mut encoded = if kind == 0 {
        bytes.rest().to_vec()
    } else {
        let call = RuntimeCall::decode_all(&mut &ALL.write(&Words::new(), &mut bytes)?[..]).ok()?;
        let whole = match kind {
            1 => UncheckedExtrinsic::new_bare(call),
            2 => UncheckedExtrinsic::new_transaction(call, extension(0, 0, Era::Immortal)),
            _ => sign(call, &mut bytes)?,
        };
        whole.encode()
    };
    for _ in 0..bytes.below(8).saturating_sub(4) {
        let place = bytes.below(encoded.len().max(1));
        if let Some(byte) = encoded.get_mut(place) {
            *byte ^= bytes.byte();
        }
    }
    // As the runtime's interface reads it.
    UncheckedExtrinsic::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &encoded[..]).ok()
}

/// Does something of which the state shows nothing afterwards.
fn undone<T>(what: impl FnOnce() -> T) -> T {
    with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(what())))
        .expect("an answer is no error")
}

fn state_root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// Puts an extrinsic into the open block, as its author does: one that is refused leaves no trace.
fn apply(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
    with_transaction(|| {
        let applied = Executive::apply_extrinsic(extrinsic);
        match applied {
            Ok(_) => TransactionOutcome::Commit(Ok::<_, DispatchError>(applied)),
            Err(_) => TransactionOutcome::Rollback(Ok(applied)),
        }
    })
    .expect("an answer is no error")
}

/// Asks the pool about an extrinsic, and puts it into the open block. Whether it was taken, with success or without.
fn offer(extrinsic: UncheckedExtrinsic) -> bool {
    let (before, issued) = (state_root(), issuance());
    for source in
        [TransactionSource::Local, TransactionSource::External, TransactionSource::InBlock]
    {
        let asked = extrinsic.clone();
        // What it answers is its own affair.
        let _ = undone(|| Executive::validate_transaction(source, asked, Hash::zero()));
    }
    assert_eq!(state_root(), before, "a question changed the state");
    let taken = undone(|| {
        // How many transactions of the storage are open is in it.
        let within = state_root();
        let taken = apply(extrinsic).is_ok();
        assert!(taken || state_root() == within, "what was refused changed the state");
        check(issued);
        taken
    });
    assert_eq!(state_root(), before, "a transaction of the storage stayed open");
    taken
}

/// Offers an extrinsic made of any bytes, in the open block.
fn offered(bytes: &[u8]) -> bool {
    let Some(extrinsic) = any_extrinsic(Bytes::new(bytes)) else { return false };
    let bare = matches!(extrinsic.preamble, Preamble::Bare(_));
    if bare && matches!(extrinsic.function, RuntimeCall::Timestamp(_)) {
        // The author's own word, which no pool takes: who repeats it has made no block.
        return false;
    }
    let mut story = Story::default();
    story.tell(format!("{extrinsic:?}"));
    offer(extrinsic)
}

#[test]
fn extrinsics_of_anybody_are_taken_or_leave_no_trace() {
    let taken = on_open_chain(|_| (0..800).filter(|seed| offered(&noise(*seed, 768))).count());
    println!("{taken} extrinsics were taken");
    assert!(taken >= 5, "only {taken} extrinsics were taken");
}

#[test]
fn any_bytes_as_an_extrinsic_are_taken_or_leave_no_trace() {
    bolero::check!().with_iterations(64).with_max_len(1_024).for_each(|bytes: &[u8]| {
        on_open_chain(|_| offered(bytes));
    });
}

/// Whose key is a validator's is no secret, so anybody comes as far as the counts of leaves, which are the sender's.
#[test]
fn a_fork_that_is_reported_with_more_leaves_than_there_can_be_is_refused() {
    let (id, key_owner_proof) = key_owners().swap_remove(0);
    let signature = AuthoritySignature::decode(&mut &[0u8; 65][..]).expect("any bytes are one");
    let payload = Payload::from_single_entry(MMR_ROOT_ID, vec![0; 32]);
    let commitment = Commitment { payload, block_number: 1, validator_set_id: 0 };
    let vote = VoteMessage { commitment, id, signature };
    let report = |prev_leaf_count, leaf_count| {
        let (prev_peaks, items) = (vec![], vec![]);
        let ancestry_proof = AncestryProof { prev_peaks, prev_leaf_count, leaf_count, items };
        let zero = Hash::zero();
        let header = Header::new(1, zero, zero, zero, Default::default());
        let proof = ForkVotingProof { vote: vote.clone(), ancestry_proof, header };
        RuntimeCall::Beefy(pallet_beefy::Call::report_fork_voting {
            equivocation_proof: Box::new(proof),
            key_owner_proof: key_owner_proof.clone(),
        })
    };
    on_open_chain(|_| {
        for many in [1, u64::from(u32::MAX) + 1, 1 << 63, u64::MAX] {
            for (before, after) in [(many, 1), (1, many), (many, many)] {
                assert!(report(before, after).dispatch(signed(Two)).is_err(), "{before}, {after}");
            }
        }
    });
}

/// What is tried here natively, where an overflow panics, is told of the wasm that validators run: it must panic there too, and not
/// go on with another number. A runtime that was built without its wasm has nothing to look at.
#[test]
fn the_wasm_runtime_stops_at_an_overflow_as_the_native_one_does() {
    let Some(wasm) = smartlink_runtime::WASM_BINARY_BLOATY else { return };
    let sentence = b"attempt to add with overflow";
    let checks = wasm.windows(sentence.len()).any(|window| window == sentence);
    assert!(checks, "the wasm is built without overflow checks: see runtime/build.rs");
}
