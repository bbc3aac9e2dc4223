// A test network of real processes, used by the commands that the README shows.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { agreed, cairn, folder, freePorts, rpc, start, testnet, until } from '../lib/cairn.mjs'

let net
let bob

before(async () => {
  net = await testnet()
  const home = await folder()
  bob = { home, env: { CAIRN_HOME: home.path } }
  const made = await cairn(['keys', 'new', 'bob', '--password-file', net.account.passwordFile, '--json'], { env: bob.env })
  assert.equal(made.code, 0, made.err)
  bob.address = made.json.address
})

after(async () => {
  const ended = await net?.stop()
  await bob?.home.remove()
  assert.equal(ended?.code, 0, 'SIGTERM stops the network cleanly')
})

const urls = () => net.nodes.map(n => n.rpc)

test('a transfer sent to node 3 is final and visible on all four', async () => {
  const sent = await cairn(['send', bob.address, '12.5', '--rpc', urls()[3], ...net.sign, '--wait', '--json'])
  assert.equal(sent.code, 0, sent.err)
  assert.equal(sent.json.status, 'final')
  const statuses = await agreed(urls(), sent.json.height)
  assert.equal(new Set(statuses.map(s => s.stateRoot)).size, 1)
  for (const url of urls()) {
    const account = await cairn(['account', bob.address, '--rpc', url, '--json'])
    assert.equal(account.json.balance, '12500000000')
    const tx = await cairn(['tx', sent.json.tx, '--rpc', url, '--json'])
    assert.equal(tx.json.status, 'final')
    assert.equal(tx.json.block, sent.json.block)
  }
})

test('a record written on node 1 is read on node 2, changed, and deleted with its history kept', async () => {
  const put = await cairn(['put', 'greeting', 'hello', '--rpc', urls()[1], ...net.sign, '--wait', '--json'])
  assert.equal(put.code, 0, put.err)
  await agreed(urls(), put.json.height)
  const got = await cairn(['get', 'greeting', '--owner', net.account.address, '--rpc', urls()[2]])
  assert.equal(got.out, 'hello\n')
  const changed = await cairn(['put', 'greeting', 'hello again', '--expect', '1', '--rpc', urls()[1], ...net.sign, '--wait', '--json'])
  assert.equal(changed.code, 0, changed.err)
  const stale = await cairn(['put', 'greeting', 'too late', '--expect', '1', '--rpc', urls()[1], ...net.sign, '--wait'])
  assert.equal(stale.code, 3, stale.err)
  const gone = await cairn(['delete', 'greeting', '--rpc', urls()[1], ...net.sign, '--wait', '--json'])
  assert.equal(gone.code, 0, gone.err)
  await agreed(urls(), gone.json.height)
  const missing = await cairn(['get', 'greeting', '--key', net.account.key, '--rpc', urls()[0]])
  assert.equal(missing.code, 5)
  const old = await cairn(['get', 'greeting', '--version', '1', '--key', net.account.key, '--rpc', urls()[0]])
  assert.equal(old.out, 'hello\n')
})

test('what breaks the rules is refused with its reason', async () => {
  const url = urls()[2]
  const wrongNonce = await cairn(['send', bob.address, '1', '--nonce', '0', '--rpc', url, ...net.sign])
  assert.equal(wrongNonce.code, 3)
  assert.match(wrongNonce.err, /nonce/)
  const poor = await cairn(['send', net.account.address, '99', '--key', 'bob', '--password-file', net.account.passwordFile, '--rpc', url], { env: bob.env })
  assert.equal(poor.code, 3)
  assert.match(poor.err, /balance/)
  const pending = await cairn(['send', bob.address, '1', '--rpc', url, ...net.sign, '--wait', '--json'])
  const block = await rpc(url, 'chain_getBlock', { id: pending.json.block, raw: true })
  const body = Buffer.from(block.raw.body, 'base64')
  // The body of a block with one transaction is that transaction behind one byte of array header.
  const tampered = Buffer.from(body.subarray(1))
  tampered[tampered.length - 1] ^= 1
  await assert.rejects(
    rpc(url, 'tx_submit', { transaction: tampered.toString('base64') }),
    e => e.code === -32001 && e.data.reason === 'bad_signature')
  await assert.rejects(
    rpc(url, 'tx_submit', { transaction: Buffer.from('rubbish').toString('base64') }),
    e => e.code === -32602)
  const good = body.subarray(1).toString('base64')
  const { outcomes } = await rpc(url, 'tx_submitAll', { transactions: [tampered.toString('base64'), good] })
  assert.deepEqual(outcomes.map(o => o.code), ['bad_signature', 'already_final'])
  await assert.rejects(rpc(url, 'tx_submitAll', { transactions: Array(257).fill(good) }), e => e.code === -32602)
})

test('exit codes say what happened', async () => {
  assert.equal((await cairn(['send'])).code, 2)
  assert.equal((await cairn(['send', 'cairn1nonsense', '1', ...net.sign])).code, 2)
  assert.equal((await cairn(['nonsense'])).code, 2)
  assert.equal((await cairn(['status', '--rpc', 'http://127.0.0.1:1'])).code, 4)
  assert.equal((await cairn(['block', '999999999', '--rpc', urls()[0]])).code, 5)
  assert.equal((await cairn(['get', 'nothing', '--owner', bob.address, '--rpc', urls()[0]])).code, 5)
  const locked = await cairn(['run', '--data', net.nodes[1].dir, '--port', '0', '--rpc-port', '0'])
  assert.equal(locked.code, 1)
  assert.match(locked.err, new RegExp(`process ${net.nodes[1].pid}`))
  assert.doesNotMatch(locked.err, /\bat dev\.cairn/)
})

test('a fifth node with no bootstrap address finds the network by mDNS, syncs and follows', async () => {
  const home = await folder()
  const port = await freePorts(2)
  const made = await cairn(['init', '--data', home.path, '--chain', net.spec])
  assert.equal(made.code, 0, made.err)
  const fifth = start(['run', '--data', home.path, '--listen', `/ip4/127.0.0.1/tcp/${port}`, '--rpc-port', String(port + 1), '--json'])
  try {
    const info = JSON.parse(await fifth.line())
    const target = await rpc(urls()[0], 'node_status')
    await agreed([info.rpc, ...urls()], target.finalized)
    const sent = await cairn(['send', bob.address, '1', '--rpc', info.rpc, ...net.sign, '--wait', '--json'])
    assert.equal(sent.code, 0, sent.err)
    await agreed([info.rpc, ...urls()], sent.json.height)
  } finally {
    fifth.kill('SIGTERM')
    assert.equal((await fifth.ended).code, 0, fifth.log)
    await home.remove()
  }
})

test('a node that is killed comes back with cairn run and catches up', async () => {
  process.kill(net.nodes[2].pid, 'SIGKILL')
  await until('node 2 is down', async () => (await cairn(['status', '--rpc', urls()[2]])).code === 4)
  const others = [urls()[0], urls()[1], urls()[3]]
  const sent = await cairn(['send', bob.address, '2', '--rpc', urls()[1], ...net.sign, '--wait', '--json'])
  assert.equal(sent.code, 0, sent.err)
  await agreed(others, sent.json.height)
  const back = start(['run', '--data', net.nodes[2].dir, '--json'])
  try {
    await back.line()
    await agreed(urls(), sent.json.height)
  } finally {
    back.kill('SIGTERM')
    assert.equal((await back.ended).code, 0, back.log)
  }
})
