// Topics, block messages, status and blocks on request: spec/sync.md.
import { decodeBlock, isChainLink } from './blocks.mjs'
import { verifyCertificate } from './certificates.mjs'
import { decode, encode, isBytes, isUint } from './dag.mjs'
import { request } from './streams.mjs'
import { EVIDENCE, fromItem } from './transactions.mjs'

const BLOCK_BYTES_MAX = 1_000_000
const STATUS_BYTES_MAX = 256
const REQUEST_BYTES_MAX = 64
const TRANSACTIONS_BYTES_MAX = 65_536
const COUNT_MAX = 64
const HEADERS_MAX = 512
export const STATUS = '/cairn/status/1'

export const topics = chain => ({
  tx: `/cairn/${chain}/tx/1`,
  block: `/cairn/${chain}/block/1`,
  vote: `/cairn/${chain}/vote/1`,
  heartbeat: `/cairn/${chain}/heartbeat/1`
})

export const syncProtocol = chain => `/cairn/${chain}/sync/1`

/** A block and what travels beside it, still as an item: a certificate, a proposal or null. */
export function decodeBlockMessage (bytes) {
  const item = decode(bytes)
  if (!Array.isArray(item) || item.length !== 2 || !Array.isArray(item[0]) || item[0].length !== 2) {
    throw new Error('malformed block message')
  }
  const [[header, body], beside] = item
  const block = decodeBlock(encode(header), encode(body))
  const size = block.header.bytes.length + block.bodyBytes.length + (beside === null ? 0 : encode(beside).length)
  if (size > BLOCK_BYTES_MAX) throw new Error(`a block of ${size} bytes`)
  return { block, beside }
}

/** A message of the tx topic. */
export const encodeTransactions = transactions => encode(transactions.map(t => t.item))

export function decodeTransactions (bytes) {
  const items = bytes.length <= TRANSACTIONS_BYTES_MAX ? decode(bytes) : null
  if (!Array.isArray(items) || items.length === 0) throw new Error('malformed transactions message')
  const transactions = items.map(item => fromItem(item))
  if (transactions.length > 1 && transactions.some(t => t.payload[0] === EVIDENCE)) throw new Error('evidence that is not a message of its own')
  return transactions
}

/** A request for blocks: { from, count }, { block } or { headersFrom, count }. */
export function decodeRequest (bytes) {
  const item = bytes.length <= REQUEST_BYTES_MAX ? decode(bytes) : null
  if (!Array.isArray(item)) throw new Error('malformed request')
  const [kind, first, count] = item
  if (kind === 1 && item.length === 3 && isUint(first) && first >= 1 && isUint(count) && count >= 1 && count <= COUNT_MAX) {
    return { from: first, count }
  }
  if (kind === 3 && item.length === 3 && isUint(first) && first >= 1 && isUint(count) && count >= 1 && count <= HEADERS_MAX) {
    return { headersFrom: first, count }
  }
  if (kind === 2 && item.length === 2 && isChainLink(first)) return { block: first }
  throw new Error('malformed request')
}

/**
 * Checks an answer to a range by itself, and returns its blocks.
 *
 * @param parent the id of the block below the range
 */
export function checkRange (spec, { from, count }, parent, messages) {
  const answer = messages.map(decodeBlockMessage)
  if (answer.length < 1 || answer.length > count || answer.at(-1).beside === null) throw new Error('not an answer to this range')
  answer.forEach(({ block, beside }, i) => {
    const before = i === 0 ? parent : answer[i - 1].block.id
    if (block.height !== from + i || !block.parent.equals(before)) throw new Error(`block ${block.height} is out of place`)
    if (beside !== null) verifyCertificate(spec, block, beside)
  })
  return answer.map(({ block }) => block)
}

export function encodeStatus ({ chainId, genesis, height, head, finalizedHeight, finalized }) {
  return encode([1, chainId, genesis, height, head, finalizedHeight, finalized])
}

export function decodeStatus (bytes) {
  const item = bytes.length <= STATUS_BYTES_MAX ? decode(bytes) : null
  if (!Array.isArray(item) || item.length !== 7) throw new Error('malformed status')
  const [version, chainId, genesis, height, head, finalizedHeight, finalized] = item
  const good = version === 1 && isBytes(chainId, 32) && [genesis, head, finalized].every(isChainLink) &&
    [height, finalizedHeight].every(isUint) && finalizedHeight <= height
  if (!good) throw new Error('malformed status')
  return { chainId, genesis, height, head, finalizedHeight, finalized }
}

/** Tells a peer our status and returns its own. */
export async function exchangeStatus (peer, target, ours) {
  const answers = await request(peer, target, STATUS, encodeStatus(ours))
  if (answers.length !== 1) throw new Error(`${answers.length} answers to a status`)
  return decodeStatus(answers[0])
}

/** The final blocks from a height on, as block messages. */
export async function blockRange (peer, target, chain, from, count) {
  const answers = await request(peer, target, syncProtocol(chain), encode([1, from, count]))
  return answers.map(decodeBlockMessage)
}

/** One block by its id, or nothing. */
export async function blockById (peer, target, chain, id) {
  const answers = await request(peer, target, syncProtocol(chain), encode([2, id]))
  return answers.map(decodeBlockMessage).at(0)
}
