// Four validators as real processes: what they survive, who is missing when they do not, and one key or one folder
// used twice.
import assert from 'node:assert/strict'
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { agreed, cairn, folder, freePorts, rpc, start, testnet, until } from '../lib/cairn.mjs'

const BACK_SECONDS = 20

let net
const running = []

before(async () => {
  net = await testnet()
  net.nodes.forEach(n => running.push({ pid: n.pid }))
})

after(async () => {
  for (const node of running) node.child?.kill('SIGTERM')
  await Promise.all(running.map(n => n.child?.ended))
  assert.equal((await net?.stop())?.code, 0)
})

const url = i => net.nodes[i].rpc
const dir = i => net.nodes[i].dir
const status = i => rpc(url(i), 'node_status')
const consensus = async i => (await cairn(['consensus', '--rpc', url(i), '--json'])).json
let nextRecord = 0
const put = (i, more = []) =>
  cairn(['put', `record-${nextRecord++}`, 'value', '--rpc', url(i), ...net.sign, '--wait', '--json', ...more])

async function kill (i) {
  process.kill(running[i].pid, 'SIGKILL')
  await running[i].child?.ended
  await until(`node${i} is down`, () => status(i).then(() => false, () => true))
}

async function stop (i) {
  process.kill(running[i].pid, 'SIGTERM')
  await until(`node${i} is down`, () => status(i).then(() => false, () => true))
  // What a node holds it gives back after it has stopped to answer.
  await (running[i].child?.ended ?? until(`node${i} has ended`, () => !existsSync(`/proc/${running[i].pid}/fd/0`)))
}

/** Starts a node again in its folder and returns when it answers. */
async function back (i, more = []) {
  const child = start(['run', '--data', dir(i), '--json', ...more])
  const line = await child.line()
  assert.ok(line, child.log)
  running[i] = { child, pid: JSON.parse(line).pid }
}

const voting = (i, options) => until(`node${i} votes`, async () => (await consensus(i)).voting, options)

/** A node that does not start: its exit code and what it says. */
async function refused (args) {
  const { code, err } = await cairn(['run', ...args])
  assert.doesNotMatch(err, /\bat dev\.cairn/)
  return { code, err }
}

test('votes go straight between the validators', async () => {
  for (const node of net.nodes) {
    await until(`${node.name} has a stream to each other validator`, async () => {
      const text = await (await fetch(new URL('/metrics', node.rpc))).text()
      return /^cairn_validator_streams 3$/m.test(text) && /^cairn_votes_received_total [1-9]/m.test(text)
    })
  }
})

test('an operator sees the validators, and that each was heard', async () => {
  const seen = await until('all are heard', async () => {
    const view = await consensus(0)
    return view.validators.filter(v => v.heardMillisAgo < 10_000).length === 3 ? view : undefined
  })
  assert.equal(seen.engine, 'simplex')
  assert.equal(seen.quorum, '2666666667')
  assert.equal(seen.totalStake, '4000000000')
  assert.equal(seen.voting, true)
  assert.ok(seen.leader >= 0 && seen.leader < 4)
  const peers = seen.validators.filter(v => v.index !== seen.self).map(v => v.peerId).sort()
  assert.deepEqual(peers, net.nodes.slice(1).map(n => n.peerId).sort())
  const text = await cairn(['consensus', '--rpc', url(0)])
  assert.match(text.out, /^quorum +2\.666666667 of 4 staked$/m)
})

test('with one of four killed blocks go on; with two they stop, and it is named whose votes are missing', async () => {
  const before = await consensus(0)
  const keyOf = i => before.validators.find(v => v.peerId === net.nodes[i].peerId).key
  await kill(3)
  const on = await put(1)
  assert.equal(on.code, 0, on.err)
  await kill(2)
  const stands = (await status(0)).finalized
  const stopped = await put(1, ['--timeout', '6'])
  assert.equal(stopped.code, 6, stopped.err)
  const view = await until('two are missing', async () => {
    const seen = await consensus(0)
    return seen.missing.length === 2 ? seen : undefined
  })
  assert.deepEqual(view.missing.map(i => view.validators[i].key).sort(), [keyOf(2), keyOf(3)].sort())
  assert.equal(view.missingStake, '2000000000')
  assert.equal((await status(0)).finalized, stands, 'no quorum, no block')
  const text = await cairn(['consensus', '--rpc', url(1)])
  for (const i of [2, 3]) assert.match(text.out, new RegExp(`^missing .*${keyOf(i)}`, 'm'))

  const began = Date.now()
  await back(3)
  await until('blocks go on', async () => (await status(0)).finalized > stands, { seconds: BACK_SECONDS })
  const seconds = (Date.now() - began) / 1000
  assert.ok(seconds < BACK_SECONDS, `after ${seconds} s`)
  await back(2)
  await voting(2)
  await agreed(net.nodes.map(n => n.rpc), stands + 1, { seconds: BACK_SECONDS })
})

