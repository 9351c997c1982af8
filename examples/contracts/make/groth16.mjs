// A Groth16 setup and prover over BN254, as small as they can be. The prover knows the setup's secret, so it works with the
// exponents as numbers and multiplies points only at the end; what comes out is the proof that a prover without the secret makes
// from the same witness. With the secret one could also prove what is false, so a witness is checked first, and the key is
// good for examples only.
import { bn254 } from "@noble/curves/bn254.js";

const Fr = bn254.fields.Fr;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;

/** Constraints `<a, w> <b, w> = <c, w>` over a vector `w` whose entry 0 is 1; rows are maps from index to factor. */
export class Circuit {
  constraints = [];
  size = 1;

  variable() {
    return this.size++;
  }

  require(a, b, c) {
    this.constraints.push([a, b, c]);
  }
}

/** The keys of a circuit with `inputs` public variables (1 to `inputs`); `secret` is a function from a name to a number. */
export function setup(circuit, inputs, secret) {
  // Public variables get constraints of their own, so that their polynomials are independent.
  const constraints = [...circuit.constraints];
  for (let i = 0; i <= inputs; i++) constraints.push([new Map([[i, 1n]]), new Map(), new Map()]);
  const [alpha, beta, gamma, delta, tau] = ["alpha", "beta", "gamma", "delta", "tau"].map(secret);
  const { values, vanishing } = lagrange(constraints.length, tau);
  const at = [0, 1, 2].map((side) => {
    const polynomials = Array(circuit.size).fill(0n);
    for (const [row, constraint] of constraints.entries()) {
      for (const [index, factor] of constraint[side]) {
        polynomials[index] = Fr.add(polynomials[index], Fr.mul(factor, values[row]));
      }
    }
    return polynomials;
  });
  const combined = at[0].map((a, i) => Fr.add(Fr.add(Fr.mul(beta, a), Fr.mul(alpha, at[1][i])), at[2][i]));
  const inputPoints = combined.slice(0, inputs + 1).map((value) => g1(Fr.div(value, gamma)));
  const verifying = { alpha: g1(alpha), beta: g2(beta), gamma: g2(gamma), delta: g2(delta), inputs: inputPoints };
  return { verifying, proving: { circuit, inputs, alpha, beta, delta, at, combined, vanishing } };
}

/** A proof for the vector `w`, blinded by the numbers `r` and `s`. */
export function prove({ circuit, inputs, alpha, beta, delta, at, combined, vanishing }, w, r, s) {
  const dot = (row) => [...row].reduce((sum, [i, factor]) => Fr.add(sum, Fr.mul(factor, w[i])), 0n);
  for (const [a, b, c] of circuit.constraints) {
    if (Fr.mul(dot(a), dot(b)) !== dot(c)) throw new Error("the witness does not satisfy the circuit");
  }
  const [sumA, sumB, sumC] = at.map((polynomials) => dot(polynomials.entries()));
  const h = Fr.div(Fr.sub(Fr.mul(sumA, sumB), sumC), vanishing);
  const a = Fr.add(Fr.add(alpha, sumA), Fr.mul(r, delta));
  const b = Fr.add(Fr.add(beta, sumB), Fr.mul(s, delta));
  const own = dot([...combined.entries()].slice(inputs + 1));
  const fixed = Fr.div(Fr.add(own, Fr.mul(h, vanishing)), delta);
  const blinding = Fr.sub(Fr.add(Fr.mul(s, a), Fr.mul(r, b)), Fr.mul(Fr.mul(r, s), delta));
  return { a: g1(a), b: g2(b), c: g1(Fr.add(fixed, blinding)) };
}

/** The Lagrange polynomials of the smallest group of roots of unity with `count` elements, and its vanishing one, at `x`. */
function lagrange(count, x) {
  const bits = Math.ceil(Math.log2(count));
  const size = 2n ** BigInt(bits);
  const root = Fr.pow(5n, (Fr.ORDER - 1n) / size);
  const vanishing = Fr.sub(Fr.pow(x, size), 1n);
  const scale = Fr.div(vanishing, size);
  const values = [];
  for (let i = 0, point = 1n; i < count; i++, point = Fr.mul(point, root)) {
    values.push(Fr.div(Fr.mul(scale, point), Fr.sub(x, point)));
  }
  return { values, vanishing };
}

function g1(exponent) {
  const { x, y } = G1.BASE.multiply(exponent).toAffine();
  return [x, y];
}

/** Imaginary parts first. */
function g2(exponent) {
  const { x, y } = G2.BASE.multiply(exponent).toAffine();
  return [x.c1, x.c0, y.c1, y.c0];
}
