// Topics, block messages, status and blocks on request: spec/sync.md.
import { decodeBlock } from './blocks.mjs'
import { decode, encode, isBytes, isLink, isUint } from './dag.mjs'
import { request } from './streams.mjs'

const BLOCK_BYTES_MAX = 1_000_000
const STATUS_BYTES_MAX = 256
export const STATUS = '/cairn/status/1'

export const topics = chain => ({
  tx: `/cairn/${chain}/tx/1`,
  block: `/cairn/${chain}/block/1`,
  vote: `/cairn/${chain}/vote/1`
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

export function encodeStatus ({ chainId, genesis, height, head, finalizedHeight, finalized }) {
  return encode([1, chainId, genesis, height, head, finalizedHeight, finalized])
}

export function decodeStatus (bytes) {
  const item = bytes.length <= STATUS_BYTES_MAX ? decode(bytes) : null
  if (!Array.isArray(item) || item.length !== 7) throw new Error('malformed status')
  const [version, chainId, genesis, height, head, finalizedHeight, finalized] = item
  const good = version === 1 && isBytes(chainId, 32) && [genesis, head, finalized].every(isLink) &&
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
