// What Simplex puts into headers and beside blocks, as far as a follower needs it: spec/consensus.md.
import { verifySeal } from './blocks.mjs'
import { forkVersionAt } from './chainspec.mjs'
import { decode, encode, isBytes, isLink, isUint, sha256 } from './dag.mjs'
import { verifyIn } from './identities.mjs'

export const NOTARIZE = 0
export const SKIP = 1
export const FINALIZE = 2
const MESSAGE_BYTES_MAX = 16_640
const SIGNATURE_BYTES = 64

function demand (condition, what) {
  if (!condition) throw new Error(`bad certificate or header: ${what}`)
}

/** The epoch of a height above 0. */
export const epochOf = (spec, height) => Number((BigInt(height) - 1n) / spec.engine.epochBlocks)

/** The least stake that decides. */
export function quorum (validators) {
  return 2n * validators.reduce((sum, v) => sum + v.stake, 0n) / 3n + 1n
}

export const validatorsHash = validators => sha256(encode(validators.map(v => [v.key, v.account, v.stake])))

const voteDomain = (spec, epoch) => ({
  chainId: spec.chainId, forkVersion: forkVersionAt(spec, BigInt(epoch) * spec.engine.epochBlocks + 1n)
})

/** The account that a block's fees go to. */
export const paidAccount = block => block.consensus[1]

/** Checks a header's consensus tuple and its seal; returns the validator that sealed it. */
export function verifyBlock (spec, block) {
  const { validators } = spec.engine
  const [epoch, proposer, now, next, ...rest] = block.consensus
  demand(rest.length === 0 && isBytes(proposer, 32) && isBytes(now, 32) && isBytes(next, 32), 'the consensus tuple')
  demand(epoch === epochOf(spec, block.height), 'the epoch')
  const hash = validatorsHash(validators)
  demand(hash.equals(now) && hash.equals(next), 'the validators')
  const domain = { chainId: spec.chainId, forkVersion: forkVersionAt(spec, block.height) }
  const sealer = validators.find(v => v.account.equals(proposer) && verifySeal(block, v.key, domain))
  demand(sealer, 'the seal')
  return sealer
}

/** Tells the certificate from the proposal that may be beside a block. */
export const isCertificate = item => Array.isArray(item) && item.length === 3 && isBytes(item[1])

function checkStatement (statement) {
  demand(Array.isArray(statement) && statement.length === 4, 'the statement')
  const [kind, epoch, slot, block] = statement
  demand([NOTARIZE, SKIP, FINALIZE].includes(kind) && isUint(epoch) && isUint(slot) && slot >= 1, 'the statement')
  demand(kind === SKIP ? block === null : isLink(block), 'the statement')
}

/** A well-formed message of the vote topic: { proposal }, { vote } or { certificate }, each an item. */
export function decodeMessage (bytes) {
  demand(bytes.length <= MESSAGE_BYTES_MAX, 'the length')
  const item = decode(bytes)
  demand(Array.isArray(item), 'the shape')
  if (item.length === 2) {
    const [fields, signature] = item
    demand(Array.isArray(fields) && fields.length === 4 && isBytes(signature, SIGNATURE_BYTES), 'a proposal')
    const [epoch, slot, parentSlot, block] = fields
    demand([epoch, slot, parentSlot].every(isUint) && parentSlot < slot && isLink(block), 'a proposal')
    return { proposal: item }
  }
  demand(item.length === 3, 'the shape')
  checkStatement(item[0])
  if (isUint(item[1])) {
    demand(isBytes(item[2], SIGNATURE_BYTES), 'a vote')
    return { vote: item }
  }
  demand(isCertificate(item) && isBytes(item[2]) && item[2].length % SIGNATURE_BYTES === 0, 'a certificate')
  return { certificate: item }
}

/** Checks a certificate of any statement; returns the statement and the signers' indexes. */
export function verifyQuorum (spec, item) {
  const { validators } = spec.engine
  demand(isCertificate(item), 'its shape')
  const [statement, bitmap, signatures] = item
  checkStatement(statement)
  const [kind, epoch, slot, block] = statement
  demand(bitmap.length === Math.ceil(validators.length / 8), 'the length of the bitmap')
  const signers = []
  for (let i = 0; i < 8 * bitmap.length; i++) if ((bitmap[i >> 3] >> (i & 7)) & 1) signers.push(i)
  demand(signers.every(i => i < validators.length), 'a signer that does not exist')
  demand(isBytes(signatures, SIGNATURE_BYTES * signers.length), 'as many signatures as signers')
  demand(signers.reduce((sum, i) => sum + validators[i].stake, 0n) >= quorum(validators), 'a quorum')
  const inner = encode(statement)
  const domain = voteDomain(spec, epoch)
  signers.forEach((signer, place) => {
    const signature = signatures.subarray(SIGNATURE_BYTES * place, SIGNATURE_BYTES * (place + 1))
    demand(verifyIn('vote', domain, inner, validators[signer].key, signature), `the signature of validator ${signer}`)
  })
  return { kind, epoch, slot, block, signers }
}

/** Checks that a certificate makes this block final. */
export function verifyCertificate (spec, block, item) {
  const certificate = verifyQuorum(spec, item)
  demand(certificate.kind === FINALIZE, 'a finalize certificate')
  demand(certificate.epoch === epochOf(spec, block.height), 'the epoch of the block')
  demand(certificate.block.equals(block.id), 'this block')
  return certificate
}

/** The index of each slot's leader in an epoch, slots 1 to `slots`: smooth weighted round-robin. */
export function leaders ({ engine: { validators } }, slots) {
  const total = validators.reduce((sum, v) => sum + v.stake, 0n)
  const credits = validators.map(() => 0n)
  return Array.from({ length: slots }, () => {
    validators.forEach((v, i) => { credits[i] += v.stake })
    const leader = credits.reduce((best, credit, i) => credit > credits[best] ? i : best, 0)
    credits[leader] -= total
    return leader
  })
}

/** A heartbeat, checked: who says it, from which peer, and whether it votes. */
export function readHeartbeat (spec, bytes) {
  demand(bytes.length <= 512, 'the length')
  const [fields, signature] = decode(bytes)
  const [key, peer, instance, since, voting, echo, time, ...rest] = fields
  demand(rest.length === 0 && isBytes(key, 32) && isBytes(instance, 16) && isBytes(echo) && [0, 16].includes(echo.length), 'a heartbeat')
  demand([since, time].every(isUint) && typeof voting === 'boolean' && isBytes(signature, SIGNATURE_BYTES), 'a heartbeat')
  demand(verifyIn('heartbeat', { chainId: spec.chainId, forkVersion: 0 }, encode(fields), key, signature), 'its signature')
  return { key, peer, voting, time }
}

/** Whether a vote is good: [statement, voter, signature]. */
export function verifyVote (spec, [statement, voter, signature]) {
  const validator = spec.engine.validators[voter]
  return validator !== undefined && isBytes(signature, SIGNATURE_BYTES) &&
    verifyIn('vote', voteDomain(spec, statement[1]), encode(statement), validator.key, signature)
}

/** Whether a proposal is its slot's leader's: [[epoch, slot, parentSlot, block], signature]. */
export function verifyProposal (spec, [fields, signature]) {
  const [epoch, slot, parentSlot] = fields
  if (!(parentSlot < slot) || !isBytes(signature, SIGNATURE_BYTES)) return false
  const leader = spec.engine.validators[leaders(spec, slot).at(-1)]
  return verifyIn('proposal', voteDomain(spec, epoch), encode(fields), leader.key, signature)
}
