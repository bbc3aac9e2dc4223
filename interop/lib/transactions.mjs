// Transactions: spec/transactions.md.
import { cidOf, decode, encode, isBytes, isLink, isUint } from './dag.mjs'
import { isContradiction } from './evidence.mjs'
import { keyFromSeed } from './ed25519.mjs'
import { signIn, verifyIn } from './identities.mjs'

const BYTES_MAX = 32_768
const NAME_BYTES_MAX = 128
export const TRANSFER = 1
export const PUT = 2
export const DELETE = 3
export const STAKE = 4
export const UNSTAKE = 5
export const EVIDENCE = 6

/** A well-formed transaction from its bytes; throws when it is malformed. */
export function decodeTransaction (encoded) {
  demand(encoded.length <= BYTES_MAX, `at most ${BYTES_MAX} bytes`)
  return fromItem(decode(encoded), Buffer.from(encoded))
}

/** The same from an item that was decoded inside another. */
export function fromItem (item, encoded = encode(item)) {
  demand(encoded.length <= BYTES_MAX, `at most ${BYTES_MAX} bytes`)
  demand(Array.isArray(item) && item.length === 2 && Array.isArray(item[0]) && item[0].length === 6, 'a pair of fields and signature')
  const [[version, sender, nonce, fee, validUntil, payload], signature] = item
  demand(version === 1, 'version 1')
  demand(isBytes(sender, 32) && isBytes(signature, 64), 'a key and a signature')
  demand([nonce, fee, validUntil].every(isUint), 'nonce, fee and validUntil')
  checkPayload(payload)
  return { id: cidOf(encoded), sender, nonce, fee, validUntil, payload, signature, item, encoded, inner: encode(item[0]) }
}

function checkPayload (payload) {
  demand(Array.isArray(payload) && payload.length > 0, 'a payload')
  const [tag, ...fields] = payload
  const [first, second, third] = fields
  if (tag === TRANSFER) {
    demand(fields.length === 2 && isBytes(first, 32) && isUint(second) && second > 0, 'a transfer')
  } else if (tag === PUT) {
    demand(fields.length === 3 && isName(first) && (isBytes(second) || isLink(second)) && isExpected(third), 'a put')
  } else if (tag === DELETE) {
    demand(fields.length === 2 && isName(first) && isExpected(second), 'a delete')
  } else if (tag === STAKE) {
    demand(fields.length === 3 && isBytes(first, 32) && isBytes(second, 64) && isUint(third) && third > 0, 'a stake')
  } else if (tag === UNSTAKE) {
    demand(fields.length === 2 && isBytes(first, 32) && isUint(second) && second > 0, 'an unstake')
  } else if (tag === EVIDENCE) {
    demand(fields.length === 2 && isBytes(first, 32) && isContradiction(second), 'evidence')
  } else {
    demand(false, 'a payload of a known tag')
  }
}

const isExpected = value => value === null || isUint(value)

function isName (name) {
  const bytes = typeof name === 'string' ? Buffer.byteLength(name) : 0
  return bytes >= 1 && bytes <= NAME_BYTES_MAX && name.normalize('NFC') === name && !/\p{Cn}/u.test(name)
}

function demand (condition, what) {
  if (!condition) throw new Error(`malformed transaction: ${what} expected`)
}

/** Whether its signature is good on a chain: the domain is { chainId, forkVersion }. */
export const verifyTransaction = (transaction, domain) =>
  verifyIn('tx', domain, transaction.inner, transaction.sender, transaction.signature)

/** A signed transaction, as bytes. */
export function signTransaction (domain, seed, { nonce, fee, validUntil, payload }) {
  const fields = [1, keyFromSeed(seed).publicKey, nonce, fee, validUntil, payload]
  return encode([fields, signIn('tx', domain, encode(fields), seed)])
}
