// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Facts} from "./support/Facts.sol";
import {Paths} from "./support/Paths.sol";
import {Trees} from "./support/Trees.sol";

/// @notice What the chain says, proven to a contract.
contract ProofsTest is Facts {
    uint64 private constant SET = 7;

    Keys private set;

    function setUp() public {
        set = validators(4, "set");
    }

    function anchored(uint8 kind, bytes memory item, Size memory size)
        private
        returns (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion)
    {
        Brought memory brought;
        (brought, inclusion) = include(set, SET, kind, item, size);
        anchor = deploy(SET, set, set);
        submit(anchor, brought);
    }

    function test_a_ride_is_proven_with_every_amount() public {
        (ISmartLinkAnchor anchor, ReceiptProof memory proof) =
            receiptAt(set, SET, 700, 1000, Size(700_000, 1_048_576, 5, 8));
        (ISmartLinkAnchor.Receipt memory paid, ISmartLinkAnchor.Batch memory batch) =
            anchor.verifyReceipt(proof.receipt, proof.row, proof.partners, proof.batch, proof.inclusion);
        // All fields in their order, packed, are the bytes again.
        bytes memory front =
            abi.encodePacked(paid.company, paid.batch, paid.order, paid.driver, paid.account, paid.tariff);
        bytes memory ride =
            abi.encodePacked(paid.kind, paid.pickup, paid.distance, paid.duration, paid.waiting, paid.surge);
        vm.assertEq(bytes.concat(front, ride, abi.encodePacked(paid.fare, paid.tolls, paid.driverShare)), proof.receipt);
        front = abi.encodePacked(batch.company, batch.number, batch.city, batch.height, batch.rides);
        bytes memory roots = abi.encodePacked(batch.receiptsRoot, batch.evidenceRoot);
        vm.assertEq(
            bytes.concat(
                front, roots, abi.encodePacked(batch.gross, batch.drivers, batch.platform, batch.thirdParties)
            ),
            proof.batch
        );
        vm.assertEq(paid.order, 714985639337984123);
        vm.assertEq(paid.driverShare, 35_800_000);
        vm.assertEq(batch.height, 700_000);
    }

    function testFuzz_a_receipt_is_proven_in_trees_of_any_size(
        uint32 rides,
        uint32 row,
        uint32 items,
        uint32 item,
        uint32 checkpoint,
        uint32 height
    ) public {
        rides = uint32(within(rides, 1, 65_536));
        items = uint32(within(items, 1, 1_024));
        checkpoint = uint32(within(checkpoint, 1, type(uint32).max));
        Size memory size = Size(height % checkpoint, checkpoint, item % items, items);
        (ISmartLinkAnchor anchor, ReceiptProof memory proof) = receiptAt(set, SET, row % rides, rides, size);
        anchor.verifyReceipt(proof.receipt, proof.row, proof.partners, proof.batch, proof.inclusion);
        (uint32 found, bytes32 hash) = anchor.verifyItem(1, keccak256(proof.batch), proof.inclusion);
        vm.assertEq(found, size.height);
        vm.assertEq(hash, size.height == 0 ? GENESIS : keccak256("block"));
    }

    function test_a_vehicle_is_proven_with_its_plate() public {
        bytes memory bytes_ = vehicleBytes(42, 3, 7, 2);
        (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
            anchored(2, bytes_, Size(77, 105, 1, 3));
        (ISmartLinkAnchor.Vehicle memory vehicle, uint32 height) = anchor.verifyVehicle(bytes_, inclusion);
        vm.assertEq(height, 77);
        vm.assertEq(vehicle.id, 42);
        vm.assertEq(vehicle.version, 3);
        vm.assertEq(vehicle.owner, 7);
        vm.assertEq(vehicle.class, 2);
        vm.assertEq(vehicle.status, 2);
        vm.assertEq(bytes32(vehicle.vin), bytes32(bytes17("LSVAA4182E2123456")));
        vm.assertEq(vehicle.plate, "B1234567");
        vm.assertEq(vehicle.model, "BYD Han");
    }

    function test_texts_may_be_empty_and_as_long_as_their_places() public {
        bytes memory bytes_ = vehicleBytes(42, 3, 7, 3);
        bytes_[31] = 0;
        for (uint256 i = 32; i < 48; ++i) {
            bytes_[i] = 0;
        }
        bytes_[48] = bytes1(uint8(32));
        for (uint256 i = 49; i < 81; ++i) {
            bytes_[i] = "m";
        }
        (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
            anchored(2, bytes_, Size(77, 105, 1, 3));
        (ISmartLinkAnchor.Vehicle memory vehicle,) = anchor.verifyVehicle(bytes_, inclusion);
        vm.assertEq(vehicle.plate, "");
        vm.assertEq(vehicle.model, "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm");
    }

    /// What no vehicle has is refused even when the chain says it.
    function test_a_vehicle_with_values_that_mean_nothing_is_refused() public {
        uint8[2][9] memory changes = [
            [uint8(12), 0],
            [uint8(12), 8],
            [uint8(13), 0],
            [uint8(13), 4],
            [uint8(31), 17],
            [uint8(48), 33],
            // Something behind a text, or a text that ends before its end.
            [uint8(47), 1],
            [uint8(80), 1],
            [uint8(31), 7]
        ];
        for (uint256 i = 0; i < changes.length; ++i) {
            bytes memory bytes_ = vehicleBytes(42, 3, 7, 1);
            bytes_[changes[i][0]] = bytes1(changes[i][1]);
            (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
                anchored(2, bytes_, Size(77, 105, 1, 3));
            uint256 offset = changes[i][0] == 47 ? 31 : changes[i][0] == 80 ? 48 : changes[i][0];
            vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.ItemValue.selector, offset));
            anchor.verifyVehicle(bytes_, inclusion);
            anchor.verifyItem(2, keccak256(bytes_), inclusion);
        }
    }

    /// Not even when the chain says it: whoever reads fields at their places needs all of them there.
    function test_an_item_of_another_length_is_refused() public {
        bytes4 why = ISmartLinkAnchor.ItemLength.selector;
        for (uint256 longer = 0; longer < 2; ++longer) {
            bytes memory item = resized(vehicleBytes(42, 3, 7, 1), longer == 1);
            (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
                anchored(2, item, Size(77, 105, 1, 3));
            vm.expectRevert(abi.encodeWithSelector(why, item.length, 81));
            anchor.verifyVehicle(item, inclusion);

            item = resized(anchorBytes(1, 2, 0), longer == 1);
            (anchor, inclusion) = anchored(3, item, Size(77, 105, 1, 3));
            vm.expectRevert(abi.encodeWithSelector(why, item.length, 64));
            anchor.verifyAnchor(item, inclusion);

            bytes memory receipt = receiptBytes(1, 9);
            (bytes32 root, bytes32[] memory partners) = Paths.bound(receipt, 3, 11);
            item = resized(batchBytes(1, 9, 77, 11, root), longer == 1);
            (anchor, inclusion) = anchored(1, item, Size(77, 105, 1, 3));
            vm.expectRevert(abi.encodeWithSelector(why, item.length, 152));
            anchor.verifyReceipt(receipt, 3, partners, item, inclusion);

            receipt = resized(receipt, longer == 1);
            (root, partners) = Paths.bound(receipt, 3, 11);
            item = batchBytes(1, 9, 77, 11, root);
            (anchor, inclusion) = anchored(1, item, Size(77, 105, 1, 3));
            vm.expectRevert(abi.encodeWithSelector(why, receipt.length, 107));
            anchor.verifyReceipt(receipt, 3, partners, item, inclusion);
        }
    }

    function resized(bytes memory data, bool longer) private pure returns (bytes memory changed) {
        if (longer) return bytes.concat(data, hex"00");
        changed = new bytes(data.length - 1);
        for (uint256 i = 0; i < changed.length; ++i) {
            changed[i] = data[i];
        }
    }

    function test_a_receipt_of_a_kind_that_is_none_is_refused() public {
        (ISmartLinkAnchor anchor, ReceiptProof memory proof) = receiptAt(set, SET, 0, 1, Size(7, 9, 0, 1));
        proof.receipt[60] = bytes1(uint8(2));
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.ItemValue.selector, 60));
        anchor.verifyReceipt(proof.receipt, proof.row, proof.partners, proof.batch, proof.inclusion);
    }

    function test_a_receipt_of_another_batch_and_a_batch_of_another_block_are_refused() public {
        bytes memory receipt = receiptBytes(1, 9);
        (bytes32 root, bytes32[] memory partners) = Paths.bound(receipt, 3, 11);
        bytes[3] memory batches =
            [batchBytes(2, 9, 77, 11, root), batchBytes(1, 8, 77, 11, root), batchBytes(1, 9, 76, 11, root)];
        for (uint256 i = 0; i < 3; ++i) {
            (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
                anchored(1, batches[i], Size(77, 105, 1, 3));
            bytes memory why = i < 2
                ? abi.encodeWithSelector(ISmartLinkAnchor.OtherBatch.selector)
                : abi.encodeWithSelector(ISmartLinkAnchor.OtherBlock.selector, 76, 77);
            vm.expectRevert(why);
            anchor.verifyReceipt(receipt, 3, partners, batches[i], inclusion);
        }
    }

    function testFuzz_a_record_of_telemetry_is_proven_at_its_own_sequence(uint64 first, uint32 count, uint32 index)
        public
    {
        count = uint32(within(count, 1, 1 << 20));
        first = uint64(within(first, 1, type(uint64).max - count));
        index = index % count;
        bytes32 record = keccak256("record");
        (bytes32 root, bytes32[] memory partners) = Paths.bound(bytes.concat(record), index, count);
        bytes memory bytes_ = anchorBytes(first, count, root);
        (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
            anchored(3, bytes_, Size(77, 105, 1, 3));
        (ISmartLinkAnchor.Anchor memory found, uint32 height) = anchor.verifyAnchor(bytes_, inclusion);
        vm.assertEq(height, 77);
        vm.assertEq(
            abi.encodePacked(found.company, found.number, found.firstSequence, found.count, found.root, found.closedAt),
            bytes_
        );
        anchor.verifyRecord(record, first + index, partners, bytes_, inclusion);

        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.OutsideBatch.selector, first + count));
        anchor.verifyRecord(record, first + count, partners, bytes_, inclusion);
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.OutsideBatch.selector, first - 1));
        anchor.verifyRecord(record, first - 1, partners, bytes_, inclusion);
        if (count > 1) {
            vm.expectRevert();
            anchor.verifyRecord(record, first + (index + 1) % count, partners, bytes_, inclusion);
        }
    }

    /// A batch that ends behind the last sequence there is: none of its records is at the beginning.
    function test_sequences_do_not_wrap() public {
        bytes32 record = keccak256("record");
        (bytes32 root, bytes32[] memory partners) = Paths.bound(bytes.concat(record), 1, 2);
        bytes memory bytes_ = anchorBytes(type(uint64).max, 2, root);
        (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
            anchored(3, bytes_, Size(77, 105, 1, 3));
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.OutsideBatch.selector, 0));
        anchor.verifyRecord(record, 0, partners, bytes_, inclusion);
    }

    function test_an_item_is_of_its_own_kind_alone() public {
        bytes memory bytes_ = anchorBytes(1, 2, 0);
        (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
            anchored(3, bytes_, Size(77, 105, 1, 3));
        for (uint256 kind = 0; kind < 256; ++kind) {
            if (kind != 3) vm.expectPartialRevert(ISmartLinkAnchor.OtherTreeRoot.selector);
            anchor.verifyItem(uint8(kind), keccak256(bytes_), inclusion);
        }
    }

    function test_a_leaf_says_what_it_says() public {
        (ISmartLinkAnchor anchor, ISmartLinkAnchor.Inclusion memory inclusion) =
            anchored(3, anchorBytes(1, 2, 0), Size(77, 105, 1, 3));
        ISmartLinkAnchor.Leaf memory leaf = anchor.verifyLeaf(105, inclusion.leaf, inclusion.mmr);
        vm.assertEq(leaf.version, 0);
        vm.assertEq(leaf.height, 77);
        vm.assertEq(leaf.blockHash, keccak256("block"));
        vm.assertEq(leaf.nextSet.id, SET + 1);
        vm.assertEq(leaf.nextSet.length, 4);
        vm.assertEq(leaf.nextSet.root, set.root);
    }

    /// Any later root proves the same, as the mountain grows.
    function test_an_old_item_is_proven_by_every_later_checkpoint() public {
        ISmartLinkAnchor anchor = deploy(SET, set, set);
        bytes memory vehicle = vehicleBytes(42, 3, 7, 2);
        bytes32[] memory tree = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            tree[i] = Trees.boundLeaf(i, abi.encodePacked(uint8(2), i == 2 ? keccak256(vehicle) : keccak256("other")));
        }
        grow(6, SET + 1, set);
        addLeaf(SET + 1, set, Trees.boundRoot(tree));
        ISmartLinkAnchor.Inclusion memory inclusion;
        (inclusion.leaf, inclusion.item, inclusion.items) = (leaves[6], 2, 3);
        inclusion.partners = Trees.boundProof(tree, 2);
        for (uint32 height = 7; height < 40; ++height) {
            grow(height, SET + 1, set);
            submit(anchor, bring(set, SET));
            (inclusion.checkpoint, inclusion.mmr) = (height, mmrProof(6));
            (, uint32 found) = anchor.verifyVehicle(vehicle, inclusion);
            vm.assertEq(found, 6);
        }
    }
}
