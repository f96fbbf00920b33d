// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";

/// @title The Merkle mountain range over the leaves of all blocks
/// @notice
/// ```
///          6                 peaks of 7 leaves: 6, 9, 10, of 4, 2 and 1 leaves
///        /   \               inner node  keccak(left ‖ right)
///       2     5      9       bagged from the right: keccak(keccak(10 ‖ 9) ‖ 6)
///      / \   / \    / \
///     0   1 3   4  7   8  10
/// ```
/// A proof of one leaf holds the peaks to the left of the leaf's own, from the left; the partners from the leaf up to its peak;
/// and, if there are peaks to the right, one hash in which they are bagged. Index and count say how many of each there are.
library Mmr {
    /// @notice The root to which a proof of the leaf `index` of `count` leads. Every hash of it is used, each once.
    /// @param leaf the hash of the leaf
    /// @param index its number, from 0
    /// @param count how many leaves there are
    /// @param proof the hashes
    function root(bytes32 leaf, uint32 index, uint32 count, bytes32[] calldata proof) internal pure returns (bytes32) {
        if (index >= count) revert ISmartLinkAnchor.LeafIndex(index, count);
        unchecked {
            // The bits of the count are the peaks. Down to its own peak the index has the same bits, because all leaves of
            // those peaks are before it; there the count has a one and the index a zero.
            uint256 height = highestBit(index ^ count);
            uint256 left = ones(count >> (height + 1));
            bool right = uint256(count) << (256 - height) != 0;
            uint256 wanted = left + height + (right ? 1 : 0);
            if (proof.length != wanted) revert ISmartLinkAnchor.MmrProofLength(proof.length, wanted);

            bytes32 hash = climb(leaf, index, proof, left, height);
            if (right) hash = node(item(proof, left + height), hash);
            while (left > 0) hash = node(hash, item(proof, --left));
            return hash;
        }
    }

    /// @dev From a leaf to its peak, by `height` partners that begin at `from`. The index's lowest bits say on which side it is.
    function climb(bytes32 leaf, uint256 index, bytes32[] calldata proof, uint256 from, uint256 height)
        private
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            hash := leaf
            let partner := add(proof.offset, shl(5, from))
            for { let end := add(partner, shl(5, height)) } lt(partner, end) { partner := add(partner, 0x20) } {
                let own := shl(5, and(index, 1))
                mstore(own, hash)
                mstore(xor(own, 0x20), calldataload(partner))
                hash := keccak256(0x00, 0x40)
                index := shr(1, index)
            }
        }
    }

    /// @dev The highest bit of a number of 32 bits that is not zero.
    function highestBit(uint256 bits) private pure returns (uint256 bit) {
        assembly ("memory-safe") {
            bit := shl(4, gt(bits, 0xffff))
            bit := or(bit, shl(3, gt(shr(bit, bits), 0xff)))
            bit := or(bit, shl(2, gt(shr(bit, bits), 0xf)))
            bit := or(bit, shl(1, gt(shr(bit, bits), 3)))
            bit := or(bit, gt(shr(bit, bits), 1))
        }
    }

    /// @dev How many bits are one.
    function ones(uint256 number) private pure returns (uint256 bits) {
        unchecked {
            for (; number != 0; number &= number - 1) {
                ++bits;
            }
        }
    }

    /// @dev A hash of a proof that has more than `i`.
    function item(bytes32[] calldata proof, uint256 i) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := calldataload(add(proof.offset, shl(5, i)))
        }
    }

    /// @dev An inner node.
    function node(bytes32 left, bytes32 right) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            hash := keccak256(0x00, 0x40)
        }
    }
}
