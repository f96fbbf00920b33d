// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Mmr} from "./Mmr.sol";
import {Read} from "./Read.sol";

/// @title Leaves of the MMR
/// @notice Block B + 1 adds one leaf, about block B, with the number B: the MMR of block K has K. Neither index nor count is
/// an argument of a proof, so neither can be another.
library Leaves {
    using Read for bytes;

    /// @dev Bytes of a leaf.
    uint256 private constant LENGTH = 113;

    /// @notice Refuses what has not the length of a leaf. The functions below read only what passed here.
    function checkLength(bytes calldata leaf) internal pure {
        if (leaf.length != LENGTH) revert ISmartLinkAnchor.LeafLength(leaf.length);
    }

    /// @notice The root of the MMR of block `checkpoint` to which the proof of a leaf leads.
    function root(bytes calldata leaf, uint32 checkpoint, bytes32[] calldata mmr) internal pure returns (bytes32) {
        return Mmr.root(keccak256(leaf), height(leaf), checkpoint, mmr);
    }

    /// @notice The version of its form.
    function version(bytes calldata leaf) internal pure returns (uint8) {
        return uint8(leaf.big(0, 1));
    }

    /// @notice The block that it is about.
    function height(bytes calldata leaf) internal pure returns (uint32) {
        return leaf.little4(1);
    }

    /// @notice The hash of that block.
    function blockHash(bytes calldata leaf) internal pure returns (bytes32) {
        return leaf.word(5);
    }

    /// @notice The set of the session after that in which the leaf was made.
    function nextSet(bytes calldata leaf) internal pure returns (uint64 id, uint32 length, bytes32 setRoot) {
        return (leaf.little8(37), leaf.little4(45), leaf.word(49));
    }

    /// @notice The checkpoint root of the block that it is about.
    function checkpointRoot(bytes calldata leaf) internal pure returns (bytes32) {
        return leaf.word(81);
    }
}
