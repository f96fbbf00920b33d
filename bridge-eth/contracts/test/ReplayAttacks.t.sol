// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Attack} from "./support/Attack.sol";
import {Scale} from "./support/Scale.sol";

/// @notice What is brought once more, out of order, or of others.
contract ReplayAttacksTest is Attack {
    function test_a_commitment_is_taken_once() public {
        Brought memory brought = bring(set, SET);
        submit(anchor, brought);
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.NotNewer.selector, 13, 13));
    }

    function test_an_older_commitment_after_a_newer_one_is_refused() public {
        Brought memory older = bring(set, SET);
        grow(14, SET + 1, set);
        submit(anchor, bring(set, SET));
        refuse(older, abi.encodeWithSelector(ISmartLinkAnchor.NotNewer.selector, 13, 14));
    }

    function test_a_commitment_for_block_zero_is_refused() public {
        Brought memory brought = bring(set, SET);
        resigned(brought, Scale.commitment(mmrRoot(), 0, SET));
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.NotNewer.selector, 0, 0));
    }

    function test_a_set_that_handed_over_is_not_believed_any_more() public {
        Brought memory old = bring(set, SET);
        Keys memory three = validators(4, "three");
        grow(20, SET + 2, three);
        submitHandover(anchor, bring(set, SET + 1));
        grow(22, SET + 2, three);
        refuse(old, abi.encodeWithSelector(ISmartLinkAnchor.UnknownSet.selector, SET, SET + 1));
        // Nor for a block that nobody has seen.
        refuse(bring(set, SET), abi.encodeWithSelector(ISmartLinkAnchor.UnknownSet.selector, SET, SET + 1));
    }

    function test_each_function_takes_its_own_set() public {
        refuse(bring(set, SET + 1), abi.encodeWithSelector(ISmartLinkAnchor.UnknownSet.selector, SET + 1, SET));
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.UnknownSet.selector, SET, SET + 1));
        submitHandover(anchor, bring(set, SET));
    }

    function test_others_who_use_the_sets_number_are_refused() public {
        Keys memory liars = validators(4, "liars");
        Brought memory brought = bring(liars, SET);
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.OtherRoster.selector, liars.root, set.root));
        // With the right roster they did not sign.
        brought.roster = set.roster;
        refuse(
            brought,
            abi.encodeWithSelector(
                ISmartLinkAnchor.OtherSigner.selector, 1, vm.addr(liars.keys[1]), vm.addr(set.keys[1])
            )
        );
    }

    function test_the_roster_is_the_whole_set_in_its_order() public {
        Brought memory brought = bring(set, SET);
        bytes memory roster = brought.roster;
        for (uint256 length = 0; length < 101; length += 1) {
            if (length == 80) continue;
            brought.roster = new bytes(length);
            for (uint256 i = 0; i < length && i < 80; ++i) {
                brought.roster[i] = roster[i];
            }
            refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.RosterLength.selector, length, 80));
        }
        // Two change places.
        bytes memory swapped = bytes.concat(roster);
        for (uint256 i = 0; i < 20; ++i) {
            (swapped[i], swapped[20 + i]) = (roster[20 + i], roster[i]);
        }
        brought.roster = swapped;
        vm.expectPartialRevert(ISmartLinkAnchor.OtherRoster.selector);
        submit(anchor, brought);
    }

    /// Commitments have no id of their chain. Leaf 0 tells chains with the same keys apart.
    function test_a_checkpoint_of_another_chain_with_the_same_keys_is_found_out() public {
        ISmartLinkAnchor other = create("another genesis", SET, set.roster, set.root, 4);
        submit(other, bring(set, SET));
        submit(anchor, bring(set, SET));
        bytes32[] memory proof = mmrProof(0);
        vm.assertEq(anchor.verifyLeaf(13, leaves[0], proof).blockHash, GENESIS);
        vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.OtherChain.selector, GENESIS));
        other.verifyLeaf(13, leaves[0], proof);
    }
}
