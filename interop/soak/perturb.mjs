// Four validators as real processes under a light load, perturbed over and over: one killed with SIGKILL, one stopped with
// SIGSTOP for a while, one cut off from the others, all restarted. After each, every node must be back (the same final
// block, and moving) within 20 s, and nothing that a caller was told is final may be lost.
//   node interop/soak/perturb.mjs [ROUNDS] [SEED]      STOP_SECONDS=30 by default
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { cairn, rpc, start, testnet, until } from '../lib/cairn.mjs'

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
console.log(`${rounds} rounds, seed ${seed}, SIGSTOP for ${STOP_SECONDS} s`)
const random = max => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return (seed >>> 8) % max
}

const net = await testnet()
const urls = net.nodes.map(n => n.rpc)
const running = net.nodes.map(n => ({ dir: n.dir, pid: n.pid }))
const peerPorts = net.nodes.map(n => Number(n.p2p.split('/')[4]))
const acknowledged = []
let done = false

// One record after the other, through whichever node answers.
async function load () {
  for (let i = 0; !done; i++) {
    const url = urls[random(urls.length)]
    const put = await cairn(['put', `load-${i}`, `value-${i}`, '--rpc', url, ...net.sign, '--wait', '--timeout', '20', '--json'])
    if (put.code === 0) acknowledged.push(put.json)
    await pause(100)
  }
}

const status = i => rpc(urls[i], 'node_status')

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
 * How a node is cut off: nftables drops what passes between its ports for peers (the one it listens on, and those of the
 * connections that it has) and the others'. `why` says why that cannot be done here.
 */
function firewall () {
  if (!process.env.CAIRN_PERTURB_NAMESPACE) return { why: 'that takes root and a network namespace' }
  const nft = (...args) => execFileSync('nft', args, { stdio: 'pipe' }).toString()
  try {
    nft('add', 'table', 'inet', 'cairn_perturb')
    nft('add', 'chain', 'inet', 'cairn_perturb', 'cut', '{ type filter hook output priority 0 ; }')
    nft('flush', 'chain', 'inet', 'cairn_perturb', 'cut')
  } catch (e) {
    return { why: String(e.stderr ?? e.message).trim().split('\n')[0] }
  }
  return {
    cut (i) {
      const drop = (...match) => nft('add', 'rule', 'inet', 'cairn_perturb', 'cut', ...match, 'drop')
      const others = `{ ${peerPorts.filter((_, j) => j !== i).join(', ')} }`
      drop('tcp', 'dport', String(peerPorts[i]))
      drop('tcp', 'sport', String(peerPorts[i]))
      const outgoing = localPorts(running[i].pid).filter(port => port !== peerPorts[i])
      if (outgoing.length > 0) {
        const own = `{ ${[...new Set(outgoing)].join(', ')} }`
        drop('tcp', 'sport', own, 'tcp', 'dport', others)
        drop('tcp', 'dport', own, 'tcp', 'sport', others)
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

const wall = firewall()
if (wall.why) console.log(`skipped: cutting a node off, since nftables cannot be used here: ${wall.why}`)

const kinds = {
  async 'kill -9' () {
    const i = random(4)
    await end(i, 'SIGKILL')
    await pause(random(4000))
    await startAgain(i)
    return `node${i}`
  },
  async SIGSTOP () {
    const i = random(4)
    process.kill(running[i].pid, 'SIGSTOP')
    await pause(STOP_SECONDS * 1000)
    process.kill(running[i].pid, 'SIGCONT')
    return `node${i}`
  },
  async 'restart of all' () {
    await Promise.all([0, 1, 2, 3].map(i => end(i, random(2) ? 'SIGKILL' : 'SIGTERM')))
    await Promise.all([0, 1, 2, 3].map(startAgain))
    return 'all'
  }
}
if (!wall.why) {
  kinds['cut off'] = async () => {
    const i = random(4)
    wall.cut(i)
    await pause(5000 + random(10_000))
    wall.heal()
    return `node${i}`
  }
}

/** Waits until all nodes have one final block above `height`; gives that height. */
const moved = height => until('every node is back', async () => {
  const all = await Promise.all([0, 1, 2, 3].map(status))
  return all.every(s => s.finalized > height) && new Set(all.map(s => s.finalized)).size === 1 ? all[0].finalized : undefined
}, { seconds: 3 * BACK_SECONDS })

const loading = load()
const names = Object.keys(kinds)
const late = []
let worst = 0
let lost = 0
try {
  await moved(1)
  for (let round = 1; round <= rounds; round++) {
    // Each kind in turn, so that none is left to chance; which node is.
    const name = names[(round - 1) % names.length]
    const whom = await kinds[name]()
    const height = Math.max(...(await Promise.all([0, 1, 2, 3].map(i => status(i).then(s => s.finalized, () => 0)))))
    const began = Date.now()
    const now = await moved(height)
    const seconds = (Date.now() - began) / 1000
    worst = Math.max(worst, seconds)
    if (seconds > BACK_SECONDS) late.push(round)
    for (const tx of acknowledged) {
      const seen = await rpc(urls[random(4)], 'tx_get', { tx: tx.tx }).catch(() => undefined)
      if (seen?.status !== 'final' || seen.block !== tx.block) lost++
    }
    console.log(`round ${round}: ${name} ${whom}; all back at ${now} after ${seconds.toFixed(1)} s; ${acknowledged.length} acknowledged`)
  }
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
