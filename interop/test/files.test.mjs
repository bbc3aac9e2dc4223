// Files between real nodes: put and get, a source that dies, one that lies; sending, requests, the gateway.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { multiaddr } from '@multiformats/multiaddr'
import { agreed, cairn, folder, freePorts, rpc, start, testnet, until } from '../lib/cairn.mjs'
import { createLiar } from '../lib/liar.mjs'

const MIB = 1 << 20
const BIG_BYTES = 192 * MIB

let net
let home
const extra = []

before(async () => {
  net = await testnet(process.env.CAIRN_TEST_PORT ? { basePort: Number(process.env.CAIRN_TEST_PORT) } : {})
  home = await folder()
})

after(async () => {
  for (const node of extra) node.kill('SIGKILL')
  const ended = await net?.stop()
  await home?.remove()
  assert.equal(ended?.code, 0, 'SIGTERM stops the network cleanly')
})

const at = i => ['--rpc', net.nodes[i].rpc]
const inHome = name => join(home.path, name)

async function file (name, bytes) {
  const path = inHome(name)
  await writeFile(path, bytes)
  return path
}

function hash (path) {
  return new Promise((resolve, reject) => {
    const sum = createHash('sha256')
    createReadStream(path).on('data', d => sum.update(d)).on('error', reject).on('end', () => resolve(sum.digest('hex')))
  })
}

const peerId = async url => (await rpc(url, 'node_status')).peerId

/** A node of the network that follows, with settings of its own. */
async function follower (dir, settings = {}) {
  const [port, rpcPort] = settings.ports
  const child = start(['run', '--data', dir, '--port', String(port), '--rpc-port', String(rpcPort), '--json', '--mdns', 'false',
    '--peer', net.nodes[0].addresses?.[0] ?? (await rpc(net.nodes[0].rpc, 'node_status')).addresses[0]],
  { env: settings.env })
  const line = await child.line()
  assert.ok(line, child.log)
  extra.push(child)
  return { child, ...JSON.parse(line) }
}

async function newFollower (env = {}) {
  const made = inHome(`node-${extra.length}`)
  const init = await cairn(['init', '--data', made, '--chain', join(net.dir, 'chain.toml')])
  assert.equal(init.code, 0, init.err)
  const base = await freePorts(2)
  return { dir: made, ports: [base, base + 1], env, ...await follower(made, { ports: [base, base + 1], env }) }
}

test('a file that is put on node 0 comes to node 3 from several, though one dies and one lies', async () => {
  const path = await file('big', randomBytes(BIG_BYTES))
  const put = await cairn(['put', 'big', '--file', path, ...at(0), ...net.sign, '--wait', '--json'])
  assert.equal(put.code, 0, put.err)
  await agreed(net.nodes.map(n => n.rpc), put.json.height)
  const record = await cairn(['get', 'big', '--owner', net.account.address, ...at(3), '--json'])
  const cid = record.json.link
  assert.ok(cid, record.out)
  for (const i of [1, 2]) {
    const pinned = await cairn(['file', 'pin', cid, ...at(i), '--json'])
    assert.equal(pinned.code, 0, pinned.err)
    assert.equal(pinned.json.state, 'done')
  }
  const liar = await createLiar()
  try {
    const target = (await rpc(net.nodes[3].rpc, 'node_status')).addresses[0]
    await liar.peer.dial(multiaddr(target))
    const victim = await peerId(net.nodes[1].rpc)
    const getting = cairn(['get', 'big', '--owner', net.account.address, '-o', inHome('got'), ...at(3), '--json'])
    await until('an eighth of it is there', async () => {
      const view = await rpc(net.nodes[3].rpc, 'file_progress', { cid })
      return view.bytes > BIG_BYTES / 8 && view.sources.some(s => s.peerId === victim && s.bytes > 0)
    }).then(() => process.kill(net.nodes[1].pid, 'SIGKILL'))
    const got = await getting
    assert.equal(got.code, 0, got.err)
    assert.equal(await hash(inHome('got')), await hash(path))
    const { sources } = got.json.fetch
    const gave = sources.filter(s => s.bytes > 0)
    assert.ok(gave.length >= 2, JSON.stringify(sources))
    assert.ok(gave.some(s => s.peerId === victim && s.state === 'gone'), JSON.stringify(sources))
    assert.ok(sources.some(s => s.peerId === liar.peer.peerId.toString() && s.state === 'lied' && s.why), JSON.stringify(sources))
    assert.ok(liar.lies > 0)
  } finally {
    await liar.stop()
  }
})

