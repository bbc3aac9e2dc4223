// A node that nobody trusts: what `cairn get --verify` and a client written from spec/light.md believe, and what not.
import assert from 'node:assert/strict'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cairn, folder, rpc, start } from '../lib/cairn.mjs'
import { decodeHeader } from '../lib/blocks.mjs'
import { readChainSpec } from '../lib/chainspec.mjs'
import { decode, encode } from '../lib/dag.mjs'
import { keyOf } from '../lib/identities.mjs'
import { atGenesis, begin, fetchState, fetchTransaction } from '../lib/light.mjs'
import { accountKey, recordKey } from '../lib/state.mjs'

const EPOCH_BLOCKS = 3

let home
let node
let info
let spec
let chain
let owner
let sign
let proxy

const ports = ['--listen', '/ip4/127.0.0.1/tcp/0', '--rpc-port', '0', '--mdns', 'false', '--json']

async function run (data, more = []) {
  const child = start(['run', '--data', data, ...more, ...ports])
  const line = await child.line()
  assert.ok(line, child.log)
  return { child, info: JSON.parse(line) }
}

/** A node of a chain whose epochs are short, which `run --dev` does not make. */
before(async () => {
  home = await folder()
  const dev = join(home.path, 'dev')
  const data = join(home.path, 'node')
  const first = await run(dev, ['--dev'])
  first.child.kill('SIGTERM')
  await first.child.ended
  await cp(dev, data, { recursive: true })
  for (const part of ['store', 'votes']) await rm(join(data, part), { recursive: true })
  chain = join(data, 'chain.toml')
  const text = await readFile(chain, 'utf8')
  await writeFile(chain, text.replace(/epoch-blocks = \d+/, `epoch-blocks = ${EPOCH_BLOCKS}`).replace(/stake-min = \d+/, 'stake-min = 1'))
  spec = readChainSpec(await readFile(chain, 'utf8'))
  ;({ child: node, info } = await run(data))
  sign = ['--key', join(data, 'account.json'), '--password-file', join(data, 'account.password'), '--rpc', info.rpc, '--wait', '--json']
  owner = (await cairn(['keys', 'show', join(data, 'account.json'), '--json'])).json.address
  proxy = await liar(info.rpc)
  // A second validator of little weight, which is in the set from the third epoch on and never there.
  const second = join(home.path, 'second.json')
  const made = await cairn(['keys', 'new', second, '--password-file', join(data, 'account.password'), '--json'])
  assert.equal(made.code, 0, made.err)
  const staked = await cairn(['stake', made.json.file, '0.001', '--validator-password-file', join(data, 'account.password'), ...sign])
  assert.equal(staked.code, 0, staked.err)
  for (let version = 0; version < 8; version++) {
    const put = await cairn(['put', 'greeting', `hello ${version + 1}`, ...(version === 4 ? [] : ['--expect', String(version)]), ...sign])
    assert.equal(put.code, 0, put.err)
  }
})

after(async () => {
  proxy?.close()
  node?.kill('SIGTERM')
  assert.equal((await node?.ended)?.code, 0)
  await home?.remove()
})

/** An RPC that passes calls on to a node and lets `lie(method, result, params)` change what comes back. */
async function liar (target) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const call = JSON.parse(body)
    server.calls.push(call.method)
    const answer = { jsonrpc: '2.0', id: call.id }
    try {
      const result = await rpc(target, call.method, call.params)
      answer.result = (await server.lie(call.method, result, call.params)) ?? result
    } catch (e) {
      answer.error = { code: e.code ?? -32603, message: e.message }
    }
    const text = JSON.stringify(answer)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
  })
  server.calls = []
  server.lie = () => undefined
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  server.url = `http://127.0.0.1:${server.address().port}`
  return server
}

const get = (name, ...more) => cairn(['get', name, '--owner', owner, '--verify', '--chain', chain, '--rpc', proxy.url, ...more])
const honest = () => { proxy.lie = () => undefined }
const buffer = text => Buffer.from(text, 'base64')

/** The command refuses what the node says, with one sentence and its exit code. */
async function refused (lie, words, name = 'greeting', more = []) {
  let told = 0
  proxy.lie = async (...call) => {
    const changed = await lie(...call)
    if (changed !== undefined) told++
    return changed
  }
  try {
    const result = await get(name, ...more)
    assert.ok(told > 0, 'the lie was told')
    assert.equal(result.code, 3, `${result.out}${result.err}`)
    assert.match(result.err, words)
    assert.equal(result.out, '')
    assert.equal(result.err.trim().split('\n').length, 1, result.err)
  } finally {
    honest()
  }
}

/** Changes one byte of base64 text, counted from the end for a negative place. */
function flip (text, place) {
  const data = buffer(text)
  data[place < 0 ? data.length + place : place] ^= 1
  return data.toString('base64')
}