test('a second process on one data folder is refused', async () => {
  const { code, err } = await refused(['--data', dir(1), '--port', '0', '--rpc-port', '0'])
  assert.equal(code, 1)
  assert.match(err, new RegExp(`in use by process ${running[1].pid}`))
})

test('a second node with the key of a validator hears the first, and refuses', async () => {
  const home = await folder()
  const port = await freePorts(2)
  try {
    assert.equal((await cairn(['init', '--data', home.path, '--chain', net.spec])).code, 0)
    for (const file of ['validator.json', 'validator.password']) await copyFile(join(dir(1), file), join(home.path, file))
    await writeFile(join(home.path, 'config.toml'), `listen = "/ip4/127.0.0.1/tcp/${port}"\nrpc_port = ${port + 1}\n` +
      `mdns = false\npeer = ["${net.nodes[0].p2p}"]\nvalidator_key = "validator.json"\nvalidator_password_file = "validator.password"\n`)
    const { code, err } = await refused(['--data', home.path])
    assert.equal(code, 1, err)
    assert.match(err, new RegExp(`another node, peer id ${net.nodes[1].peerId}, votes with this node's validator key`))
    assert.equal((await consensus(1)).voting, true)
    const on = await put(1)
    assert.equal(on.code, 0, on.err)
  } finally {
    await home.remove()
  }
})

test('a validator without its votes, or with damaged ones, does not start unless it is told from where on to vote', async () => {
  await stop(2)
  const log = join(dir(2), 'votes', 'votes.log')
  const bytes = await readFile(log)
  const damaged = Buffer.from(bytes)
  damaged[bytes.length >> 1] ^= 1
  await writeFile(log, damaged)
  const broken = await refused(['--data', dir(2)])
  assert.equal(broken.code, 1)
  assert.match(broken.err, /votes\.log is damaged: record \d+ at byte \d+ is not what was written.*--votes-lost-after/)
  await rm(log)
  const lost = await refused(['--data', dir(2)])
  assert.equal(lost.code, 1)
  assert.match(lost.err, /votes\.log is missing; .*--votes-lost-after/)
  assert.equal((await refused(['--data', dir(2), '--votes-lost-after', '0:5'])).code, 2)
  assert.equal((await refused(['--data', dir(2), '--votes-lost-after', '0:5', '--listen-for', '1s'])).code, 1)
  const { epoch, slot } = await consensus(0)
  const began = Date.now()
  await back(2, ['--votes-lost-after', `${epoch}:${slot + 2}`, '--listen-for', '12s'])
  assert.equal((await consensus(2)).voting, false)
  await voting(2)
  assert.ok(Date.now() - began >= 12_000, 'it listened')
  for (let i = 0; i < 3; i++) assert.equal((await put(0)).code, 0)
  const again = await refused(['--data', dir(2), '--votes-lost-after', '0:5', '--listen-for', '12s'])
  assert.match(again.err, /in use by process/)
})

test('a validator moves to another folder with its votes, and the old one votes no more', async () => {
  const home = await folder()
  const file = join(home.path, 'votes.export')
  const young = join(home.path, 'node')
  try {
    const early = await cairn(['votes', 'export', file, '--data', dir(3)])
    assert.equal(early.code, 1)
    assert.match(early.err, /in use by process/)
    await stop(3)
    const exported = await cairn(['votes', 'export', file, '--data', dir(3), '--json'])
    assert.equal(exported.code, 0, exported.err)
    assert.ok(exported.json.records > 0)
    const old = await refused(['--data', dir(3)])
    assert.equal(old.code, 1)
    assert.match(old.err, /were moved away .*must not vote/)

    assert.equal((await cairn(['init', '--data', young, '--chain', net.spec])).code, 0)
    for (const name of ['validator.json', 'validator.password', 'config.toml']) await copyFile(join(dir(3), name), join(young, name))
    const imported = await cairn(['votes', 'import', file, '--data', young, '--json'])
    assert.equal(imported.json?.records, exported.json.records, imported.err)
    const keep = net.nodes[3].dir
    net.nodes[3].dir = young
    await back(3)
    await voting(3)
    await agreed(net.nodes.map(n => n.rpc), 1, { seconds: BACK_SECONDS })

    await stop(3)
    const home2 = join(home.path, 'back.export')
    assert.equal((await cairn(['votes', 'export', home2, '--data', young])).code, 0)
    assert.equal((await cairn(['votes', 'import', file, '--data', keep])).code, 1, 'what was given away may have been used since')
    assert.equal((await cairn(['votes', 'import', home2, '--data', keep])).code, 0)
    net.nodes[3].dir = keep
    await back(3)
    await voting(3)
  } finally {
    await home.remove()
  }
})

test('all validators killed at once go on with the votes they wrote down', async () => {
  const before = (await status(0)).finalized
  await Promise.all([0, 1, 2, 3].map(kill))
  await Promise.all([0, 1, 2, 3].map(i => back(i)))
  const on = await put(2, ['--timeout', '30'])
  assert.equal(on.code, 0, on.err)
  assert.ok(on.json.height > before)
  await agreed(net.nodes.map(n => n.rpc), on.json.height, { seconds: BACK_SECONDS })
})
