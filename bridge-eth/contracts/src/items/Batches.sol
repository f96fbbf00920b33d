// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Read} from "../lib/Read.sol";

/// @title Settled batches as bytes
library Batches {
    using Read for bytes;

    /// @dev Bytes of a batch.
    uint256 private constant LENGTH = 152;

    /// @notice The fields of a batch.
    function decode(bytes calldata data) internal pure returns (ISmartLinkAnchor.Batch memory batch) {
        if (data.length != LENGTH) revert ISmartLinkAnchor.ItemLength(data.length, LENGTH);
        // Every cast is of an integer of as many bytes as its type has.
        batch.company = uint32(data.big(0, 4));
        batch.number = uint64(data.big(4, 8));
        batch.city = uint32(data.big(12, 4));
        batch.height = uint32(data.big(16, 4));
        batch.rides = uint32(data.big(20, 4));
        batch.receiptsRoot = data.word(24);
        batch.evidenceRoot = data.word(56);
        batch.gross = uint128(data.big(88, 16));
        batch.drivers = uint128(data.big(104, 16));
        batch.platform = uint128(data.big(120, 16));
        batch.thirdParties = uint128(data.big(136, 16));
    }
}
