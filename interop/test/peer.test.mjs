// js-libp2p beside real Cairn nodes: the wire both ways, and the chain read and written from spec/ alone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import { agreed, cairn, folder, freePorts, rpc, start, testnet, until } from '../lib/cairn.mjs'
import { txRoot } from '../lib/blocks.mjs'
import {
  decodeMessage, epochOf, FINALIZE, isCertificate, paidAccount, quorum, readHeartbeat, verifyBlock, verifyCertificate, verifyProposal, verifyQuorum,
  verifyVote
} from '../lib/certificates.mjs'
import { forkVersionAt, readChainSpec } from '../lib/chainspec.mjs'
import { cidOf, encode } from '../lib/dag.mjs'
import { keyFromSeed } from '../lib/ed25519.mjs'
import { addressOf, keyOf, signIn } from '../lib/identities.mjs'
import { createLedger } from '../lib/ledger.mjs'
import { AGENT, createPeer, subscribe } from '../lib/peer.mjs'
import { request, serve } from '../lib/streams.mjs'
import {
  blockById, blockRange, decodeBlockMessage, decodeStatus, encodeStatus, encodeTransactions, exchangeStatus, STATUS, syncProtocol, topics
} from '../lib/sync.mjs'
import { decodeTransaction, PUT, signTransaction, TRANSFER, verifyTransaction } from '../lib/transactions.mjs'

const COIN = 10n ** 9n
const HOUR_MILLIS = 3_600_000
const RANGE_MAX = 64
const SEED = Buffer.alloc(32, 0x6a)
const ME = keyFromSeed(SEED).publicKey

let net
let spec
let js
let names
const statuses = new Map()

before(async () => {
  net = await testnet()
  spec = readChainSpec(readFileSync(net.spec, 'utf8'))
  names = topics(spec.shortName)
  js = await createPeer()
  await serve(js, STATUS, (message, from) => {
    statuses.set(from.toString(), decodeStatus(message))
    return [encodeStatus(atGenesis(spec.chainId))]
  })
})

after(async () => {
  await js?.stop()
  if (net) assert.equal((await net.stop()).code, 0)
})

const atGenesis = chainId => ({
  chainId, genesis: spec.genesis.id, height: 0, head: spec.genesis.id, finalizedHeight: 0, finalized: spec.genesis.id
})
const node = i => net.nodes[i]
const dial = async (i, peer = js) => (await peer.dial(multiaddr(node(i).p2p))).remotePeer
const domainAt = height => ({ chainId: spec.chainId, forkVersion: forkVersionAt(spec, height) })

/** What a peer knows about another once identify is through. */
const identified = (peer, id) => until(`identify of ${id}`, async () => {
  const known = await peer.peerStore.get(id)
  return known.protocols.length > 0 && known.metadata.has('AgentVersion') ? known : undefined
})

/** Waits until a neighbour has subscribed to a topic too. */
const subscribed = (topic, id) => until(`${id} subscribes to ${topic}`, () =>
  js.services.pubsub.getSubscribers(topic).some(peer => peer.equals(id)))

/** The next gossiped candidate that passes a test; each one on the way is checked whole. */
async function candidate (blocks, wanted) {
  for (;;) {
    const { block, beside } = decodeBlockMessage(await blocks.take())
    verifyBlock(spec, block)
    for (const transaction of block.transactions) assert.ok(verifyTransaction(transaction, domainAt(block.height)))
    assert.ok(verifyProposal(spec, beside), 'beside a block is what its leader proposes')
    assert.ok(beside[0][3].equals(block.id))
    if (wanted(block)) return block
  }
}

/**
 * Reads the votes on a block until they make it final: a neighbour passes on a certificate, or the votes from which
 * it made its own. Everything on the way is checked.
 */
async function finalizing (votes, block) {
  const voters = new Map()
  const { validators } = spec.engine
  for (;;) {
    const { vote, certificate } = decodeMessage(await votes.take())
    if (certificate) {
      const { kind, block: named } = verifyQuorum(spec, certificate)
      if (kind === FINALIZE && named.equals(block.id)) return certificate
    }
    if (!vote) continue
    assert.ok(verifyVote(spec, vote), 'a vote is its voter\'s')
    const [[kind, , , named], voter, signature] = vote
    if (kind !== FINALIZE || !named.equals(block.id)) continue
    voters.set(voter, signature)
    const signers = [...voters.keys()].sort((a, b) => a - b)
    if (signers.reduce((sum, i) => sum + validators[i].stake, 0n) >= quorum(validators)) {
      const bitmap = new Uint8Array(Math.ceil(validators.length / 8))
      for (const i of signers) bitmap[i >> 3] |= 1 << (i & 7)
      return [vote[0], bitmap, Buffer.concat(signers.map(i => voters.get(i)))]
    }
  }
}

