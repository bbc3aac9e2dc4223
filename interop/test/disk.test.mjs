// Files and the disks they are on: full ones, files that stay in their place, names outside ASCII.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { appendFile, mkdir, open, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cairn, folder, freePorts, rpc, start, testnet } from '../lib/cairn.mjs'

const MIB = 1 << 20

let net
let home
const nodes = []
const disks = []

/** Why there are no small disks here; undefined where there are. */
function cannotMount () {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a small disk can be mounted by root on Linux alone'
  const place = `/tmp/cairn-mount-${process.pid}`
  try {
    execFileSync('mkdir', ['-p', place])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'pipe' })
    execFileSync('umount', [place])
    return undefined
  } catch (e) {
    return `no small disk can be mounted: ${e.message}`
  } finally {
    execFileSync('rm', ['-rf', place])
  }
}

const skip = cannotMount()

async function disk (name, mebibytes) {
  const path = inHome(name)
  await mkdir(path)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path])
  disks.push(path)
  return { path, resize: to => execFileSync('mount', ['-o', `remount,size=${to}m`, path]) }
}

before(async () => {
  home = await folder()
  net = await testnet({ nodes: 1, ...(process.env.CAIRN_TEST_PORT ? { basePort: Number(process.env.CAIRN_TEST_PORT) } : {}) })
})

after(async () => {
  for (const node of nodes) node.kill('SIGKILL')
  await Promise.all(nodes.map(node => node.ended))
  for (const path of disks) execFileSync('umount', ['-l', path])
  const ended = await net?.stop()
  await home?.remove()
  assert.equal(ended?.code, 0, 'SIGTERM stops the network cleanly')
})

const inHome = name => join(home.path, name)
const sum = bytes => createHash('sha256').update(bytes).digest('hex')

async function file (name, bytes) {
  await writeFile(inHome(name), bytes)
  return inHome(name)
}

/** Runs a node that follows the network, with its data in a folder that was made by [node]. */
async function run (dir, [port, rpcPort], env = {}) {
  const child = start(['run', '--data', dir, '--port', String(port), '--rpc-port', String(rpcPort), '--json', '--mdns', 'false',
    '--peer', (await rpc(net.nodes[0].rpc, 'node_status')).addresses[0]], { env })
  nodes.push(child)
  const line = await child.line()
  assert.ok(line, child.log)
  return { child, dir, ports: [port, rpcPort], ...JSON.parse(line) }
}

async function node (dir, env) {
  const init = await cairn(['init', '--data', dir, '--chain', join(net.dir, 'chain.toml')])
  assert.equal(init.code, 0, init.err)
  const base = await freePorts(2)
  return run(dir, [base, base + 1], env)
}

async function add (path, url) {
  const added = await cairn(['file', 'add', path, '--rpc', url, '--json'])
  assert.equal(added.code, 0, added.err)
  return added.json.added[0].cid
}

/** The content of a file as its node has it, without asking others. */
async function kept (cid, content, url) {
  const out = inHome(`kept-${cid}`)
  const got = await cairn(['file', 'get', cid, '-o', out, '--force', '--rpc', url])
  assert.equal(got.code, 0, got.err)
  assert.equal(sum(await readFile(out)), sum(content))
}

/** Writes until the disk takes no more. */
async function fill (path) {
  const handle = await open(path, 'w')
  try {
    for (const bytes of [MIB, 4096, 1]) {
      const some = Buffer.alloc(bytes, 1)
      try {
        for (;;) await handle.write(some)
      } catch (e) {
        assert.equal(e.code, 'ENOSPC')
      }
    }
  } finally {
    await handle.close()
  }
}

