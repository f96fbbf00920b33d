// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice SCALE as it is written, byte for byte. Shares nothing with what reads it.
library Scale {
    /// @dev A little-endian integer of so many bytes.
    function little(uint256 number, uint256 size) internal pure returns (bytes memory written) {
        for (uint256 i = 0; i < size; ++i) {
            written = bytes.concat(written, bytes1(uint8(number)));
            number /= 256;
        }
    }

    /// @dev A compact integer below 2^30.
    function compact(uint256 number) internal pure returns (bytes memory) {
        if (number < 64) return little(number * 4, 1);
        if (number < 16_384) return little(number * 4 + 1, 2);
        return little(number * 4 + 2, 4);
    }

    /// @dev A commitment with the MMR's root alone.
    function commitment(bytes32 root, uint32 height, uint64 set) internal pure returns (bytes memory) {
        bytes memory payload = bytes.concat("mh", compact(32), root);
        return bytes.concat(compact(1), payload, little(height, 4), little(set, 8));
    }

    /// @dev A leaf of the MMR.
    function leaf(uint32 height, bytes32 blockHash, uint64 set, uint32 length, bytes32 setRoot, bytes32 checkpoint)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory parent = bytes.concat(little(height, 4), blockHash);
        bytes memory next = bytes.concat(little(set, 8), little(length, 4), setRoot);
        return bytes.concat(hex"00", parent, next, checkpoint);
    }
}
