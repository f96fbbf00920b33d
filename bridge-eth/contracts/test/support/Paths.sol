// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Trees} from "./Trees.sol";

/// @notice Proofs in trees too large to be made: everything beside the path is made up.
library Paths {
    using Trees for bytes32[];

    /// @dev A hash that stands for a part of a tree that nobody looks into.
    function unknown(bytes32 below, string memory where) private pure returns (bytes32) {
        return keccak256(abi.encode(below, where));
    }

    function node(Trees.Node kind, bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(kind == Trees.Node.Plain ? bytes.concat(left, right) : bytes.concat(hex"01", left, right));
    }

    /// @dev The top over a leaf at `index` of `count`, and its partners from below.
    function up(Trees.Node kind, bytes32 leaf, uint256 index, uint256 count)
        private
        pure
        returns (bytes32 top, bytes32[] memory partners)
    {
        if (count == 1) return (leaf, partners);
        uint256 left = 1;
        while (left * 2 < count) left *= 2;
        bool isLeft = index < left;
        (top, partners) = isLeft ? up(kind, leaf, index, left) : up(kind, leaf, index - left, count - left);
        bytes32 partner = unknown(top, "partner");
        partners = partners.push(partner);
        top = isLeft ? node(kind, top, partner) : node(kind, partner, top);
    }

    /// @dev The root of a tree bound to its count over a leaf, and the leaf's proof.
    function bound(bytes memory data, uint32 index, uint32 count)
        internal
        pure
        returns (bytes32 root, bytes32[] memory partners)
    {
        bytes32 top;
        (top, partners) = up(Trees.Node.Marked, Trees.boundLeaf(index, data), index, count);
        root = keccak256(bytes.concat(hex"02", bytes4(count), top));
    }

    /// @dev The root of a mountain range over a leaf, and the leaf's proof.
    function mmr(bytes memory leaf, uint256 index, uint256 count)
        internal
        pure
        returns (bytes32 root, bytes32[] memory proof)
    {
        uint256 peak = 1;
        while (peak * 2 <= count) peak *= 2;
        while (index >= peak) {
            proof = proof.push(unknown(keccak256(leaf), "peak"));
            (index, count) = (index - peak, count - peak);
            for (peak = 1; peak * 2 <= count;) {
                peak *= 2;
            }
        }
        uint256 left = proof.length;
        bytes32[] memory partners;
        (root, partners) = up(Trees.Node.Plain, keccak256(leaf), index, peak);
        for (uint256 i = 0; i < partners.length; ++i) {
            proof = proof.push(partners[i]);
        }
        if (peak < count) {
            bytes32 bagged = unknown(root, "bagged");
            proof = proof.push(bagged);
            root = node(Trees.Node.Plain, bagged, root);
        }
        while (left > 0) root = node(Trees.Node.Plain, root, proof[--left]);
    }
}
