// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../../src/ISmartLinkAnchor.sol";
import {Chain} from "./Chain.sol";
import {Paths} from "./Paths.sol";
import {Scale} from "./Scale.sol";

/// @notice Items of blocks, as the chain writes them, and their proofs.
abstract contract Facts is Chain {
    /// @notice A receipt with all that proves it.
    struct ReceiptProof {
        bytes receipt;
        uint32 row;
        bytes32[] partners;
        bytes batch;
        ISmartLinkAnchor.Inclusion inclusion;
    }

    /// @notice Where an item stands, and how large everything around it is.
    struct Size {
        uint32 height;
        uint32 checkpoint;
        uint32 item;
        uint32 items;
    }

    function receiptBytes(uint32 company, uint64 batch) internal pure returns (bytes memory) {
        bytes memory who =
            abi.encodePacked(company, batch, uint64(714985639337984123), uint32(88), keccak256("account"));
        bytes memory ride = abi.encodePacked(
            uint32(3), uint8(0), uint64(1_795_394_400), uint32(12_345), uint32(1_810), uint32(95), uint16(1_200)
        );
        return bytes.concat(who, ride, abi.encodePacked(uint64(38_500_000), uint64(5_000_000), uint64(35_800_000)));
    }

    function batchBytes(uint32 company, uint64 number, uint32 height, uint32 rides, bytes32 receiptsRoot)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory front = abi.encodePacked(company, number, uint32(440_300), height, rides, receiptsRoot);
        return bytes.concat(
            front,
            keccak256("evidence"),
            abi.encodePacked(
                uint128(2_523_136_000_000), uint128(2_018_508_800_000), uint128(504_627_200_000), uint128(0)
            )
        );
    }

    function vehicleBytes(uint32 id, uint32 version, uint32 owner, uint8 status) internal pure returns (bytes memory) {
        bytes memory front = abi.encodePacked(id, version, owner, uint8(2), status, bytes17("LSVAA4182E2123456"));
        bytes memory plate = abi.encodePacked(uint8(8), bytes16("B1234567"));
        return bytes.concat(front, plate, abi.encodePacked(uint8(7), bytes32("BYD Han")));
    }

    function anchorBytes(uint64 first, uint32 count, bytes32 root) internal pure returns (bytes memory) {
        return abi.encodePacked(uint32(7), uint64(4), first, count, root, uint64(1_795_394_400_000));
    }

    /// @dev Leads an item to the MMR root of a block, and signs that: what the anchor is brought, and the proof.
    function include(Keys memory set, uint64 id, uint8 kind, bytes memory item, Size memory size)
        internal
        pure
        returns (Brought memory brought, ISmartLinkAnchor.Inclusion memory inclusion)
    {
        bytes32 root;
        bytes memory data = abi.encodePacked(kind, keccak256(item));
        (root, inclusion.partners) = Paths.bound(data, size.item, size.items);
        (inclusion.item, inclusion.items, inclusion.checkpoint) = (size.item, size.items, size.checkpoint);
        bytes32 hash = size.height == 0 ? GENESIS : keccak256("block");
        inclusion.leaf = Scale.leaf(size.height, hash, id + 1, uint32(set.keys.length), set.root, root);
        (root, inclusion.mmr) = Paths.mmr(inclusion.leaf, size.height, size.checkpoint);
        brought.commitment = Scale.commitment(root, size.checkpoint, id);
        brought.roster = set.roster;
        brought.signatures = signedByEnough(set, brought.commitment);
        (brought.leaf, brought.mmr) = (inclusion.leaf, inclusion.mmr);
    }

    /// @dev An anchor that holds the root of a receipt at `row` of `rides`, and the proof.
    function receiptAt(Keys memory set, uint64 id, uint32 row, uint32 rides, Size memory size)
        internal
        returns (ISmartLinkAnchor anchor, ReceiptProof memory proof)
    {
        bytes32 root;
        proof.row = row;
        proof.receipt = receiptBytes(1, 9);
        (root, proof.partners) = Paths.bound(proof.receipt, row, rides);
        proof.batch = batchBytes(1, 9, size.height, rides, root);
        Brought memory brought;
        (brought, proof.inclusion) = include(set, id, 1, proof.batch, size);
        anchor = deploy(id, set, set);
        submit(anchor, brought);
    }

    function receiptCall(ReceiptProof memory proof) internal pure returns (bytes memory) {
        return abi.encodeCall(
            ISmartLinkAnchor.verifyReceipt, (proof.receipt, proof.row, proof.partners, proof.batch, proof.inclusion)
        );
    }
}
