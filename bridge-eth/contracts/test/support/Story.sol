// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../../src/ISmartLinkAnchor.sol";
import {Vm} from "./Vm.sol";

/// @notice A test that forge runs.
abstract contract Story {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev Any number as one of `from` to `to`.
    function within(uint256 number, uint256 from, uint256 to) internal pure returns (uint256) {
        return from + number % (to - from + 1);
    }

    /// @dev Deploys the contract as it is built for the world: with the code that lies in the artifact.
    function create(bytes32 genesis, uint64 set, bytes memory roster, bytes32 rootAfter, uint32 lengthAfter)
        internal
        returns (ISmartLinkAnchor made)
    {
        bytes memory why;
        (made, why) = tryToCreate(genesis, set, roster, rootAfter, lengthAfter);
        vm.assertEq(why, "");
    }

    /// @dev The contract, or why it cannot be deployed.
    function tryToCreate(bytes32 genesis, uint64 set, bytes memory roster, bytes32 rootAfter, uint32 lengthAfter)
        internal
        returns (ISmartLinkAnchor made, bytes memory why)
    {
        bytes memory code = bytes.concat(
            vm.getCode("SmartLinkAnchor.sol:SmartLinkAnchor"), abi.encode(genesis, set, roster, rootAfter, lengthAfter)
        );
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
            if iszero(made) {
                why := mload(0x40)
                mstore(why, returndatasize())
                returndatacopy(add(why, 0x20), 0, returndatasize())
                mstore(0x40, add(why, and(add(returndatasize(), 0x3f), not(0x1f))))
            }
        }
    }
}
