// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Chain} from "./support/Chain.sol";
import {Parts} from "./support/Parts.sol";
import {Paths} from "./support/Paths.sol";
import {Scale} from "./support/Scale.sol";
import {Trees} from "./support/Trees.sol";

/// @notice Trees, mountains and sets of any shape, made by recursion and walked by the contract's libraries.
contract GeometryTest is Chain {
    Parts private parts;

    function setUp() public {
        parts = new Parts();
    }

    function hashes(uint256 count) private pure returns (bytes32[] memory list) {
        list = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = keccak256(abi.encode(count, i));
        }
    }

    function test_every_leaf_of_every_small_mountain_is_proven() public view {
        for (uint32 count = 1; count <= 33; ++count) {
            bytes32[] memory list = hashes(count);
            bytes32 root = Trees.mmrRoot(list, 0, count);
            for (uint32 index = 0; index < count; ++index) {
                vm.assertEq(parts.mmr(list[index], index, count, Trees.mmrProof(list, index)), root);
            }
        }
    }

    function test_every_leaf_of_every_small_tree_is_proven() public view {
        for (uint32 count = 1; count <= 33; ++count) {
            bytes32[] memory list = new bytes32[](count);
            for (uint256 i = 0; i < count; ++i) {
                list[i] = Trees.boundLeaf(i, abi.encodePacked("leaf", i));
            }
            bytes32 root = Trees.boundRoot(list);
            for (uint32 index = 0; index < count; ++index) {
                bytes memory data = abi.encodePacked("leaf", uint256(index));
                vm.assertEq(parts.tree(data, index, count, Trees.boundProof(list, index)), root);
            }
        }
    }

    function testFuzz_a_leaf_of_any_mountain_is_proven(bytes calldata leaf, uint32 index, uint32 count) public view {
        count = uint32(within(count, 1, type(uint32).max));
        index = index % count;
        (bytes32 root, bytes32[] memory proof) = Paths.mmr(leaf, index, count);
        vm.assertEq(parts.mmr(keccak256(leaf), index, count, proof), root);
    }

    function testFuzz_a_leaf_of_any_tree_is_proven(bytes calldata data, uint32 index, uint32 count) public view {
        count = uint32(within(count, 1, type(uint32).max));
        index = index % count;
        (bytes32 root, bytes32[] memory partners) = Paths.bound(data, index, count);
        vm.assertEq(parts.tree(data, index, count, partners), root);
    }

    /// At another index, or among another number of leaves, the same proof leads elsewhere or is refused.
    function testFuzz_a_proof_holds_at_its_own_place_alone(uint32 index, uint32 count, uint32 index2, uint32 count2)
        public
        view
    {
        count = uint32(within(count, 1, 5_000));
        index = index % count;
        (index2, count2) = (index2 % 6_000, count2 % 6_000);
        vm.assume(index2 != index || count2 != count);
        (bytes32 root, bytes32[] memory partners) = Paths.bound("data", index, count);
        try parts.tree("data", index2, count2, partners) returns (bytes32 found) {
            vm.assertFalse(found == root);
        } catch {}
    }

    function testFuzz_a_roster_has_the_root_of_its_tree(uint256 count, bytes32 salt) public view {
        count = within(count, 1, 130);
        bytes memory roster;
        bytes32[] memory list = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes20 one = bytes20(keccak256(abi.encode(salt, i)));
            roster = bytes.concat(roster, one);
            list[i] = keccak256(bytes.concat(one));
        }
        vm.assertEq(parts.roster(roster), Trees.plainRoot(list));
        parts.unique(roster);
    }

    /// Whatever their lowest bits are, by which the table of those seen is made.
    function testFuzz_who_is_twice_is_found(uint256 count, uint256 twice, uint256 of_, uint256 seed, uint8 bits)
        public
    {
        count = within(count, 2, 120);
        (twice, of_) = (twice % count, of_ % count);
        vm.assume(twice != of_);
        bytes memory roster;
        for (uint256 i = 0; i < count; ++i) {
            uint160 one = uint160(uint256(keccak256(abi.encode(seed, i == twice ? of_ : i))));
            // Many with the same lowest bits.
            roster = bytes.concat(roster, bytes20(one >> (bits % 80) << (bits % 80)));
        }
        vm.expectRevert();
        parts.unique(roster);
    }

    function test_as_many_have_to_sign_as_beefy_says() public view {
        for (uint256 count = 1; count <= 1_000; ++count) {
            vm.assertEq(parts.threshold(count), enough(count));
        }
    }

    function testFuzz_a_commitment_says_what_was_written(
        bytes32 root,
        uint32 height,
        uint64 set,
        uint16 before,
        uint16 behind
    ) public view {
        bytes memory one = bytes.concat("aa", Scale.compact(before), new bytes(before));
        bytes memory three = bytes.concat("zz", Scale.compact(behind), new bytes(behind));
        bytes memory payload = bytes.concat(Scale.compact(3), one, "mh", Scale.compact(32), root, three);
        bytes memory commitment = bytes.concat(payload, Scale.little(height, 4), Scale.little(set, 8));
        (bytes32 root_, uint32 height_, uint64 set_) = parts.commitment(commitment);
        vm.assertEq(root_, root);
        vm.assertEq(height_, height);
        vm.assertEq(set_, set);
    }

    /// Any bytes are read or refused by name; what is read is what they say.
    function testFuzz_any_bytes_as_a_commitment(bytes calldata data) public view {
        try parts.commitment(data) returns (bytes32 root, uint32 height, uint64 set) {
            bytes memory tail = bytes.concat(Scale.little(height, 4), Scale.little(set, 8));
            vm.assertEq(bytes.concat(data[data.length - 12:]), tail);
            vm.assertTrue(root != 0);
        } catch (bytes memory why) {
            vm.assertEq(why.length, 4);
        }
    }
}
