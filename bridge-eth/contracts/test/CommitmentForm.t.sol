// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Attack} from "./support/Attack.sol";
import {Scale} from "./support/Scale.sol";

/// @notice The bytes of a commitment: one form of each, and none besides.
contract CommitmentFormTest is Attack {
    function test_a_commitment_has_one_form() public {
        bytes memory root = bytes.concat(mmrRoot());
        bytes memory entry = bytes.concat("mh", hex"80", root);
        bytes memory tail = bytes.concat(Scale.little(13, 4), Scale.little(SET, 8));
        check(bytes.concat(hex"04", entry, tail), "");
        // Cut off anywhere, or with something behind.
        bytes memory whole = bytes.concat(hex"04", entry, tail);
        for (uint256 length = 0; length < whole.length; ++length) {
            bytes memory cut = new bytes(length);
            for (uint256 i = 0; i < length; ++i) {
                cut[i] = whole[i];
            }
            check(cut, abi.encodeWithSelector(ISmartLinkAnchor.CommitmentTruncated.selector));
        }
        bytes memory padded = abi.encodeWithSelector(ISmartLinkAnchor.CommitmentPadded.selector);
        check(bytes.concat(whole, hex"00"), padded);
        check(bytes.concat(whole, new bytes(32)), padded);
        // Integers that are longer than they have to be, or too large.
        bytes memory form = abi.encodeWithSelector(ISmartLinkAnchor.CompactForm.selector);
        check(bytes.concat(hex"0500", entry, tail), form);
        check(bytes.concat(hex"06000000", entry, tail), form);
        check(bytes.concat(hex"0301000000", entry, tail), form);
        check(bytes.concat(hex"04", "mh", hex"8100", root, tail), form);
        check(bytes.concat(hex"04", "mh", hex"82000000", root, tail), form);
        check(bytes.concat(hex"04", "mh", hex"0320000000", root, tail), form);
        check(bytes.concat(hex"08", "aa", hex"030001000000", new bytes(16_384), entry, tail), form);
        check(bytes.concat(hex"08", "aa", hex"fd00", new bytes(63), entry, tail), form);
        check(bytes.concat(hex"08", "aa", hex"02010000", new bytes(64), entry, tail), form);
        check(bytes.concat(hex"08", "aa", hex"feff0000", new bytes(16_383), entry, tail), form);
        check(bytes.concat(hex"08", "aa", hex"0101", new bytes(64), entry, tail), "");
        check(bytes.concat(hex"08", "aa", hex"02000100", new bytes(16_384), entry, tail), "");
        // No root, one of another length, two, or ids that do not ascend.
        bytes memory none = abi.encodeWithSelector(ISmartLinkAnchor.NoMmrRoot.selector);
        check(bytes.concat(hex"00", tail), none);
        check(bytes.concat(hex"04", "mi", hex"80", root, tail), none);
        check(bytes.concat(hex"04", "mh", hex"7c", bytes31(0), tail), none);
        check(bytes.concat(hex"04", "mh", hex"84", root, hex"00", tail), none);
        bytes memory order = abi.encodeWithSelector(ISmartLinkAnchor.PayloadOrder.selector);
        check(bytes.concat(hex"08", entry, entry, tail), order);
        check(bytes.concat(hex"08", "mi", hex"00", entry, tail), order);
        check(bytes.concat(hex"08", entry, "mg", hex"00", tail), order);
        // As many entries as could be said, and not there.
        check(bytes.concat(hex"feffffff", entry), abi.encodeWithSelector(ISmartLinkAnchor.CommitmentTruncated.selector));
        check(
            bytes.concat(hex"04", "mh", hex"feffffff", root, tail),
            abi.encodeWithSelector(ISmartLinkAnchor.CommitmentTruncated.selector)
        );
    }

    /// @dev Whether a commitment that the set signed is taken, or refused for a reason.
    function check(bytes memory commitment, bytes memory why) private {
        Brought memory brought;
        brought.roster = set.roster;
        resigned(brought, commitment);
        anchor = deploy(SET, set, set);
        if (why.length > 0) vm.expectRevert(why);
        submit(anchor, brought);
    }
}