test('an old version of a record stays reachable, and a folder comes as it was', async () => {
  const dir = inHome('folder')
  await mkdir(join(dir, 'sub'), { recursive: true })
  await writeFile(join(dir, 'a.txt'), 'first')
  await writeFile(join(dir, 'sub', 'b & c.txt'), 'second')
  const first = await cairn(['put', 'docs', '--file', dir, ...at(0), ...net.sign, '--wait', '--json'])
  assert.equal(first.code, 0, first.err)
  await writeFile(join(dir, 'a.txt'), 'changed')
  const second = await cairn(['put', 'docs', '--file', dir, ...at(0), ...net.sign, '--wait', '--json'])
  assert.equal(second.code, 0, second.err)
  await agreed([0, 2, 3].map(i => net.nodes[i].rpc), second.json.height)
  for (const [version, text] of [['1', 'first'], ['2', 'changed']]) {
    const out = inHome(`docs${version}`)
    const got = await cairn(['get', 'docs', '--owner', net.account.address, '--version', version, '-o', out, ...at(3)])
    assert.equal(got.code, 0, got.err)
    assert.equal(await readFile(join(out, 'a.txt'), 'utf8'), text)
    assert.equal(await readFile(join(out, 'sub', 'b & c.txt'), 'utf8'), 'second')
  }
  const again = await cairn(['get', 'docs', '--owner', net.account.address, '-o', inHome('docs2'), ...at(3)])
  assert.equal(again.code, 1, 'nothing is overwritten unasked')
})

test('curl gets ranges, folders and records through the gateway', async () => {
  const content = randomBytes(3 * MIB)
  const added = await cairn(['file', 'add', await file('ranged', content), ...at(2), '--json'])
  assert.equal(added.code, 0, added.err)
  const { cid } = added.json.added[0]
  const part = await fetch(`${net.nodes[3].rpc}/ipfs/${cid}`, { headers: { range: 'bytes=1000000-1999999' } })
  assert.equal(part.status, 206)
  assert.equal(part.headers.get('content-range'), `bytes 1000000-1999999/${content.length}`)
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(1_000_000, 2_000_000))
  const all = await fetch(`${net.nodes[3].rpc}/ipfs/${cid}`)
  assert.deepEqual(Buffer.from(await all.arrayBuffer()), content)
  const record = await fetch(`${net.nodes[3].rpc}/names/${net.account.address}/docs/a.txt`)
  assert.equal(await record.text(), 'changed')
  const page = await fetch(`${net.nodes[3].rpc}/names/${net.account.address}/docs/`)
  assert.match(await page.text(), /<a href="\.\/a\.txt">a\.txt<\/a>/)
  const missing = await fetch(`${net.nodes[3].rpc}/names/${net.account.address}/nothing`)
  assert.equal(missing.status, 404)
})

test('a node reads what its own user adds; from anybody else it is sent', async () => {
  const path = await file('read here', randomBytes(3 * MIB))
  const dir = inHome('read whole')
  await mkdir(dir)
  await writeFile(join(dir, 'a.txt'), 'first')
  const query = `${net.nodes[2].rpc}/files/import?path=${encodeURIComponent(path)}`
  const challenge = await fetch(query, { method: 'POST' })
  assert.equal(challenge.status, 401)
  const [, key] = /^Cairn-Local key="(.*)"$/.exec(challenge.headers.get('www-authenticate'))
  assert.equal((await stat(key)).mode & 0o777, 0o600)
  const forged = await fetch(query, { method: 'POST', headers: { authorization: `Cairn-Local ${'0'.repeat(64)}` } })
  assert.equal(forged.status, 403)
  const read = await cairn(['file', 'add', path, ...at(2), '--json'])
  assert.equal(read.code, 0, read.err)
  await rename(key, `${key}.away`) // as for somebody who may not read it
  try {
    const sent = await cairn(['file', 'add', path, ...at(2), '--json'])
    assert.equal(sent.code, 0, sent.err)
    assert.deepEqual(sent.json, read.json)
    const folder = await cairn(['file', 'add', dir, ...at(2), '--json'])
    await rename(`${key}.away`, key)
    assert.equal(folder.code, 0, folder.err)
    const again = await cairn(['file', 'add', dir, ...at(2), '--json'])
    assert.equal(again.json.added[0].cid, folder.json.added[0].cid)
  } finally {
    await rename(`${key}.away`, key).catch(() => {})
  }
})

