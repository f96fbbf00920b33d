// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Integers and words of bytes in calldata
/// @dev Nothing here checks a bound: who reads has checked the length before. Behind the end of calldata there are zeros.
library Read {
    /// @notice The 32 bytes from `offset` on.
    function word(bytes calldata data, uint256 offset) internal pure returns (bytes32 found) {
        assembly ("memory-safe") {
            found := calldataload(add(data.offset, offset))
        }
    }

    /// @notice A big-endian integer of `size` bytes, 1 to 32.
    function big(bytes calldata data, uint256 offset, uint256 size) internal pure returns (uint256) {
        unchecked {
            return uint256(word(data, offset)) >> (256 - 8 * size);
        }
    }

    /// @notice A little-endian integer of 4 bytes.
    function little4(bytes calldata data, uint256 offset) internal pure returns (uint32) {
        return reverse4(uint32(big(data, offset, 4)));
    }

    /// @notice A little-endian integer of 8 bytes.
    function little8(bytes calldata data, uint256 offset) internal pure returns (uint64) {
        uint256 found = big(data, offset, 8);
        // Of 8 bytes each cast takes the half that it means.
        // forge-lint: disable-next-line(unsafe-typecast)
        return (uint64(reverse4(uint32(found))) << 32) | reverse4(uint32(found >> 32));
    }

    /// @dev The four bytes the other way round.
    function reverse4(uint32 found) private pure returns (uint32) {
        found = ((found & 0x00ff00ff) << 8) | ((found >> 8) & 0x00ff00ff);
        return (found << 16) | (found >> 16);
    }
}
