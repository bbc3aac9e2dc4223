// Validators as real processes under a light load, perturbed over and over: one killed with SIGKILL, one stopped with
// SIGSTOP, one cut off from the others by nftables, as many killed as takes the quorum away, all restarted. While fewer
// than a quorum are missing the others must go on; without a quorum they must stop. After each, every node must be back
// (the same final block, and moving) within 20 s, and nothing that a caller was told is final may be lost.
//   node interop/soak/perturb.mjs [ROUNDS] [SEED] [NODES]      40 rounds of 4; STOP_SECONDS=30 by default
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { cairn, rpc, start, testnet, until } from '../lib/cairn.mjs'
import { keyFromSeed } from '../lib/ed25519.mjs'
import { addressOf } from '../lib/identities.mjs'
import { PUT, signTransaction } from '../lib/transactions.mjs'

// As root all of it runs in a network namespace of its own, so that cutting a node off touches nobody else.
if (process.getuid() === 0 && !process.env.CAIRN_PERTURB_NAMESPACE) {
  const inside = spawnSync('unshare', ['-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, ...process.argv.slice(1)],
    { stdio: 'inherit', env: { ...process.env, CAIRN_PERTURB_NAMESPACE: '1' } })
  if (!inside.error) process.exit(inside.status ?? 1)
}

const BACK_SECONDS = 20
const STOP_SECONDS = Number(process.env.STOP_SECONDS ?? 30)
const rounds = Number(process.argv[2] ?? 40)
let seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
const count = Number(process.argv[4] ?? 4)
console.log(`${rounds} rounds of ${count} validators, seed ${seed}, SIGSTOP for ${STOP_SECONDS} s`)
const random = max => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return (seed >>> 8) % max
}

const net = await testnet({ nodes: count })
const all = net.nodes.map((_, i) => i)
const urls = net.nodes.map(n => n.rpc)
const running = net.nodes.map(n => ({ dir: n.dir, pid: n.pid }))
const peerPorts = net.nodes.map(n => Number(n.p2p.split('/')[4]))
const status = i => rpc(urls[i], 'node_status', {}, { seconds: 5 })
const acknowledged = []
let done = false

/** One record after the other from an account of its own through one node; each is handed in until it is final. */
async function load (i, key, domain, feePerByte) {
  for (let nonce = 0; !done; nonce++) {
    const payload = [PUT, `record-${nonce % 64}`, Buffer.from(`value ${nonce}`), null]
    const bytes = signTransaction(domain, key, { nonce, fee: feePerByte * 512, validUntil: Date.now() + 3_600_000, payload })
    const transaction = bytes.toString('base64')
    while (!done) {
      try {
        const { outcomes: [outcome] } = await rpc(urls[i], 'tx_submitAll', { transactions: [transaction], waitMillis: 10_000 }, { seconds: 15 })
        if (outcome.status === 'final') acknowledged.push({ tx: outcome.tx, block: outcome.block })
        if (outcome.status === 'final' || outcome.code === 'already_final') break
      } catch { /* down, stopped or cut off: again */ }
      await pause(250)
    }
    await pause(400)
  }
}

/** Makes and funds an account for each node; gives what starts the load. */
async function fund () {
  const signing = await rpc(urls[0], 'chain_getSigning')
  const domain = { chainId: Buffer.from(signing.chain, 'hex'), forkVersion: signing.forkVersion }
  const keys = all.map(() => randomBytes(32))
  for (const key of keys) {
    const sent = await cairn(['send', addressOf(keyFromSeed(key).publicKey), '100', '--rpc', urls[0], ...net.sign, '--wait', '--json'])
    if (sent.code !== 0) throw new Error(`no funds: ${sent.err}`)
  }
  return () => Promise.all(keys.map((key, i) => load(i, key, domain, Number(signing.feePerByte))))
}

async function startAgain (i) {
  running[i].child = start(['run', '--data', running[i].dir, '--json'])
  const line = await running[i].child.line()
  if (line === undefined) throw new Error(`node${i} did not start: ${running[i].child.log}`)
  running[i].pid = JSON.parse(line).pid
}

