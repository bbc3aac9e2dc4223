// A network that is mined, as an operator sees it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cairn, folder, freePorts, rpc, start, testnet, until } from '../lib/cairn.mjs'
import { readChainSpec } from '../lib/chainspec.mjs'
import { readHeaders } from '../lib/pow.mjs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

let net
let urls

before(async () => {
  net = await testnet({ nodes: 2, engine: 'pow' })
  urls = net.nodes.map(n => n.rpc)
})

after(() => net?.stop())

test('a transaction has confirmations before it is final', async () => {
  const put = await cairn(['put', 'greeting', 'hello', '--rpc', urls[0], ...net.sign, '--confirmations', '2', '--timeout', '120', '--json'])
  assert.equal(put.code, 0, put.err)
  assert.equal(put.json.status, 'included')
  assert.ok(put.json.confirmations >= 2)
  const shown = await until('the other node has it too', async () => {
    const tx = await cairn(['tx', put.json.tx, '--rpc', urls[1], '--json'])
    return tx.code === 0 && tx.json.status !== 'pending' && tx.json
  })
  assert.equal(shown.status, 'included')
  assert.ok(shown.confirmations >= 1)
  const text = await cairn(['tx', put.json.tx, '--rpc', urls[0]])
  assert.match(text.out, /^confirmations +[0-9]+$/m)
  const block = await rpc(urls[0], 'chain_getBlock', { id: shown.block })
  assert.equal(block.final, false)
  assert.ok(block.confirmations >= 2)
  assert.ok(block.transactions.some(t => t.id === put.json.tx))
  const short = await cairn(['put', 'greeting', 'again', '--rpc', urls[0], ...net.sign, '--wait', '--timeout', '1'])
  assert.equal(short.code, 6, 'not final within a second')
})

test('every header follows from spec/pow.md', async () => {
  const spec = readChainSpec(await readFile(net.spec, 'utf8'))
  const status = await until('ten blocks', async () => {
    const s = await rpc(urls[0], 'node_status')
    return s.height >= 10 && s
  }, { seconds: 120 })
  assert.ok(status.finalized < status.height)
  const headers = []
  for (let id = status.head; id !== status.genesis;) {
    const block = await rpc(urls[0], 'chain_getBlock', { id, raw: true })
    headers.unshift(Buffer.from(block.raw.header, 'base64'))
    id = block.parent
  }
  assert.equal(headers.length, status.height)
  assert.ok(readHeaders(spec, headers) > 0n)
})

test('a node says what does not fit its chain', async () => {
  const made = await folder()
  const port = await freePorts(2)
  const data = join(made.path, 'node')
  const run = args => cairn(['run', '--data', data, '--port', String(port), '--rpc-port', String(port + 1), ...args])
  assert.equal((await cairn(['init', '--data', data, '--chain', net.spec])).code, 0)
  const nobody = await run(['--mine'])
  assert.notEqual(nobody.code, 0)
  assert.match(nobody.err, /miner_account/)
  const wrong = await run(['--mine', '--miner-account', 'cairn1x'])
  assert.notEqual(wrong.code, 0)
  assert.match(wrong.err, /miner_account.*not an address/)
  const other = await cairn(['testnet', '--engine', 'luck', '--dir', join(made.path, 'net')])
  assert.equal(other.code, 2)
  const mixed = await cairn(['testnet', '--engine', 'pow', '--validators', '2', '--dir', join(made.path, 'net')])
  assert.equal(mixed.code, 2)
  await made.remove()
})

test('a fifth node joins a chain that is longer than it fetches block by block', async () => {
  const made = await folder()
  const dir = join(made.path, 'net')
  await mkdir(dir)
  for (const file of ['account.json', 'account.password']) await copyFile(join(net.dir, file), join(dir, file))
  const set = (toml, key, value) => toml.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`)
  const quick = { 'block-interval-ms': 100, 'half-life-ms': 20_000, difficulty: 8_000, 'least-difficulty': 100, 'finality-depth': 32 }
  const toml = (await readFile(net.spec, 'utf8')).replace(/^genesis-time = .*$/m, `genesis-time = ${new Date().toISOString()}`)
  await writeFile(join(dir, 'chain.toml'), Object.entries(quick).reduce((text, [key, value]) => set(text, key, value), toml))
  const long = await testnet({ nodes: 4, dir })
  const data = join(made.path, 'fifth')
  let fifth
  try {
    const far = await until('the chain is long', async () => {
      const s = await rpc(long.nodes[0].rpc, 'node_status')
      return s.finalized > 32 + 64 + 32 && s
    }, { seconds: 120 })
    assert.equal((await cairn(['init', '--data', data, '--chain', long.spec])).code, 0)
    const port = await freePorts(2)
    const url = `http://127.0.0.1:${port + 1}`
    const run = () => start(['run', '--data', data, '--port', String(port), '--rpc-port', String(port + 1),
      ...long.nodes.flatMap(n => ['--peer', n.p2p])])
    fifth = run()
    await until('it has begun', async () => (await rpc(url, 'node_status')).finalized > 0)
    fifth.kill('SIGKILL')
    await fifth.ended
    fifth = run()
    await until('it has what was final when it came', async () => (await rpc(url, 'node_status')).finalized >= far.finalized)
    const [there, here] = await Promise.all([long.nodes[0].rpc, url].map(u => rpc(u, 'chain_getBlock', { height: far.finalized })))
    assert.equal(here.id, there.id)
    assert.equal(here.stateRoot, there.stateRoot)
    await until('and follows the head', async () => {
      const [a, b] = await Promise.all([long.nodes[0].rpc, url].map(u => rpc(u, 'node_status')))
      return b.height >= far.height && Math.abs(a.height - b.height) <= 2
    })
  } finally {
    fifth?.kill('SIGKILL')
    await long.stop()
    await made.remove()
  }
})
