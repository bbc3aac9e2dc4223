// Folders between Cairn nodes and Helia: each finds the other as a provider in Cairn's DHT and fetches by Bitswap.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { peerIdFromCID, peerIdFromString } from '@libp2p/peer-id'
import { importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { cairn, folder, freePorts, rpc, start, until } from '../lib/cairn.mjs'
import { createHeliaNode, readAll } from '../lib/helia.mjs'

const MIB = 1 << 20
// With names so long a folder of so many entries is over 256 KiB, and sharded.
const ENTRIES = 1_000
const NAME_CHARS = 230
const SECONDS = 30

let home
let base
const nodes = []

const inHome = name => join(home.path, name)
const address = i => `/ip4/127.0.0.1/tcp/${base + 2 * i}`
const at = i => ['--rpc', nodes[i].rpc]

/** Node 0 and 1 serve the DHT; 2 and 3 ask it only, so that nobody hears of them but as providers. */
async function run (i, ...more) {
  const child = start(['run', ...(i === 0 ? ['--dev'] : []), '--data', inHome(`n${i}`), '--listen', address(i),
    '--rpc-port', String(base + 2 * i + 1), '--mdns', 'false', '--json', ...more],
  { env: { CAIRN_DHT: i < 2 ? 'server' : 'client', CAIRN_PEERS_OUTBOUND: '1', CAIRN_PEER_EXCHANGE: 'false' } })
  const line = await child.line()
  if (line === undefined) throw new Error(`node ${i} did not start: ${child.log}`)
  nodes[i] = { child, ...JSON.parse(line) }
}

before(async () => {
  home = await folder()
  base = await freePorts(8)
  await run(0)
  await Promise.all([1, 2, 3].map(async i => {
    const made = await cairn(['init', '--data', inHome(`n${i}`), '--chain', inHome('n0/chain.toml')])
    assert.equal(made.code, 0, made.err)
    await run(i, '--peer', `${address(0)}/p2p/${nodes[0].peerId}`)
  }))
  await Promise.all(nodes.map((_, i) => until(`node ${i} has somebody to ask`, async () =>
    (await rpc(nodes[i].rpc, 'dht_status')).peers > 0)))
})

after(async () => {
  for (const node of nodes) node?.child.kill('SIGTERM')
  const ends = await Promise.all(nodes.map(n => n?.child.ended))
  await home?.remove()
  assert.deepEqual(ends.map(e => e?.code), [0, 0, 0, 0])
})

/** A nested folder with a large file, an empty one and a sharded folder, as paths and contents. */
function content () {
  const mark = randomBytes(8).toString('hex')
  const files = new Map([
    ['empty', Buffer.alloc(0)],
    ['read me.txt', Buffer.from(mark)],
    ['a/b/large.bin', randomBytes(5 * MIB + 17)],
    ['a/b/c/small', randomBytes(300)]
  ])
  for (let i = 0; i < ENTRIES; i++) {
    files.set(`many/${String(i).padStart(NAME_CHARS, 'n')}`, Buffer.from(`${mark} ${i % 40}`))
  }
  return files
}

async function write (dir, files) {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), bytes)
  }
  return dir
}

async function read (dir) {
  const files = new Map()
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) files.set(relative(dir, path), await readFile(path))
  }
  return files
}

function assertSame (got, wanted) {
  assert.deepEqual([...got.keys()].sort(), [...wanted.keys()].sort())
  for (const [path, bytes] of wanted) assert.ok(bytes.equals(got.get(path)), path)
}

/** Neither side has a connection: a look-up of the node may have made one. */
async function part (helia, i) {
  await helia.peer.hangUp(peerIdFromString(nodes[i].peerId))
  await until('they are apart', async () => !connected(helia, i))
}

const connected = (helia, i) => helia.peer.getPeers().some(p => p.toString() === nodes[i].peerId)

async function providers (helia, cid) {
  const found = []
  for await (const provider of helia.helia.routing.findProviders(cid, { signal: AbortSignal.timeout(5_000) })) {
    found.push({ peer: peerIdFromCID(provider.id).toString(), addresses: provider.multiaddrs.map(String) })
  }
  return found
}

/** A folder that node 2 has, and has told the DHT of. */
async function offered (profile) {
  const files = content()
  const added = await cairn(['file', 'add', await write(inHome(`to-${profile}`), files), '--profile', profile, ...at(2), '--json'])
  assert.equal(added.code, 0, added.err)
  const { cid } = added.json.added[0]
  await until('it is announced', async () => {
    const found = await rpc(nodes[1].rpc, 'dht_providers', { cid })
    return found.some(p => p.peerId === nodes[2].peerId && p.addresses.includes(address(2)))
  }, { seconds: SECONDS })
  return { files, root: CID.parse(cid) }
}

async function heliaFetches (helia, { files, root }, profile) {
  assert.equal(root.version, profile === 'unixfs-v0-2015' ? 0 : 1)
  await part(helia, 2)
  const found = await providers(helia, root)
  assert.deepEqual(found.map(p => p.peer), [nodes[2].peerId])
  assert.ok(found[0].addresses.some(a => a.startsWith(address(2))), found[0].addresses.join())
  assertSame(await readAll(helia.fs, root, { signal: AbortSignal.timeout(SECONDS * 1_000) }), files)
  assert.ok(connected(helia, 2), 'and has fetched it there')
}

async function cairnFetches (helia, profile) {
  const files = content()
  const source = [...files].map(([path, bytes]) => ({ path, content: bytes }))
  let root
  for await (const entry of importer(source, helia.helia.blockstore, { profile, wrapWithDirectory: true })) root = entry.cid
  const ours = await cairn(['file', 'add', await write(inHome(`same-${profile}`), files), '--only-hash', '--profile', profile, '--json'])
  assert.equal(root.toString(), ours.json.added[0].cid, 'both make the same DAG')
  await helia.helia.routing.provide(root, { signal: AbortSignal.timeout(SECONDS * 1_000) })
  await part(helia, 3)
  const got = await cairn(['file', 'get', root.toString(), '-o', inHome(`got-${profile}`), ...at(3), '--json'])
  assert.equal(got.code, 0, got.err)
  assertSame(await read(inHome(`got-${profile}`)), files)
  const gave = got.json.fetch?.sources ?? got.json.sources
  assert.deepEqual(gave.filter(s => s.bytes > 0).map(s => s.peerId), [helia.peer.peerId.toString()])
  const listed = await cairn(['dht', 'providers', root.toString(), ...at(3), '--json'])
  assert.equal(listed.code, 0, listed.err)
  assert.deepEqual(listed.json.map(p => p.peerId), [helia.peer.peerId.toString()])
}

for (const profile of ['unixfs-v1-2025', 'unixfs-v0-2015']) {
  test(`Helia fetches a folder from a Cairn node that it finds in the DHT, and the other way round: ${profile}`, async () => {
    const offer = await offered(profile)
    const helia = await createHeliaNode(`${address(0)}/p2p/${nodes[0].peerId}`)
    try {
      await heliaFetches(helia, offer, profile)
      await cairnFetches(helia, profile)
    } finally {
      await helia.stop()
    }
  })
}
