// State keys, the sparse Merkle tree and its proofs: spec/state.md.
import { decode, encode, isBytes, sha256 } from './dag.mjs'

const EMPTY = Buffer.alloc(32)
const LEAF = Buffer.of(2)
const NODE = Buffer.of(3)
const DEPTH_MAX = 256

export const accountKey = account => Buffer.concat([Buffer.of(1), account])
export const recordKey = (owner, name) => Buffer.concat([Buffer.of(2), owner, Buffer.from(name)])
export const validatorKey = key => Buffer.concat([Buffer.of(3), key])
export const setKey = epoch => Buffer.concat([Buffer.of(5), uint64(epoch)])
export const unbondingKey = key => Buffer.concat([Buffer.of(6), key])
export const punishedKey = key => Buffer.concat([Buffer.of(7), key])
export const parameterKey = name => Buffer.concat([Buffer.of(4), Buffer.from(name)])
export const VALIDATORS_KEY = parameterKey('validators')
export const STAKING_KEY = parameterKey('staking')
export const UNBONDING_KEY = parameterKey('unbonding')

export const accountValue = (balance, nonce) => encode([balance, nonce])
export const recordValue = (owner, version, value, transaction) => encode([owner, version, value, transaction])
export const validatorValue = (account, stake) => encode([account, stake])

function uint64 (value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const node = (left, right) => sha256(NODE, left, right)
const leaf = (path, valueHash) => sha256(LEAF, path, valueHash)
const bit = (path, i) => (path[i >> 3] >> (7 - (i & 7))) & 1

/** The root over [key, value] pairs, each key once. */
export function stateRoot (entries) {
  return subtree(entries.map(([key, value]) => ({ path: sha256(key), valueHash: sha256(value) })), 0)
}

function subtree (leaves, depth) {
  if (leaves.length === 0) return EMPTY
  if (leaves.length === 1) return leaf(leaves[0].path, leaves[0].valueHash)
  return node(
    subtree(leaves.filter(l => bit(l.path, depth) === 0), depth + 1),
    subtree(leaves.filter(l => bit(l.path, depth) === 1), depth + 1))
}

/** Whether a proof shows that a root has this value under a key, or with null that it has none. */
export function verifyStateProof (root, key, value, proof) {
  const item = decode(proof)
  if (!Array.isArray(item) || item.length !== 2 || !Array.isArray(item[0])) return false
  const [hashes, found] = item
  if (hashes.length > DEPTH_MAX || !hashes.every(h => isBytes(h, 32))) return false
  if (found !== null && !(Array.isArray(found) && found.length === 2 && found.every(h => isBytes(h, 32)))) return false
  const path = sha256(key)
  if (value !== null) {
    if (found === null || !path.equals(found[0]) || !sha256(value).equals(found[1])) return false
  } else if (found !== null) {
    if (path.equals(found[0])) return false
    for (let i = 0; i < hashes.length; i++) if (bit(path, i) !== bit(found[0], i)) return false
  }
  let hash = found === null ? EMPTY : leaf(found[0], found[1])
  for (let i = hashes.length - 1; i >= 0; i--) {
    hash = bit(path, i) === 1 ? node(hashes[i], hash) : node(hash, hashes[i])
  }
  return hash.equals(root)
}
