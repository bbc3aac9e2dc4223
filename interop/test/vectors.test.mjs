// The published vectors of spec/vectors, against modules written from spec/ alone.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { CID } from 'multiformats/cid'
import { decodeBlock, decodeHeader, txRoot, verifyTxProof } from '../lib/blocks.mjs'
import {
  decodeMessage, leaders, paidAccount, quorum, validatorsHash, verifyBlock, verifyCertificate, verifyProposal, verifyVote
} from '../lib/certificates.mjs'
import { compactOf, readHeaders, readWork, targetAfter, targetOf, targetOfDifficulty, workOf } from '../lib/pow.mjs'
import { forkVersionAt, genesisState, readChainSpec } from '../lib/chainspec.mjs'
import { cidOf, decode, encode, sha256 } from '../lib/dag.mjs'
import { keyFromSeed, verify } from '../lib/ed25519.mjs'
import { addressOf, keyOf, shortName, signedMessage, signIn, verifyIn } from '../lib/identities.mjs'
import { advance, atCheckpoint, atGenesis, provedBlock, provedState, provedTransaction } from '../lib/light.mjs'
import { createLedger } from '../lib/ledger.mjs'
import { checkRange, decodeBlockMessage, decodeRequest, decodeStatus, decodeTransactions, encodeStatus } from '../lib/sync.mjs'
import { accountKey, accountValue, stateRoot, verifyStateProof } from '../lib/state.mjs'
import {
  decodeTransaction, DELETE, EVIDENCE, PUT, signTransaction, STAKE, TRANSFER, UNSTAKE, verifyTransaction
} from '../lib/transactions.mjs'

const read = name => JSON.parse(readFileSync(new URL(`../../spec/vectors/${name}.json`, import.meta.url)))
const bytes = hex => Buffer.from(hex, 'hex')
const hex = data => Buffer.from(data).toString('hex')

describe('encoding', () => {
  const { valid, invalid } = read('cbor')
  const value = item => {
    if (item === null || typeof item === 'boolean') return item
    if (Array.isArray(item)) return item.map(value)
    if ('uint' in item) return BigInt(item.uint)
    if ('bytes' in item) return bytes(item.bytes)
    if ('text' in item) return item.text
    if ('link' in item) return CID.parse(item.link)
    throw new Error(`unknown item ${JSON.stringify(item)}`)
  }

  test('each item has its one encoding', () => {
    for (const { item, hex: expected } of valid) {
      assert.equal(hex(encode(value(item))), expected)
      assert.equal(hex(encode(decode(bytes(expected)))), expected)
    }
  })

  test('what the encoder would not write is refused', () => {
    for (const { hex: bad, why } of invalid) assert.throws(() => decode(bytes(bad)), undefined, why)
  })
})

describe('identities', () => {
  const vectors = read('identities')

  test('keys and addresses', () => {
    for (const { seed, publicKey, address } of vectors.accounts) {
      assert.equal(hex(keyFromSeed(bytes(seed)).publicKey), publicKey)
      assert.equal(addressOf(bytes(publicKey)), address)
      assert.equal(hex(keyOf(address)), publicKey)
    }
    for (const { address, why } of vectors.invalidAddresses) assert.throws(() => keyOf(address), undefined, why)
  })

  test('CIDs, their bytes and links to them', () => {
    for (const v of vectors.cids) {
      const cid = cidOf(bytes(v.content))
      assert.equal(hex(sha256(bytes(v.content))), v.digest)
      assert.equal(cid.toString(), v.cid)
      assert.equal(hex(cid.bytes), v.cidBytes)
      assert.equal(hex(encode(cid)), v.link)
    }
  })

  test('names of chains', () => {
    for (const { chainId, name } of vectors.chains) assert.equal(shortName(bytes(chainId)), name)
  })

  test('what is signed', () => {
    for (const v of vectors.signatures) {
      const domain = { chainId: bytes(v.chainId), forkVersion: v.forkVersion }
      assert.equal(hex(signedMessage(v.kind, domain, bytes(v.signed))), v.message)
      assert.ok(verifyIn(v.kind, domain, bytes(v.signed), bytes(v.publicKey), bytes(v.signature)))
      assert.ok(!verifyIn(v.kind, { ...domain, forkVersion: v.forkVersion + 1 }, bytes(v.signed), bytes(v.publicKey), bytes(v.signature)))
    }
  })

  test('signatures at the edges', () => {
    for (const v of vectors.ed25519) assert.equal(verify(bytes(v.publicKey), bytes(v.message), bytes(v.signature)), v.valid, v.why)
  })
})

