// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Attack} from "./support/Attack.sol";
import {Scale} from "./support/Scale.sol";
import {Trees} from "./support/Trees.sol";

/// @notice Signatures that are too few, of others, or in another form.
contract SignatureAttacksTest is Attack {
    using Trees for bytes32[];

    /// @dev Of secp256k1.
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// One third is not two thirds, and two thirds are not more than two thirds.
    function test_more_than_two_thirds_sign() public {
        for (uint256 count = 1; count <= 40; ++count) {
            Keys memory some = validators(count, "some");
            anchor = deploy(SET, some, some);
            Brought memory brought = bring(some, SET);
            uint256 wanted = enough(count);
            uint256[] memory who = new uint256[](wanted - 1);
            for (uint256 i = 0; i < who.length; ++i) {
                who[i] = i;
            }
            brought.signatures = signatures(some, brought.commitment, who);
            refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.TooFewSignatures.selector, wanted - 1, wanted));
            brought.signatures = signedByEnough(some, brought.commitment);
            submit(anchor, brought);
        }
    }

    function test_nobody_signs_twice() public {
        Brought memory brought = bring(set, SET);
        bytes memory one = signature(set.keys[0], brought.commitment);
        bytes memory two = signature(set.keys[1], brought.commitment);
        // The second signature once more, where the third should be.
        brought.signatures = bytes.concat(hex"e0", one, two, two);
        refuse(
            brought,
            abi.encodeWithSelector(ISmartLinkAnchor.OtherSigner.selector, 2, vm.addr(set.keys[1]), vm.addr(set.keys[2]))
        );
        // Or without a bit of its own.
        brought.signatures = bytes.concat(hex"c0", one, two, two);
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.SignaturesLength.selector, 193, 129));
        // Or a bit without a signature.
        brought.signatures = bytes.concat(hex"f0", one, two, signature(set.keys[2], brought.commitment));
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.SignaturesLength.selector, 193, 257));
        // Or in another order.
        brought.signatures = bytes.concat(hex"e0", two, one, signature(set.keys[2], brought.commitment));
        vm.expectPartialRevert(ISmartLinkAnchor.OtherSigner.selector);
        submit(anchor, brought);
    }

    function test_there_is_a_signature_for_each_bit_and_a_bit_for_each_validator_alone() public {
        Brought memory brought = bring(set, SET);
        bytes memory signed = brought.signatures;
        signed[0] = 0xf0;
        refuse(
            brought,
            abi.encodeWithSelector(ISmartLinkAnchor.OtherSigner.selector, 0, vm.addr(set.keys[1]), vm.addr(set.keys[0]))
        );
        signed[0] = 0x78;
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.StrayBits.selector));
        signed[0] = 0x71;
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.StrayBits.selector));
        signed[0] = 0x70;
        for (uint256 length = 0; length < 260; ++length) {
            if (length == 193) continue;
            brought.signatures = new bytes(length);
            for (uint256 i = 0; i < length && i < 193; ++i) {
                brought.signatures[i] = signed[i];
            }
            // Without the bits; with half a signature; with too few; with one that no bit names.
            bytes memory why = abi.encodeWithSelector(ISmartLinkAnchor.SignaturesLength.selector, length, 1);
            if (length % 64 != 1 && length > 0) {
                why = abi.encodeWithSelector(
                    ISmartLinkAnchor.SignaturesLength.selector, length, length - (length - 1) % 64
                );
            } else if (length > 0 && length < 193) {
                why = abi.encodeWithSelector(ISmartLinkAnchor.TooFewSignatures.selector, length / 64, 3);
            } else if (length > 193) {
                why = abi.encodeWithSelector(ISmartLinkAnchor.SignaturesLength.selector, 257, 193);
            }
            refuse(brought, why);
        }
        brought.signatures = signed;
        submit(anchor, brought);
    }

    /// A signature has a second form, with the other s.
    function test_the_malleable_form_of_a_signature_is_refused() public {
        Brought memory brought = bring(set, SET);
        bytes memory commitment = brought.commitment;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(set.keys[3], keccak256(commitment));
        bytes32 high = bytes32(ORDER - uint256(s));
        bytes memory two = bytes.concat(hex"70", signature(set.keys[1], commitment), signature(set.keys[2], commitment));
        // The mirrored s has its highest bit set, where the parity stands: it cannot even be written. Each try is refused.
        for (uint256 parity = 0; parity < 2; ++parity) {
            bytes32 vs = bytes32((uint256(high) << 1 >> 1) | (parity << 255));
            brought.signatures = bytes.concat(two, r, vs);
            vm.expectRevert();
            submit(anchor, brought);
        }
        // And the other parity is another key's.
        brought.signatures = bytes.concat(two, r, bytes32(uint256(s) | (uint256(28 - v) << 255)));
        vm.expectRevert();
        submit(anchor, brought);
    }

    /// The lowest s of the upper half that fits beside the parity.
    function test_an_s_of_the_upper_half_is_refused() public {
        Brought memory brought = bring(set, SET);
        bytes memory signed = brought.signatures;
        uint256[3] memory highs = [ORDER / 2 + 1, ORDER / 2 + 2, type(uint256).max >> 1];
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 vs = bytes32(highs[i]);
            for (uint256 j = 0; j < 32; ++j) {
                signed[33 + j] = vs[j];
            }
            refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.HighS.selector, 1));
        }
    }

    /// ecrecover gives zero when there is no such key. Zero is nobody.
    function test_a_signature_that_no_key_made_is_nobodys() public {
        Brought memory brought = bring(set, SET);
        bytes memory signed = brought.signatures;
        bytes32[3] memory rs = [bytes32(0), bytes32(ORDER), bytes32(type(uint256).max)];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = 0; j < 32; ++j) {
                signed[1 + j] = rs[i][j];
            }
            refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.NoSigner.selector, 1));
        }
        // Nor that of who was found before.
        brought = bring(set, SET);
        for (uint256 j = 0; j < 32; ++j) {
            brought.signatures[65 + j] = 0;
        }
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.NoSigner.selector, 2));
        brought = bring(set, SET);
        for (uint256 j = 0; j < 32; ++j) {
            brought.signatures[33 + j] = 0;
        }
        refuse(brought, abi.encodeWithSelector(ISmartLinkAnchor.NoSigner.selector, 1));
    }

    /// A set in which somebody is twice, or in which nobody is, would be fewer than it says.
    function test_a_next_set_with_a_validator_twice_or_zero_is_refused() public {
        for (uint256 kind = 0; kind < 2; ++kind) {
            bytes memory fourth = kind == 0 ? new bytes(20) : bytes.concat(bytes20(vm.addr(set.keys[1])));
            bytes memory roster;
            bytes32[] memory hashes = new bytes32[](4);
            for (uint256 i = 0; i < 4; ++i) {
                bytes memory one = i == 3 ? fourth : bytes.concat(bytes20(vm.addr(set.keys[i])));
                roster = bytes.concat(roster, one);
                hashes[i] = keccak256(one);
            }
            Keys memory bad = Keys(set.keys, roster, hashes.plainRoot());
            anchor = deploy(SET, set, bad);
            delete leaves;
            grow(9, SET + 2, set);
            Brought memory brought = bring(set, SET + 1);
            brought.roster = roster;
            bytes4 why = kind == 0 ? ISmartLinkAnchor.ZeroValidator.selector : ISmartLinkAnchor.ValidatorTwice.selector;
            vm.expectRevert(abi.encodeWithSelector(why, 3));
            submitHandover(anchor, brought);
        }
    }

    function test_a_leaf_that_names_no_set_or_one_too_large_is_refused() public {
        uint32[3] memory lengths = [uint32(0), 1_001, type(uint32).max];
        for (uint256 i = 0; i < 3; ++i) {
            delete leaves;
            leaves.push(Scale.leaf(0, GENESIS, SET + 2, lengths[i], set.root, 0));
            vm.expectRevert(abi.encodeWithSelector(ISmartLinkAnchor.SetSize.selector, lengths[i]));
            submitHandover(anchor, bring(set, SET + 1));
        }
    }
}
