// Finding peers with real processes on 127.0.0.1, without mDNS: every node knows one other, once.
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cairn, folder, freePorts, rpc, start, until } from '../lib/cairn.mjs'

const COUNT = 5
let home
let base
const nodes = []

const dir = i => join(home.path, `n${i}`)
const address = i => `/ip4/127.0.0.1/tcp/${base + 2 * i}`

async function run (i, ...more) {
  return runWith({}, i, ...more)
}

async function runWith (env, i, ...more) {
  const child = start(['run', ...(i === 0 ? ['--dev'] : []), '--data', dir(i), '--listen', address(i),
    '--rpc-port', String(base + 2 * i + 1), '--mdns', 'false', '--json', ...more], { env })
  const line = await child.line()
  if (line === undefined) throw new Error(`node ${i} did not start: ${child.log}`)
  nodes[i] = { child, ...JSON.parse(line) }
  return nodes[i]
}

async function stop (i) {
  nodes[i].child.kill('SIGTERM')
  const ended = await nodes[i].child.ended
  assert.equal(ended.code, 0, nodes[i].child.log)
}

const info = i => rpc(nodes[i].rpc, 'net_info')

const connected = (i, count) => until(`node ${i} has ${count} peers`, async () => {
  const seen = await info(i)
  return seen.peers.filter(p => p.sameChain).length >= count && seen
})

before(async () => {
  home = await folder()
  base = await freePorts(2 * COUNT + 4)
  await run(0)
  for (let i = 1; i < COUNT; i++) {
    const made = await cairn(['init', '--data', dir(i), '--chain', join(dir(0), 'chain.toml')])
    assert.equal(made.code, 0, made.err)
  }
})

after(async () => {
  for (const node of nodes) node?.child.kill('SIGTERM')
  await Promise.all(nodes.map(n => n?.child.ended))
  await home?.remove()
})

test('nodes that know one other learn of all by exchange', async () => {
  for (let i = 1; i < COUNT; i++) await run(i, '--peer', address(i - 1))
  for (let i = 0; i < COUNT; i++) await connected(i, COUNT - 1)
  const seen = await info(COUNT - 1)
  assert.ok(seen.candidates.bySource.exchange + seen.candidates.bySource.inbound + seen.candidates.bySource.dht > 0)
})

test('a node restarted with no bootstrap address and no mDNS comes back by what it kept', async () => {
  await stop(4)
  const kept = await readFile(join(dir(4), 'peers'), 'utf8')
  assert.match(kept, /^cairn peers 2\n/)
  assert.match(kept, /\nanchor /)
  await run(4)
  await connected(4, 1)
  const target = (await rpc(nodes[0].rpc, 'node_status')).finalized
  await until('it follows the chain', async () => (await rpc(nodes[4].rpc, 'node_status')).finalized >= target)
})

test('a node that is killed comes back so too', async () => {
  // What was found is on disk within half a minute, whatever happens then.
  await until('it is saved', async () => (await readFile(join(dir(3), 'peers'), 'utf8')).includes('\ntried '))
  nodes[3].child.kill('SIGKILL')
  await nodes[3].child.ended
  await run(3)
  await connected(3, 1)
})

test('the first node gone, a newcomer that knows another joins', async () => {
  await stop(0)
  await stop(4)
  const spec = join(dir(0), 'chain.toml')
  const made = await cairn(['init', '--data', dir(5), '--chain', spec])
  assert.equal(made.code, 0, made.err)
  await run(5, '--peer', address(2))
  await connected(5, 3)
  await run(4)
  await connected(4, 3)
})

test('a damaged file costs only itself', async () => {
  await stop(4)
  await writeFile(join(dir(4), 'peers'), 'cairn peers 2\nrubbish\n')
  await run(4, '--peer', address(1))
  await connected(4, 2)
  assert.equal(await readFile(join(dir(4), 'peers.damaged'), 'utf8'), 'cairn peers 2\nrubbish\n')
  assert.match(nodes[4].child.log, /are forgotten/)
})

/** A DNS server that has the same TXT strings for every name. */
async function nameServer (texts) {
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5)
    const answers = texts.map(text => {
      const data = Buffer.from(text)
      const head = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, (data.length + 1) >> 8, (data.length + 1) & 255, data.length])
      return Buffer.concat([head, data])
    })
    const header = Buffer.from([query[0], query[1], 0x85, 0x80, 0, 1, 0, texts.length, 0, 0, 0, 0])
    socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address)
  })
  await new Promise(resolve => socket.bind(0, '127.0.0.1', resolve))
  return socket
}

test('a newcomer that knows only a domain joins by its dnsaddr records', async () => {
  const names = await nameServer([`dnsaddr=${address(1)}/p2p/${nodes[1].peerId}`, `dnsaddr=${address(2)}/p2p/${nodes[2].peerId}`])
  try {
    await stop(5)
    const made = await cairn(['init', '--data', dir(6), '--chain', join(dir(0), 'chain.toml')])
    assert.equal(made.code, 0, made.err)
    await runWith({ CAIRN_DNS: `127.0.0.1:${names.address().port}` }, 6, '--peer', '/dnsaddr/seed.example')
    const seen = await connected(6, 3)
    assert.ok(seen.peers.some(p => p.source === 'named'))
    await run(5)
    await connected(5, 2)
  } finally {
    names.close()
  }
})

test('cairn net and cairn dht say what they find', async () => {
  const url = nodes[1].rpc
  const net = await cairn(['net', '--rpc', url])
  assert.equal(net.code, 0, net.err)
  assert.match(net.out, /outbound\s+\d+ of 8/)
  assert.match(net.out, new RegExp(nodes[2].peerId))
  const json = await cairn(['net', '--rpc', url, '--json'])
  assert.equal(json.json.peerId, nodes[1].peerId)
  assert.equal((await cairn(['net', '--rpc', 'http://127.0.0.1:1'])).code, 4)
  assert.equal((await cairn(['net', '--help'])).code, 0)

  const status = await cairn(['dht', 'status', '--rpc', url, '--json'])
  assert.equal(status.json.mode, 'server')
  const found = await until('the DHT knows node 5', async () => {
    const peer = await cairn(['dht', 'find-peer', nodes[5].peerId, '--rpc', url, '--json'])
    return peer.code === 0 && peer.json
  })
  assert.ok(found.addresses.includes(`/ip4/127.0.0.1/tcp/${base + 10}`), found.addresses.join())
  const put = await cairn(['dht', 'put', 'greeting', 'hello', '--rpc', url, '--json'])
  assert.equal(put.code, 0, put.err)
  assert.ok(put.json.stored >= 1)
  const got = await cairn(['dht', 'get', nodes[1].peerId, 'greeting', '--rpc', nodes[5].rpc])
  assert.equal(got.out, 'hello\n')
  const none = await cairn(['dht', 'get', nodes[1].peerId, 'nothing', '--rpc', nodes[5].rpc])
  assert.equal(none.code, 5, none.err)
  const nobody = await cairn(['dht', 'providers', 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', '--rpc', url])
  assert.equal(nobody.code, 5, nobody.err)
  assert.equal((await cairn(['dht', 'find-peer', 'nonsense', '--rpc', url])).code, 2)
})

test('metrics count them', async () => {
  const text = await (await fetch(`${nodes[1].rpc}/metrics`)).text()
  assert.match(text, /^cairn_candidates_tried [1-9]/m)
  assert.match(text, /^cairn_peer_asks_answered_total [1-9]/m)
  assert.match(text, /^cairn_dht_peers [1-9]/m)
})
