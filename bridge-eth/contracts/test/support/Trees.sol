// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Trees and mountains by recursion, from all of their leaves. Shares nothing with what walks a proof.
///
/// A tree in which a last node without a partner moves up is the one whose left half is the largest power of two that leaves
/// something for the right.
library Trees {
    /// @dev How an inner node is made: of two alone, or with a byte in front.
    enum Node {
        Plain,
        Marked
    }

    function node(Node kind, bytes32 left, bytes32 right) private pure returns (bytes32) {
        return kind == Node.Plain ? keccak256(bytes.concat(left, right)) : keccak256(bytes.concat(hex"01", left, right));
    }

    /// @dev The largest power of two below a number above 1.
    function split(uint256 length) private pure returns (uint256 left) {
        left = 1;
        while (left * 2 < length) left *= 2;
    }

    function top(Node kind, bytes32[] memory leaves, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + split(to - from);
        return node(kind, top(kind, leaves, from, middle), top(kind, leaves, middle, to));
    }

    /// @dev Partners of the leaf at `index`, from below.
    function partners(Node kind, bytes32[] memory leaves, uint256 index, uint256 from, uint256 to)
        internal
        pure
        returns (bytes32[] memory)
    {
        if (to - from == 1) return new bytes32[](0);
        uint256 middle = from + split(to - from);
        return index < middle
            ? push(partners(kind, leaves, index, from, middle), top(kind, leaves, middle, to))
            : push(partners(kind, leaves, index, middle, to), top(kind, leaves, from, middle));
    }

    function push(bytes32[] memory list, bytes32 last) internal pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = last;
    }

    /// @dev A tree of plain nodes: that of a set of validators.
    function plainRoot(bytes32[] memory leaves) internal pure returns (bytes32) {
        return top(Node.Plain, leaves, 0, leaves.length);
    }

    /// @dev A tree that is bound to its count: that of a batch or of a checkpoint. Leaf `i` is made by `leafOf(i, …)`.
    function boundRoot(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32 highest = leaves.length == 0 ? bytes32(0) : top(Node.Marked, leaves, 0, leaves.length);
        return keccak256(bytes.concat(hex"02", bytes4(uint32(leaves.length)), highest));
    }

    function boundProof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory) {
        return partners(Node.Marked, leaves, index, 0, leaves.length);
    }

    function boundLeaf(uint256 index, bytes memory data) internal pure returns (bytes32) {
        return keccak256(bytes.concat(hex"00", bytes4(uint32(index)), data));
    }

    /// @dev How many leaves the first peak of so many has.
    function peak(uint256 length) private pure returns (uint256 leaves) {
        leaves = 1;
        while (leaves * 2 <= length) leaves *= 2;
    }

    /// @dev The root of a mountain range: the peaks from `from` on, bagged from the right.
    function mmrRoot(bytes32[] memory leaves, uint256 from, uint256 to) internal pure returns (bytes32) {
        uint256 end = from + peak(to - from);
        bytes32 first = top(Node.Plain, leaves, from, end);
        return end == to ? first : node(Node.Plain, mmrRoot(leaves, end, to), first);
    }

    /// @dev Peaks to the left, partners from below, the peaks to the right as one.
    function mmrProof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory proof) {
        (uint256 from, uint256 to) = (0, leaves.length);
        uint256 end = peak(to);
        while (index >= end) {
            proof = push(proof, top(Node.Plain, leaves, from, end));
            from = end;
            end += peak(to - end);
        }
        bytes32[] memory own = partners(Node.Plain, leaves, index, from, end);
        for (uint256 i = 0; i < own.length; ++i) {
            proof = push(proof, own[i]);
        }
        if (end < to) proof = push(proof, mmrRoot(leaves, end, to));
    }
}
