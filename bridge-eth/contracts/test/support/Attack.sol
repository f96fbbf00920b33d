// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../../src/ISmartLinkAnchor.sol";
import {Facts} from "./Facts.sol";

/// @notice An anchor, a chain of thirteen blocks, and somebody who tries something.
abstract contract Attack is Facts {
    uint64 internal constant SET = 7;

    Keys internal set;
    ISmartLinkAnchor internal anchor;

    function setUp() public {
        set = validators(4, "set");
        anchor = deploy(SET, set, set);
        grow(13, SET + 1, set);
    }

    function refuse(Brought memory brought, bytes memory why) internal {
        vm.expectRevert(why);
        submit(anchor, brought);
    }

    function resigned(Brought memory brought, bytes memory commitment) internal view {
        brought.commitment = commitment;
        brought.signatures = signedByEnough(set, commitment);
    }
}
