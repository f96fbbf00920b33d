// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Chain} from "./support/Chain.sol";
import {Scale} from "./support/Scale.sol";
import {Vm} from "./support/Vm.sol";

/// @notice Checkpoints and hand-overs, as they go.
contract CheckpointsTest is Chain {
    uint64 private constant SET = 7;

    function isSet(ISmartLinkAnchor.ValidatorSet memory found, uint64 id, Keys memory keys) private pure {
        vm.assertEq(found.id, id);
        vm.assertEq(found.length, keys.keys.length);
        vm.assertEq(found.root, keys.root);
    }

    function test_an_anchor_knows_the_sets_that_it_was_deployed_with() public {
        (Keys memory one, Keys memory two) = (validators(4, "one"), validators(7, "two"));
        ISmartLinkAnchor anchor = deploy(SET, one, two);
        isSet(anchor.currentSet(), SET, one);
        isSet(anchor.nextSet(), SET + 1, two);
        vm.assertEq(anchor.GENESIS(), GENESIS);
        vm.assertEq(anchor.latest(), 0);
        vm.assertFalse(anchor.holds(0, 0));
    }

    function test_sets_of_any_size_anchor_and_hand_over() public {
        uint8[6] memory sizes = [1, 4, 7, 16, 33, 100];
        for (uint256 i = 0; i < sizes.length; ++i) {
            delete leaves;
            Keys memory one = validators(sizes[i], "one");
            Keys memory two = validators(sizes[(i + 1) % 6], "two");
            Keys memory three = validators(sizes[(i + 2) % 6], "three");
            ISmartLinkAnchor anchor = deploy(SET, one, two);
            grow(5, SET + 1, two);
            submit(anchor, bring(one, SET));
            vm.assertTrue(anchor.holds(5, mmrRoot()));
            grow(11, SET + 2, three);
            submitHandover(anchor, bring(two, SET + 1));
            vm.assertTrue(anchor.holds(11, mmrRoot()));
            vm.assertEq(anchor.latest(), 11);
            isSet(anchor.currentSet(), SET + 1, two);
            isSet(anchor.nextSet(), SET + 2, three);
        }
    }

    /// The bits of more validators than a word has.
    function test_sets_with_more_bits_than_a_word_anchor() public {
        uint16[3] memory sizes = [256, 257, 300];
        for (uint256 i = 0; i < 3; ++i) {
            Keys memory one = validators(sizes[i], "one");
            ISmartLinkAnchor anchor = deploy(SET, one, one);
            bytes memory commitment = Scale.commitment("root", 9, SET);
            anchor.submit(commitment, one.roster, signedByEnough(one, commitment));
            vm.assertTrue(anchor.holds(9, "root"));
        }
    }

    function test_a_checkpoint_is_told_with_its_root() public {
        Keys memory one = validators(4, "one");
        ISmartLinkAnchor anchor = deploy(SET, one, one);
        grow(9, SET + 1, one);
        vm.expectEmit(true, true, true, true);
        emit ISmartLinkAnchor.Checkpoint(9, mmrRoot(), SET);
        submit(anchor, bring(one, SET));

        grow(12, SET + 2, one);
        vm.expectEmit(true, true, true, true);
        emit ISmartLinkAnchor.Handover(SET + 1, one.root, 4);
        vm.expectEmit(true, true, true, true);
        emit ISmartLinkAnchor.Checkpoint(12, mmrRoot(), SET + 1);
        submitHandover(anchor, bring(one, SET + 1));
    }

    /// The relayer sleeps while two sessions pass; the chain keeps the first commitment of each.
    function test_a_relayer_that_was_away_for_two_sessions_catches_up() public {
        Keys memory one = validators(4, "one");
        Keys[4] memory later =
            [validators(5, "two"), validators(4, "three"), validators(7, "four"), validators(6, "five")];
        ISmartLinkAnchor anchor = deploy(SET, one, later[0]);
        grow(10, SET + 1, later[0]);
        submit(anchor, bring(one, SET));

        // Sessions with the sets 8, 9 and 10 begin at blocks 20, 30 and 40. Nobody relays.
        Brought[3] memory first;
        for (uint32 i = 0; i < 3; ++i) {
            grow(20 + 10 * i, SET + 2 + i, later[i + 1]);
            first[i] = bring(later[i], SET + 1 + i);
        }
        // What the set of the day signs is of no use: it is not known yet.
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.UnknownSet.selector, SET + 3, SET + 1));
        submitHandover(anchor, first[2]);
        for (uint256 i = 0; i < 3; ++i) {
            submitHandover(anchor, first[i]);
        }
        vm.assertEq(anchor.latest(), 40);
        isSet(anchor.currentSet(), SET + 3, later[2]);
        isSet(anchor.nextSet(), SET + 4, later[3]);
    }

    /// Any leaf of the session names the set after, not the last one alone.
    function test_a_hand_over_is_proven_by_any_leaf_of_its_session() public {
        (Keys memory one, Keys memory two) = (validators(4, "one"), validators(4, "two"));
        grow(20, SET + 1, two);
        grow(31, SET + 2, one);
        for (uint256 about = 0; about < 31; ++about) {
            ISmartLinkAnchor anchor = deploy(SET, one, two);
            Brought memory brought = bring(two, SET + 1);
            (brought.leaf, brought.mmr) = (leaves[about], mmrProof(about));
            if (about < 20) {
                vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.OtherNextSet.selector, SET + 1, SET + 2));
            }
            submitHandover(anchor, brought);
        }
    }

    function test_more_may_sign_than_have_to() public {
        Keys memory one = validators(7, "one");
        grow(3, SET + 1, one);
        Brought memory brought = bring(one, SET);
        uint256[] memory all = new uint256[](7);
        for (uint256 i = 0; i < 7; ++i) {
            all[i] = i;
        }
        brought.signatures = signatures(one, brought.commitment, all);
        submit(deploy(SET, one, one), brought);
    }

    function test_other_entries_of_a_payload_are_read_over() public {
        Keys memory one = validators(4, "one");
        grow(3, SET + 1, one);
        Brought memory brought = bring(one, SET);
        bytes memory long = new bytes(70);
        bytes memory longer = new bytes(20_000);
        bytes[] memory commitments = new bytes[](2);
        bytes memory root = bytes.concat("mh", Scale.compact(32), mmrRoot());
        bytes memory tail = bytes.concat(Scale.little(3, 4), Scale.little(SET, 8));
        commitments[0] = bytes.concat(Scale.compact(2), "aa", Scale.compact(70), long, root, tail);
        commitments[1] =
            bytes.concat(Scale.compact(3), "mg", Scale.compact(0), root, "mi", Scale.compact(20_000), longer, tail);
        for (uint256 i = 0; i < 2; ++i) {
            brought.commitment = commitments[i];
            brought.signatures = signedByEnough(one, brought.commitment);
            ISmartLinkAnchor anchor = deploy(SET, one, one);
            submit(anchor, brought);
            vm.assertTrue(anchor.holds(3, mmrRoot()));
        }
    }

    /// A root stays until a block comes that is a multiple of the ring later, and goes then.
    function test_the_ring_forgets_the_oldest_alone() public {
        Keys memory one = validators(1, "one");
        ISmartLinkAnchor anchor = deploy(SET, one, one);
        uint32 ring = anchor.RING();
        uint32[4] memory heights = [5, 6, ring + 4, ring + 5];
        for (uint256 i = 0; i < 4; ++i) {
            Brought memory brought;
            brought.commitment = Scale.commitment(bytes32(uint256(heights[i])), heights[i], SET);
            brought.roster = one.roster;
            brought.signatures = signedByEnough(one, brought.commitment);
            submit(anchor, brought);
            vm.assertTrue(anchor.holds(5, bytes32(uint256(5))) == (i < 3));
        }
        vm.assertTrue(anchor.holds(6, bytes32(uint256(6))));
        vm.assertTrue(anchor.holds(ring + 4, bytes32(uint256(ring + 4))));
        // A root is bound to its block.
        vm.assertTrue(anchor.holds(ring + 5, bytes32(uint256(ring + 5))));
        vm.assertFalse(anchor.holds(5, bytes32(uint256(ring + 5))));
    }

    function test_no_anchor_is_deployed_with_a_set_that_is_none() public {
        Keys memory one = validators(4, "one");
        bytes4 size = ISmartLinkAnchor.SetSize.selector;
        notDeployed("", 4, abi.encodeWithSelector(size, 0));
        notDeployed(new bytes(20_020), 4, abi.encodeWithSelector(size, 1001));
        notDeployed(one.roster, 0, abi.encodeWithSelector(size, 0));
        notDeployed(one.roster, 1001, abi.encodeWithSelector(size, 1001));
        notDeployed(
            bytes.concat(one.roster, hex"01"), 4, abi.encodeWithSelector(ISmartLinkAnchor.RosterLength.selector, 81, 80)
        );
        notDeployed(
            bytes.concat(one.roster, validators(1, "one").roster),
            4,
            abi.encodeWithSelector(ISmartLinkAnchor.ValidatorTwice.selector, 4)
        );
        notDeployed(
            bytes.concat(one.roster, new bytes(20)),
            4,
            abi.encodeWithSelector(ISmartLinkAnchor.ZeroValidator.selector, 4)
        );
        (, bytes memory why) = tryToCreate(GENESIS, SET, one.roster, one.root, 1_000);
        vm.assertEq(why, "");
    }

    function notDeployed(bytes memory roster, uint32 lengthAfter, bytes memory wanted) private {
        (, bytes memory why) = tryToCreate(GENESIS, SET, roster, "the next", lengthAfter);
        vm.assertEq(why, wanted);
    }
}
