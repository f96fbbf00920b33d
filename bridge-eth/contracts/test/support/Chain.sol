// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../../src/ISmartLinkAnchor.sol";
import {Scale} from "./Scale.sol";
import {Story} from "./Story.sol";
import {Trees} from "./Trees.sol";

/// @notice A chain in small: validators who sign, leaves of blocks, and what a relayer would bring of them.
abstract contract Chain is Story {
    /// @notice The keys of a set.
    struct Keys {
        uint256[] keys;
        bytes roster;
        bytes32 root;
    }

    /// @notice What a relayer brings.
    struct Brought {
        bytes commitment;
        bytes roster;
        bytes signatures;
        bytes leaf;
        bytes32[] mmr;
    }

    bytes32 internal constant GENESIS = keccak256("the block before all others");

    /// @dev The leaves of the chain's blocks, as bytes: number B is about block B.
    bytes[] internal leaves;

    /// @dev So many validators, others for each name.
    function validators(uint256 count, string memory name) internal pure returns (Keys memory set) {
        set.keys = new uint256[](count);
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            set.keys[i] = uint256(keccak256(abi.encode(name, i))) >> 1;
            address validator = vm.addr(set.keys[i]);
            set.roster = bytes.concat(set.roster, bytes20(validator));
            hashes[i] = keccak256(bytes.concat(bytes20(validator)));
        }
        set.root = Trees.plainRoot(hashes);
    }

    /// @dev As few as have to sign: more than two thirds.
    function enough(uint256 count) internal pure returns (uint256 wanted) {
        while (3 * wanted <= 2 * count) ++wanted;
    }

    /// @dev A signature in the form that is taken.
    function signature(uint256 key, bytes memory commitment) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(commitment));
        return bytes.concat(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /// @dev The signatures of some of a set, who are named in ascending order.
    function signatures(Keys memory set, bytes memory commitment, uint256[] memory who)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory bits = new bytes((set.keys.length + 7) / 8);
        bytes memory signed;
        for (uint256 i = 0; i < who.length; ++i) {
            bits[who[i] / 8] = bits[who[i] / 8] | bytes1(uint8(0x80 >> (who[i] % 8)));
            signed = bytes.concat(signed, signature(set.keys[who[i]], commitment));
        }
        return bytes.concat(bits, signed);
    }

    /// @dev The last ones of a set, as few as have to.
    function lastOnes(uint256 count) internal pure returns (uint256[] memory who) {
        who = new uint256[](enough(count));
        for (uint256 i = 0; i < who.length; ++i) {
            who[i] = count - who.length + i;
        }
    }

    function signedByEnough(Keys memory set, bytes memory commitment) internal pure returns (bytes memory) {
        return signatures(set, commitment, lastOnes(set.keys.length));
    }

    /// @dev Adds leaves until the MMR has `height` of them: the one of that block. They name `next`, of the number `id`.
    function grow(uint32 height, uint64 id, Keys memory next) internal {
        while (leaves.length < height) addLeaf(id, next, keccak256(abi.encode("checkpoint", leaves.length)));
    }

    /// @dev Adds a leaf about the block with as high a number as there are leaves.
    function addLeaf(uint64 id, Keys memory next, bytes32 checkpointRoot) internal {
        uint32 about = uint32(leaves.length);
        bytes32 hash = about == 0 ? GENESIS : keccak256(abi.encode("block", about));
        leaves.push(Scale.leaf(about, hash, id, uint32(next.keys.length), next.root, checkpointRoot));
    }

    function leafHashes() internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            hashes[i] = keccak256(leaves[i]);
        }
    }

    function mmrRoot() internal view returns (bytes32) {
        return Trees.mmrRoot(leafHashes(), 0, leaves.length);
    }

    function mmrProof(uint256 about) internal view returns (bytes32[] memory) {
        return Trees.mmrProof(leafHashes(), about);
    }

    /// @dev What `set` signs of the chain as it is, with the last leaf.
    function bring(Keys memory set, uint64 id) internal view returns (Brought memory brought) {
        uint32 height = uint32(leaves.length);
        brought.commitment = Scale.commitment(mmrRoot(), height, id);
        brought.roster = set.roster;
        brought.signatures = signedByEnough(set, brought.commitment);
        brought.leaf = leaves[height - 1];
        brought.mmr = mmrProof(height - 1);
    }

    /// @dev An anchor that knows `current` by the number `id`, and `next`.
    function deploy(uint64 id, Keys memory current, Keys memory next) internal returns (ISmartLinkAnchor) {
        return create(GENESIS, id, current.roster, next.root, uint32(next.keys.length));
    }

    function submit(ISmartLinkAnchor anchor, Brought memory brought) internal {
        anchor.submit(brought.commitment, brought.roster, brought.signatures);
    }

    function submitHandover(ISmartLinkAnchor anchor, Brought memory brought) internal {
        anchor.submitHandover(brought.commitment, brought.roster, brought.signatures, brought.leaf, brought.mmr);
    }

    /// @dev What a relayer sends for a commitment of the current set.
    function submitCall(Brought memory brought) internal pure returns (bytes memory) {
        return abi.encodeCall(ISmartLinkAnchor.submit, (brought.commitment, brought.roster, brought.signatures));
    }

    /// @dev What a relayer sends for a commitment of the next set.
    function handoverCall(Brought memory brought) internal pure returns (bytes memory) {
        return abi.encodeCall(
            ISmartLinkAnchor.submitHandover,
            (brought.commitment, brought.roster, brought.signatures, brought.leaf, brought.mmr)
        );
    }
}
