// Names and signing domains: spec/identities.md and the last part of spec/encoding.md.
import { base32 } from 'multiformats/bases/base32'
import * as bech32m from './bech32m.mjs'
import { keyFromSeed, verify } from './ed25519.mjs'

const PREFIX = 'cairn'
const SHORT_NAME_CHARS = 16

/** An account's key as people see it. */
export const addressOf = key => bech32m.encode(PREFIX, key)

/** The key behind an address. */
export function keyOf (address) {
  const key = bech32m.decode(PREFIX, address)
  if (key.length !== 32) throw new Error(`an address holds 32 bytes, not ${key.length}`)
  return key
}

/** A chain's name in topics and protocols. */
export const shortName = chainId => base32.encode(chainId).slice(1, 1 + SHORT_NAME_CHARS)

/** What Ed25519 signs for one signed range of bytes; a domain is { chainId, forkVersion }. */
export function signedMessage (kind, { chainId, forkVersion }, inner) {
  const fork = Buffer.alloc(4)
  fork.writeUInt32BE(forkVersion)
  return Buffer.concat([Buffer.from(`cairn/${kind}/1\0`), chainId, fork, inner])
}

export const verifyIn = (kind, domain, inner, key, signature) => verify(key, signedMessage(kind, domain, inner), signature)

export const signIn = (kind, domain, inner, seed) => keyFromSeed(seed).sign(signedMessage(kind, domain, inner))
