// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Attack} from "./support/Attack.sol";
import {Scale} from "./support/Scale.sol";
import {Trees} from "./support/Trees.sol";

/// @notice Proofs of what is not there, as they worked on bridges, by name.
contract ProofAttacksTest is Attack {
    using Trees for bytes32[];

    /// Hyperbridge, April 2026: a leaf with an index that is not below the count.
    function test_hyperbridge_a_leaf_behind_the_last_is_refused() public {
        submit(anchor, bring(set, SET));
        bytes32[] memory proof = mmrProof(12);
        uint32[4] memory heights = [13, 14, 1 << 20, type(uint32).max];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory forged = Scale.leaf(heights[i], "forged", SET + 1, 4, set.root, "forged");
            for (uint256 length = 0; length < 8; ++length) {
                vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.LeafIndex.selector, heights[i], 13));
                anchor.verifyLeaf(13, forged, new bytes32[](length));
            }
            // With the root itself as the proof.
            proof = new bytes32[](1);
            proof[0] = mmrRoot();
            vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.LeafIndex.selector, heights[i], 13));
            anchor.verifyLeaf(13, forged, proof);
        }
        // The same in a tree.
        bytes32[] memory none;
        ISmartLinkAnchor.Inclusion memory inclusion =
            ISmartLinkAnchor.Inclusion(13, leaves[12], mmrProof(12), 3, 3, none);
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.TreeIndex.selector, 3, 3));
        anchor.verifyItem(2, "forged", inclusion);
        inclusion.items = 0;
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.TreeIndex.selector, 3, 0));
        anchor.verifyItem(2, "forged", inclusion);
    }

    /// Multi-proofs elsewhere left leaves and hashes unused. Here each is used, once, and the length is known.
    function test_every_hash_of_a_proof_is_used() public {
        submit(anchor, bring(set, SET));
        for (uint256 about = 0; about < 13; ++about) {
            bytes32[] memory proof = mmrProof(about);
            for (uint256 length = 0; length < proof.length + 3; ++length) {
                bytes32[] memory other = new bytes32[](length);
                for (uint256 i = 0; i < length && i < proof.length; ++i) {
                    other[i] = proof[i];
                }
                if (length != proof.length) {
                    vm.expectRevert(
                        abi.encodeWithSelector(ISmartLinkAnchor.MmrProofLength.selector, length, proof.length)
                    );
                }
                anchor.verifyLeaf(13, leaves[about], other);
            }
        }
    }

    /// The same in a tree, also when what is missing stands behind the proof in the calldata.
    function test_every_partner_of_a_proof_is_used() public {
        bytes32[] memory hashes = new bytes32[](11);
        for (uint256 i = 0; i < 11; ++i) {
            hashes[i] = Trees.boundLeaf(i, abi.encodePacked(uint8(2), bytes32(i)));
        }
        addLeaf(SET + 1, set, hashes.boundRoot());
        submit(anchor, bring(set, SET));
        for (uint32 item = 0; item < 11; ++item) {
            bytes32[] memory partners = hashes.boundProof(item);
            ISmartLinkAnchor.Inclusion memory inclusion =
                ISmartLinkAnchor.Inclusion(14, leaves[13], mmrProof(13), item, 11, partners);
            for (uint256 length = 0; length < partners.length + 3; ++length) {
                inclusion.partners = new bytes32[](length);
                for (uint256 i = 0; i < length && i < partners.length; ++i) {
                    inclusion.partners[i] = partners[i];
                }
                bytes memory call = abi.encodeCall(ISmartLinkAnchor.verifyItem, (2, bytes32(uint256(item)), inclusion));
                // The partners are the last of the arguments.
                for (uint256 i = length; i < partners.length; ++i) {
                    call = bytes.concat(call, partners[i]);
                }
                (bool success, bytes memory why) = address(anchor).call(call);
                vm.assertEq(success, length == partners.length);
                if (!success) {
                    vm.assertEq(
                        why, abi.encodeWithSelector(ISmartLinkAnchor.TreeProofLength.selector, length, partners.length)
                    );
                }
            }
        }
    }

    /// Snowbridge 1798, June 2026: the short proof of a leaf that moved up alone passed at many indices.
    function test_snowbridge_1798_a_promoted_leaf_has_one_index() public {
        bytes32[] memory hashes = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) {
            hashes[i] = Trees.boundLeaf(i, abi.encodePacked(uint8(2), bytes32(i)));
        }
        addLeaf(SET + 1, set, hashes.boundRoot());
        submit(anchor, bring(set, SET));
        ISmartLinkAnchor.Inclusion memory inclusion =
            ISmartLinkAnchor.Inclusion(14, leaves[13], mmrProof(13), 4, 5, hashes.boundProof(4));
        vm.assertEq(inclusion.partners.length, 1);
        anchor.verifyItem(2, bytes32(uint256(4)), inclusion);
        for (uint32 items = 0; items < 40; ++items) {
            for (uint32 item = 0; item < 40; ++item) {
                if (items == 5 && item == 4) continue;
                (inclusion.items, inclusion.item) = (items, item);
                vm.expectRevert();
                anchor.verifyItem(2, bytes32(uint256(4)), inclusion);
            }
        }
    }

    /// The same in the mountains: the index of a leaf is in the leaf, and the count is the checkpoint's block.
    function test_a_leaf_alone_below_its_peak_has_one_index() public {
        submit(anchor, bring(set, SET));
        bytes32[] memory proof = mmrProof(12);
        vm.assertEq(proof.length, 2);
        anchor.verifyLeaf(13, leaves[12], proof);
        for (uint32 height = 0; height < 30; ++height) {
            if (height == 12) continue;
            bytes memory moved = Scale.leaf(height, keccak256(abi.encode("block", 12)), SET + 1, 4, set.root, "");
            vm.expectRevert();
            anchor.verifyLeaf(13, moved, proof);
        }
    }

    /// An inner node is no leaf: it has 64 bytes, and a leaf 113; in trees they begin with other bytes.
    function test_inner_nodes_are_no_leaves() public {
        submit(anchor, bring(set, SET));
        bytes32[] memory hashes = leafHashes();
        bytes memory node = bytes.concat(hashes[0], hashes[1]);
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.LeafLength.selector, 64));
        anchor.verifyLeaf(13, node, mmrProof(0));
        grow(15, SET + 2, set);
        Brought memory brought = bring(set, SET + 1);
        brought.leaf = node;
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.LeafLength.selector, 64));
        submitHandover(anchor, brought);
    }

    function test_a_root_is_of_its_own_block_alone() public {
        submit(anchor, bring(set, SET));
        bytes32[] memory proof = mmrProof(3);
        anchor.verifyLeaf(13, leaves[3], proof);
        for (uint32 block_ = 4; block_ < 40; ++block_) {
            if (block_ == 13) continue;
            vm.expectRevert();
            anchor.verifyLeaf(block_, leaves[3], proof);
        }
    }

    /// The place of a root that never came is empty, and that of an old one is another's.
    function test_what_is_not_held_proves_nothing() public {
        bytes32[] memory proof = mmrProof(3);
        vm.expectPartialRevert(ISmartLinkAnchor.UnknownCheckpoint.selector);
        anchor.verifyLeaf(13, leaves[3], proof);
        submit(anchor, bring(set, SET));
        anchor.verifyLeaf(13, leaves[3], proof);
        Brought memory brought;
        brought.roster = set.roster;
        resigned(brought, Scale.commitment("later", 13 + anchor.RING(), SET));
        submit(anchor, brought);
        vm.expectPartialRevert(ISmartLinkAnchor.UnknownCheckpoint.selector);
        anchor.verifyLeaf(13, leaves[3], proof);
    }

    /// The set after is the one that was signed, not the one that is brought.
    function test_a_hand_over_to_a_set_that_nobody_signed_is_refused() public {
        Keys memory liars = validators(4, "liars");
        delete leaves;
        grow(20, SET + 2, set);
        Brought memory brought = bring(set, SET + 1);
        brought.leaf = Scale.leaf(19, keccak256(abi.encode("block", 19)), SET + 2, 4, liars.root, keccak256("x"));
        vm.expectPartialRevert(ISmartLinkAnchor.OtherMmrRoot.selector);
        submitHandover(anchor, brought);
        // Nor one of a later, an earlier or the same session.
        for (uint64 id = SET - 1; id < SET + 5; ++id) {
            if (id == SET + 2) continue;
            delete leaves;
            grow(20, id, liars);
            brought = bring(set, SET + 1);
            vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.OtherNextSet.selector, id, SET + 2));
            submitHandover(anchor, brought);
        }
    }
}
