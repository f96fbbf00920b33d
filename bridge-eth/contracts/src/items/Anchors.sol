// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Read} from "../lib/Read.sol";

/// @title Anchors of telemetry as bytes
library Anchors {
    using Read for bytes;

    /// @dev Bytes of an anchor.
    uint256 private constant LENGTH = 64;

    /// @notice The fields of an anchor.
    function decode(bytes calldata data) internal pure returns (ISmartLinkAnchor.Anchor memory anchor) {
        if (data.length != LENGTH) revert ISmartLinkAnchor.ItemLength(data.length, LENGTH);
        // Every cast is of an integer of as many bytes as its type has.
        anchor.company = uint32(data.big(0, 4));
        anchor.number = uint64(data.big(4, 8));
        anchor.firstSequence = uint64(data.big(12, 8));
        anchor.count = uint32(data.big(20, 4));
        anchor.root = data.word(24);
        anchor.closedAt = uint64(data.big(56, 8));
    }

    /// @notice The place of a record in the batch, from 0.
    function indexOf(ISmartLinkAnchor.Anchor memory anchor, uint64 sequence) internal pure returns (uint32) {
        if (sequence < anchor.firstSequence || sequence - anchor.firstSequence >= anchor.count) {
            revert ISmartLinkAnchor.OutsideBatch(sequence);
        }
        // Below a count of 32 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint32(sequence - anchor.firstSequence);
    }
}
