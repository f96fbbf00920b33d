// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";

/// @title Sets of validators
/// @notice A roster is the addresses of a set in its order, 20 bytes each. Its root is that of the Merkle tree over the keccak
/// of each, inner nodes keccak(left ‖ right), the last of an odd level as it is. An address has 20 bytes and a pair of nodes
/// 64, so no other roster has the same root.
library Rosters {
    /// @dev The most validators that a set is taken for.
    uint256 internal constant MOST = 1000;
    /// @dev Bytes of an address.
    uint256 internal constant ADDRESS = 20;

    /// @notice Refuses a number of validators that no set has.
    function checkSize(uint256 length) internal pure {
        if (length == 0 || length > MOST) revert ISmartLinkAnchor.SetSize(length);
    }

    /// @notice Refuses a roster that is not that of the set with this length and root.
    function check(bytes memory roster, uint256 length, bytes32 known) internal pure {
        unchecked {
            // At most 1,000 validators.
            if (roster.length != length * ADDRESS) {
                revert ISmartLinkAnchor.RosterLength(roster.length, length * ADDRESS);
            }
        }
        bytes32 found = root(roster, length);
        if (found != known) revert ISmartLinkAnchor.OtherRoster(found, known);
    }

    /// @notice The root of a roster of `length` addresses, at least one.
    function root(bytes memory roster, uint256 length) internal pure returns (bytes32 found) {
        assembly ("memory-safe") {
            // Levels are made in free memory, each over the one below: node i is written when i and later ones are read.
            let level := mload(0x40)
            let from := add(roster, 0x20)
            let end := add(level, shl(5, length))
            for { let to := level } lt(to, end) { to := add(to, 0x20) } {
                mstore(to, keccak256(from, 20))
                from := add(from, 20)
            }
            for {} gt(length, 1) {} {
                let pairs := shr(1, length)
                end := add(level, shl(5, pairs))
                let pair := level
                for { let to := level } lt(to, end) { to := add(to, 0x20) } {
                    mstore(to, keccak256(pair, 0x40))
                    pair := add(pair, 0x40)
                }
                if and(length, 1) { mstore(end, mload(pair)) }
                length := add(pairs, and(length, 1))
            }
            found := mload(level)
        }
    }

    /// @notice Refuses a roster with a validator twice, or with the address zero, for which nobody can sign.
    /// @dev A table of the addresses seen, by their lowest bits; one that is taken leaves the next place.
    function checkUnique(bytes memory roster, uint256 length) internal pure {
        unchecked {
            uint256 places = 2;
            while (places < 2 * length) places *= 2;
            uint256[] memory table = new uint256[](places);
            for (uint256 i = 0; i < length; ++i) {
                address validator = validatorAt(roster, i);
                if (validator == address(0)) revert ISmartLinkAnchor.ZeroValidator(i);
                if (!insert(table, uint160(validator))) revert ISmartLinkAnchor.ValidatorTwice(i);
            }
        }
    }

    /// @notice The validator at a place, below the length of the roster.
    function validatorAt(bytes memory roster, uint256 place) internal pure returns (address validator) {
        assembly ("memory-safe") {
            validator := shr(96, mload(add(add(roster, 0x20), mul(place, 20))))
        }
    }

    /// @dev Puts a value that is not zero into a table of 2^n places, at most half full. False when it is there already.
    function insert(uint256[] memory table, uint256 value) private pure returns (bool isNew) {
        assembly ("memory-safe") {
            let mask := sub(shl(5, mload(table)), 1)
            let places := add(table, 0x20)
            let offset := and(shl(5, value), mask)
            let found := mload(add(places, offset))
            for {} and(iszero(iszero(found)), iszero(eq(found, value))) {} {
                offset := and(add(offset, 0x20), mask)
                found := mload(add(places, offset))
            }
            isNew := iszero(found)
            mstore(add(places, offset), value)
        }
    }
}
