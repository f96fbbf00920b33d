// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Commitments} from "../../src/lib/Commitments.sol";
import {Merkle} from "../../src/lib/Merkle.sol";
import {Mmr} from "../../src/lib/Mmr.sol";
import {Rosters} from "../../src/lib/Rosters.sol";
import {Signatures} from "../../src/lib/Signatures.sol";

/// @notice The libraries by themselves.
contract Parts {
    function commitment(bytes calldata data) external pure returns (bytes32, uint32, uint64) {
        return Commitments.read(data);
    }

    function mmr(bytes32 leaf, uint32 index, uint32 count, bytes32[] calldata proof) external pure returns (bytes32) {
        return Mmr.root(leaf, index, count, proof);
    }

    function tree(bytes calldata data, uint32 index, uint32 count, bytes32[] calldata partners)
        external
        pure
        returns (bytes32)
    {
        return Merkle.root(Merkle.leafOf(index, data), index, count, partners);
    }

    function roster(bytes memory addresses) external pure returns (bytes32) {
        return Rosters.root(addresses, addresses.length / 20);
    }

    function unique(bytes memory addresses) external pure {
        Rosters.checkUnique(addresses, addresses.length / 20);
    }

    function threshold(uint256 length) external pure returns (uint256) {
        return Signatures.threshold(length);
    }
}
