// Blocks and the tree over their transactions: spec/blocks.md.
import { cidOf, decode, encode, isBytes, isLink, isUint, sha256, DAG_CBOR, SHA2_256 } from './dag.mjs'
import { verifyIn } from './identities.mjs'
import { fromItem } from './transactions.mjs'

const HEADER_BYTES_MAX = 4096
const CONSENSUS_BYTES_MAX = 1024
const SEAL_BYTES_MAX = 1024

function demand (condition, what) {
  if (!condition) throw new Error(`malformed block: ${what}`)
}

/** A link as the chain's objects have them: CIDv1, dag-cbor, sha2-256. */
export const isChainLink = value => isLink(value) && value.version === 1 && value.code === DAG_CBOR &&
  value.multihash.code === SHA2_256 && value.multihash.size === 32

/** A well-formed header from its bytes. */
export function decodeHeader (bytes) {
  demand(bytes.length <= HEADER_BYTES_MAX, 'the header is too long')
  const item = decode(bytes)
  demand(Array.isArray(item) && item.length === 2 && Array.isArray(item[0]) && item[0].length === 8, 'a header is a pair of eight fields and a seal')
  const [[version, height, time, parent, body, txRoot, stateRoot, consensus], seal] = item
  demand(version === 1, 'version 1')
  demand(isUint(height) && isUint(time), 'height and time')
  demand(height === 0 ? parent === null : isChainLink(parent), 'the genesis block alone has no parent')
  demand(isChainLink(body) && isBytes(txRoot, 32) && isBytes(stateRoot, 32), 'body and roots')
  demand(Array.isArray(consensus) && encode(consensus).length <= CONSENSUS_BYTES_MAX, 'the consensus tuple')
  demand(height === 0 ? seal === null : seal === null || (isBytes(seal) && seal.length <= SEAL_BYTES_MAX), 'the seal')
  return { id: cidOf(bytes), height, time, parent, body, txRoot, stateRoot, consensus, seal, bytes: Buffer.from(bytes), inner: encode(item[0]) }
}

/** A block from the bytes of its header and its body, each checked against the other. */
export function decodeBlock (headerBytes, bodyBytes) {
  const header = decodeHeader(headerBytes)
  demand(cidOf(bodyBytes).equals(header.body), 'the body is not the one that the header links')
  const items = decode(bodyBytes)
  demand(Array.isArray(items), 'a body is an array')
  const transactions = items.map(item => fromItem(item))
  demand(txRoot(transactions.map(t => t.id)).equals(header.txRoot), 'txRoot is not that of the body')
  return { ...header, header, bodyBytes: Buffer.from(bodyBytes), transactions }
}

/** Whether the seal is the signature of this validator. */
export const verifySeal = (block, key, domain) => isBytes(block.seal, 64) && verifyIn('block', domain, block.inner, key, block.seal)

const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)
const leaf = id => sha256(LEAF, id.multihash.digest)
const node = (left, right) => sha256(NODE, left, right)

/** The root over transactions' ids. */
export function txRoot (ids) {
  if (ids.length === 0) return sha256()
  if (ids.length === 1) return leaf(ids[0])
  let k = 1
  while (2 * k < ids.length) k *= 2
  return node(txRoot(ids.slice(0, k)), txRoot(ids.slice(k)))
}

/** Whether a path shows that a transaction has this place among `count` (RFC 9162, section 2.1.3.2). */
export function verifyTxProof (root, id, index, count, path) {
  if (index >= count) return false
  let at = index
  let last = count - 1
  let hash = leaf(id)
  for (const sibling of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = node(sibling, hash)
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = node(hash, sibling)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && hash.equals(root)
}
