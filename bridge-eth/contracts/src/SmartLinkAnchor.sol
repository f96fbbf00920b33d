// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "./ISmartLinkAnchor.sol";
import {Anchors} from "./items/Anchors.sol";
import {Batches} from "./items/Batches.sol";
import {Receipts} from "./items/Receipts.sol";
import {Vehicles} from "./items/Vehicles.sol";
import {Commitments} from "./lib/Commitments.sol";
import {Leaves} from "./lib/Leaves.sol";
import {Merkle} from "./lib/Merkle.sol";
import {Rosters} from "./lib/Rosters.sol";
import {Signatures} from "./lib/Signatures.sol";

/// @title A witness of SmartLinkDrive's chain
/// @notice Holds the MMR roots that more than two thirds of the chain's validators signed, and proves items from them.
/// @dev No owner, no upgrade, no pause, no ether, no call of another contract.
///
/// A commitment says nothing about its chain, so it would be believed by every anchor that knows its signers: the keys of the
/// validators have to be of one deployment of the chain alone. {GENESIS} and {verifyLeaf} of leaf 0 show a mistake.
contract SmartLinkAnchor is ISmartLinkAnchor {
    /// @dev What changes with each checkpoint. The next set's number is the current one's plus one.
    struct Head {
        uint32 height;
        uint32 length;
        uint32 nextLength;
        uint64 set;
    }

    /// @inheritdoc ISmartLinkAnchor
    /// @dev Nine hours at two seconds a block. A proof lives so long at least, and is then made anew for a later root.
    uint32 public constant RING = 16_384;

    /// @dev The kinds of items.
    uint8 private constant RIDE_BATCH = 1;
    uint8 private constant VEHICLE = 2;
    uint8 private constant TELEMETRY_ANCHOR = 3;

    /// @inheritdoc ISmartLinkAnchor
    bytes32 public immutable GENESIS;

    /// @dev Of the current set and of the last checkpoint.
    Head private head;
    /// @dev Root of the current set.
    bytes32 private currentRoot;
    /// @dev Root of the next set.
    bytes32 private nextRoot;
    /// @dev For block K, at K modulo the length: the seal of K and its root. A word, and a root is bound to its block.
    bytes32[RING] private seals;

    /// @notice Fixes the sets that are believed first. Who relies on the contract compares them with the chain.
    /// @param genesis the hash of block 0
    /// @param set the number of the current set
    /// @param roster the addresses of the current set, 20 bytes each
    /// @param rootAfter the root of the set after it
    /// @param lengthAfter how many validators that has
    constructor(bytes32 genesis, uint64 set, bytes memory roster, bytes32 rootAfter, uint32 lengthAfter) {
        uint256 length = roster.length / Rosters.ADDRESS;
        Rosters.checkSize(length);
        uint256 rest = roster.length % Rosters.ADDRESS;
        if (rest != 0) revert RosterLength(roster.length, roster.length - rest);
        Rosters.checkUnique(roster, length);
        Rosters.checkSize(lengthAfter);
        GENESIS = genesis;
        // At most 1,000.
        // forge-lint: disable-next-line(unsafe-typecast)
        head = Head({height: 0, length: uint32(length), nextLength: lengthAfter, set: set});
        currentRoot = Rosters.root(roster, length);
        nextRoot = rootAfter;
        emit Handover(set, rootAfter, lengthAfter);
    }

    /// @inheritdoc ISmartLinkAnchor
    function submit(bytes calldata commitment, bytes calldata roster, bytes calldata signatures) external {
        Head memory known = head;
        (bytes32 root, uint32 height) = readCommitment(commitment, known.set, known.height);
        bytes memory validators = roster;
        Rosters.check(validators, known.length, currentRoot);
        Signatures.check(keccak256(commitment), signatures, validators, known.length);
        head.height = height;
        hold(height, root, known.set);
    }

    /// @inheritdoc ISmartLinkAnchor
    function submitHandover(
        bytes calldata commitment,
        bytes calldata roster,
        bytes calldata signatures,
        bytes calldata leaf,
        bytes32[] calldata mmr
    ) external {
        Head memory known = head;
        // A session takes ten minutes: 64 bits do not end.
        known.set += 1;
        bytes32 root;
        (root, known.height) = readCommitment(commitment, known.set, known.height);
        known.length = known.nextLength;
        bytes32 rootAfter;
        (rootAfter, known.nextLength) = readSetAfter(leaf, known.set);
        checkLeaf(root, known.height, leaf, mmr);
        bytes memory validators = roster;
        bytes32 own = nextRoot;
        Rosters.check(validators, known.length, own);
        // Once for each set: the root stands for the roster from here on.
        Rosters.checkUnique(validators, known.length);
        Signatures.check(keccak256(commitment), signatures, validators, known.length);
        head = known;
        currentRoot = own;
        nextRoot = rootAfter;
        emit Handover(known.set, rootAfter, known.nextLength);
        hold(known.height, root, known.set);
    }

    /// @inheritdoc ISmartLinkAnchor
    function latest() external view returns (uint32) {
        return head.height;
    }

    /// @inheritdoc ISmartLinkAnchor
    function currentSet() external view returns (ValidatorSet memory) {
        return ValidatorSet({id: head.set, length: head.length, root: currentRoot});
    }

    /// @inheritdoc ISmartLinkAnchor
    function nextSet() external view returns (ValidatorSet memory) {
        return ValidatorSet({id: head.set + 1, length: head.nextLength, root: nextRoot});
    }

    /// @inheritdoc ISmartLinkAnchor
    function holds(uint32 height, bytes32 root) public view returns (bool) {
        return seals[height % RING] == sealOf(height, root);
    }

    /// @inheritdoc ISmartLinkAnchor
    function verifyLeaf(uint32 checkpoint, bytes calldata leaf, bytes32[] calldata mmr)
        external
        view
        returns (Leaf memory found)
    {
        prove(checkpoint, leaf, mmr);
        found.version = Leaves.version(leaf);
        found.height = Leaves.height(leaf);
        found.blockHash = Leaves.blockHash(leaf);
        (found.nextSet.id, found.nextSet.length, found.nextSet.root) = Leaves.nextSet(leaf);
        found.checkpointRoot = Leaves.checkpointRoot(leaf);
    }

    /// @inheritdoc ISmartLinkAnchor
    function verifyItem(uint8 kind, bytes32 item, Inclusion calldata inclusion)
        public
        view
        returns (uint32 height, bytes32 blockHash)
    {
        bytes calldata leaf = inclusion.leaf;
        prove(inclusion.checkpoint, leaf, inclusion.mmr);
        bytes32 own = Merkle.leafOf(inclusion.item, kind, item);
        Merkle.check(own, inclusion.item, inclusion.items, inclusion.partners, Leaves.checkpointRoot(leaf));
        return (Leaves.height(leaf), Leaves.blockHash(leaf));
    }

    /// @inheritdoc ISmartLinkAnchor
    function verifyReceipt(
        bytes calldata receipt,
        uint32 row,
        bytes32[] calldata partners,
        bytes calldata batch,
        Inclusion calldata inclusion
    ) external view returns (Receipt memory paid, Batch memory settled) {
        paid = Receipts.decode(receipt);
        settled = Batches.decode(batch);
        if (paid.company != settled.company || paid.batch != settled.number) revert OtherBatch();
        Merkle.check(Merkle.leafOf(row, receipt), row, settled.rides, partners, settled.receiptsRoot);
        (uint32 height,) = verifyItem(RIDE_BATCH, keccak256(batch), inclusion);
        if (settled.height != height) revert OtherBlock(settled.height, height);
    }

    /// @inheritdoc ISmartLinkAnchor
    function verifyVehicle(bytes calldata vehicle, Inclusion calldata inclusion)
        external
        view
        returns (Vehicle memory found, uint32 height)
    {
        found = Vehicles.decode(vehicle);
        (height,) = verifyItem(VEHICLE, keccak256(vehicle), inclusion);
    }

    /// @inheritdoc ISmartLinkAnchor
    function verifyAnchor(bytes calldata anchor, Inclusion calldata inclusion)
        public
        view
        returns (Anchor memory found, uint32 height)
    {
        found = Anchors.decode(anchor);
        (height,) = verifyItem(TELEMETRY_ANCHOR, keccak256(anchor), inclusion);
    }

    /// @inheritdoc ISmartLinkAnchor
    function verifyRecord(
        bytes32 record,
        uint64 sequence,
        bytes32[] calldata partners,
        bytes calldata anchor,
        Inclusion calldata inclusion
    ) external view returns (Anchor memory found, uint32 height) {
        (found, height) = verifyAnchor(anchor, inclusion);
        uint32 index = Anchors.indexOf(found, sequence);
        Merkle.check(Merkle.leafOf(index, record), index, found.count, partners, found.root);
    }

    /// @dev What a commitment says that is by a set and later than a block.
    function readCommitment(bytes calldata commitment, uint64 set, uint32 before)
        private
        pure
        returns (bytes32 root, uint32 height)
    {
        uint64 by;
        (root, height, by) = Commitments.read(commitment);
        if (by != set) revert UnknownSet(by, set);
        if (height <= before) revert NotNewer(height, before);
    }

    /// @dev The set that a leaf names, which has to be the one after `set`.
    function readSetAfter(bytes calldata leaf, uint64 set) private pure returns (bytes32 root, uint32 length) {
        Leaves.checkLength(leaf);
        uint64 id;
        (id, length, root) = Leaves.nextSet(leaf);
        if (id != set + 1) revert OtherNextSet(id, set + 1);
        Rosters.checkSize(length);
    }

    /// @dev Refuses a leaf that is not in the MMR with a root that was signed.
    function checkLeaf(bytes32 root, uint32 height, bytes calldata leaf, bytes32[] calldata mmr) private view {
        bytes32 found = Leaves.root(leaf, height, mmr);
        if (found != root) revert OtherMmrRoot(found, root);
        checkChain(leaf);
    }

    /// @dev Refuses a leaf that does not lead to a root that is held.
    function prove(uint32 checkpoint, bytes calldata leaf, bytes32[] calldata mmr) private view {
        Leaves.checkLength(leaf);
        bytes32 found = Leaves.root(leaf, checkpoint, mmr);
        if (!holds(checkpoint, found)) revert UnknownCheckpoint(checkpoint, found);
        checkChain(leaf);
    }

    /// @dev Refuses the leaf about block 0 of another chain.
    function checkChain(bytes calldata leaf) private view {
        if (Leaves.height(leaf) == 0 && Leaves.blockHash(leaf) != GENESIS) {
            revert OtherChain(Leaves.blockHash(leaf));
        }
    }

    /// @dev Holds a root.
    function hold(uint32 height, bytes32 root, uint64 set) private {
        seals[height % RING] = sealOf(height, root);
        emit Checkpoint(height, root, set);
    }

    /// @dev What is kept of a root.
    function sealOf(uint32 height, bytes32 root) private pure returns (bytes32) {
        return keccak256(abi.encode(height, root));
    }
}
