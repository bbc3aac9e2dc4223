// A chain of real processes whose validators change: one joins, one leaves, and one that contradicts itself is punished.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { multiaddr } from '@multiformats/multiaddr'
import { agreed, cairn, folder, freePorts, rpc, start, until } from '../lib/cairn.mjs'
import { decodeBlock } from '../lib/blocks.mjs'
import { decodeMessage, NOTARIZE, validatorsHash } from '../lib/certificates.mjs'
import { readChainSpec } from '../lib/chainspec.mjs'
import { cidOf, encode } from '../lib/dag.mjs'
import { keyFromSeed } from '../lib/ed25519.mjs'
import { addressOf, keyOf, signIn } from '../lib/identities.mjs'
import { createLedger } from '../lib/ledger.mjs'
import { createPeer, subscribe } from '../lib/peer.mjs'
import { topics } from '../lib/sync.mjs'

const COIN = 10n ** 9n
const EPOCH = 10
const SILENCE_MILLIS = 150
const STAKE = 1000n * COIN
const FUNDS = 5000n * COIN
const SLASH_PERMILLE = 100n
const HOSTILE = 4 // A validator that exists in this file alone, with little stake: nobody waits for it.
const JOINER = 5
const LEAVER = 3
const NODES = [0, 1, 2, 3, JOINER]

const seed = (kind, i) => Buffer.alloc(32, kind + i)
const accountSeed = i => seed(0x20, i)
const validatorSeed = i => seed(0x60, i)
const accountOf = i => addressOf(keyFromSeed(accountSeed(i)).publicKey)
const keyHex = i => keyFromSeed(validatorSeed(i)).publicKey.toString('hex')
const stakeOf = i => (i === HOSTILE ? STAKE / 5n : STAKE)

let home
let base
let spec
const nodes = new Map()
const path = (...parts) => join(home.path, ...parts)
const url = i => `http://127.0.0.1:${base + 2 * i + 1}`
const urls = () => [...nodes.keys()].map(url)
const sign = i => ['--key', path(`account${i}.json`), '--password-file', path('password')]

function chainSpec () {
  const validator = i => {
    const { publicKey } = keyFromSeed(validatorSeed(i))
    const account = keyFromSeed(accountSeed(i)).publicKey
    const noChain = { chainId: Buffer.alloc(32), forkVersion: 0 }
    const possession = signIn('possession', noChain, encode([publicKey, account]), validatorSeed(i))
    return `[[engine.validators]]\nkey = "${publicKey.toString('hex')}"\npossession = "${possession.toString('hex')}"\n` +
      `account = "${accountOf(i)}"\nstake = ${stakeOf(i)}\n`
  }
  return `name = "validators-test"
genesis-time = ${new Date().toISOString()}
fee-per-byte = 1
block-bytes-max = 1000000
payloads = ["transfer", "put", "delete", "stake", "unstake", "evidence"]

[engine]
name = "simplex"
longest-silence-ms = ${SILENCE_MILLIS}
epoch-blocks = ${EPOCH}

[engine.staking]
stake-min = ${100n * COIN}
unbonding-ms = 1000
slash-permille = ${SLASH_PERMILLE}

${[0, 1, 2, 3, HOSTILE].map(validator).join('\n')}
${[0, 1, 2, 3, HOSTILE, JOINER].map(i => `[[accounts]]\naddress = "${accountOf(i)}"\nbalance = ${FUNDS}\n`).join('\n')}`
}

async function importKey (name, bytes) {
  writeFileSync(path(`${name}.seed`), bytes.toString('hex') + '\n')
  const made = await cairn(['keys', 'import', path(`${name}.json`), '--seed-file', path(`${name}.seed`), '--password-file', path('password')])
  assert.equal(made.code, 0, made.err)
}

/** Makes a node's folder and starts it; with a validator's key when it has one. */
async function startNode (i, votes = true) {
  const data = path(`node${i}`)
  const made = await cairn(['init', '--data', data, '--chain', path('chain.toml')])
  assert.equal(made.code, 0, made.err)
  const peers = [...nodes.keys()].map(other => `"/ip4/127.0.0.1/tcp/${base + 2 * other}"`).join(', ')
  writeFileSync(join(data, 'config.toml'),
    `listen = "/ip4/127.0.0.1/tcp/${base + 2 * i}"\nrpc_port = ${base + 2 * i + 1}\nmdns = false\npeer = [${peers}]\n` +
    (votes ? `validator_key = "${path(`validator${i}.json`)}"\nvalidator_password_file = "${path('password')}"\n` : ''))
  const child = start(['run', '--data', data, '--json'])
  nodes.set(i, child)
  const line = await child.line()
  assert.ok(line, child.log)
  child.info = JSON.parse(line)
}