async function end (i, signal) {
  process.kill(running[i].pid, signal)
  await until(`node${i} is down`, () => ended(running[i].pid))
}

/** Whether a process has ended, reaped or not. */
function ended (pid) {
  try {
    return /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/**
 * How a node is cut off: nftables drops what arrives over its connections with the others and at its port, and all that
 * would open a new connection between nodes. `why` says why that cannot be done here.
 */
function firewall () {
  if (!process.env.CAIRN_PERTURB_NAMESPACE) return { why: 'that takes root and a network namespace' }
  const nft = (...args) => execFileSync('nft', args, { stdio: 'pipe' }).toString()
  try {
    nft('add', 'table', 'inet', 'cairn_perturb')
    nft('add', 'chain', 'inet', 'cairn_perturb', 'cut', '{ type filter hook input priority 0 ; }')
  } catch (e) {
    return { why: String(e.stderr ?? e.message).trim().split('\n')[0] }
  }
  const ports = list => `{ ${[...new Set(list)].join(', ')} }`
  return {
    cut (i) {
      const drop = (...match) => nft('add', 'rule', 'inet', 'cairn_perturb', 'cut', ...match, 'drop')
      drop('tcp', 'dport', ports(peerPorts), 'tcp', 'flags', '&', '(syn|ack)', '==', 'syn')
      drop('tcp', 'dport', String(peerPorts[i]))
      drop('tcp', 'sport', String(peerPorts[i]))
      const outgoing = localPorts(running[i].pid).filter(port => port !== peerPorts[i])
      if (outgoing.length > 0) {
        const others = ports(peerPorts.filter((_, j) => j !== i))
        drop('tcp', 'sport', ports(outgoing), 'tcp', 'dport', others)
        drop('tcp', 'dport', ports(outgoing), 'tcp', 'sport', others)
      }
    },
    heal: () => nft('flush', 'chain', 'inet', 'cairn_perturb', 'cut'),
    remove: () => nft('delete', 'table', 'inet', 'cairn_perturb')
  }
}

/** The local TCP ports of a process's sockets. */
function localPorts (pid) {
  const inodes = new Set(execFileSync('sh', ['-c', `ls -l /proc/${pid}/fd 2>/dev/null | sed -n 's/.*socket:\\[\\([0-9]*\\)\\]/\\1/p'`])
    .toString().trim().split('\n'))
  return ['tcp', 'tcp6'].flatMap(name => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').trim().split('\n').slice(1)
    .map(line => line.trim().split(/\s+/)).filter(f => inodes.has(f[9])).map(f => parseInt(f[1].split(':').at(-1), 16)))
}

const without = (...gone) => all.filter(i => !gone.includes(i))
const heights = async nodes => (await Promise.all(nodes.map(i => status(i).then(s => s.finalized, () => 0))))
const highest = async nodes => Math.max(...await heights(nodes))

/** Waits until these nodes have one final block above the highest that any of them has now; gives its height. */
async function goOn (what, nodes, seconds) {
  const from = await highest(nodes)
  return until(what, async () => {
    const now = await Promise.all(nodes.map(status))
    return now.every(s => s.finalized > from) && new Set(now.map(s => s.finalizedHead)).size === 1 ? now[0].finalized : undefined
  }, { seconds })
}

/** The chain must stand still at these nodes. */
async function standStill (nodes) {
  await pause(1000)
  const before = await highest(nodes)
  await pause(4000)
  const after = await highest(nodes)
  if (after !== before) throw new Error(`blocks without a quorum: ${before}, then ${after}`)
}

const wall = firewall()
if (wall.why) console.log(`skipped: cutting a node off, since nftables cannot be used here: ${wall.why}`)

// Each gives whom it struck and when that was over.
const kinds = {
  async 'kill -9' () {
    const i = random(count)
    await end(i, 'SIGKILL')
    await goOn(`the others go on without node${i}`, without(i), BACK_SECONDS)
    await pause(random(4000))
    const over = Date.now()
    await startAgain(i)
    return { whom: `node${i}`, over }
  },
  async SIGSTOP () {
    const i = random(count)
    process.kill(running[i].pid, 'SIGSTOP')
    const began = Date.now()
    await goOn(`the others go on without node${i}`, without(i), BACK_SECONDS)
    await pause(began + STOP_SECONDS * 1000 - Date.now())
    process.kill(running[i].pid, 'SIGCONT')
    return { whom: `node${i}`, over: Date.now() }
  },
  async 'cut off' () {
    const i = random(count)
    wall.cut(i)
    const began = Date.now()
    await pause(500)
    const alone = (await heights([i]))[0]
    const others = await goOn(`the others go on without node${i}`, without(i), BACK_SECONDS)
    await pause(began + 5000 + random(10_000) - Date.now())
    const late = (await heights([i]))[0]
    wall.heal()
    if (count > 1 && late > alone) throw new Error(`node${i} was to be cut off and has ${late}, the others ${others}`)
    return { whom: `node${i}`, over: Date.now() }
  },
  async 'restart of all' () {
    await Promise.all(all.map(i => end(i, random(2) ? 'SIGKILL' : 'SIGTERM')))
    const over = Date.now()
    await Promise.all(all.map(startAgain))
    return { whom: 'all', over }
  },
  async 'no quorum' () {
    const gone = []
    for (let first = random(count); gone.length < Math.floor((count - 1) / 3) + 1; first++) gone.push(first % count)
    await Promise.all(gone.map(i => end(i, 'SIGKILL')))
    await standStill(without(...gone))
    const began = Date.now()
    await startAgain(gone[0])
    await goOn(`they go on with node${gone[0]}`, without(...gone.slice(1)), BACK_SECONDS)
    const first = (Date.now() - began) / 1000
    const over = Date.now()
    await Promise.all(gone.slice(1).map(startAgain))
    return { whom: `${gone.map(i => `node${i}`).join(', ')} (stood still; on ${first.toFixed(1)} s after node${gone[0]} started)`, over }
  }
}
if (wall.why) delete kinds['cut off']

/** How many of these are not where the caller was told they are. */
async function missing (transactions) {
  let lost = 0
  for (const { tx, block } of transactions) {
    const seen = await rpc(urls[random(count)], 'tx_get', { tx }).catch(() => undefined)
    if (seen?.status !== 'final' || seen.block !== block) lost++
  }
  return lost
}

const names = Object.keys(kinds)
const late = []
let worst = 0
let lost = 0
let loading
try {
  loading = (await fund())()
  await goOn('the network is there', all, 60)
  for (let round = 1; round <= rounds; round++) {
    // Each kind in turn, so that none is left to chance; which node is.
    const name = names[(round - 1) % names.length]
    const from = acknowledged.length
    const { whom, over } = await kinds[name]()
    const now = await goOn('every node is back', all, 3 * BACK_SECONDS)
    const seconds = (Date.now() - over) / 1000
    worst = Math.max(worst, seconds)
    if (seconds > BACK_SECONDS) late.push(round)
    lost += await missing(acknowledged.slice(from))
    console.log(`round ${round}: ${name} ${whom}; all back at ${now} after ${seconds.toFixed(1)} s; ${acknowledged.length} acknowledged`)
  }
  lost = Math.max(lost, await missing(acknowledged))
  console.log(`${rounds} rounds, ${late.length} late, the slowest ${worst.toFixed(1)} s; ${acknowledged.length} acknowledged as final, ${lost} lost`)
} finally {
  done = true
  if (!wall.why) wall.remove()
  for (const node of running) {
    try { process.kill(node.pid, 'SIGCONT') } catch { /* gone */ }
    node.child?.kill('SIGTERM')
  }
  await Promise.all(running.map(n => n.child?.ended))
  await net.stop()
  await loading
}
process.exitCode = late.length === 0 && lost === 0 ? 0 : 1