test('standard input and output, archives, and the upkeep of the store', async () => {
  const added = await cairn(['file', 'add', '-', '--name', 'words', ...at(2), '--json'], { input: 'some words' })
  assert.equal(added.code, 0, added.err)
  const { cid } = added.json.added[0]
  assert.equal((await cairn(['file', 'cat', cid, ...at(3)])).out, 'some words')
  assert.equal((await cairn(['file', 'cat', cid, '--offset', '5', ...at(3)])).out, 'words')
  const car = inHome('words.car')
  assert.equal((await cairn(['file', 'export', cid, '-o', car, ...at(2)])).code, 0)
  const imported = await cairn(['file', 'import', car, ...at(0), '--json'])
  assert.equal(imported.code, 0, imported.err)
  assert.deepEqual(imported.json.roots, [cid])
  await writeFile(car, (await readFile(car)).subarray(0, -1))
  assert.equal((await cairn(['file', 'import', car, ...at(0)])).code, 1)
  const pins = await cairn(['file', 'pins', ...at(2), '--json'])
  assert.ok(pins.json.pins.some(p => p.cid === cid && p.name === 'words'))
  assert.equal((await cairn(['file', 'rm', cid, ...at(2), '--json'])).json.unpinned, true)
  assert.equal((await cairn(['file', 'unpin', cid, ...at(2)])).code, 5)
  const verified = await cairn(['file', 'verify', ...at(2), '--json'])
  assert.equal(verified.json.faulty, 0)
  assert.equal((await cairn(['file', 'add', inHome('no such file'), ...at(2)])).code, 1)
  assert.equal((await cairn(['file', 'get', 'nonsense', ...at(2)])).code, 2)
})

test('what cannot be read to its end is not taken for the whole', async () => {
  const folder = inHome('half readable')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'a'), randomBytes(3 * MIB))
  execFileSync('mkfifo', [join(folder, 'b')])
  const refused = await cairn(['file', 'add', folder, ...at(2)])
  assert.equal(refused.code, 1)
  assert.match(refused.err, /neither a file nor a folder/)
  const broken = await cairn(['file', 'add', '/proc/self/mem', ...at(2)])
  assert.equal(broken.code, 1)
  assert.match(broken.err, /mem: Input\/output error/)
  const pins = await cairn(['file', 'pins', ...at(2), '--json'])
  assert.deepEqual(pins.json.pins.filter(p => ['half readable', 'mem'].includes(p.name)), [])
})

test('a file is sent, cut off by kill -9 of the receiver, and goes on', async () => {
  const receiver = await newFollower({ CAIRN_INBOX_ACCEPT: 'all' })
  const path = await file('gift.bin', randomBytes(256 * MIB))
  const sending = cairn(['file', 'send', path, receiver.peerId, ...at(0), '--json'])
  await until('some of it is there', async () => {
    const { offers } = await rpc(receiver.rpc, 'file_inbox')
    return offers.some(o => o.bytes > 8 * MIB)
  })
  process.kill(receiver.pid, 'SIGKILL')
  await receiver.child.ended
  const again = await follower(receiver.dir, { ports: receiver.ports, env: receiver.env })
  const sent = await sending
  assert.equal(sent.code, 0, sent.err)
  assert.equal(sent.json.state, 'finished')
  const { offers: [offer] } = await rpc(again.rpc, 'file_inbox')
  assert.equal(offer.state, 'finished')
  assert.ok(offer.path.startsWith(join(receiver.dir, 'inbox', await peerId(net.nodes[0].rpc))), offer.path)
  assert.equal(await hash(offer.path), await hash(path))
  assert.deepEqual(await readdir(join(offer.path, '..')), ['gift.bin'], 'nothing else is left there')
})

