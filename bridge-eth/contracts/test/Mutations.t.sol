// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Facts} from "./support/Facts.sol";

/// @notice Whatever is changed of what is brought, nothing is taken and nothing is proven.
contract MutationsTest is Facts {
    uint64 private constant SET = 7;

    Keys private set;
    ISmartLinkAnchor private anchor;

    function setUp() public {
        set = validators(7, "set");
        anchor = deploy(SET, set, set);
    }

    function flipped(bytes memory data, uint256 bit) private pure returns (bytes memory changed) {
        changed = bytes.concat(data);
        changed[bit / 8] = changed[bit / 8] ^ bytes1(uint8(1 << (bit % 8)));
    }

    function flipped(bytes32[] memory data, uint256 bit) private pure returns (bytes32[] memory changed) {
        changed = new bytes32[](data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            changed[i] = data[i];
        }
        changed[bit / 256] = bytes32(uint256(changed[bit / 256]) ^ (1 << (bit % 256)));
    }

    /// @dev With one byte less or more.
    function resized(bytes memory data, bool longer, bytes1 added) private pure returns (bytes memory changed) {
        if (longer) return bytes.concat(data, added);
        changed = new bytes(data.length - 1);
        for (uint256 i = 0; i < changed.length; ++i) {
            changed[i] = data[i];
        }
    }

    /// @dev With one hash less or more, at any place.
    function resized(bytes32[] memory data, bool longer, uint256 place, bytes32 added)
        private
        pure
        returns (bytes32[] memory changed)
    {
        changed = new bytes32[](longer ? data.length + 1 : data.length - 1);
        place = longer ? place % (data.length + 1) : place % data.length;
        for (uint256 i = 0; i < changed.length; ++i) {
            if (longer) changed[i] = i < place ? data[i] : i == place ? added : data[i - 1];
            else changed[i] = i < place ? data[i] : data[i + 1];
        }
    }

    function refused(bytes memory call, string memory what) private {
        (bool success,) = address(anchor).call(call);
        vm.assertFalse(success, what);
    }

    /// Every single bit of every argument.
    function test_no_bit_of_a_hand_over_may_be_another() public {
        grow(21, SET + 2, set);
        Brought memory right = bring(set, SET + 1);
        bytes[4] memory parts = [right.commitment, right.roster, right.signatures, right.leaf];
        for (uint256 part = 0; part < 4; ++part) {
            bytes memory data = parts[part];
            for (uint256 bit = 0; bit < data.length * 8; ++bit) {
                data[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
                refused(handoverCall(right), vm.toString(bit));
                data[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
            }
        }
        for (uint256 bit = 0; bit < right.mmr.length * 256; ++bit) {
            Brought memory wrong = right;
            bytes32[] memory mmr = right.mmr;
            wrong.mmr = flipped(mmr, bit);
            refused(handoverCall(wrong), vm.toString(bit));
            wrong.mmr = mmr;
        }
        // And it was right all along.
        submitHandover(anchor, right);
    }

    function test_no_bit_of_a_receipts_proof_may_be_another() public {
        ReceiptProof memory right;
        (anchor, right) = receiptAt(set, SET, 6, 11, Size(77, 105, 1, 3));
        bytes[3] memory parts = [right.receipt, right.batch, right.inclusion.leaf];
        for (uint256 part = 0; part < 3; ++part) {
            bytes memory data = parts[part];
            for (uint256 bit = 0; bit < data.length * 8; ++bit) {
                data[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
                refused(receiptCall(right), vm.toString(bit));
                data[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
            }
        }
        bytes32[][3] memory lists = [right.partners, right.inclusion.partners, right.inclusion.mmr];
        for (uint256 list = 0; list < 3; ++list) {
            bytes32[] memory data = lists[list];
            for (uint256 bit = 0; bit < data.length * 256; ++bit) {
                data[bit / 256] ^= bytes32(1 << (bit % 256));
                refused(receiptCall(right), vm.toString(bit));
                data[bit / 256] ^= bytes32(1 << (bit % 256));
            }
        }
        for (uint256 bit = 0; bit < 32; ++bit) {
            uint32 change = uint32(1 << bit);
            right.row ^= change;
            refused(receiptCall(right), "row");
            right.row ^= change;
            right.inclusion.item ^= change;
            refused(receiptCall(right), "item");
            right.inclusion.item ^= change;
            right.inclusion.items ^= change;
            refused(receiptCall(right), "items");
            right.inclusion.items ^= change;
            right.inclusion.checkpoint ^= change;
            refused(receiptCall(right), "checkpoint");
            right.inclusion.checkpoint ^= change;
        }
        anchor.verifyReceipt(right.receipt, right.row, right.partners, right.batch, right.inclusion);
    }

    /// Any set, any shape of the mountain, any bit.
    function testFuzz_a_changed_commitment_is_refused(uint8 count, uint32 height, uint8 part, uint256 bit) public {
        Keys memory some = validators(within(count, 1, 12), "some");
        height = uint32(within(height, 1, type(uint32).max));
        (Brought memory brought,) = include(some, SET + 1, 2, "item", Size(height - 1, height, 0, 1));
        anchor = deploy(SET, some, some);
        part = part % 5;
        if (part == 0) brought.commitment = flipped(brought.commitment, bit % (brought.commitment.length * 8));
        if (part == 1) brought.roster = flipped(brought.roster, bit % (brought.roster.length * 8));
        if (part == 2) brought.signatures = flipped(brought.signatures, bit % (brought.signatures.length * 8));
        if (part == 3) brought.leaf = flipped(brought.leaf, bit % (brought.leaf.length * 8));
        if (part == 4) {
            vm.assume(brought.mmr.length > 0);
            brought.mmr = flipped(brought.mmr, bit % (brought.mmr.length * 256));
        }
        refused(handoverCall(brought), "taken");
    }

    function testFuzz_a_cut_or_padded_commitment_is_refused(
        uint8 count,
        uint32 height,
        uint8 part,
        bool longer,
        uint256 place,
        bytes32 added
    ) public {
        Keys memory some = validators(within(count, 1, 12), "some");
        height = uint32(within(height, 1, type(uint32).max));
        (Brought memory brought,) = include(some, SET + 1, 2, "item", Size(height - 1, height, 0, 1));
        anchor = deploy(SET, some, some);
        part = part % 5;
        if (part == 0) brought.commitment = resized(brought.commitment, longer, added[0]);
        if (part == 1) brought.roster = resized(brought.roster, longer, added[0]);
        if (part == 2) brought.signatures = resized(brought.signatures, longer, added[0]);
        if (part == 3) brought.leaf = resized(brought.leaf, longer, added[0]);
        if (part == 4) {
            vm.assume(longer || brought.mmr.length > 0);
            brought.mmr = resized(brought.mmr, longer, place, added);
        }
        refused(handoverCall(brought), "taken");
    }

    function testFuzz_a_changed_proof_is_refused(
        uint32 rides,
        uint32 row,
        uint32 items,
        uint32 checkpoint,
        uint8 part,
        uint256 bit
    ) public {
        ReceiptProof memory proof = anyProof(rides, row, items, checkpoint);
        part = part % 6;
        if (part == 0) proof.receipt = flipped(proof.receipt, bit % (proof.receipt.length * 8));
        if (part == 1) proof.batch = flipped(proof.batch, bit % (proof.batch.length * 8));
        if (part == 2) {
            proof.inclusion.leaf = flipped(proof.inclusion.leaf, bit % (proof.inclusion.leaf.length * 8));
        }
        if (part == 3) {
            vm.assume(proof.partners.length > 0);
            proof.partners = flipped(proof.partners, bit % (proof.partners.length * 256));
        }
        if (part == 4) {
            vm.assume(proof.inclusion.mmr.length > 0);
            proof.inclusion.mmr = flipped(proof.inclusion.mmr, bit % (proof.inclusion.mmr.length * 256));
        }
        if (part == 5) {
            vm.assume(proof.inclusion.partners.length > 0);
            proof.inclusion.partners = flipped(proof.inclusion.partners, bit % (proof.inclusion.partners.length * 256));
        }
        refused(receiptCall(proof), "proven");
    }

    function testFuzz_a_cut_or_padded_proof_is_refused(
        uint32 rides,
        uint32 items,
        uint32 checkpoint,
        uint8 part,
        bool longer,
        uint256 place,
        bytes32 added
    ) public {
        ReceiptProof memory proof = anyProof(rides, uint32(place), items, checkpoint);
        ISmartLinkAnchor.Inclusion memory inclusion = proof.inclusion;
        part = part % 6;
        if (part == 0) proof.receipt = resized(proof.receipt, longer, added[0]);
        if (part == 1) proof.batch = resized(proof.batch, longer, added[0]);
        if (part == 2) inclusion.leaf = resized(inclusion.leaf, longer, added[0]);
        if (part == 3) {
            vm.assume(longer || proof.partners.length > 0);
            proof.partners = resized(proof.partners, longer, place, added);
        }
        if (part == 4) {
            vm.assume(longer || inclusion.mmr.length > 0);
            inclusion.mmr = resized(inclusion.mmr, longer, place, added);
        }
        if (part == 5) {
            vm.assume(longer || inclusion.partners.length > 0);
            inclusion.partners = resized(inclusion.partners, longer, place, added);
        }
        refused(receiptCall(proof), "proven");
    }

    function testFuzz_a_proof_with_another_number_is_refused(
        uint32 rides,
        uint32 items,
        uint32 checkpoint,
        uint8 part,
        uint32 other
    ) public {
        ReceiptProof memory proof = anyProof(rides, other, items, checkpoint);
        vm.assume(other != 0);
        part = part % 4;
        if (part == 0) proof.row ^= other;
        if (part == 1) proof.inclusion.item ^= other;
        if (part == 2) proof.inclusion.items ^= other;
        if (part == 3) proof.inclusion.checkpoint ^= other;
        refused(receiptCall(proof), "proven");
    }

    /// @dev A receipt that is proven, in trees of any size, and the anchor that proves it.
    function anyProof(uint32 rides, uint32 row, uint32 items, uint32 checkpoint)
        private
        returns (ReceiptProof memory proof)
    {
        rides = uint32(within(rides, 1, 65_536));
        items = uint32(within(items, 1, 1_024));
        checkpoint = uint32(within(checkpoint, 1, type(uint32).max));
        Size memory size = Size(row % checkpoint, checkpoint, row % items, items);
        (anchor, proof) = receiptAt(set, SET, row % rides, rides, size);
        anchor.verifyReceipt(proof.receipt, proof.row, proof.partners, proof.batch, proof.inclusion);
    }

    /// Any bytes at all, to any function.
    function testFuzz_any_bytes_are_refused(uint8 which, bytes calldata data) public {
        bytes4[8] memory all = [
            ISmartLinkAnchor.submit.selector,
            ISmartLinkAnchor.submitHandover.selector,
            ISmartLinkAnchor.verifyLeaf.selector,
            ISmartLinkAnchor.verifyItem.selector,
            ISmartLinkAnchor.verifyReceipt.selector,
            ISmartLinkAnchor.verifyVehicle.selector,
            ISmartLinkAnchor.verifyAnchor.selector,
            ISmartLinkAnchor.verifyRecord.selector
        ];
        refused(bytes.concat(all[which % 8], data), "taken");
    }
}
