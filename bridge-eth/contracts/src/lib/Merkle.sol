// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";

/// @title Trees whose leaves are bound to their position, and whose roots are bound to their count
/// @notice
/// ```
/// leaf  = keccak(0x00 ‖ index as u32 BE ‖ data)
/// node  = keccak(0x01 ‖ left ‖ right)           a last node without a partner moves up as it is
/// root  = keccak(0x02 ‖ count as u32 BE ‖ top)
/// ```
/// A proof holds the partners from the leaf up. Index and count say at which levels there is one.
/// @dev Indices and counts have 32 bits; what is written to memory takes them as words, so that no dirty bit comes along.
library Merkle {
    /// @notice Refuses a proof unless `leaf` is number `index` of the `count` leaves below `wanted`.
    /// @param leaf the hash of the leaf, made with the same index
    /// @param index its number, from 0
    /// @param count how many leaves there are
    /// @param partners from the leaf up
    /// @param wanted the root
    function check(bytes32 leaf, uint32 index, uint32 count, bytes32[] calldata partners, bytes32 wanted)
        internal
        pure
    {
        bytes32 found = root(leaf, index, count, partners);
        if (found != wanted) revert ISmartLinkAnchor.OtherTreeRoot(found, wanted);
    }

    /// @notice The root to which a proof leads. Every partner is used, each once.
    function root(bytes32 leaf, uint32 index, uint32 count, bytes32[] calldata partners)
        internal
        pure
        returns (bytes32)
    {
        if (index >= count) revert ISmartLinkAnchor.TreeIndex(index, count);
        (bytes32 top, uint256 wanted) = climb(leaf, index, count, partners);
        // What was read behind the last partner led to a hash that is not looked at.
        if (wanted != partners.length) revert ISmartLinkAnchor.TreeProofLength(partners.length, wanted);
        return seal(count, top);
    }

    /// @dev From a leaf to the top of its tree, and how many partners there are on the way.
    function climb(bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata partners)
        private
        pure
        returns (bytes32 hash, uint256 used)
    {
        assembly ("memory-safe") {
            hash := leaf
            let m := mload(0x40)
            let left := add(m, 0x01)
            mstore8(m, 1)
            for { let width := count } gt(width, 1) { width := shr(1, add(width, 1)) } {
                // The last of an odd level has no partner.
                if or(and(index, 1), lt(add(index, 1), width)) {
                    let own := shl(5, and(index, 1))
                    mstore(add(left, own), hash)
                    mstore(add(left, xor(own, 0x20)), calldataload(add(partners.offset, shl(5, used))))
                    hash := keccak256(m, 0x41)
                    used := add(used, 1)
                }
                index := shr(1, index)
            }
        }
    }

    /// @notice The hash of a leaf whose data is in calldata.
    function leafOf(uint256 index, bytes calldata data) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            // The byte in front is zero: an index has four.
            mstore(m, shl(216, index))
            calldatacopy(add(m, 5), data.offset, data.length)
            hash := keccak256(m, add(5, data.length))
        }
    }

    /// @notice The hash of a leaf whose data is one word.
    function leafOf(uint256 index, bytes32 data) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, shl(216, index))
            mstore(0x05, data)
            hash := keccak256(0x00, 37)
        }
    }

    /// @notice The hash of a leaf of a checkpoint: the kind of an item in one byte, then the keccak of the item.
    function leafOf(uint256 index, uint256 kind, bytes32 data) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, or(shl(216, index), shl(208, kind)))
            mstore(0x06, data)
            hash := keccak256(0x00, 38)
        }
    }

    /// @dev The root: the top, bound to the number of leaves.
    function seal(uint256 count, bytes32 top) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, or(shl(248, 2), shl(216, count)))
            mstore(0x05, top)
            hash := keccak256(0x00, 37)
        }
    }
}