describe('chain specs', () => {
  const { valid, invalid } = read('chainspec')

  test('file, canonical encoding, id and genesis block', () => {
    for (const v of valid) {
      const spec = readChainSpec(v.toml)
      assert.equal(hex(spec.canonical), v.canonical)
      assert.equal(hex(spec.chainId), v.chainId)
      assert.equal(spec.shortName, v.name)
      const state = genesisState(spec).map(([key, val]) => ({ key: hex(key), value: hex(val) }))
      assert.deepEqual(state.sort((a, b) => a.key < b.key ? -1 : 1), v.genesis.state)
      assert.equal(hex(spec.genesis.header), v.genesis.header)
      assert.equal(hex(spec.genesis.body), v.genesis.body)
      assert.equal(spec.genesis.id.toString(), v.genesis.block)
    }
  })

  test('files that are no chain spec', () => {
    for (const { toml, why } of invalid) assert.throws(() => readChainSpec(toml), undefined, why)
  })
})

describe('proof of work', () => {
  const vectors = read('pow')

  test('chain specs that are mined', () => {
    for (const v of vectors.specs) {
      const spec = readChainSpec(v.toml)
      assert.equal(hex(spec.canonical), v.canonical)
      assert.equal(hex(spec.chainId), v.chainId)
      assert.equal(hex(spec.genesis.header), v.header)
      assert.equal(spec.genesis.id.toString(), v.genesis)
    }
    for (const { toml, why } of vectors.refusedSpecs) assert.throws(() => readChainSpec(toml), undefined, why)
  })

  test('targets and difficulties', () => {
    for (const v of vectors.difficulties) {
      const target = targetOfDifficulty(v.difficulty)
      assert.equal(compactOf(target), BigInt(v.compact))
      assert.equal(targetOf(v.compact), target)
      assert.equal(target.toString(16).padStart(64, '0'), v.target)
      assert.equal(workOf(target).toString(), v.work)
    }
    for (const { compact, why } of vectors.refusedTargets) assert.throws(() => targetOf(compact), undefined, why)
    const spec = readChainSpec(vectors.chain.toml)
    for (const v of vectors.targets) assert.equal(compactOf(targetAfter(spec, v.height, v.time)), BigInt(v.target))
  })

  test('a chain of headers and its work', () => {
    const spec = readChainSpec(vectors.chain.toml)
    const headers = vectors.chain.blocks.map(b => bytes(b.header))
    headers.forEach((header, i) => {
      assert.equal(cidOf(header).toString(), vectors.chain.blocks[i].id)
      assert.equal(hex(readWork(spec, header).challenge), vectors.chain.blocks[i].challenge)
      assert.equal(readHeaders(spec, headers.slice(0, i + 1)).toString(), vectors.chain.blocks[i].work)
    })
    for (const { header, why } of vectors.chain.refused) assert.throws(() => readHeaders(spec, [bytes(header)]), undefined, why)
    assert.throws(() => readHeaders(spec, headers.slice(1)))
  })
})

