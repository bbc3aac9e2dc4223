// Ed25519 from node:crypto, with the stricter rules of spec/ checked before it.
import { createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto'

const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const SIGN_BIT = 1n << 255n

// y of the points whose order divides 8: the neutral one, orders 2 and 4, and the two pairs of order 8.
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  P - 1n,
  little(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')),
  little(Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'))
])

function little (bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function y (point) {
  return little(point) & (SIGN_BIT - 1n)
}

/** A key that an account or a validator may have: canonical, and not of small order. */
export function isCanonicalKey (key) {
  return key.length === 32 && y(key) < P && !SMALL_ORDER_Y.has(y(key))
}

export function verify (key, message, signature) {
  if (signature.length !== 64 || !isCanonicalKey(key)) return false
  const r = signature.subarray(0, 32)
  if (SMALL_ORDER_Y.has(y(r) % P) || little(signature.subarray(32)) >= L) return false
  try {
    const spki = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' })
    return nodeVerify(null, message, spki, signature)
  } catch {
    return false
  }
}

/** A key pair from its 32-byte seed. */
export function keyFromSeed (seed) {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length)
  return { publicKey, sign: message => nodeSign(null, message, key) }
}