test('a record, an account and a transaction are verified from the chain spec alone', async () => {
  proxy.calls.length = 0
  const got = await get('greeting', '--json')
  assert.equal(got.code, 0, got.err)
  assert.equal(got.json.text, 'hello 8')
  assert.equal(got.json.version, 8)
  assert.ok(got.json.verified.epoch >= 2, 'several epochs were walked through')
  assert.ok(got.json.verified.ageMillis < 600_000)
  assert.deepEqual([...new Set(proxy.calls)].sort(), ['chain_getEpochEnds', 'state_getProof'])

  const account = await cairn(['account', owner, '--verify', '--chain', chain, '--rpc', proxy.url, '--json'])
  assert.equal(account.json.balance, (await rpc(info.rpc, 'account_get', { address: owner })).balance)
  const tx = await cairn(['tx', got.json.tx, '--verify', '--chain', chain, '--rpc', proxy.url, '--json'])
  assert.equal(tx.json.block, (await rpc(info.rpc, 'tx_get', { tx: got.json.tx })).block)

  const plain = await get('greeting')
  assert.equal(plain.out, 'hello 8\n')
  assert.match(plain.err, /^verified in final block \d+ of epoch \d+, [\d.]+ s old; checkpoint \d+:bafyrei/)
})

test('validators that change are followed', async () => {
  const ends = await rpc(info.rpc, 'chain_getEpochEnds', { epoch: 0 })
  const changed = ends.filter(e => e.nextValidators !== undefined)
  assert.equal(changed.length, 1, 'one change of the set')
  assert.equal(changed[0].nextValidators.length, 2)
  assert.ok((await get('greeting', '--json')).json.verified.epoch > changed[0].epoch)
  const hide = (method, result) => method === 'chain_getEpochEnds' ? result.map(({ nextValidators, ...end }) => end) : undefined
  await refused(hide, /changed and are not shown/)
})

test('that there is no such record is verified too', async () => {
  const missing = await get('nothing')
  assert.equal(missing.code, 5)
  assert.match(missing.err, /verified in final block/)
  const above = await get('greeting', '--version', '9')
  assert.equal(above.code, 5, above.err)
})

test('earlier versions are verified where their transactions say which version they replaced', async () => {
  const third = await get('greeting', '--version', '3')
  assert.equal(third.code, 0, third.err)
  assert.equal(third.out, 'hello 3\n')
  const silent = await get('greeting', '--version', '5')
  assert.equal(silent.code, 1)
  assert.match(silent.err, /does not say which version it replaced/)
  const other = (await rpc(info.rpc, 'record_get', { owner, name: 'greeting', version: 2 })).tx
  await refused((method, result) => method === 'record_get' ? { ...result, tx: other } : undefined, /wrote version 2/, 'greeting', ['--version', '3'])
})