describe('transactions', () => {
  const vectors = read('transactions')
  const domain = { chainId: bytes(vectors.chainId), forkVersion: vectors.forkVersion }
  const expected = value => value === null || value === undefined ? null : BigInt(value)
  const payload = ({ transfer, put, delete: gone, stake, unstake, evidence }) => {
    if (stake) return [STAKE, bytes(stake.key), bytes(stake.possession), BigInt(stake.amount)]
    if (unstake) return [UNSTAKE, bytes(unstake.key), BigInt(unstake.amount)]
    if (evidence) return [EVIDENCE, bytes(evidence.offender), decode(bytes(evidence.evidence))]
    if (transfer) return [TRANSFER, keyOf(transfer.to), BigInt(transfer.amount)]
    if (put) return [PUT, put.name, 'link' in put.value ? CID.parse(put.value.link) : bytes(put.value.bytes), expected(put.expected)]
    return [DELETE, gone.name, expected(gone.expected)]
  }

  test('signed from their fields, and read again', () => {
    for (const v of vectors.valid) {
      const encoded = signTransaction(domain, bytes(v.seed), {
        nonce: BigInt(v.nonce), fee: BigInt(v.fee), validUntil: BigInt(v.validUntil), payload: payload(v.payload)
      })
      assert.equal(hex(encoded), v.encoded)
      const transaction = decodeTransaction(bytes(v.encoded))
      assert.equal(transaction.id.toString(), v.id)
      assert.equal(hex(transaction.inner), v.signed)
      assert.equal(hex(transaction.signature), v.signature)
      assert.equal(addressOf(transaction.sender), v.sender)
      assert.equal(hex(signedMessage('tx', domain, transaction.inner)), v.message)
      assert.ok(verifyTransaction(transaction, domain))
    }
  })

  test('malformed ones are refused', () => {
    for (const { encoded, why } of vectors.malformed) assert.throws(() => decodeTransaction(bytes(encoded)), undefined, why)
  })

  test('bad signatures are found', () => {
    for (const { encoded, why } of vectors.badSignatures) assert.ok(!verifyTransaction(decodeTransaction(bytes(encoded)), domain), why)
  })
})

describe('blocks', () => {
  const vectors = read('blocks')
  const spec = readChainSpec(vectors.toml)

  test('a chain, from its genesis block on', () => {
    const state = new Map(genesisState(spec).map(([key, value]) => [hex(key), hex(value)]))
    let parent = { ...decodeBlock(spec.genesis.header, spec.genesis.body), id: spec.genesis.id }
    for (const v of vectors.chain) {
      const block = decodeBlock(bytes(v.header), bytes(v.body))
      const domain = { chainId: spec.chainId, forkVersion: forkVersionAt(spec, block.height) }
      assert.equal(block.id.toString(), v.id)
      assert.equal(String(block.height), v.height)
      assert.equal(block.height, parent.height + 1)
      assert.equal(String(block.time), v.time)
      assert.ok(block.time > parent.time)
      assert.equal(block.parent.toString(), v.parent)
      assert.ok(block.parent.equals(parent.id))
      assert.equal(block.body.toString(), v.bodyId)
      assert.equal(hex(block.txRoot), v.txRoot)
      assert.equal(hex(block.stateRoot), v.stateRoot)
      assert.equal(hex(encode(block.consensus)), v.consensus)
      assert.equal(hex(block.inner), v.signed)
      assert.equal(hex(block.seal), v.seal)
      assert.ok(verifyBlock(spec, block))
      assert.deepEqual(block.transactions.map(t => t.id.toString()), v.transactions)
      for (const transaction of block.transactions) assert.ok(verifyTransaction(transaction, domain))
      for (const { key, value } of v.stateChanges) value === null ? state.delete(key) : state.set(key, value)
      assert.equal(hex(stateRoot([...state].map(([key, value]) => [bytes(key), bytes(value)]))), v.stateRoot)
      parent = block
    }
  })

  test('the state roots, by executing the transactions', () => {
    const ledger = createLedger(spec)
    for (const v of vectors.chain) {
      const block = decodeBlock(bytes(v.header), bytes(v.body))
      ledger.execute(block, paidAccount(block))
    }
  })

  test('proofs that a transaction is in a block', () => {
    for (const v of vectors.txProofs) {
      assert.equal(verifyTxProof(bytes(v.root), CID.parse(v.transaction), v.index, v.count, v.path.map(bytes)), v.valid)
    }
    assert.equal(hex(txRoot([])), hex(sha256()))
  })

  test('malformed ones are refused', () => {
    for (const { header, body, why } of vectors.malformed) assert.throws(() => decodeBlock(bytes(header), bytes(body)), undefined, why)
  })
})

