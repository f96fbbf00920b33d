// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Read} from "../lib/Read.sol";

/// @title Vehicles as bytes
library Vehicles {
    using Read for bytes;

    /// @dev Bytes of a vehicle.
    uint256 private constant LENGTH = 81;
    /// @dev Where the class stands, 1 to 7.
    uint256 private constant CLASS = 12;
    /// @dev Where the status stands, 1 to 3.
    uint256 private constant STATUS = 13;
    /// @dev Where the VIN stands, 17 bytes.
    uint256 private constant VIN = 14;
    /// @dev Where the plate stands: its length, and a place of 16 bytes.
    uint256 private constant PLATE = 31;
    /// @dev Where the model stands: its length, and a place of 32 bytes.
    uint256 private constant MODEL = 48;

    /// @notice The fields of a vehicle.
    function decode(bytes calldata data) internal pure returns (ISmartLinkAnchor.Vehicle memory vehicle) {
        if (data.length != LENGTH) revert ISmartLinkAnchor.ItemLength(data.length, LENGTH);
        // Every cast is of an integer of as many bytes as its type has.
        vehicle.id = uint32(data.big(0, 4));
        vehicle.version = uint32(data.big(4, 4));
        vehicle.owner = uint32(data.big(8, 4));
        vehicle.class = uint8(data.big(CLASS, 1));
        vehicle.status = uint8(data.big(STATUS, 1));
        if (vehicle.class == 0 || vehicle.class > 7) revert ISmartLinkAnchor.ItemValue(CLASS);
        if (vehicle.status == 0 || vehicle.status > 3) revert ISmartLinkAnchor.ItemValue(STATUS);
        vehicle.vin = bytes17(data.word(VIN));
        vehicle.plate = text(data, PLATE, 16);
        vehicle.model = text(data, MODEL, 32);
    }

    /// @dev A text: its length, and behind it a place of `room` bytes with zeros after the text.
    function text(bytes calldata data, uint256 offset, uint256 room) private pure returns (string memory) {
        uint256 length = data.big(offset, 1);
        if (length > room) revert ISmartLinkAnchor.ItemValue(offset);
        uint256 end = offset + 1 + length;
        uint256 rest = room - length;
        if (rest > 0 && data.big(end, rest) != 0) revert ISmartLinkAnchor.ItemValue(offset);
        return string(data[offset + 1:end]);
    }
}
