// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Read} from "../lib/Read.sol";

/// @title Receipts as bytes
library Receipts {
    using Read for bytes;

    /// @dev Bytes of a receipt.
    uint256 private constant LENGTH = 107;
    /// @dev Where the kind stands. 0 is a trip, 1 a cancelled one.
    uint256 private constant KIND = 60;

    /// @notice The fields of a receipt.
    function decode(bytes calldata data) internal pure returns (ISmartLinkAnchor.Receipt memory receipt) {
        if (data.length != LENGTH) revert ISmartLinkAnchor.ItemLength(data.length, LENGTH);
        if (data.big(KIND, 1) > 1) revert ISmartLinkAnchor.ItemValue(KIND);
        // Every cast is of an integer of as many bytes as its type has.
        receipt.company = uint32(data.big(0, 4));
        receipt.batch = uint64(data.big(4, 8));
        receipt.order = uint64(data.big(12, 8));
        receipt.driver = uint32(data.big(20, 4));
        receipt.account = data.word(24);
        receipt.tariff = uint32(data.big(56, 4));
        receipt.kind = uint8(data.big(KIND, 1));
        receipt.pickup = uint64(data.big(61, 8));
        receipt.distance = uint32(data.big(69, 4));
        receipt.duration = uint32(data.big(73, 4));
        receipt.waiting = uint32(data.big(77, 4));
        receipt.surge = uint16(data.big(81, 2));
        receipt.fare = uint64(data.big(83, 8));
        receipt.tolls = uint64(data.big(91, 8));
        receipt.driverShare = uint64(data.big(99, 8));
    }
}
