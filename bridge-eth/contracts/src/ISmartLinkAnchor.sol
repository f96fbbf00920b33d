// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A witness of SmartLinkDrive's chain
/// @notice Holds the MMR roots that more than two thirds of the chain's validators signed, and proves from them what a ride
/// paid, whose a vehicle is, and what telemetry was anchored. Nobody owns it, nothing in it can be changed or paused, and who
/// brings it a commitment is trusted with nothing.
/// @dev Every byte is specified in docs/bridge.md. "SCALE" integers are little-endian, those of items big-endian. Every
/// function either does all it says or reverts with one of the errors below. The constructor of SmartLinkAnchor is
/// `(bytes32 genesis, uint64 set, bytes roster, bytes32 nextRoot, uint32 nextLength)`: the hash of block 0; number and roster
/// of the current set; root and length of the set after it.
interface ISmartLinkAnchor {
    /// @notice A set of validators.
    /// @param id its number: one more in each session
    /// @param length how many they are, 1 to 1,000
    /// @param root Merkle root over keccak256(address), addresses being 20 bytes; a node is keccak256(left ‖ right); the last
    /// of an odd level moves up as it is
    struct ValidatorSet {
        uint64 id;
        uint32 length;
        bytes32 root;
    }

    /// @notice What a leaf of the MMR says. As bytes (SCALE, 113 of them):
    /// ```
    /// offset  bytes
    ///      0      1  version
    ///      1      4  height of block B
    ///      5     32  hash of block B
    ///     37      8  next set: number
    ///     45      4  next set: length
    ///     49     32  next set: root
    ///     81     32  checkpoint root of block B
    /// ```
    /// @param version the version of its form
    /// @param height the block B that it is about
    /// @param blockHash the hash of block B
    /// @param nextSet the validators of the session after that of block B + 1
    /// @param checkpointRoot the root over the items of block B
    struct Leaf {
        uint8 version;
        uint32 height;
        bytes32 blockHash;
        ValidatorSet nextSet;
        bytes32 checkpointRoot;
    }

    /// @notice Leads an item to a checkpoint that is held here.
    /// @param checkpoint the block K of a checkpoint that is held: a later block than the item's
    /// @param leaf the leaf about the item's block B, 113 bytes as in {Leaf}
    /// @param mmr its proof in the MMR of block K, which has K leaves, of which it is number B from 0: the peaks to the left
    /// of its own from the left, the partners from the leaf up, the peaks to the right as one
    /// @param item the item's place in the checkpoint of block B, from 0
    /// @param items how many items that has
    /// @param partners partners from the item up
    struct Inclusion {
        uint32 checkpoint;
        bytes leaf;
        bytes32[] mmr;
        uint32 item;
        uint32 items;
        bytes32[] partners;
    }

    /// @notice What a ride paid to whom. As bytes (107, integers big-endian): all fields in this order, packed.
    /// @param company u32: the company that settled it
    /// @param batch u64: in which of its batches
    /// @param order u64: the order
    /// @param driver u32: the driver who was paid
    /// @param account 32 bytes: the driver's account at that time
    /// @param tariff u32: the version of the tariff
    /// @param kind u8: 0 a trip, 1 a cancelled one
    /// @param pickup u64: seconds of the Unix epoch
    /// @param distance u32: metres
    /// @param duration u32: seconds
    /// @param waiting u32: seconds that the driver waited
    /// @param surge u16: multiplier in thousandths
    /// @param fare u64: what the rider paid without tolls, in units of 10⁻⁶ CNY
    /// @param tolls u64: in units of 10⁻⁶ CNY
    /// @param driverShare u64: what the driver got, tolls included, in units of 10⁻⁶ CNY
    struct Receipt {
        uint32 company;
        uint64 batch;
        uint64 order;
        uint32 driver;
        bytes32 account;
        uint32 tariff;
        uint8 kind;
        uint64 pickup;
        uint32 distance;
        uint32 duration;
        uint32 waiting;
        uint16 surge;
        uint64 fare;
        uint64 tolls;
        uint64 driverShare;
    }

