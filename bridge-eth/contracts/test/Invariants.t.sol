// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Chain} from "./support/Chain.sol";
import {Scale} from "./support/Scale.sol";

/// @notice A chain that goes on, relayers who are honest, slow or liars, and what the anchor should know of it.
contract World is Chain {
    uint64 private constant FIRST_SET = 7;

    ISmartLinkAnchor public anchor;
    /// @notice What should be so.
    uint32 public latest;
    uint64 public set = FIRST_SET;
    /// @notice What was taken last for each place in the ring.
    mapping(uint32 place => uint32) public heightAt;
    mapping(uint32 height => bytes32) public rootOf;
    uint32[] public heights;

    /// @dev The sets of the chain's sessions; that of the first session is set 7.
    Keys[] private sets;
    /// @dev The session of the chain. It may be ahead of the anchor.
    uint64 private session = FIRST_SET;
    /// @dev Height of the chain, which goes on in leaps.
    uint32 private height = 1;
    /// @dev For each session the first commitment, as the chain keeps it.
    mapping(uint64 session => Brought) private mandatory;
    /// @dev Everything that was ever brought.
    Brought[] private old;

    constructor() {
        sets.push(validators(4, "7"));
        sets.push(validators(4, "8"));
        anchor = deploy(FIRST_SET, sets[0], sets[1]);
    }

    function keysOf(uint64 id) private view returns (Keys memory) {
        return sets[id - FIRST_SET];
    }

    /// @notice What is signed at the chain's height by the set of its session, with a leaf about the block before.
    function signed() private view returns (Brought memory brought) {
        Keys memory next = keysOf(session + 1);
        brought.leaf = Scale.leaf(
            height - 1, height == 1 ? GENESIS : bytes32("b"), session + 1, uint32(next.keys.length), next.root, 0
        );
        // The leaf is the last, and everything before it is unknown: the peaks to its left are made up.
        uint256 left = 0;
        for (uint256 rest = height; rest != 0; rest &= rest - 1) {
            ++left;
        }
        uint256 trailing = 0;
        while ((height >> trailing) & 1 == 0) ++trailing;
        brought.mmr = new bytes32[](left - 1 + trailing);
        bytes32 root = keccak256(brought.leaf);
        for (uint256 i = 0; i < brought.mmr.length; ++i) {
            brought.mmr[i] = keccak256(abi.encode(height, i));
        }
        for (uint256 i = 0; i < trailing; ++i) {
            root = keccak256(bytes.concat(brought.mmr[left - 1 + i], root));
        }
        for (uint256 i = left - 1; i > 0; --i) {
            root = keccak256(bytes.concat(root, brought.mmr[i - 1]));
        }
        Keys memory own = keysOf(session);
        brought.commitment = Scale.commitment(root, height, session);
        brought.roster = own.roster;
        brought.signatures = signedByEnough(own, brought.commitment);
    }

    function took(Brought memory brought, uint64 by) private {
        bytes memory commitment = brought.commitment;
        bytes32 root;
        assembly ("memory-safe") {
            root := mload(add(commitment, 36))
        }
        uint32 at_ = uint32(uint8(commitment[36])) | (uint32(uint8(commitment[37])) << 8)
            | (uint32(uint8(commitment[38])) << 16) | (uint32(uint8(commitment[39])) << 24);
        (latest, set) = (at_, by);
        heightAt[at_ % anchor.RING()] = at_;
        rootOf[at_] = root;
        heights.push(at_);
        old.push(brought);
    }

    /// @notice The chain goes on.
    function grow(uint16 blocks) external {
        height += 1 + blocks % 9_000;
    }

    /// @notice The chain goes on to where the ring begins to forget what came last.
    function lap() external {
        uint32 back = latest + anchor.RING();
        if (back > height) height = back;
    }

    /// @notice A session ends; its successor names a new set.
    function rotate(uint8 size) external {
        height += 1;
        session += 1;
        sets.push(validators(within(size, 1, 5), vm.toString(uint256(session) + 1)));
        mandatory[session] = signed();
    }

    /// @notice An honest relayer brings what is signed now. It is taken when it is of the set that is known.
    function relay() external {
        Brought memory brought = signed();
        bool can = session == set && height > latest;
        (bool success,) = address(anchor).call(submitCall(brought));
        vm.assertEq(success, can);
        if (success) took(brought, set);
    }

    /// @notice A relayer brings the hand-over that the anchor waits for, when there is one.
    function catchUp() external {
        if (session == set) return;
        Brought memory brought = mandatory[set + 1];
        (bool success,) = address(anchor).call(handoverCall(brought));
        vm.assertTrue(success, "the hand-over is refused");
        took(brought, set + 1);
    }

    /// @notice Somebody brings once more what was brought.
    function replay(uint256 which, bool asHandover) external {
        if (old.length == 0) return;
        Brought memory brought = old[which % old.length];
        (bool success,) = address(anchor).call(asHandover ? handoverCall(brought) : submitCall(brought));
        vm.assertFalse(success, "taken twice");
    }

    /// @notice Somebody changes a bit of what is signed.
    function lie(uint256 bit, bool asHandover) external {
        Brought memory brought = asHandover && session > set ? mandatory[set + 1] : signed();
        bytes memory call = asHandover ? handoverCall(brought) : submitCall(brought);
        // In the commitment, which is what the call says first: behind the selector and the offsets and its length.
        uint256 place = (asHandover ? 4 + 6 * 32 : 4 + 4 * 32) + (bit / 8) % 48;
        call[place] = call[place] ^ bytes1(uint8(1 << (bit % 8)));
        (bool success,) = address(anchor).call(call);
        vm.assertFalse(success, "a lie is taken");
    }

    function count() external view returns (uint256) {
        return heights.length;
    }
}

/// @notice What is so whatever happens.
contract InvariantsTest is Chain {
    World private world;
    ISmartLinkAnchor private anchor;

    function setUp() public {
        world = new World();
        anchor = world.anchor();
    }

    /// @dev Forge calls these alone.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    /// Blocks only increase, and sets by one: the anchor is where the model is, whose steps are that.
    function invariant_the_anchor_is_where_it_was_brought() public view {
        vm.assertEq(anchor.latest(), world.latest());
        vm.assertEq(anchor.currentSet().id, world.set());
        vm.assertEq(anchor.nextSet().id, world.set() + 1);
        for (uint256 i = 1; i < world.count(); ++i) {
            vm.assertTrue(world.heights(i) > world.heights(i - 1));
        }
    }

    /// The ring holds what was submitted, of each place the last, and nothing else.
    function invariant_the_ring_holds_the_last_of_each_place() public view {
        uint32 ring = anchor.RING();
        for (uint256 i = 0; i < world.count(); ++i) {
            uint32 height = world.heights(i);
            bool isLast = world.heightAt(height % ring) == height;
            vm.assertEq(anchor.holds(height, world.rootOf(height)), isLast);
            vm.assertFalse(anchor.holds(height + 1, world.rootOf(height)));
            vm.assertFalse(anchor.holds(height + ring, world.rootOf(height)));
        }
    }

    /// It needs no ether and takes none.
    function invariant_there_is_no_ether() public view {
        vm.assertEq(address(anchor).balance, 0);
    }
}
