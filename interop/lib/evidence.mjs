// Evidence against a validator: spec/consensus.md, "Evidence".
import { decodeMessage, NOTARIZE, SKIP, FINALIZE } from './certificates.mjs'
import { encode } from './dag.mjs'
import { verifyIn } from './identities.mjs'

const same = (one, other) => Buffer.from(encode(one)).equals(Buffer.from(encode(other)))

/** The pair as two votes or two proposals, or undefined. */
function read (item) {
  if (!Array.isArray(item) || item.length !== 2) return undefined
  try {
    const [first, second] = item.map(message => decodeMessage(encode(message)))
    if (first.vote && second.vote) return { votes: [first.vote, second.vote] }
    if (first.proposal && second.proposal) return { proposals: [first.proposal, second.proposal] }
  } catch {
    // Not two messages.
  }
  return undefined
}

/** Whether an item is two messages that no honest validator signs both. */
export function isContradiction (item) {
  const { votes, proposals } = read(item) ?? {}
  if (proposals) {
    const [[[epoch, slot, ...rest]], [[otherEpoch, otherSlot, ...otherRest]]] = proposals
    return epoch === otherEpoch && slot === otherSlot && !same(rest, otherRest)
  }
  if (!votes) return false
  const [[[kind, epoch, slot, block]], [[otherKind, otherEpoch, otherSlot, otherBlock]]] = votes
  if (epoch !== otherEpoch || slot !== otherSlot) return false
  if (kind === otherKind) return kind !== SKIP && !same(block, otherBlock)
  return ![kind, otherKind].includes(NOTARIZE) && [SKIP, FINALIZE].includes(kind)
}

/** The epoch that the pair is about. */
export const epochOfEvidence = item => item[0][0][item[0].length === 2 ? 0 : 1]

/** Whether both messages were signed by this key, at this place of the epoch's set. */
export function isSignedBy (item, key, index, domain) {
  const { votes, proposals } = read(item)
  return votes
    ? votes.every(([statement, voter, signature]) =>
      voter === index && verifyIn('vote', domain, encode(statement), key, signature))
    : proposals.every(([fields, signature]) => verifyIn('proposal', domain, encode(fields), key, signature))
}