describe('certificates', () => {
  const vectors = read('certificates')
  const chains = vectors.chains.map(({ toml }) => readChainSpec(toml))

  test('validators and quorums', () => {
    vectors.chains.forEach((v, i) => {
      const { chainId, engine } = chains[i]
      assert.equal(hex(chainId), v.chainId)
      assert.equal(Number(engine.epochBlocks), v.epochBlocks)
      assert.deepEqual(engine.validators.map(({ key, account, stake }) => ({ key: hex(key), account: hex(account), stake: String(stake) })), v.validators)
      assert.equal(hex(validatorsHash(engine.validators)), v.validatorsHash)
      assert.equal(String(quorum(engine.validators)), v.quorum)
    })
  })

  test('votes', () => {
    for (const v of vectors.votes) {
      const { vote } = decodeMessage(bytes(v.vote))
      assert.equal(hex(encode(vote[0])), v.statement)
      assert.equal(vote[1], v.voter)
      assert.equal(hex(vote[2]), v.signature)
      assert.ok(v.message.endsWith(v.statement))
      assert.equal(verifyVote(chains[v.chain], vote), v.valid)
    }
  })

  test('proposals', () => {
    for (const v of vectors.proposals) {
      const { proposal } = decodeMessage(bytes(v.proposal))
      assert.deepEqual(proposal[0].map(String), [v.epoch, v.slot, v.parentSlot, v.block])
      assert.equal(leaders(chains[v.chain], Number(v.slot)).at(-1), v.leader)
      assert.ok(verifyProposal(chains[v.chain], proposal))
    }
  })

  test('certificates of blocks', () => {
    for (const v of vectors.certificates) {
      const header = decodeHeader(bytes(v.header))
      const check = () => verifyCertificate(chains[v.chain], header, decodeMessage(bytes(v.certificate)).certificate)
      verifyBlock(chains[v.chain], header)
      if (v.valid) assert.equal(check().block.toString(), v.block)
      else assert.throws(check, undefined, v.why)
    }
  })

  test('malformed messages are refused', () => {
    for (const { bytes: bad, why } of vectors.malformed) assert.throws(() => decodeMessage(bytes(bad)), undefined, why)
  })
})

describe('stakes', () => {
  const vectors = read('stakes')
  const spec = readChainSpec(vectors.toml)
  const block = v => decodeBlock(bytes(v.header), bytes(v.body))
  const afterAll = () => {
    const ledger = createLedger(spec)
    for (const v of vectors.chain) ledger.execute(block(v), Buffer.alloc(32))
    return ledger
  }

  test('a chain whose validators change comes to the same state roots', () => {
    for (const v of vectors.chain) {
      assert.equal(block(v).id.toString(), v.id)
      assert.equal(hex(block(v).stateRoot), v.stateRoot)
    }
    afterAll()
  })

  test('what the rules refuse makes a block invalid', () => {
    for (const v of vectors.invalid) {
      assert.throws(() => afterAll().execute(block(v), Buffer.alloc(32)), e => !/stateRoot/.test(e.message), v.why)
    }
  })
})

describe('state', () => {
  const vectors = read('state')

  test('paths and values', () => {
    for (const { key, path, value } of vectors.values) {
      assert.equal(hex(sha256(bytes(key))), path)
      assert.equal(hex(encode(decode(bytes(value)))), value)
    }
    assert.ok(vectors.values.some(({ key, value }) =>
      key === hex(accountKey(bytes(key.slice(2)))) && value === hex(accountValue(2n ** 63n - 1n, 5))))
  })

  test('roots of trees', () => {
    for (const { entries, root } of vectors.trees) {
      assert.equal(hex(stateRoot(entries.map(({ key, value }) => [bytes(key), bytes(value)]))), root)
    }
  })

  test('proofs of a value and of absence', () => {
    for (const v of vectors.proofs) {
      const value = v.value === null ? null : bytes(v.value)
      assert.equal(verifyStateProof(bytes(v.root), bytes(v.key), value, bytes(v.proof)), v.valid, v.why)
    }
  })
})