test('a checkpoint replaces the way from the genesis block', async () => {
  const { json } = await get('greeting', '--json')
  proxy.calls.length = 0
  const again = await get('greeting', '--checkpoint', json.verified.checkpoint, '--json')
  assert.equal(again.code, 0, again.err)
  assert.deepEqual(proxy.calls, ['state_getProof', 'chain_getHeader', 'chain_getValidators'])
  const wrong = json.verified.checkpoint.replace(/^\d+/, h => Number(h) - 1)
  const result = await get('greeting', '--checkpoint', wrong)
  assert.equal(result.code, 3, result.err)
  assert.match(result.err, /not the checkpoint's/)
  const usage = await cairn(['get', 'greeting', '--owner', owner, '--checkpoint', wrong, '--rpc', proxy.url])
  assert.equal(usage.code, 2)
})

test('what is too old is refused when the caller says so', async () => {
  const result = await get('greeting', '--max-age', '0')
  assert.equal(result.code, 3)
  assert.match(result.err, /s old, more than --max-age allows/)
  assert.equal((await get('greeting', '--max-age', '86400')).code, 0)
})

test('a node that changes the value, the proof, the header, the certificate or the set is refused', async () => {
  const on = (method, change) => (called, result) => called === method ? change(structuredClone(result)) : undefined
  const state = change => on('state_getProof', change)
  const forged = item => {
    const record = decode(buffer(item.value))
    record[2] = Buffer.from('forged')
    return { ...item, value: encode(record).toString('base64') }
  }
  await refused(state(forged), /does not show that value/)
  await refused(state(r => ({ ...r, value: null })), /does not show that there is none/)
  await refused(state(r => ({ ...r, proof: flip(r.proof, -1) })), /does not show/)
  await refused(state(r => ({ ...r, headers: [flip(r.headers[0], 60)] })), /not (in form|shown to be final)|proves nothing/)
  await refused(state(r => ({ ...r, certificate: flip(r.certificate, -1) })), /without a quorum/)
  await refused(state(r => ({ ...r, certificate: '' })), /malformed certificate/)
  await refused(on('chain_getEpochEnds', r => r.map((e, i) => i ? e : { ...e, certificate: flip(e.certificate, -5) })), /without a quorum/)
  await refused(on('chain_getEpochEnds', r => r.map((e, i) => i ? e : { ...e, header: r[1].header })), /not the last of epoch 0/)
  await refused(on('chain_getEpochEnds', r => r.slice(1)), /not the last of epoch 0/)
  await refused(on('chain_getEpochEnds', () => []), /does not show how epoch 0 ended/)
  const { validators } = await rpc(info.rpc, 'chain_getValidators', { epoch: 0 })
  const richer = validators.map(v => ({ ...v, stake: String(BigInt(v.stake) + 1n) }))
  await refused(on('chain_getEpochEnds', r => r.map(e => ({ ...e, nextValidators: richer }))), /not those that the header names/)
  const { json } = await get('greeting', '--json')
  await refused(on('chain_getValidators', r => ({ ...r, validators: richer })), /not those that the header names/, 'greeting', ['--checkpoint', json.verified.checkpoint])
  await refused(on('chain_getHeader', r => ({ ...r, headers: [r.headers[0].replace(/^./, 'h')] })), /proves nothing|not the checkpoint/, 'greeting', ['--checkpoint', json.verified.checkpoint])
})

test('a node that answers about another record, another block or in no form is refused', async () => {
  const state = change => (method, result) => method === 'state_getProof' ? change(result) : undefined
  const other = await rpc(info.rpc, 'state_getProof', { key: recordKey(keyOf(owner), 'nothing').toString('base64') })
  await refused(state(() => other), /does not show that there is none/)
  const early = decodeHeader(buffer((await rpc(info.rpc, 'chain_getHeader', { height: 1 })).headers[0]))
  assert.equal(early.height, 1)
  const first = await rpc(info.rpc, 'chain_getHeader', { height: 1 })
  await refused(state(r => ({ ...r, ...first })), /does not show that value/)
  for (const nonsense of [[], 'yes', {}, { value: 7 }, { ...other, proof: 'gA==' }, { ...other, headers: [] }, { ...other, headers: Array(257).fill(first.headers[0]) }, { ...other, headers: [5] }]) {
    await refused(state(() => nonsense), /proves nothing|must not be believed/)
  }
  proxy.lie = state(() => { throw Object.assign(new Error('there is no such record'), { code: -32002 }) })
  const denied = await get('greeting')
  honest()
  assert.equal(denied.code, 3)
  assert.match(denied.err, /it says, there is no such record/)
})

test('the chain of another spec is refused', async () => {
  const other = join(home.path, 'dev', 'chain.toml')
  const result = await cairn(['get', 'greeting', '--owner', owner, '--verify', '--chain', other, '--rpc', proxy.url])
  assert.equal(result.code, 3, result.err)
  const none = await cairn(['get', 'greeting', '--owner', owner, '--verify', '--data', join(home.path, 'void'), '--rpc', proxy.url])
  assert.equal(none.code, 2)
  assert.match(none.err, /--chain/)
})

test('a client in another language, from spec/light.md, verifies the same and finds the same lies', async () => {
  const call = (method, params) => rpc(proxy.url, method, params)
  const client = atGenesis(spec)
  const key = recordKey(keyOf(owner), 'greeting')
  const { header, value, client: there } = await fetchState(client, call, key)
  const [, version, data, tx] = decode(value)
  assert.equal(version, 8)
  assert.equal(Buffer.from(data).toString(), 'hello 8')
  assert.ok(there.epoch >= 2)
  const found = await fetchTransaction(client, call, tx.toString())
  assert.ok(found.header.height <= header.height)
  const account = await fetchState(client, call, accountKey(keyOf(owner)))
  assert.equal(String(decode(account.value)[0]), (await rpc(info.rpc, 'account_get', { address: owner })).balance)
  assert.equal((await fetchState(client, call, recordKey(keyOf(owner), 'nothing'))).value, null)
  const later = await begin(spec, call, `${header.height}:${header.id}`)
  assert.equal((await fetchState(later, call, key)).value.toString('hex'), value.toString('hex'))
  try {
    for (const change of [
      r => ({ ...r, value: flip(r.value, -40) }),
      r => ({ ...r, proof: flip(r.proof, -1) }),
      r => ({ ...r, certificate: flip(r.certificate, -1) })
    ]) {
      proxy.lie = (method, result) => method === 'state_getProof' ? change(result) : undefined
      await assert.rejects(fetchState(client, call, key), /not proved|bad certificate/)
    }
  } finally {
    honest()
  }
})
