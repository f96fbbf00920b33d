// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Read} from "./Read.sol";

/// @title What BEEFY's validators sign
/// @notice Reads a commitment in SCALE: there is one form of each, and every byte has a meaning.
library Commitments {
    using Read for bytes;

    /// @dev The id of the MMR's root, "mh".
    uint256 private constant MMR_ROOT = 0x6d68;
    /// @dev Bytes of the block and of the set's number, at the end.
    uint256 private constant TAIL = 12;

    /// @notice What a commitment says.
    /// @return root the root of the MMR
    /// @return height the block
    /// @return set the number of the set that signs it
    function read(bytes calldata commitment) internal pure returns (bytes32 root, uint32 height, uint64 set) {
        unchecked {
            (uint256 entries, uint256 offset) = compact(commitment, 0);
            uint256 lowest = 0;
            bool found = false;
            for (; entries > 0; --entries) {
                if (offset + 2 > commitment.length) revert ISmartLinkAnchor.CommitmentTruncated();
                uint256 id = commitment.big(offset, 2);
                if (id < lowest) revert ISmartLinkAnchor.PayloadOrder();
                lowest = id + 1;
                uint256 size;
                (size, offset) = compact(commitment, offset + 2);
                if (offset + size > commitment.length) revert ISmartLinkAnchor.CommitmentTruncated();
                if (id == MMR_ROOT) {
                    if (size != 32) revert ISmartLinkAnchor.NoMmrRoot();
                    root = commitment.word(offset);
                    found = true;
                }
                offset += size;
            }
            if (!found) revert ISmartLinkAnchor.NoMmrRoot();
            if (offset + TAIL > commitment.length) revert ISmartLinkAnchor.CommitmentTruncated();
            if (offset + TAIL < commitment.length) revert ISmartLinkAnchor.CommitmentPadded();
            height = commitment.little4(offset);
            set = commitment.little8(offset + 4);
        }
    }

    /// @dev A compact integer below 2^30, and where it ends. The two lowest bits of its first byte say how long it is.
    function compact(bytes calldata data, uint256 offset) private pure returns (uint256 value, uint256 end) {
        unchecked {
            if (offset >= data.length) revert ISmartLinkAnchor.CommitmentTruncated();
            uint256 first = data.big(offset, 1);
            uint256 mode = first & 3;
            if (mode == 0) return (first >> 2, offset + 1);
            if (mode == 3) revert ISmartLinkAnchor.CompactForm();
            end = offset + 2 * mode;
            if (end > data.length) revert ISmartLinkAnchor.CommitmentTruncated();
            value = data.little4(offset);
            value = (mode == 1 ? value & 0xffff : value) >> 2;
            // What fits a shorter form has to have it.
            if (value < (mode == 1 ? 1 << 6 : 1 << 14)) revert ISmartLinkAnchor.CompactForm();
        }
    }
}