test('offers are refused by rule and by hand, and accepted by hand', async () => {
  const picky = await newFollower({ CAIRN_INBOX_SIZE_MAX: '1 kB' })
  const small = await file('small.txt', 'a small one')
  const large = await cairn(['file', 'send', await file('large', randomBytes(2_000)), picky.peerId, ...at(0)])
  assert.equal(large.code, 3)
  assert.match(large.err, /at most 1000/)
  for (const [decision, code] of [['refuse', 3], ['accept', 0]]) {
    const sending = cairn(['file', 'send', small, picky.peerId, ...at(0), '--json'])
    const id = await until('the offer waits', async () => {
      const listed = await cairn(['file', 'inbox', '--rpc', picky.rpc, '--json'])
      return listed.json.offers.find(o => o.state === 'waiting')?.id
    })
    const decided = await cairn(['file', 'inbox', decision, id, '--rpc', picky.rpc])
    assert.equal(decided.code, 0, decided.err)
    const sent = await sending
    assert.equal(sent.code, code, sent.err)
  }
  const { offers } = await rpc(picky.rpc, 'file_inbox')
  const taken = offers.find(o => o.state === 'finished')
  assert.equal(await readFile(taken.path, 'utf8'), 'a small one')
})

test('a peer answers what it publishes, and nobody else does', async () => {
  const peer = await peerId(net.nodes[2].rpc)
  const { cid } = (await cairn(['file', 'add', await file('news.txt', 'the news'), ...at(2), '--json'])).json.added[0]
  for (const args of [['news', cid], ['motd', '--value', 'back at noon'], ['docs', '--record', `${net.account.address}/docs`]]) {
    const published = await cairn(['file', 'publish', ...args, ...at(2)])
    assert.equal(published.code, 0, published.err)
  }
  assert.equal((await cairn(['request', peer, 'motd', ...at(3)])).out, 'back at noon\n')
  const got = await cairn(['request', peer, 'news', '-o', inHome('news-got'), ...at(3)])
  assert.equal(got.code, 0, got.err)
  assert.equal(await readFile(inHome('news-got'), 'utf8'), 'the news')
  const status = await cairn(['request', peer, 'status', ...at(3)])
  assert.equal(JSON.parse(status.out).peerId, peer)
  const record = await cairn(['request', peer, 'docs', ...at(3), '--json'])
  assert.equal(record.json.record.version, 2)
  assert.equal((await cairn(['request', peer, 'nothing', ...at(3)])).code, 5)
  assert.equal((await cairn(['request', await peerId(net.nodes[0].rpc), 'motd', ...at(3)])).code, 5)
})

test('a download goes on after a restart of the node', async () => {
  const node = await newFollower()
  const { cid } = (await cairn(['file', 'add', await file('resumed', randomBytes(256 * MIB)), ...at(0), '--json'])).json.added[0]
  await rpc(node.rpc, 'file_fetch', { cid, name: 'resumed' })
  await until('some of it is there', async () => (await rpc(node.rpc, 'file_progress', { cid })).bytes > 8 * MIB)
  process.kill(node.pid, 'SIGKILL')
  await node.child.ended
  const again = await follower(node.dir, { ports: node.ports })
  const done = await until('it is whole', async () => {
    const view = await rpc(again.rpc, 'file_progress', { cid })
    return view.state === 'done' ? view : undefined
  })
  assert.ok(done.fetchedBytes < 256 * MIB, 'what was here was not fetched again')
  assert.equal((await stat(inHome('resumed'))).size, (await rpc(again.rpc, 'file_stat', { cid })).size)
})

test('what a page could send is not taken, and paths cannot leave', async () => {
  const url = net.nodes[0].rpc
  const plain = await fetch(`${url}/files/import`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })
  assert.equal(plain.status, 415)
  const foreign = await fetch(`${url}/files/import`, { method: 'POST', headers: { 'content-type': 'application/vnd.ipld.car', origin: 'http://evil.example' }, body: 'x' })
  assert.equal(foreign.status, 403)
  const rubbish = await fetch(`${url}/files/import`, { method: 'POST', headers: { 'content-type': 'application/vnd.ipld.car' }, body: 'x' })
  assert.equal(rubbish.status, 400)
  await assert.rejects(rpc(url, 'file_addInPlace', { path: '/etc/passwd' }), e => e.code === -32001 && /files_in_place/.test(e.message))
  await assert.rejects(rpc(url, 'file_send', { cid: 'bafkqaaa', peer: await peerId(net.nodes[2].rpc), name: '../../x' }), e => e.code === -32602)
})
