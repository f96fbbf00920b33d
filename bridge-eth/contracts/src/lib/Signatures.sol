// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";
import {Read} from "./Read.sol";
import {Rosters} from "./Rosters.sol";

/// @title The signatures of a set
/// @notice Bits that say who signed, in ascending order, so nobody twice; then one signature for each, in the one form that is
/// taken: r, and s of the lower half with the parity of the point as its highest bit (EIP-2098).
library Signatures {
    using Read for bytes;

    /// @dev Bytes of a signature.
    uint256 private constant SIGNATURE = 64;
    /// @dev Half of the order of secp256k1, rounded down: the highest s of the lower half.
    uint256 private constant HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice How many of a set have to sign: more than two thirds, as BEEFY has it.
    function threshold(uint256 length) internal pure returns (uint256) {
        unchecked {
            // A set has a validator at least.
            return length - (length - 1) / 3;
        }
    }

    /// @notice Refuses signatures unless more than two thirds of the roster signed, and each signature is right.
    /// @param digest what is signed
    /// @param signatures the bits and the signatures
    /// @param roster the addresses of the set
    /// @param length how many they are
    function check(bytes32 digest, bytes calldata signatures, bytes memory roster, uint256 length) internal view {
        unchecked {
            uint256 offset = (length + 7) / 8;
            uint256 signed = count(signatures, offset);
            if (signed < threshold(length)) revert ISmartLinkAnchor.TooFewSignatures(signed, threshold(length));
            // Bits in the last byte that are nobody's.
            uint256 stray = (8 - length % 8) % 8;

            uint256 bits = 0;
            for (uint256 place = 0; place < length; ++place) {
                if (place % 256 == 0) bits = uint256(signatures.word(place / 8));
                if (bits >> 255 == 1) {
                    if (offset == signatures.length) wrongLength(signatures, offset + SIGNATURE);
                    checkOne(digest, signatures, offset, Rosters.validatorAt(roster, place), place);
                    offset += SIGNATURE;
                }
                bits <<= 1;
            }
            if (offset != signatures.length) wrongLength(signatures, offset);
            if (stray > 0 && bits >> (256 - stray) != 0) revert ISmartLinkAnchor.StrayBits();
        }
    }

    /// @dev How many signatures there are behind so many bytes of bits.
    function count(bytes calldata signatures, uint256 bitBytes) private pure returns (uint256) {
        unchecked {
            if (signatures.length < bitBytes) wrongLength(signatures, bitBytes);
            uint256 rest = signatures.length - bitBytes;
            if (rest % SIGNATURE != 0) wrongLength(signatures, signatures.length - rest % SIGNATURE);
            return rest / SIGNATURE;
        }
    }

    /// @dev Refuses a signature that is not that of a validator.
    function checkOne(bytes32 digest, bytes calldata signatures, uint256 offset, address validator, uint256 place)
        private
        view
    {
        uint256 vs = uint256(signatures.word(offset + 32));
        uint256 s = vs & (type(uint256).max >> 1);
        if (s > HIGHEST_S) revert ISmartLinkAnchor.HighS(place);
        address found = signer(digest, signatures.word(offset), s, 27 + (vs >> 255));
        // Zero is what is found when no key can have made the signature.
        if (found == address(0)) revert ISmartLinkAnchor.NoSigner(place);
        if (found != validator) revert ISmartLinkAnchor.OtherSigner(place, found, validator);
    }

    /// @dev Who signed, or zero. As ecrecover, without a copy of its arguments for each call.
    function signer(bytes32 digest, bytes32 r, uint256 s, uint256 v) private view returns (address found) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, digest)
            mstore(add(m, 0x20), v)
            mstore(add(m, 0x40), r)
            mstore(add(m, 0x60), s)
            mstore(0, 0)
            // The precompile gives nothing back when there is no such key: the zero stays.
            pop(staticcall(gas(), 1, m, 0x80, 0, 0x20))
            found := mload(0)
        }
    }

    /// @dev Refuses bytes that are too many or too few.
    function wrongLength(bytes calldata signatures, uint256 wanted) private pure {
        revert ISmartLinkAnchor.SignaturesLength(signatures.length, wanted);
    }
}