describe('light clients', () => {
  const vectors = read('light')
  const spec = readChainSpec(vectors.toml)
  const end = v => ({ header: bytes(v.header), certificate: bytes(v.certificate), nextValidators: v.nextValidators })
  const finality = v => ({ headers: v.headers.map(bytes), certificate: bytes(v.certificate) })

  /** A client that trusts `from` and has come to an epoch, if that is ahead. */
  const at = (from, epoch) => {
    const checkpoint = vectors.checkpoints.find(c => c.checkpoint === from)
    let client = checkpoint ? atCheckpoint(spec, from, bytes(checkpoint.header), checkpoint.validators) : atGenesis(spec)
    while (client.epoch < epoch) client = advance(client, end(vectors.epochEnds[client.epoch]))
    return client
  }
  const reach = v => {
    const { height } = decodeHeader(bytes(v.headers.at(-1)))
    return at(v.from, height === 0 ? 0 : Math.floor((height - 1) / Number(spec.engine.epochBlocks)))
  }
  const judge = (v, check) => v.valid ? check() : assert.throws(check, undefined, v.why)

  test('a chain whose validators change', () => {
    assert.equal(hex(spec.chainId), vectors.chainId)
    assert.equal(spec.genesis.id.toString(), vectors.genesis)
    assert.equal(at('genesis', vectors.epochEnds.length).epoch, vectors.epochEnds.length)
    for (const v of vectors.badEpochEnds) assert.throws(() => advance(at('genesis', v.epoch), end(v)), undefined, v.why)
  })

  test('checkpoints', () => {
    for (const v of vectors.checkpoints) {
      judge(v, () => assert.equal(atCheckpoint(spec, v.checkpoint, bytes(v.header), v.validators).epoch, v.epoch))
    }
  })

  test('blocks', () => {
    for (const v of vectors.blocks) judge(v, () => assert.equal(provedBlock(reach(v), finality(v)).id.toString(), v.block))
  })

  test('values in the state, and that there are none', () => {
    for (const v of vectors.states) {
      judge(v, () => assert.ok(provedState(reach(v), finality(v), bytes(v.key), v.value === null ? null : bytes(v.value), bytes(v.proof))))
    }
  })

  test('transactions', () => {
    for (const v of vectors.transactions) {
      const proof = { transaction: bytes(v.transaction), index: v.index, count: v.count, path: v.path.map(bytes) }
      judge(v, () => assert.ok(provedTransaction(reach(v), finality(v), proof)))
    }
  })
})

describe('sync', () => {
  const vectors = read('sync')
  const spec = readChainSpec(vectors.toml)
  const refused = (part, decoder) => {
    for (const v of vectors[part].invalid) assert.throws(() => decoder(bytes(v.encoded)), undefined, `${part}: ${v.why}`)
  }

  test('statuses', () => {
    assert.equal(hex(spec.chainId), vectors.chainId)
    assert.equal(spec.shortName, vectors.name)
    for (const v of vectors.statuses.valid) {
      const status = decodeStatus(bytes(v.encoded))
      assert.deepEqual([hex(status.chainId), status.height, status.finalizedHeight], [v.chainId, v.height, v.finalizedHeight])
      assert.deepEqual([status.genesis, status.head, status.finalized].map(String), [v.genesis, v.head, v.finalized])
      assert.equal(hex(encodeStatus(status)), v.encoded)
    }
    refused('statuses', decodeStatus)
  })

  test('requests', () => {
    for (const v of vectors.requests.valid) {
      const request = decodeRequest(bytes(v.encoded))
      if ('block' in v) assert.equal(request.block.toString(), v.block)
      else if ('headersFrom' in v) assert.deepEqual([String(request.headersFrom), request.count], [v.headersFrom, v.count])
      else assert.deepEqual([String(request.from), request.count], [v.from, v.count])
    }
    refused('requests', decodeRequest)
  })

  test('block messages', () => {
    for (const v of vectors.blocks.valid) {
      const { block, beside } = decodeBlockMessage(bytes(v.encoded))
      assert.equal(block.id.toString(), v.block)
      assert.equal(hex(block.header.bytes), v.header)
      assert.equal(hex(block.bodyBytes), v.body)
      assert.equal(beside === null ? null : hex(encode(beside)), v.beside)
      if (beside !== null) verifyCertificate(spec, block, beside)
    }
    refused('blocks', decodeBlockMessage)
  })

  test('transactions messages', () => {
    for (const v of vectors.transactions.valid) {
      assert.deepEqual(decodeTransactions(bytes(v.encoded)).map(t => t.id.toString()), v.transactions)
    }
    refused('transactions', decodeTransactions)
  })

  test('answers to ranges are taken whole or not at all', () => {
    const ids = new Map([[0, spec.genesis.id]])
    for (const { answer, valid } of vectors.ranges) {
      for (const { block } of valid ? answer.map(m => decodeBlockMessage(bytes(m))) : []) ids.set(block.height, block.id)
    }
    for (const v of vectors.ranges) {
      const check = () => checkRange(spec, v, ids.get(v.from - 1), v.answer.map(bytes))
      if (v.valid) assert.equal(check().length, v.answer.length)
      else assert.throws(check, undefined, v.why)
    }
  })
})