    /// @notice A settled batch of rides. As bytes (152, integers big-endian): all fields in this order, packed.
    /// @param company u32: the company
    /// @param number u64: the batch's number
    /// @param city u32: the city
    /// @param height u32: the block that settled it
    /// @param rides u32: receipts in it
    /// @param receiptsRoot 32 bytes: root of the tree of receipts
    /// @param evidenceRoot 32 bytes: root of the tree of evidence, as the company gave it
    /// @param gross u128: what riders paid, tolls included, in units of 10⁻⁶ CNY, as the next three
    /// @param drivers u128: the drivers' part, tolls included
    /// @param platform u128: the platform's part
    /// @param thirdParties u128: everybody else's part
    struct Batch {
        uint32 company;
        uint64 number;
        uint32 city;
        uint32 height;
        uint32 rides;
        bytes32 receiptsRoot;
        bytes32 evidenceRoot;
        uint128 gross;
        uint128 drivers;
        uint128 platform;
        uint128 thirdParties;
    }

    /// @notice A vehicle after a change. As bytes (81, integers big-endian): id, version, owner, class, status, VIN, then one
    /// byte with the length of the plate and 16 for it, then one with the length of the model and 32 for it, zeros behind both.
    /// @param id u32: its id
    /// @param version u32: the count of its changes
    /// @param owner u32: the company whose it is
    /// @param class u8: 1 economy, 2 comfort, 3 premium, 4 van, 5 light truck, 6 heavy truck, 7 refrigerated
    /// @param status u8: 1 in service, 2 out of service, 3 scrapped
    /// @param vin 17 bytes: stamped into it
    /// @param plate at most 16 bytes of UTF-8; empty once it is scrapped
    /// @param model at most 32 bytes of UTF-8
    struct Vehicle {
        uint32 id;
        uint32 version;
        uint32 owner;
        uint8 class;
        uint8 status;
        bytes17 vin;
        string plate;
        string model;
    }

    /// @notice The root over a batch of what vehicles reported. As bytes (64, integers big-endian): all fields in this order.
    /// @param company u32: the company
    /// @param number u64: the number of its batch
    /// @param firstSequence u64: sequence of the batch's first record
    /// @param count u32: records in it
    /// @param root 32 bytes: root of the tree of its records
    /// @param closedAt u64: when it was closed, in milliseconds of the Unix epoch
    struct Anchor {
        uint32 company;
        uint64 number;
        uint64 firstSequence;
        uint32 count;
        bytes32 root;
        uint64 closedAt;
    }

    /// @notice A root is held from now on.
    /// @param height the block K
    /// @param root the root of the MMR of block K, with K leaves
    /// @param set the number of the set that signed it
    event Checkpoint(uint32 indexed height, bytes32 indexed root, uint64 indexed set);

    /// @notice A set took over: from now on only it, and the one after it, are believed. The constructor says so of the first.
    /// @param set the number of the set that is the current one now
    /// @param nextRoot the root of the set with the number `set` + 1
    /// @param nextLength how many validators that has
    event Handover(uint64 indexed set, bytes32 indexed nextRoot, uint32 nextLength);

    /// @notice The commitment ends in the middle of something.
    error CommitmentTruncated();
    /// @notice The commitment goes on behind its end.
    error CommitmentPadded();
    /// @notice A compact integer of the commitment is not in its shortest form, or of 2³⁰ and more.
    error CompactForm();
    /// @notice The ids in the payload of the commitment do not ascend.
    error PayloadOrder();
    /// @notice The payload has no 32 bytes under "mh".
    error NoMmrRoot();
    /// @notice Another set signed than the one that this function takes.
    error UnknownSet(uint64 found, uint64 wanted);
    /// @notice The block is not later than the last one: somebody else may have brought it.
    error NotNewer(uint32 height, uint32 latest);

    /// @notice A set has no validators, or more than 1,000.
    error SetSize(uint256 length);
    /// @notice The roster has another length than 20 bytes for each validator of the known set.
    error RosterLength(uint256 found, uint256 wanted);
    /// @notice The roster is not the known set's.
    error OtherRoster(bytes32 found, bytes32 known);
    /// @notice A validator with the address zero.
    error ZeroValidator(uint256 place);
    /// @notice A validator who stands in the roster already.
    error ValidatorTwice(uint256 place);