test('a node whose disk fills takes no more, goes on, and loses nothing that it took', { skip }, async () => {
  const small = await disk('small', 256)
  let peer = await node(join(small.path, 'node'))
  const first = randomBytes(16 * MIB)
  const cid = await add(await file('first', first), peer.rpc)

  const large = await cairn(['file', 'add', await file('large', randomBytes(300 * MIB)), '--rpc', peer.rpc])
  assert.equal(large.code, 3, large.err)
  assert.match(large.err, /disk that holds .* is nearly full: .* make room on it/)
  assert.equal((await rpc(peer.rpc, 'node_status')).peerId, peer.peerId, 'it goes on')
  await kept(cid, first, peer.rpc)

  const collected = await cairn(['file', 'gc', '--recent', '0', '--rpc', peer.rpc])
  assert.equal(collected.code, 0, collected.err)
  const second = randomBytes(32 * MIB)
  await kept(await add(await file('second', second), peer.rpc), second, peer.rpc)

  // Somebody else takes the rest, what was left for the node too.
  const filler = join(small.path, 'filler')
  await fill(filler)
  const more = await cairn(['file', 'add', await file('more', randomBytes(2 * MIB)), '--rpc', peer.rpc])
  assert.ok(more.code === 3 || more.code === 4, more.err)
  assert.match(more.code === 3 ? more.err : peer.child.log, /full.*make room on it/)
  await rm(filler)
  if (peer.child.exitCode !== null) peer = await run(peer.dir, peer.ports)
  await kept(cid, first, peer.rpc)
  await add(inHome('more'), peer.rpc)
  const verified = await cairn(['file', 'verify', '--rpc', peer.rpc, '--json'])
  assert.equal(verified.json.faulty, 0, verified.out)
})

test('what is fetched to a full disk says so, and comes when there is room', { skip }, async () => {
  const small = await disk('fetching', 200)
  const peer = await node(join(small.path, 'node'))
  const content = randomBytes(256 * MIB)
  const cid = await add(await file('wanted', content), net.nodes[0].rpc)
  const out = inHome('out')
  await mkdir(out)
  const failed = await cairn(['file', 'get', cid, '-o', join(out, 'got'), '--rpc', peer.rpc])
  assert.equal(failed.code, 1, failed.err)
  assert.match(failed.err, /cannot be kept: the disk that holds .* is nearly full: .* make room on it/)
  assert.deepEqual(await readdir(out), [])
  small.resize(600)
  const got = await cairn(['file', 'get', cid, '-o', join(out, 'got'), '--rpc', peer.rpc])
  assert.equal(got.code, 0, got.err)
  assert.equal(sum(await readFile(join(out, 'got'))), sum(content))
})

test('nothing half-written is left where a full disk is written to', { skip }, async () => {
  const url = net.nodes[0].rpc
  const content = randomBytes(24 * MIB)
  const cid = await add(await file('content', content), url)
  await mkdir(inHome('tree'))
  for (let i = 0; i < 6; i++) await writeFile(join(inHome('tree'), `f${i}`), randomBytes(4 * MIB))
  const tree = await add(inHome('tree'), url)
  const put = await cairn(['put', 'value', 'x'.repeat(3_000), '--rpc', url, ...net.sign, '--wait', '--json'])
  assert.equal(put.code, 0, put.err)
  const out = await disk('out-small', 8)
  const target = join(out.path, 'got')
  const value = ['get', 'value', '--owner', net.account.address, '-o', target, '--rpc', url]
  for (const args of [['file', 'get', cid], ['file', 'get', tree], ['file', 'export', cid]]) {
    const failed = await cairn([...args, '-o', target, '--rpc', url])
    assert.equal(failed.code, 1, failed.err)
    assert.match(failed.err, /the disk that holds .*got.* is full; make room on it/)
    assert.deepEqual(await readdir(out.path), [], args.join(' '))
  }
  await fill(join(out.path, 'filler'))
  const full = await cairn(value)
  assert.equal(full.code, 1, full.err)
  assert.match(full.err, /is full; make room on it/)
  assert.deepEqual(await readdir(out.path), ['filler'])
  out.resize(64)
  const got = await cairn(['file', 'get', cid, '-o', target, '--rpc', url])
  assert.equal(got.code, 0, got.err)
  assert.equal(sum(await readFile(target)), sum(content))
  assert.equal((await cairn(value)).code, 0)
  assert.equal(await readFile(target, 'utf8'), 'x'.repeat(3_000))
})

