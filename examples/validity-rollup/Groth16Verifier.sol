// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {VerifyingKey as Key} from "./VerifyingKey.sol";

/// @title Checks Groth16 proofs over BN254 with the precompiled contracts 6 (add), 7 (multiply) and 8 (pairing).
/// @dev The statement: the prover knows balances behind the commitments `before` and `then` such that their sum is the same and
/// none in `then` is negative. `../contracts/make/validity-rollup.mjs` has the circuit and makes key and proofs.
contract Groth16Verifier {
    /// @dev Points of G2 have their imaginary parts first, as the pairing takes them.
    struct Proof {
        uint256[2] a;
        uint256[4] b;
        uint256[2] c;
    }

    /// @dev Order of the groups.
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev Modulus of the coordinates.
    uint256 private constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    /// @dev What four pairs cost (EIP-1108). A precompiled contract that fails takes all the gas it was given.
    uint256 private constant PAIRING_GAS = 45_000 + 4 * 34_000;

    /// @notice Whether `proof` shows that `then` may follow `before`. False as well for what is no point of the curve, or no
    /// element of the field.
    function verify(uint256 before, uint256 then, Proof calldata proof) external view returns (bool) {
        // A number and the same number plus the order would be two names for one commitment.
        if (before >= R || then >= R) return false;
        if (proof.a[0] >= Q || proof.a[1] >= Q) return false;

        (bool first, uint256[2] memory x) = _multiply(Key.IC1_X, Key.IC1_Y, before);
        (bool second, uint256[2] memory y) = _multiply(Key.IC2_X, Key.IC2_Y, then);
        if (!first || !second) return false;
        (first, x) = _add(x, y);
        (second, x) = _add(x, [Key.IC0_X, Key.IC0_Y]);
        if (!first || !second) return false;

        // e(-A, B) e(alpha, beta) e(inputs, gamma) e(C, delta) = 1
        bytes memory pairs = bytes.concat(
            abi.encode(proof.a[0], (Q - proof.a[1]) % Q, proof.b),
            abi.encode(Key.ALPHA_X, Key.ALPHA_Y, Key.BETA_X1, Key.BETA_X0, Key.BETA_Y1, Key.BETA_Y0),
            abi.encode(x, Key.GAMMA_X1, Key.GAMMA_X0, Key.GAMMA_Y1, Key.GAMMA_Y0),
            abi.encode(proof.c, Key.DELTA_X1, Key.DELTA_X0, Key.DELTA_Y1, Key.DELTA_Y0)
        );
        (bool done, bytes memory one) = address(8).staticcall{gas: PAIRING_GAS}(pairs);
        return done && one.length == 32 && abi.decode(one, (uint256)) == 1;
    }

    function _add(uint256[2] memory p, uint256[2] memory q) private view returns (bool done, uint256[2] memory sum) {
        bytes memory result;
        (done, result) = address(6).staticcall(abi.encode(p, q));
        if (done) sum = abi.decode(result, (uint256[2]));
    }

    function _multiply(uint256 x, uint256 y, uint256 by) private view returns (bool done, uint256[2] memory product) {
        bytes memory result;
        (done, result) = address(7).staticcall(abi.encode(x, y, by));
        if (done) product = abi.decode(result, (uint256[2]));
    }
}
