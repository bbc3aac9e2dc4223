// Rubbish on every port and in every file that an operator can get wrong: refused with one clear sentence or
// a 4xx, and the node goes on serving.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cairn, folder, rpc, start, until } from '../lib/cairn.mjs'

let home
let node
let info

before(async () => {
  home = await folder()
  node = start(['run', '--dev', '--data', join(home.path, 'dev'), '--listen', '/ip4/127.0.0.1/tcp/0', '--rpc-port', '0', '--mdns', 'false', '--json'])
  const line = await node.line()
  assert.ok(line, node.log)
  info = JSON.parse(line)
})

after(async () => {
  node?.kill('SIGTERM')
  assert.equal((await node?.ended)?.code, 0)
  await home?.remove()
})

const peerPort = () => Number(info.addresses[0].split('/')[4])
const url = () => new URL(info.rpc)
const descriptors = async () => (await readdir(`/proc/${info.pid}/fd`)).length

/**
 * Sends bytes to a port and waits until the other side ends the connection, has `answered` where that is
 * asked for, or `seconds` are over.
 */
function knock (port, bytes, { seconds = 15, end = false, answered = false } = {}) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      if (end) socket.end()
    })
    let received = Buffer.alloc(0)
    const timer = setTimeout(() => { socket.destroy(); resolve({ open: true, received }) }, seconds * 1000)
    socket.on('data', d => {
      received = Buffer.concat([received, d])
      if (answered) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => { clearTimeout(timer); resolve({ open: false, received }) })
  })
}

/** One raw HTTP request; returns its status code. */
async function http (head, body = '') {
  const { received } = await knock(Number(url().port), `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`, { answered: true })
  return Number(received.toString().split(' ')[1])
}

test('rubbish on the port for peers ends its own connection only', async () => {
  const before = await descriptors()
  const offers = [
    randomBytes(100_000),
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.alloc(70_000, 0xff),
    Buffer.concat([Buffer.from('\x13/multistream/1.0.0\n'), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f])]),
    Buffer.concat([Buffer.from('\x13/multistream/1.0.0\n'), Buffer.from('\x07/noise\n'), randomBytes(500)])
  ]
  const results = await Promise.all(offers.map(bytes => knock(peerPort(), bytes)))
  for (const result of results) assert.equal(result.open, false)
  await until('its descriptors are back', async () => await descriptors() <= before + 1, { seconds: 20 })
  assert.equal((await rpc(info.rpc, 'node_status')).peers, 0)
})

test('a connection that says nothing, or one byte and no more, is let go within the deadline', async () => {
  const [silent, slow] = await Promise.all([
    knock(peerPort(), Buffer.alloc(0), { seconds: 25 }),
    knock(peerPort(), Buffer.from('\x13'), { seconds: 25 })
  ])
  assert.equal(silent.open, false)
  assert.equal(slow.open, false)
})

test('the RPC answers rubbish with 4xx', async () => {
  const host = `Host: 127.0.0.1:${url().port}`
  const json = 'Content-Type: application/json'
  const call = '{"jsonrpc":"2.0","id":1,"method":"node_status"}'
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\n${json}`, call), 200)
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\n${json}`, '{'), 400)
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\n${json}`, ''), 400)
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\n${json}`, '[' + Array(257).fill(call).join() + ']'), 400)
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\nContent-Type: text/plain`, call), 415)
  assert.equal(await http(`POST / HTTP/1.1\r\nHost: evil.example\r\n${json}`, call), 403)
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\n${json}\r\nOrigin: http://evil.example`, call), 403)
  assert.equal(await http(`POST / HTTP/1.1\r\n${host}\r\n${json}`, '[' + ' '.repeat(4_194_304) + ']'), 413)
  assert.equal(await http(`GET /nowhere HTTP/1.1\r\n${host}`), 404)
  assert.equal(await http(`GET /health HTTP/1.1\r\n${host}`), 200)
  assert.equal(await http(`GET /ready HTTP/1.1\r\n${host}`), 200)
  const raw = await knock(Number(url().port), randomBytes(20_000), { end: true })
  assert.equal(raw.open, false)
  assert.equal((await rpc(info.rpc, 'node_status')).version, (await cairn(['--version'])).out.trim().split(' ')[1])
})