    /// @notice The signatures have another length than the bits and the signatures that they say.
    error SignaturesLength(uint256 found, uint256 wanted);
    /// @notice A bit is set behind the last validator's.
    error StrayBits();
    /// @notice Not more than two thirds signed.
    error TooFewSignatures(uint256 signed, uint256 wanted);
    /// @notice A signature has its s in the upper half.
    error HighS(uint256 place);
    /// @notice No key can have made a signature.
    error NoSigner(uint256 place);
    /// @notice A signature is not by the validator whose bit is set.
    error OtherSigner(uint256 place, address found, address validator);

    /// @notice A leaf has not 113 bytes.
    error LeafLength(uint256 found);
    /// @notice The leaf is about a block that is not before the checkpoint's.
    error LeafIndex(uint256 index, uint256 count);
    /// @notice An MMR proof has hashes too few or too many.
    error MmrProofLength(uint256 found, uint256 wanted);
    /// @notice An MMR proof leads to another root than was signed.
    error OtherMmrRoot(bytes32 found, bytes32 signed);
    /// @notice The leaf names another set than the one after the set that signed.
    error OtherNextSet(uint64 found, uint64 wanted);
    /// @notice The leaf about block 0 has another hash than {GENESIS}: the checkpoint is of another chain.
    error OtherChain(bytes32 found);

    /// @notice No such root is held for that block: it never was, or it was overwritten, or the proof leads elsewhere.
    error UnknownCheckpoint(uint32 height, bytes32 root);
    /// @notice An index is not below its count.
    error TreeIndex(uint256 index, uint256 count);
    /// @notice A Merkle proof has hashes too few or too many.
    error TreeProofLength(uint256 found, uint256 wanted);
    /// @notice A Merkle proof leads to another root.
    error OtherTreeRoot(bytes32 found, bytes32 wanted);

    /// @notice An item has another number of bytes than its kind has.
    error ItemLength(uint256 found, uint256 wanted);
    /// @notice A field of an item has a value that has no meaning.
    /// @param offset of the field in the bytes of the item
    error ItemValue(uint256 offset);
    /// @notice The receipt is of another company or batch than the batch.
    error OtherBatch();
    /// @notice The batch was settled in another block than the leaf is about.
    error OtherBlock(uint32 batch, uint32 leaf);
    /// @notice A record's sequence is not in the anchored batch.
    error OutsideBatch(uint64 sequence);

    /// @notice Takes a root that the current set signed. Anybody may call it.
    ///
    /// `commitment`, exactly what was signed, in SCALE: compact count of payload entries; of each, by ascending ids, 2 bytes
    /// of id, compact length, data; u32 block; u64 number of the set. One entry has the id "mh" and 32 bytes: the MMR root.
    /// The usual one has 48 bytes: `04 6d68 80 root(32) block(4) set(8)`.
    ///
    /// `roster`: the addresses of the whole set in its order, 20 bytes each and nothing else.
    ///
    /// `signatures`: first ⌈n/8⌉ bytes of bits, that of validator i in byte i/8 with the weight 2^(7 - i%8), as in BEEFY's
    /// own justification; bits behind the last validator are zero. Then for each bit, in their order, 64 bytes: r, and s with
    /// the parity of the point as its highest bit (EIP-2098); s is in the lower half. At least n - ⌊(n-1)/3⌋ of them, and
    /// each has to be right.
    /// @dev Checks in this order: the commitment's form, {UnknownSet}, {NotNewer}, the roster, the signatures.
    function submit(bytes calldata commitment, bytes calldata roster, bytes calldata signatures) external;

    /// @notice Takes a root that the next set signed, and with it the hand-over: the next set becomes the current one, and
    /// the one that the leaf names becomes the next one. Anybody may call it.
    ///
    /// `commitment`, `roster` and `signatures` as in {submit}, of the next set. `leaf` is one of 113 bytes, as in {Leaf}, in
    /// the MMR that was signed, made in the session of the set that signed: its next set is that one plus one. That about the
    /// block before the signed one always is. `mmr` is its proof, as in {Inclusion}.
    /// @dev Checks in this order: the commitment's form, {UnknownSet}, {NotNewer}, the leaf ({LeafLength}, {OtherNextSet},
    /// {SetSize}), the leaf's proof, the roster with {ZeroValidator} and {ValidatorTwice}, the signatures. Emits {Handover},
    /// then {Checkpoint}.
    function submitHandover(
        bytes calldata commitment,
        bytes calldata roster,
        bytes calldata signatures,
        bytes calldata leaf,
        bytes32[] calldata mmr
    ) external;