function mine (nonce, payload) {
  return decodeTransaction(signTransaction(domainAt(1), SEED, {
    nonce, fee: spec.feePerByte * 500n, validUntil: Date.now() + HOUR_MILLIS, payload
  }))
}

test('the chain spec gives the chain and the genesis block that the nodes have', async () => {
  assert.equal(net.genesis, spec.genesis.id.toString())
  const status = await rpc(node(0).rpc, 'node_status')
  assert.equal(status.chain, spec.chainId.toString('hex'))
  assert.equal(status.genesis, spec.genesis.id.toString())
  const signing = await rpc(node(0).rpc, 'chain_getSigning')
  assert.equal(signing.chain, spec.chainId.toString('hex'))
  assert.equal(signing.forkVersion, forkVersionAt(spec, status.height + 1))
})

test('js dials Cairn: identify both ways, and ping', async () => {
  const connection = await js.dial(multiaddr(node(0).p2p))
  assert.equal(connection.remotePeer.toString(), node(0).peerId)
  assert.equal(connection.multiplexer, '/yamux/1.0.0')
  assert.equal(connection.encryption, '/noise')
  const known = await identified(js, connection.remotePeer)
  assert.match(new TextDecoder().decode(known.metadata.get('AgentVersion')), /^cairn\//)
  for (const protocol of ['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0', '/meshsub/1.1.0', STATUS, syncProtocol(spec.shortName)]) {
    assert.ok(known.protocols.includes(protocol), `${protocol} in ${known.protocols}`)
  }
  assert.ok(await js.services.ping.ping(connection.remotePeer) >= 0)
  await until('Cairn has identified the js peer', async () => {
    const seen = (await rpc(node(0).rpc, 'node_peers')).find(p => p.peerId === js.peerId.toString())
    return seen?.direction === 'inbound' && seen.agent === AGENT && seen.protocols.includes(STATUS)
  })
})

test('Cairn dials js, identifies it, and asks for its status', async () => {
  const home = await folder()
  const port = await freePorts(2)
  const made = await cairn(['init', '--data', home.path, '--chain', net.spec])
  assert.equal(made.code, 0, made.err)
  const fifth = start(['run', '--data', home.path, '--listen', `/ip4/127.0.0.1/tcp/${port}`, '--rpc-port', String(port + 1),
    '--peer', js.getMultiaddrs()[0].toString(), '--json'])
  try {
    const info = JSON.parse(await fifth.line())
    const connection = await until('an inbound connection', () =>
      js.getConnections().find(c => c.remotePeer.toString() === info.peerId && c.direction === 'inbound'))
    await identified(js, connection.remotePeer)
    assert.ok(await js.services.ping.ping(connection.remotePeer) >= 0)
    const status = await until('its status', () => statuses.get(info.peerId))
    assert.deepEqual(Buffer.from(status.chainId), spec.chainId)
    const seen = await until('Cairn has identified js', async () =>
      (await rpc(info.rpc, 'node_peers')).find(p => p.peerId === js.peerId.toString() && p.agent === AGENT))
    assert.equal(seen.direction, 'outbound')
  } finally {
    fifth.kill('SIGTERM')
    assert.equal((await fifth.ended).code, 0, fifth.log)
    await home.remove()
  }
})

test('a gossiped block is what spec/ says, down to its certificate', async () => {
  const remote = await dial(0)
  const blocks = subscribe(js, names.block)
  const votes = subscribe(js, names.vote)
  try {
    await subscribed(names.block, remote)
    await subscribed(names.vote, remote)
    const sent = await cairn(['send', addressOf(ME), '1000', '--rpc', node(1).rpc, ...net.sign, '--wait', '--json'])
    assert.equal(sent.code, 0, sent.err)
    const block = await candidate(blocks, b => b.id.toString() === sent.json.block)
    verifyCertificate(spec, block, await finalizing(votes, block))
    assert.equal(block.height, sent.json.height)
    assert.ok(block.transactions.some(t => t.id.toString() === sent.json.tx))
    const told = await rpc(node(0).rpc, 'chain_getBlock', { id: block.id.toString(), raw: true })
    assert.equal(told.raw.header, block.header.bytes.toString('base64'))
    assert.equal(told.raw.body, block.bodyBytes.toString('base64'))
    assert.equal(told.txRoot, Buffer.from(block.txRoot).toString('hex'))
  } finally {
    blocks.close()
    votes.close()
  }
})

test('every validator says which peer it is', async () => {
  const remote = await dial(0)
  const beats = subscribe(js, names.heartbeat)
  try {
    await subscribed(names.heartbeat, remote)
    const peers = new Map()
    while (peers.size < spec.engine.validators.length) {
      const { key, peer, voting } = readHeartbeat(spec, await beats.take())
      assert.ok(voting)
      assert.ok(spec.engine.validators.some(v => v.key.equals(key)))
      peers.set(key.toString('hex'), peer)
    }
    assert.deepEqual([...peers.values()].sort(), net.nodes.map(n => n.peerId).sort())
  } finally {
    beats.close()
  }
})

test('transactions that js signs and gossips end up in a block', async () => {
  const remote = await dial(2)
  const transactions = subscribe(js, names.tx)
  try {
    await subscribed(names.tx, remote)
    const { nextNonce } = await rpc(node(2).rpc, 'account_get', { address: addressOf(ME) })
    const transfer = mine(nextNonce, [TRANSFER, keyOf(net.account.address), 2n * COIN])
    const put = mine(nextNonce + 1, [PUT, 'wörter/js', Buffer.from('written by js'), 0])
    const { recipients } = await transactions.publish(encodeTransactions([transfer, put]))
    assert.ok(recipients.length > 0)
    for (const { id } of [transfer, put]) {
      const final = await until(`${id} is final`, async () => {
        const answer = await rpc(node(3).rpc, 'tx_get', { tx: id.toString() })
        return answer.status === 'final' ? answer : undefined
      })
      await agreed([node(2).rpc], final.height)
      const { block } = await blockById(js, remote, spec.shortName, CID.parse(final.block))
      assert.ok(block.transactions.some(t => t.id.equals(id)))
    }
    const record = await rpc(node(1).rpc, 'record_get', { owner: addressOf(ME), name: 'wörter/js' })
    assert.equal(record.text, 'written by js')
    assert.equal(record.tx, put.id.toString())
  } finally {
    transactions.close()
  }
})

/** How often a node's gossip has come to this end. */
async function gossipCount (i, event) {
  const text = await (await fetch(new URL('/metrics', node(i).rpc))).text()
  return Number(text.match(new RegExp(`^cairn_gossip_total\\{event="${event}"\\} (\\d+)$`, 'm'))[1])
}

test('a forged transaction goes no further, and its sender is at fault', async () => {
  const remote = await dial(3)
  const rejected = await gossipCount(3, 'rejected')
  const transactions = subscribe(js, names.tx)
  try {
    await subscribed(names.tx, remote)
    const { nextNonce } = await rpc(node(3).rpc, 'account_get', { address: addressOf(ME) })
    const good = mine(nextNonce, [TRANSFER, ME, 1n])
    const signature = Buffer.from(good.signature)
    signature[40] ^= 1
    await transactions.publish(encode([[good.item[0], signature]]))
    await transactions.publish(Buffer.from('rubbish'))
    await transactions.publish(encodeTransactions([good]))
    await until('the good one is final', async () =>
      (await rpc(node(0).rpc, 'tx_get', { tx: good.id.toString() })).status === 'final')
    await until('both are rejected', async () => await gossipCount(3, 'rejected') === rejected + 2)
    const forged = decodeTransaction(encode([good.item[0], signature]))
    await assert.rejects(rpc(node(0).rpc, 'tx_get', { tx: forged.id.toString() }), e => e.code === -32002)
  } finally {
    transactions.close()
  }
})

test('a block with a forged certificate is rejected', async () => {
  const remote = await dial(3)
  const blocks = subscribe(js, names.block)
  try {
    await subscribed(names.block, remote)
    const { finalized } = await exchangeStatus(js, remote, atGenesis(spec.chainId))
    const { block: tip } = await blockById(js, remote, spec.shortName, finalized)
    const rejected = await gossipCount(3, 'rejected')
    const height = tip.height + 1
    const body = []
    const fields = [1, height, tip.time + 1, tip.id, cidOf(encode(body)), txRoot([]), tip.stateRoot, tip.consensus]
    const header = [fields, signIn('block', domainAt(height), encode(fields), SEED)]
    const statement = [2, epochOf(spec, height), 1_000_000, cidOf(encode(header))]
    const certificate = [statement, Buffer.of(1), signIn('vote', domainAt(height), encode(statement), SEED)]
    await blocks.publish(encode([[header, body], certificate]))
    await until('it is rejected', async () => await gossipCount(3, 'rejected') === rejected + 1)
    await assert.rejects(rpc(node(3).rpc, 'chain_getBlock', { id: cidOf(encode(header)).toString() }), e => e.code === -32002)
  } finally {
    blocks.close()
  }
})

test('the status of each node names the chain and its final block', async () => {
  for (const { p2p, rpc: url } of net.nodes) {
    const remote = (await js.dial(multiaddr(p2p))).remotePeer
    const before = await rpc(url, 'node_status')
    const status = await exchangeStatus(js, remote, atGenesis(spec.chainId))
    assert.deepEqual(Buffer.from(status.chainId), spec.chainId)
    assert.ok(status.genesis.equals(spec.genesis.id))
    assert.ok(status.finalizedHeight >= before.finalized)
    const block = await rpc(url, 'chain_getBlock', { height: status.finalizedHeight })
    assert.equal(status.finalized.toString(), block.id)
  }
})

test('the whole chain, fetched in ranges, executes to the state roots of its headers', async () => {
  const remote = await dial(1)
  const { finalizedHeight, finalized } = await exchangeStatus(js, remote, atGenesis(spec.chainId))
  const ledger = createLedger(spec)
  let parent = spec.genesis
  let height = 0
  while (height < finalizedHeight) {
    const messages = await blockRange(js, remote, spec.shortName, height + 1, RANGE_MAX)
    assert.ok(messages.length > 0 && messages.length <= RANGE_MAX)
    assert.ok(isCertificate(messages.at(-1).beside), 'the last block of an answer has a certificate')
    for (const { block, beside } of messages) {
      assert.equal(block.height, ++height)
      assert.ok(block.parent.equals(parent.id))
      verifyBlock(spec, block)
      if (beside !== null) verifyCertificate(spec, block, beside)
      ledger.execute(block, paidAccount(block))
      if (height === finalizedHeight) assert.ok(block.id.equals(finalized))
      parent = block
    }
  }
  const mine = await rpc(node(1).rpc, 'account_get', { address: addressOf(ME) })
  assert.equal(String(ledger.account(ME).balance), mine.balance)
  assert.equal(ledger.account(ME).nonce, mine.nonce)
})

test('blocks that nobody has are not invented, and malformed requests are reset', async () => {
  const remote = await dial(1)
  assert.equal(await blockById(js, remote, spec.shortName, mine(9, [TRANSFER, ME, 1n]).id), undefined)
  assert.deepEqual(await blockRange(js, remote, spec.shortName, 2 ** 40, RANGE_MAX), [])
  for (const bad of [[1, 0, 1], [1, 1, 0], [1, 1, RANGE_MAX + 1], [3, 1], [2, null], []]) {
    await assert.rejects(request(js, remote, syncProtocol(spec.shortName), encode(bad)), undefined, JSON.stringify(bad))
  }
  assert.equal((await blockRange(js, remote, spec.shortName, 1, 1)).length, 1, 'the node goes on answering')
})

test('a peer of another chain is told so and let go', async () => {
  const stranger = await createPeer()
  try {
    const other = Buffer.alloc(32, 1)
    await serve(stranger, STATUS, () => [encodeStatus(atGenesis(other))])
    const remote = await dial(2, stranger)
    const told = await exchangeStatus(stranger, remote, atGenesis(other)).catch(() => undefined)
    if (told) assert.deepEqual(Buffer.from(told.chainId), spec.chainId)
    await until('the connection is closed', () => stranger.getConnections(remote).length === 0)
    await until('Cairn has no such peer', async () =>
      !(await rpc(node(2).rpc, 'node_peers')).some(p => p.peerId === stranger.peerId.toString()))
  } finally {
    await stranger.stop()
  }
})

test('js finds the nodes by mDNS', async () => {
  const seeker = await createPeer({ discovery: true })
  const found = new Set()
  seeker.addEventListener('peer:discovery', ({ detail }) => found.add(detail.id.toString()))
  try {
    await until('all four are found', () => net.nodes.every(n => found.has(n.peerId)))
  } finally {
    await seeker.stop()
  }
})