test('metrics are Prometheus text, and the API describes itself', async () => {
  const metrics = await (await fetch(`${info.rpc}/metrics`)).text()
  for (const line of metrics.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? -?\d+)$/)
  const api = await rpc(info.rpc, 'rpc.discover')
  assert.equal(api.openrpc, '1.3.2')
  assert.ok(api.methods.some(m => m.name === 'tx_submit'))
})

/** A command that must fail with this code, one sentence and no stack trace. */
async function fails (code, words, args, options) {
  const result = await cairn(args, options)
  assert.equal(result.code, code, result.err)
  assert.match(result.err, words)
  assert.doesNotMatch(result.err, /^\s+at \S+\(/m)
  assert.ok(result.err.trim().split('\n').length <= 6, result.err)
}

test('what an operator gets wrong is one sentence and the exit code', async () => {
  const data = join(home.path, 'dev')
  const file = async (name, text) => {
    const path = join(home.path, name)
    await writeFile(path, text)
    return path
  }
  const fresh = name => ['--data', join(home.path, name)]
  await fails(2, /cairn init .*cairn run --dev/s, ['run', ...fresh('nothing')])
  await fails(1, /no such file/, ['init', ...fresh('a'), '--chain', join(home.path, 'missing.toml')])
  await fails(1, /chain spec/, ['init', ...fresh('a'), '--chain', await file('bad.toml', 'name = [')])
  await fails(1, /chain spec/, ['init', ...fresh('a'), '--chain', await file('odd.toml', 'name = "x"\nengine = "magic"\n')])
  await fails(1, /no Cairn key file/, ['keys', 'show', await file('key.json', '{}')])
  await fails(1, /passphrase is wrong/, ['send', (await cairn(['keys', 'show', join(data, 'account.json'), '--json'])).json.address, '1', '--rpc', info.rpc,
    '--key', join(data, 'account.json'), '--password-file', await file('password', 'wrong\n')])
  await fails(1, /process \d+/, ['run', '--data', data, '--port', '0', '--rpc-port', '0'])
  await fails(2, /no setting/, ['config', '--data', await (async () => {
    const other = await folder()
    await writeFile(join(other.path, 'config.toml'), 'prot = 1\n')
    return other.path
  })()])
  const taken = await new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
  })
  try {
    const port = String(taken.address().port)
    const chain = join(data, 'chain.toml')
    assert.equal((await cairn(['init', ...fresh('b'), '--chain', chain])).code, 0)
    await fails(1, /cannot listen/, ['run', ...fresh('b'), '--listen', `/ip4/127.0.0.1/tcp/${port}`, '--rpc-port', '0', '--mdns', 'false'])
    await fails(1, /cannot listen/, ['run', ...fresh('b'), '--listen', '/ip4/127.0.0.1/tcp/0', '--rpc-port', port, '--mdns', 'false'])
    await fails(1, new RegExp(`port ${port} .*in use`), ['testnet', '--dir', join(home.path, 'net'), '--base-port', port])
  } finally {
    taken.close()
  }
})

test('the keystore keeps a key, and gives it back', async () => {
  const password = join(home.path, 'secret')
  await writeFile(password, 'correct horse\n')
  const env = { CAIRN_HOME: home.path, CAIRN_PASSWORD_FILE: password }
  const made = await cairn(['keys', 'new', 'alice', '--json'], { env })
  assert.equal(made.code, 0, made.err)
  await fails(1, /never overwritten/, ['keys', 'new', 'alice'], { env })
  const seed = join(home.path, 'seed')
  assert.equal((await cairn(['keys', 'export', 'alice', '--seed-file', seed], { env })).code, 0)
  const again = await cairn(['keys', 'import', 'alice2', '--seed-file', seed, '--json'], { env })
  assert.equal(again.json.address, made.json.address)
  assert.equal((await cairn(['keys', 'list', '--json'], { env })).json.length, 2)
  assert.equal((await cairn(['keys', 'show', 'alice', '--json'], { env })).json.address, made.json.address)
})
