// A light client: spec/light.md. Every function returns what is proved or throws.
import { CID } from 'multiformats/cid'
import { decodeHeader, verifyTxProof } from './blocks.mjs'
import { epochOf, quorum, validatorsHash, verifyCertificate } from './certificates.mjs'
import { decode } from './dag.mjs'
import { keyOf } from './identities.mjs'
import { verifyStateProof } from './state.mjs'
import { decodeTransaction } from './transactions.mjs'

const HEADERS_MAX = 256
const VALIDATORS_MAX = 256

function demand (condition, what) {
  if (!condition) throw new Error(`not proved: ${what}`)
}

const epochAt = (spec, height) => height === 0 ? 0 : epochOf(spec, height)

/** Validators as JSON shows them: [{ key, account, stake }]. */
export function readValidators (list) {
  demand(Array.isArray(list) && list.length >= 1 && list.length <= VALIDATORS_MAX, 'a set of validators')
  const validators = list.map(v => ({ key: Buffer.from(v.key, 'hex'), account: keyOf(v.account), stake: BigInt(v.stake) }))
  validators.forEach((v, i) => {
    demand(v.key.length === 32 && v.stake >= 1n, 'a validator')
    demand(i === 0 || Buffer.compare(validators[i - 1].key, v.key) < 0, 'validators ascending by key')
  })
  return validators
}

/** A client is { spec, epoch, validators, anchor: { height, id } }. */
export const atGenesis = spec => ({ spec, epoch: 0, validators: spec.engine.validators, anchor: { height: 0, id: spec.genesis.id } })

export function parseCheckpoint (text) {
  const [, height, id] = /^(0|[1-9][0-9]{0,17}):(b[a-z2-7]+)$/.exec(text) ?? []
  demand(height !== undefined, 'the form of the checkpoint')
  return { height: Number(height), id: CID.parse(id) }
}

/** @param list of the validators of the checkpoint's epoch, from anybody */
export function atCheckpoint (spec, text, headerBytes, list) {
  const anchor = parseCheckpoint(text)
  const header = decodeHeader(headerBytes)
  demand(header.height === anchor.height && header.id.equals(anchor.id), "the checkpoint's header")
  const validators = readValidators(list)
  demand(validatorsHash(validators).equals(header.consensus[2]), "the validators of the checkpoint's epoch")
  return { spec, epoch: epochAt(spec, header.height), validators, anchor }
}

function certified ({ spec, epoch, validators }, header, certificate) {
  demand(header.height > 0 && epochAt(spec, header.height) === epoch, `a block of epoch ${epoch}`)
  verifyCertificate({ ...spec, engine: { ...spec.engine, validators } }, header, decode(certificate))
  demand(header.consensus[0] === epoch && validatorsHash(validators).equals(header.consensus[2]), 'the validators that the header names')
}

/** The header of a final block. */
export function provedBlock (client, { headers, certificate }) {
  demand(headers.length >= 1 && headers.length <= HEADERS_MAX, '1 to 256 headers')
  const chain = headers.map(decodeHeader)
  chain.forEach((header, i) => {
    demand(i === 0 || (header.height === chain[i - 1].height + 1 && header.parent?.equals(chain[i - 1].id)), 'headers that follow each other')
    demand(header.height !== client.anchor.height || header.id.equals(client.anchor.id), 'the block at the trusted height')
  })
  const last = chain.at(-1)
  if (!last.id.equals(client.anchor.id)) certified(client, last, certificate)
  return chain[0]
}

/** The client at the next epoch. */
export function advance (client, { header: bytes, certificate, nextValidators }) {
  const header = decodeHeader(bytes)
  const { epochBlocks } = client.spec.engine
  demand(BigInt(header.height) === BigInt(client.epoch + 1) * epochBlocks, `the last block of epoch ${client.epoch}`)
  certified(client, header, certificate)
  const validators = nextValidators ? readValidators(nextValidators) : client.validators
  demand(validatorsHash(validators).equals(header.consensus[3]), 'the next validators')
  demand(quorum(validators) > 0n, 'a quorum')
  return { ...client, epoch: client.epoch + 1, validators }
}

/** The final header after which the state holds this value, or nothing for null, under the key. */
export function provedState (client, finality, key, value, proof) {
  const header = provedBlock(client, finality)
  demand(verifyStateProof(header.stateRoot, key, value, proof), 'the state under the key')
  return header
}

/** The final header of a transaction's block, and the transaction. */
export function provedTransaction (client, finality, { transaction: bytes, index, count, path }) {
  const header = provedBlock(client, finality)
  const transaction = decodeTransaction(bytes)
  demand(verifyTxProof(header.txRoot, transaction.id, index, count, path), 'the transaction in the block')
  return { header, transaction }
}

const base64 = text => Buffer.from(text, 'base64')
const finality = ({ headers, certificate }) => ({ headers: headers.map(base64), certificate: base64(certificate) })

/** The client at the epoch of an answer's last header, by what a node shows. */
async function reach (client, call, { headers }) {
  const target = epochAt(client.spec, decodeHeader(base64(headers.at(-1))).height)
  while (client.epoch < target) {
    const ends = await call('chain_getEpochEnds', { epoch: client.epoch, count: Math.min(64, target - client.epoch) })
    demand(ends.length > 0, `how epoch ${client.epoch} ended`)
    for (const end of ends) client = advance(client, { header: base64(end.header), certificate: base64(end.certificate), nextValidators: end.nextValidators })
  }
  return client
}

/** A client that begins at a checkpoint, by what a node shows. */
export async function begin (spec, call, checkpoint) {
  const { headers } = await call('chain_getHeader', { id: parseCheckpoint(checkpoint).id.toString() })
  const header = base64(headers[0])
  const { validators } = await call('chain_getValidators', { epoch: epochAt(spec, decodeHeader(header).height) })
  return atCheckpoint(spec, checkpoint, header, validators)
}

/** What the newest state that a node shows holds under a key: { header, value, client }. */
export async function fetchState (client, call, key) {
  const answer = await call('state_getProof', { key: key.toString('base64') })
  const there = await reach(client, call, answer)
  const value = answer.value === null ? null : base64(answer.value)
  const header = provedState(there, finality(answer), key, value, base64(answer.proof))
  return { header, value, client: there }
}

/** A final transaction by its id: { header, transaction, client }. */
export async function fetchTransaction (client, call, id) {
  const answer = await call('tx_getProof', { tx: id })
  const there = await reach(client, call, answer)
  const { header, transaction } = provedTransaction(there, finality(answer), {
    transaction: base64(answer.transaction), index: answer.index, count: answer.count, path: answer.path.map(h => Buffer.from(h, 'hex'))
  })
  demand(transaction.id.toString() === id, 'the transaction that was asked for')
  return { header, transaction, client: there }
}