async function stopNode (i) {
  nodes.get(i).kill('SIGTERM')
  assert.equal((await nodes.get(i).ended).code, 0, nodes.get(i).log)
  nodes.delete(i)
}

const present = async () => (await rpc(url(0), 'chain_getValidators')).present
const inEpoch = (epoch, options) => until(`epoch ${epoch}`, async () => (await present()) >= epoch, { seconds: 120, ...options })
const set = async (epoch, at = url(0)) => rpc(at, 'chain_getValidators', { epoch })
const keys = of => of.validators.map(v => v.key)
const hexes = (...indexes) => indexes.map(keyHex).sort()

async function blockAt (height, at = url(0)) {
  const { raw, transactions } = await rpc(at, 'chain_getBlock', { height, raw: true })
  const [header, body] = [raw.header, raw.body].map(part => Buffer.from(part, 'base64'))
  return Object.assign(decodeBlock(header, body), { shown: transactions })
}

before(async () => {
  home = await folder()
  base = await freePorts(16)
  writeFileSync(path('password'), 'test\n')
  const toml = chainSpec()
  writeFileSync(path('chain.toml'), toml)
  spec = readChainSpec(toml)
  await Promise.all([0, 1, 2, 3, HOSTILE, JOINER].map(async i => {
    await importKey(`account${i}`, accountSeed(i))
    await importKey(`validator${i}`, validatorSeed(i))
  }))
  for (const i of NODES) await startNode(i)
  await agreed(urls(), 1)
})

after(async () => {
  for (const child of nodes.values()) child.kill('SIGTERM')
  await Promise.all([...nodes.values()].map(child => child.ended))
  await home?.remove()
})

test('the first epochs have the validators of the chain spec', async () => {
  const shown = await cairn(['validators', '--rpc', url(1), '--epoch', '0', '--json'])
  assert.equal(shown.code, 0, shown.err)
  assert.deepEqual(keys(shown.json), hexes(0, 1, 2, 3, HOSTILE))
  assert.deepEqual(keys(await set(1)), hexes(0, 1, 2, 3, HOSTILE))
  const future = await cairn(['validators', '--rpc', url(1), '--epoch', '1000000'])
  assert.equal(future.code, 5, future.err)
})

test('a validator that is added votes from the epoch after the next', async () => {
  const args = ['stake', path(`validator${JOINER}.json`), String(STAKE / COIN), '--validator-password-file', path('password')]
  const staked = await cairn([...args, '--rpc', url(1), ...sign(JOINER), '--wait', '--json'])
  assert.equal(staked.code, 0, staked.err)
  const epoch = Math.floor((staked.json.height - 1) / EPOCH) + 2
  await inEpoch(epoch + 1)
  assert.deepEqual(keys(await set(epoch - 1)), hexes(0, 1, 2, 3, HOSTILE))
  const joined = await set(epoch)
  assert.deepEqual(keys(joined), hexes(0, 1, 2, 3, HOSTILE, JOINER))
  assert.equal(joined.validators.find(v => v.key === keyHex(JOINER)).account, accountOf(JOINER))
  const validators = joined.validators.map(v => ({ key: Buffer.from(v.key, 'hex'), account: keyOf(v.account), stake: BigInt(v.stake) }))
  const first = await blockAt(joined.first)
  assert.equal(validatorsHash(validators).toString('hex'), joined.hash)
  assert.equal(Buffer.from(first.consensus[2]).toString('hex'), joined.hash, 'headers name the set')
  const proposers = []
  for (let height = joined.first; height <= joined.last; height++) proposers.push(addressOf((await blockAt(height)).consensus[1]))
  assert.ok(proposers.includes(accountOf(JOINER)), 'it makes blocks')
})

test('what the rules refuse is refused', async () => {
  const stranger = await cairn(['unstake', keyHex(JOINER), '1', '--rpc', url(1), ...sign(0)])
  assert.equal(stranger.code, 3, stranger.err)
  const little = await cairn(['stake', path(`account${HOSTILE}.json`), '1', '--validator-password-file', path('password'),
    '--rpc', url(1), ...sign(0)])
  assert.equal(little.code, 3, little.err)
  assert.match(little.err, /at least/)
})

