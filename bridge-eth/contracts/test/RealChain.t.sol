// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Bundle} from "./support/Bundle.sol";

/// @notice Bundles that the indexer made of a real chain, checked by the contract: what the chain's own encoders wrote and its
/// own keys signed.
contract RealChainTest is Bundle {
    /// @dev An anchor that knows the set of a bundle as its current one.
    function deploy(string memory json) private returns (ISmartLinkAnchor) {
        bytes32 root = hash(json, ".leaf.next_set.root");
        uint32 length = uint32(number(json, ".leaf.next_set.len"));
        return create(keccak256("genesis"), uint64(number(json, ".commitment.set")), roster(json), root, length);
    }

    function anchored(string memory name) private returns (ISmartLinkAnchor anchor, string memory json) {
        json = bundle(name);
        anchor = deploy(json);
        anchor.submit(commitment(json), roster(json), signatures(json));
        vm.assertTrue(
            anchor.holds(uint32(number(json, ".commitment.block")), hash(json, ".commitment.payload[0].data"))
        );
    }

    function test_the_set_has_the_root_that_the_chain_says() public {
        string memory json = bundle("receipt");
        ISmartLinkAnchor anchor = deploy(json);
        // It stayed the same, so the leaf names it as the next one too.
        vm.assertEq(anchor.currentSet().root, hash(json, ".leaf.next_set.root"));
    }

    function test_a_real_receipt_is_proven() public {
        (ISmartLinkAnchor anchor, string memory json) = anchored("receipt");
        (ISmartLinkAnchor.Receipt memory paid, ISmartLinkAnchor.Batch memory settled) = anchor.verifyReceipt(
            receipt(json),
            uint32(number(json, ".item.receipt.row")),
            vm.parseJsonBytes32Array(json, ".item.receipt.partners"),
            batch(json),
            inclusion(json, "receipt")
        );
        vm.assertEq(paid.fare, number(json, ".item.receipt.receipt.fare"));
        vm.assertEq(settled.gross, number(json, ".item.receipt.batch.gross"));
        vm.assertEq(settled.height, number(json, ".leaf.parent_number"));
    }

    function test_a_real_vehicle_is_proven() public {
        (ISmartLinkAnchor anchor, string memory json) = anchored("vehicle");
        (ISmartLinkAnchor.Vehicle memory found, uint32 height) =
            anchor.verifyVehicle(vehicle(json), inclusion(json, "vehicle"));
        vm.assertEq(bytes(found.model), text(json, ".item.vehicle.vehicle.model"));
        vm.assertEq(height, number(json, ".leaf.parent_number"));
    }

    function test_a_real_anchor_is_proven() public {
        (ISmartLinkAnchor anchor, string memory json) = anchored("anchor");
        (ISmartLinkAnchor.Anchor memory found, uint32 height) =
            anchor.verifyAnchor(anchorBytes(json), inclusion(json, "anchor"));
        vm.assertEq(found.root, hash(json, ".item.anchor.root"));
        vm.assertEq(height, number(json, ".leaf.parent_number"));
    }

    /// The leaf of a bundle names the set after the one that signed: that is a hand-over.
    function test_a_real_hand_over_is_taken() public {
        string memory json = bundle("beefy-authorities");
        uint64 set = uint64(number(json, ".commitment.set"));
        bytes32 root = hash(json, ".leaf.next_set.root");
        ISmartLinkAnchor anchor = create(keccak256("genesis"), set - 1, roster(json), root, 1);
        anchor.submitHandover(
            commitment(json), roster(json), signatures(json), leaf(json), vm.parseJsonBytes32Array(json, ".mmr")
        );
        vm.assertEq(anchor.currentSet().id, set);
        vm.assertEq(anchor.nextSet().id, number(json, ".leaf.next_set.id"));
        vm.assertEq(anchor.nextSet().root, root);
    }
}