    /// @notice The hash of block 0 of the chain. Fixed at construction.
    function GENESIS() external view returns (bytes32);

    /// @notice A root is held until one of a block that is a multiple of so many blocks later comes: so at least for as
    /// many blocks. Any later root proves the same, by another proof.
    function RING() external view returns (uint32);

    /// @notice The latest block whose root is held, 0 when none is.
    function latest() external view returns (uint32 height);

    /// @notice The set whose signatures {submit} takes.
    function currentSet() external view returns (ValidatorSet memory);

    /// @notice The set whose signatures {submitHandover} takes. Its number is the current one's plus one.
    function nextSet() external view returns (ValidatorSet memory);

    /// @notice Whether `root` is held as the MMR root of block `height`.
    function holds(uint32 height, bytes32 root) external view returns (bool);

    /// @notice Proves a leaf. About block 0 it proves that the checkpoint is of the chain with the hash {GENESIS}.
    /// @param checkpoint the block of a checkpoint that is held
    /// @param leaf 113 bytes, as in {Leaf}
    /// @param mmr its proof, as in {Inclusion}
    function verifyLeaf(uint32 checkpoint, bytes calldata leaf, bytes32[] calldata mmr)
        external
        view
        returns (Leaf memory);

    /// @notice Proves that an item of a kind is in the checkpoint of a block.
    /// @param kind 1 a batch of rides, 2 a vehicle, 3 an anchor of telemetry
    /// @param item keccak256 of the item's bytes
    /// @param inclusion leads it to a checkpoint
    /// @return height the block B that has the item
    /// @return blockHash its hash
    function verifyItem(uint8 kind, bytes32 item, Inclusion calldata inclusion)
        external
        view
        returns (uint32 height, bytes32 blockHash);

    /// @notice Proves what a ride paid to whom.
    /// @param receipt 107 bytes, as in {Receipt}
    /// @param row its row in the batch, from 0
    /// @param partners partners from the receipt up to the root of the batch
    /// @param batch 152 bytes, as in {Batch}
    /// @param inclusion leads the batch to a checkpoint
    function verifyReceipt(
        bytes calldata receipt,
        uint32 row,
        bytes32[] calldata partners,
        bytes calldata batch,
        Inclusion calldata inclusion
    ) external view returns (Receipt memory, Batch memory);

    /// @notice Proves that a vehicle was so after a change in a block. It may have changed since: compare the version.
    /// @param vehicle 81 bytes, as in {Vehicle}
    /// @param inclusion leads it to a checkpoint
    /// @return the vehicle
    /// @return height the block of the change
    function verifyVehicle(bytes calldata vehicle, Inclusion calldata inclusion)
        external
        view
        returns (Vehicle memory, uint32 height);

    /// @notice Proves that a batch of telemetry was anchored in a block.
    /// @param anchor 64 bytes, as in {Anchor}
    /// @param inclusion leads it to a checkpoint
    /// @return the anchor
    /// @return height the block that took it
    function verifyAnchor(bytes calldata anchor, Inclusion calldata inclusion)
        external
        view
        returns (Anchor memory, uint32 height);

    /// @notice Proves that a record of telemetry is in a batch that was anchored.
    /// @param record keccak256 of the record's encoding
    /// @param sequence its sequence in the company's log
    /// @param partners partners from the record up to the root of the batch
    /// @param anchor 64 bytes, as in {Anchor}
    /// @param inclusion leads the anchor to a checkpoint
    /// @return the anchor
    /// @return height the block that took it
    function verifyRecord(
        bytes32 record,
        uint64 sequence,
        bytes32[] calldata partners,
        bytes calldata anchor,
        Inclusion calldata inclusion
    ) external view returns (Anchor memory, uint32 height);
}
