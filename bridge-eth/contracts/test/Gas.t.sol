// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {Facts} from "./support/Facts.sol";
import {Paths} from "./support/Paths.sol";

/// @notice A contract that has something verified.
contract Meter {
    function measure(address anchor, bytes memory data) external view returns (uint256 used) {
        bool success;
        assembly ("memory-safe") {
            let before := gas()
            success := staticcall(gas(), anchor, add(data, 0x20), mload(data), 0, 0)
            used := sub(before, gas())
        }
        require(success);
    }
}

/// @notice What everything costs, into snapshots/: gas of whole transactions, the 21,000 and the calldata included, unless
/// the name says else. A test fails when a figure is another one; `FORGE_SNAPSHOT_CHECK=false forge test` writes them anew.
/// @dev Each call is a transaction of its own, so all storage is cold, and what was there before is not new.
/// forge-config: default.isolate = true
contract GasTest is Facts {
    uint64 private constant SET = 7;
    /// @dev A chain of a month. The MMR has nine peaks, and the last leaf's proof nine hashes.
    uint32 private constant HEIGHT = 1_300_001;

    /// @dev Sends it as a transaction, and what that cost.
    function send(address to, bytes memory call) private returns (uint256) {
        (bool success,) = to.call(call);
        vm.assertTrue(success, "the transaction fails");
        return vm.lastCallGas().gasTotalUsed;
    }

    /// @dev What a transaction with this calldata pays before it runs.
    function intrinsic(bytes memory call) private pure returns (uint256 gas) {
        gas = 21_000;
        for (uint256 i = 0; i < call.length; ++i) {
            gas += call[i] == 0 ? 4 : 16;
        }
    }

    /// @dev What a set signs of a high chain.
    function signed(Keys memory set, uint64 id, uint32 height) private pure returns (Brought memory brought) {
        (brought,) = include(set, id, 1, "an item", Size(height - 1, height, 0, 1));
    }

    function test_gas_of_checkpoints() public {
        uint8[7] memory sizes = [1, 4, 7, 16, 33, 100, 200];
        for (uint256 i = 0; i < sizes.length; ++i) {
            Keys memory set = validators(sizes[i], "set");
            address anchor = address(deploy(SET, set, set));
            string memory name = vm.toString(uint256(sizes[i]));
            if (sizes[i] < 10) name = string.concat("0", name);
            if (sizes[i] < 100) name = string.concat("0", name);
            uint32 ring = ISmartLinkAnchor(anchor).RING();

            // Where the ring was never written, and where it was; with a warm-up before the first, which writes `head` anew.
            send(anchor, submitCall(signed(set, SET, HEIGHT - 1)));
            uint256 first = send(anchor, submitCall(signed(set, SET, HEIGHT)));
            uint256 again = send(anchor, submitCall(signed(set, SET, HEIGHT + ring)));
            uint256 firstHandover = send(anchor, handoverCall(signed(set, SET + 1, HEIGHT + ring + 1)));
            uint256 againHandover = send(anchor, handoverCall(signed(set, SET + 2, HEIGHT + 2 * ring + 1)));
            vm.snapshotValue("checkpoint-new-place", name, first);
            vm.snapshotValue("checkpoint-used-place", name, again);
            vm.snapshotValue("handover-new-place", name, firstHandover);
            vm.snapshotValue("handover-used-place", name, againHandover);
        }
    }

    function proofGas(string memory name, uint32 row, uint32 rides, Size memory size) private {
        Keys memory set = validators(4, "set");
        (ISmartLinkAnchor anchor, ReceiptProof memory proof) = receiptAt(set, SET, row, rides, size);
        bytes memory call = receiptCall(proof);
        Meter meter = new Meter();
        vm.snapshotValue("receipt-call", name, meter.measure(address(anchor), call));
        vm.snapshotValue("receipt-calldata", name, intrinsic(call) - 21_000);
        vm.snapshotValue("receipt-transaction", name, send(address(anchor), call));
    }

    function test_gas_of_receipts() public {
        proofGas("2^20 leaves, batch of 1000, 8 items", 700, 1000, Size(700_000, 1 << 20, 5, 8));
        proofGas("2^20 leaves, largest batch, most items", 43_000, 65_536, Size(700_000, 1 << 20, 517, 1024));
        proofGas("2^21-1 leaves, largest batch, most items", 43_000, 65_536, Size(700_000, (1 << 21) - 1, 517, 1024));
    }

    /// The other proofs, in an MMR of 2^20 leaves and a checkpoint of 8 items.
    function test_gas_of_other_proofs() public {
        Keys memory set = validators(4, "set");
        bytes memory vehicle = vehicleBytes(42, 3, 7, 1);
        otherGas("vehicle", set, 2, vehicle);
        bytes32[] memory partners;
        bytes32 root;
        (root, partners) = Paths.bound(bytes.concat(keccak256("record")), 77_777, 262_144);
        bytes memory anchor = anchorBytes(1_000, 262_144, root);
        otherGas("anchor", set, 3, anchor);
        otherGas("item", set, 9, "anything");
        otherGas("leaf", set, 0, "anything");
        Brought memory brought;
        ISmartLinkAnchor.Inclusion memory inclusion;
        (brought, inclusion) = include(set, SET, 3, anchor, Size(700_000, 1 << 20, 5, 8));
        ISmartLinkAnchor holder = deploy(SET, set, set);
        submit(holder, brought);
        bytes memory call =
            abi.encodeCall(ISmartLinkAnchor.verifyRecord, (keccak256("record"), 78_777, partners, anchor, inclusion));
        vm.snapshotValue("other-call", "record of 262144", new Meter().measure(address(holder), call));
    }

    function otherGas(string memory name, Keys memory set, uint8 kind, bytes memory item) private {
        (Brought memory brought, ISmartLinkAnchor.Inclusion memory inclusion) =
            include(set, SET, kind, item, Size(700_000, 1 << 20, 5, 8));
        ISmartLinkAnchor anchor = deploy(SET, set, set);
        submit(anchor, brought);
        bytes memory call = abi.encodeCall(ISmartLinkAnchor.verifyItem, (kind, keccak256(item), inclusion));
        if (kind == 2) call = abi.encodeCall(ISmartLinkAnchor.verifyVehicle, (item, inclusion));
        if (kind == 3) call = abi.encodeCall(ISmartLinkAnchor.verifyAnchor, (item, inclusion));
        if (kind == 0) {
            call = abi.encodeCall(ISmartLinkAnchor.verifyLeaf, (inclusion.checkpoint, inclusion.leaf, inclusion.mmr));
        }
        vm.snapshotValue("other-call", name, new Meter().measure(address(anchor), call));
    }
}
