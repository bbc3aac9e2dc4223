// Kills a node with SIGKILL in the middle of load and starts it again, over and over: it must catch up,
// and nothing that a caller was told is final may be lost.  node interop/soak/kill.mjs [rounds] [seed]
import { agreed, cairn, folder, rpc, start, testnet, until } from '../lib/cairn.mjs'
import { setTimeout as pause } from 'node:timers/promises'

const rounds = Number(process.argv[2] ?? 20)
let seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
console.log(`${rounds} rounds, seed ${seed}`)
const random = max => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return (seed >>> 8) % max
}

const net = await testnet()
const urls = net.nodes.map(n => n.rpc)
const home = await folder()
const acknowledged = []
let stop = false
const outcomes = {}

// Load: accounts that write one record after the other through whichever node answers; each that is told
// final is noted.
const LOADS = 3
const password = net.account.passwordFile

async function account (name) {
  const made = await cairn(['keys', 'new', name, '--password-file', password, '--json'], { env: { CAIRN_HOME: home.path } })
  const sent = await cairn(['send', made.json.address, '1000', '--rpc', urls[0], ...net.sign, '--wait'])
  if (sent.code !== 0) throw new Error(sent.err)
  return ['--key', made.json.file, '--password-file', password]
}

async function load (name, sign) {
  for (let i = 0; !stop; i++) {
    const url = urls[random(urls.length)]
    const put = await cairn(['put', `${name}-${i}`, `value-${i}`, '--rpc', url, ...sign, '--wait', '--timeout', '30', '--json'])
    outcomes[put.code] = (outcomes[put.code] ?? 0) + 1
    if (put.code !== 0 && process.env.VERBOSE) console.log(put.code, put.err.trim())
    if (put.code === 0) {
      acknowledged.push({ name: `${name}-${i}`, value: `value-${i}`, ...put.json })
    }
  }
}

const running = net.nodes.map(n => ({ dir: n.dir, pid: n.pid }))
const accounts = []
for (let i = 0; i < LOADS; i++) accounts.push(await account(`load-${i}`))
const loading = Promise.all(accounts.map((sign, i) => load(`load-${i}`, sign)))
let failed = 0
try {
  for (let round = 1; round <= rounds; round++) {
    await pause(random(1500))
    const victim = random(urls.length)
    const before = acknowledged.length
    process.kill(running[victim].pid, 'SIGKILL')
    await until('the node is down', async () => !(await alive(urls[victim])))
    const began = Date.now()
    running[victim].child = start(['run', '--data', running[victim].dir, '--json'])
    const line = await running[victim].child.line()
    if (line === undefined) throw new Error(`node${victim} did not start: ${running[victim].child.log}`)
    running[victim].pid = JSON.parse(line).pid
    const up = Date.now() - began
    const target = acknowledged.at(-1)?.height ?? 1
    await until('it has caught up', async () => (await rpc(urls[victim], 'node_status')).finalized >= target, { seconds: 30 })
    const caughtUp = Date.now() - began
    let lost = 0
    for (const item of acknowledged) {
      const tx = await rpc(urls[victim], 'tx_get', { tx: item.tx }).catch(() => undefined)
      if (tx?.status !== 'final' || tx.block !== item.block) lost++
    }
    failed += lost
    console.log(`round ${round}: killed node${victim}; up after ${up} ms, caught up after ${caughtUp} ms; ` +
      `${acknowledged.length} acknowledged (${acknowledged.length - before} meanwhile), ${lost} lost`)
  }
  stop = true
  await loading
  const statuses = await agreed(urls, acknowledged.at(-1)?.height ?? 1)
  console.log(`all nodes at ${statuses[0].finalized} ${statuses[0].finalizedHead}, state ${statuses[0].stateRoot}`)
  console.log('exit codes of the load:', outcomes)
  console.log(`${rounds} kills, ${acknowledged.length} transactions acknowledged as final, ${failed} lost`)
} finally {
  stop = true
  for (const node of running) node.child?.kill('SIGTERM')
  await Promise.all(running.filter(n => n.child).map(n => n.child.ended))
  await net.stop()
  await home.remove()
}
process.exitCode = failed === 0 ? 0 : 1

async function alive (url) {
  try {
    await rpc(url, 'node_status')
    return true
  } catch {
    return false
  }
}