test('a validator that is removed follows, and is paid', async () => {
  const unstaked = await cairn(['unstake', path(`validator${LEAVER}.json`), 'all', '--rpc', url(2), ...sign(LEAVER), '--wait', '--json'])
  assert.equal(unstaked.code, 0, unstaked.err)
  const epoch = Math.floor((unstaked.json.height - 1) / EPOCH)
  const before = BigInt((await rpc(url(0), 'account_get', { address: accountOf(LEAVER) })).balance)
  await inEpoch(epoch + 2)
  assert.deepEqual(keys(await set(epoch + 1)), hexes(0, 1, 2, LEAVER, HOSTILE, JOINER))
  assert.deepEqual(keys(await set(epoch + 2)), hexes(0, 1, 2, HOSTILE, JOINER))
  await inEpoch(epoch + 4)
  const paid = BigInt((await rpc(url(0), 'account_get', { address: accountOf(LEAVER) })).balance)
  assert.ok(paid >= before + STAKE, `${paid} after ${before}`)
  await agreed(urls(), (epoch + 4) * EPOCH)
  for (let height = (epoch + 2) * EPOCH + 1; height <= (epoch + 3) * EPOCH; height++) {
    assert.notEqual(addressOf((await blockAt(height)).consensus[1]), accountOf(LEAVER))
  }
})

test('a validator that contradicts itself is punished, and every node agrees', async () => {
  const js = await createPeer()
  try {
    const votes = subscribe(js, topics(spec.shortName).vote)
    for (const child of nodes.values()) {
      await js.dial(multiaddr(`${child.info.addresses[0]}`))
    }
    const domain = { chainId: spec.chainId, forkVersion: 0 }
    const punished = at => rpc(at, 'validator_get', { key: keyHex(HOSTILE) }).then(v => v.punished)
    const lied = new Set()
    await until('the hostile validator is punished', async () => {
      const { vote } = decodeMessage(await votes.take())
      if (!vote || lied.has(`${vote[0].slice(1, 3)}`)) return punished(url(0))
      const [[, epoch, slot]] = vote
      lied.add(`${[epoch, slot]}`)
      const index = keys(await set(epoch)).indexOf(keyHex(HOSTILE))
      for (const name of ['one', 'other']) {
        const statement = [NOTARIZE, epoch, Number(slot) + 2, cidOf(Buffer.from(name))]
        await votes.publish(encode([statement, index, signIn('vote', domain, encode(statement), validatorSeed(HOSTILE))]))
      }
      return punished(url(0))
    })
    votes.close()
  } finally {
    await js.stop()
  }
  const shown = await cairn(['validators', keyHex(HOSTILE), '--rpc', url(0), '--json'])
  assert.equal(shown.code, 0, shown.err)
  const { punished, stake, unbonding } = shown.json
  assert.equal(stake, '0')
  assert.equal(BigInt(unbonding[0].amount), stakeOf(HOSTILE) / 1000n * (1000n - SLASH_PERMILLE))
  const block = await blockAt(punished.height)
  const reports = block.shown.filter(t => t.payload.type === 'evidence')
  assert.equal(reports.length, 1, 'one report is enough')
  assert.equal(reports[0].payload.offender, keyHex(HOSTILE))
  assert.equal(reports[0].fee, '0')
  await agreed(urls(), punished.height)
  for (const at of urls()) {
    assert.deepEqual((await rpc(at, 'validator_get', { key: keyHex(HOSTILE) })).punished, punished)
  }
  const out = Math.floor((punished.height - 1) / EPOCH) + 2
  await inEpoch(out)
  await agreed(urls(), out * EPOCH)
  for (const at of urls()) assert.deepEqual(keys(await set(out, at)), hexes(0, 1, 2, JOINER))
  const again = await cairn(['stake', path(`validator${HOSTILE}.json`), '1000', '--validator-password-file', path('password'),
    '--rpc', url(1), ...sign(HOSTILE)])
  assert.equal(again.code, 3, again.err)
  assert.match(again.err, /punished/)
})

test('a node from nothing, and a ledger written from spec/ alone, come to the same state through all sets', async () => {
  await startNode(6, false)
  const { finalized } = await rpc(url(0), 'node_status')
  await agreed([url(6), url(0)], finalized)
  const ledger = createLedger(spec)
  for (let height = 1; height <= finalized; height++) {
    const block = await blockAt(height, url(6))
    ledger.execute(block, block.consensus[1])
  }
})

test('a validator that restarts in the middle of an epoch goes on', async () => {
  await stopNode(1)
  await startNode(1)
  const { finalized } = await rpc(url(0), 'node_status')
  await agreed(urls(), finalized + EPOCH)
})
