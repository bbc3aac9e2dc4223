// Strict DAG-CBOR in tuple form (spec/encoding.md) on top of @ipld/dag-cbor.
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { createHash } from 'node:crypto'

export const DAG_CBOR = 0x71
export const SHA2_256 = 0x12
const DEPTH_MAX = 16
const UINT_MAX = 2n ** 63n - 1n

export const encode = value => Buffer.from(dagCbor.encode(value))

export function sha256 (...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The CIDv1 (dag-cbor, sha2-256) of encoded bytes. */
export const cidOf = bytes => CID.createV1(DAG_CBOR, Digest.create(SHA2_256, sha256(bytes)))

/** Decodes one item and refuses whatever the chain would not itself have written. */
export function decode (bytes) {
  const value = dagCbor.decode(bytes)
  check(value, 0)
  if (!encode(value).equals(Buffer.from(bytes))) throw new Error('not the canonical encoding')
  return value
}

/** Decodes one item at the front of some bytes, whatever follows. */
export function decodeFirst (bytes) {
  const [value, rest] = dagCbor.decodeFirst(bytes)
  const item = Buffer.from(bytes.subarray(0, bytes.length - rest.length))
  return { value: decode(item), item, rest }
}

function check (value, depth) {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || value instanceof Uint8Array) return
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (!isUint(value)) throw new Error(`not an unsigned integer below 2^63: ${value}`)
  } else if (CID.asCID(value)) {
    if (!isLink(value)) throw new Error(`not a CIDv1 of the chain: ${value}`)
  } else if (Array.isArray(value)) {
    if (depth === DEPTH_MAX) throw new Error(`deeper than ${DEPTH_MAX}`)
    for (const item of value) check(item, depth + 1)
  } else {
    throw new Error(`not an item of the chain: ${typeof value}`)
  }
}

export const isUint = value => typeof value === 'bigint'
  ? value >= 0n && value <= UINT_MAX
  : Number.isSafeInteger(value) && value >= 0

export const isLink = value => CID.asCID(value) !== null

export const isBytes = (value, length) => value instanceof Uint8Array && (length === undefined || value.length === length)