test('a file that stays in its place is served from there, until it changes', async () => {
  const place = inHome('place')
  await mkdir(place)
  const peer = await node(inHome('in-place'), { CAIRN_FILES_IN_PLACE: place })
  const content = randomBytes(5 * MIB)
  const cids = []
  for (const name of ['served', 'changed']) {
    await writeFile(join(place, name), name === 'served' ? content : randomBytes(3 * MIB))
    const added = await cairn(['file', 'add', join(place, name), '--in-place', '--rpc', peer.rpc, '--json'])
    assert.equal(added.code, 0, added.err)
    cids.push(added.json.added[0].cid)
  }
  const stored = await rpc(peer.rpc, 'file_storeStat')
  assert.equal(stored.inPlaceBytes, 8 * MIB)
  assert.ok(stored.bytes < MIB, 'only the nodes above the content are copied')
  await kept(cids[0], content, net.nodes[0].rpc)

  await appendFile(join(place, 'changed'), 'x')
  await writeFile(join(place, 'changed'), randomBytes(3 * MIB))
  const gone = await cairn(['file', 'get', cids[1], '-o', inHome('never'), '--rpc', peer.rpc])
  assert.equal(gone.code, 5, gone.err)
  const elsewhere = await cairn(['file', 'get', cids[1], '-o', inHome('never'), '--timeout', '3', '--rpc', net.nodes[0].rpc])
  assert.equal(elsewhere.code, 6, 'its root is there, so it may still come')
  const cat = await cairn(['file', 'cat', cids[1], '--rpc', peer.rpc])
  assert.equal(cat.code, 5, cat.err)
  assert.match(cat.err, /left in its place.* changed since it was added/)
  const verified = await cairn(['file', 'verify', '--rpc', peer.rpc, '--json'])
  assert.equal(verified.json.faulty, 3)
  assert.match(verified.json.faults[0], /place\/changed: the file has been changed since it was added/)
  await kept(cids[0], content, peer.rpc)
})

test('names outside ASCII come and go in the locale C too', async () => {
  const env = { LANG: 'C', LC_ALL: 'C', LC_CTYPE: '' }
  const url = net.nodes[0].rpc
  const name = 'grüße-日本-😀.txt'
  await mkdir(inHome('ünïcode'))
  await writeFile(join(inHome('ünïcode'), name), 'words')
  const added = await cairn(['file', 'add', inHome('ünïcode'), '--rpc', url, '--json'], { env })
  assert.equal(added.code, 0, added.err)
  const { cid } = added.json.added[0]
  assert.equal(added.json.added[0].name, 'ünïcode')
  const listed = await cairn(['file', 'ls', cid, '--rpc', url], { env })
  assert.ok(listed.out.includes(name), listed.out)
  const got = await cairn(['file', 'get', cid, '-o', inHome('wörter'), '--rpc', url], { env })
  assert.equal(got.code, 0, got.err)
  assert.equal(await readFile(join(inHome('wörter'), name), 'utf8'), 'words')
})

test('what nobody has is told soon, and waited for on demand', async () => {
  const content = randomBytes(2 * MIB)
  const path = await file('later', content)
  const { cid } = (await cairn(['file', 'add', path, '--only-hash', '--json'])).json.added[0]
  const peer = await node(inHome('asking'))
  const nobody = await cairn(['file', 'get', cid, '-o', inHome('later-got'), '--rpc', peer.rpc])
  assert.equal(nobody.code, 5, nobody.err)
  assert.match(nobody.err, /no connected peer has .* \(\d+ were asked\), and no provider was found/)
  const waiting = cairn(['file', 'get', cid, '-o', inHome('later-got'), '--timeout', '120', '--rpc', peer.rpc])
  await add(path, net.nodes[0].rpc)
  const got = await waiting
  assert.equal(got.code, 0, got.err)
  assert.equal(sum(await readFile(inHome('later-got'))), sum(content))
})
