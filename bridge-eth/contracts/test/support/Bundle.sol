// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../../src/ISmartLinkAnchor.sol";
import {Scale} from "./Scale.sol";
import {Story} from "./Story.sol";

/// @notice Reads the bundles of docs/proofs.md, of which the corpus of the Rust verifier has some of a real chain.
abstract contract Bundle is Story {
    string private constant CORPUS =
        "../../indexer/proofs/tests/__fuzz__/any_bytes_as_a_bundle_are_refused_without_panic/corpus/";

    function bundle(string memory name) internal view returns (string memory) {
        return vm.readFile(string.concat(CORPUS, name));
    }

    function number(string memory json, string memory key) internal pure returns (uint256) {
        return vm.parseJsonUint(json, key);
    }

    function text(string memory json, string memory key) internal pure returns (bytes memory) {
        return bytes(vm.parseJsonString(json, key));
    }

    function hash(string memory json, string memory key) internal pure returns (bytes32) {
        return vm.parseJsonBytes32(json, key);
    }

    /// @dev The commitment with its one entry.
    function commitment(string memory json) internal pure returns (bytes memory) {
        vm.assertEq(text(json, ".commitment.payload[0].id"), "0x6d68");
        return Scale.commitment(
            hash(json, ".commitment.payload[0].data"),
            uint32(number(json, ".commitment.block")),
            uint64(number(json, ".commitment.set"))
        );
    }

    function roster(string memory json) internal pure returns (bytes memory addresses) {
        address[] memory list = vm.parseJsonAddressArray(json, ".validators");
        for (uint256 i = 0; i < list.length; ++i) {
            addresses = bytes.concat(addresses, bytes20(list[i]));
        }
    }

    /// @dev Bits, and each signature with its parity as the highest bit of s.
    function signatures(string memory json) internal view returns (bytes memory signed) {
        bytes memory bits = new bytes((roster(json).length / 20 + 7) / 8);
        for (uint256 i = 0;; ++i) {
            string memory one = string.concat(".signatures[", vm.toString(i), "]");
            if (!vm.keyExistsJson(json, one)) break;
            uint256 by = number(json, string.concat(one, ".by"));
            bits[by / 8] = bits[by / 8] | bytes1(uint8(0x80 >> (by % 8)));
            bytes memory parts = vm.parseJsonBytes(json, string.concat(one, ".signature"));
            vm.assertEq(parts.length, 65);
            if (parts[64] == 0x01) parts[32] = parts[32] | 0x80;
            for (uint256 at_ = 0; at_ < 64; ++at_) {
                signed = bytes.concat(signed, parts[at_]);
            }
        }
        return bytes.concat(bits, signed);
    }

    function leaf(string memory json) internal pure returns (bytes memory) {
        vm.assertEq(number(json, ".leaf.version"), 0);
        return Scale.leaf(
            uint32(number(json, ".leaf.parent_number")),
            hash(json, ".leaf.parent_hash"),
            uint64(number(json, ".leaf.next_set.id")),
            uint32(number(json, ".leaf.next_set.len")),
            hash(json, ".leaf.next_set.root"),
            hash(json, ".leaf.extra")
        );
    }

    function inclusion(string memory json, string memory kind)
        internal
        pure
        returns (ISmartLinkAnchor.Inclusion memory found)
    {
        string memory place = string.concat(".item.", kind, ".place.");
        found.checkpoint = uint32(number(json, ".commitment.block"));
        found.leaf = leaf(json);
        found.mmr = vm.parseJsonBytes32Array(json, ".mmr");
        found.item = uint32(number(json, string.concat(place, "item")));
        found.items = uint32(number(json, string.concat(place, "items")));
        found.partners = vm.parseJsonBytes32Array(json, string.concat(place, "partners"));
    }

    function receipt(string memory json) internal pure returns (bytes memory) {
        string memory at_ = ".item.receipt.receipt.";
        vm.assertEq(text(json, string.concat(at_, "kind")), "trip");
        bytes memory who = abi.encodePacked(
            uint32(number(json, ".item.receipt.batch.company")),
            uint64(number(json, ".item.receipt.batch.number")),
            uint64(number(json, string.concat(at_, "order"))),
            uint32(number(json, string.concat(at_, "driver"))),
            hash(json, string.concat(at_, "account")),
            uint32(number(json, string.concat(at_, "tariff"))),
            uint8(0)
        );
        bytes memory ride = abi.encodePacked(
            uint64(number(json, string.concat(at_, "pickup"))),
            uint32(number(json, string.concat(at_, "distance_m"))),
            uint32(number(json, string.concat(at_, "duration_s"))),
            uint32(number(json, string.concat(at_, "waiting_s"))),
            uint16(number(json, string.concat(at_, "surge_permille")))
        );
        bytes memory paid = abi.encodePacked(
            uint64(number(json, string.concat(at_, "fare"))),
            uint64(number(json, string.concat(at_, "tolls"))),
            uint64(number(json, string.concat(at_, "driver_share")))
        );
        return bytes.concat(who, ride, paid);
    }

    function batch(string memory json) internal pure returns (bytes memory) {
        string memory at_ = ".item.receipt.batch.";
        bytes memory front = abi.encodePacked(
            uint32(number(json, string.concat(at_, "company"))),
            uint64(number(json, string.concat(at_, "number"))),
            uint32(number(json, string.concat(at_, "city"))),
            uint32(number(json, ".leaf.parent_number")),
            uint32(number(json, string.concat(at_, "rides"))),
            hash(json, string.concat(at_, "receipts_root")),
            hash(json, string.concat(at_, "evidence_root"))
        );
        bytes memory sums = abi.encodePacked(
            uint128(number(json, string.concat(at_, "gross"))),
            uint128(number(json, string.concat(at_, "drivers"))),
            uint128(number(json, string.concat(at_, "platform"))),
            uint128(number(json, string.concat(at_, "third_parties")))
        );
        return bytes.concat(front, sums);
    }

    /// @dev A scrapped economy, which is what the corpus has.
    function vehicle(string memory json) internal pure returns (bytes memory) {
        string memory at_ = ".item.vehicle.vehicle.";
        vm.assertEq(text(json, string.concat(at_, "class")), "economy");
        vm.assertEq(text(json, string.concat(at_, "status")), "scrapped");
        bytes memory plate = text(json, string.concat(at_, "plate"));
        bytes memory model = text(json, string.concat(at_, "model"));
        bytes memory front = abi.encodePacked(
            uint32(number(json, string.concat(at_, "id"))),
            uint32(number(json, string.concat(at_, "version"))),
            uint32(number(json, string.concat(at_, "owner"))),
            uint8(1),
            uint8(3),
            bytes17(text(json, string.concat(at_, "vin")))
        );
        bytes memory texts = abi.encodePacked(uint8(plate.length), bytes16(plate), uint8(model.length), bytes32(model));
        return bytes.concat(front, texts);
    }

    function anchorBytes(string memory json) internal pure returns (bytes memory) {
        string memory at_ = ".item.anchor.";
        return abi.encodePacked(
            uint32(number(json, string.concat(at_, "company"))),
            uint64(number(json, string.concat(at_, "number"))),
            uint64(number(json, string.concat(at_, "first_sequence"))),
            uint32(number(json, string.concat(at_, "count"))),
            hash(json, string.concat(at_, "root")),
            uint64(number(json, string.concat(at_, "closed_at_ms")))
        );
    }
}
