// A proof-of-work network of four processes, split into halves that both go on mining, and healed: one chain, the one with
// the most work, and the losing half's transactions kept.  node interop/soak/split.mjs [seconds apart] [base port]
import { cairn, folder, rpc, start, testnet, until } from '../lib/cairn.mjs'
import { readChainSpec } from '../lib/chainspec.mjs'
import { readWork } from '../lib/pow.mjs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const apart = Number(process.argv[2] ?? 15)
const home = await folder()
const say = line => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
const began = Date.now()

const net = await testnet({ dir: join(home.path, 'net'), engine: 'pow', basePort: process.argv[3] ? Number(process.argv[3]) : undefined })
const spec = readChainSpec(await readFile(net.spec, 'utf8'))
const urls = net.nodes.map(n => n.rpc)
const all = [0, 1, 2, 3]
const halves = [[0, 1], [2, 3]]
const password = net.account.passwordFile
const accounts = [net.sign]
const nodes = []

const status = i => rpc(urls[i], 'node_status')
const block = (i, params) => rpc(urls[i], 'chain_getBlock', { ...params, raw: true })

function run (i, peers) {
  nodes[i] = start(['run', '--data', net.nodes[i].dir, '--json', '--mdns', 'false',
    ...peers.filter(p => p !== i).flatMap(p => ['--peer', net.nodes[p].p2p.split('/p2p/')[0]])])
  return nodes[i].line().then(line => { if (line === undefined) throw new Error(`node${i} did not start: ${nodes[i].log}`) })
}

async function stop (i) {
  nodes[i].kill('SIGTERM')
  await nodes[i].ended
}

const together = (group, seconds) => until(`nodes ${group} have one head`, async () => {
  const heads = await Promise.all(group.map(status))
  return new Set(heads.map(s => s.head)).size === 1 ? heads[0] : undefined
}, { seconds })

async function put (half, name) {
  const sent = await cairn(['put', name, `of half ${half}`, '--rpc', urls[halves[half][0]], ...accounts[half], '--confirmations', '1', '--timeout', '60', '--json'])
  if (sent.code !== 0) throw new Error(sent.err)
  return sent.json.tx
}

/** The work of a node's chain above a height, up to its head. */
async function workAbove (i, height) {
  const { height: top, head } = await status(i)
  let work = 0n
  let id = head
  for (let at = top; at > height; at--) {
    const b = await block(i, { id })
    work += readWork(spec, Buffer.from(b.raw.header, 'base64')).work
    id = b.parent
  }
  return { work, head, height: top }
}

let failed
try {
  say(`four nodes mine ${net.chain.slice(0, 16)}`)
  const made = await cairn(['keys', 'new', 'second', '--password-file', password, '--json'], { env: { CAIRN_HOME: home.path } })
  accounts.push(['--key', made.json.file, '--password-file', password])
  const funded = await cairn(['send', made.json.address, '1000', '--rpc', urls[0], ...net.sign, '--confirmations', '5', '--timeout', '90'])
  if (funded.code !== 0) throw new Error(funded.err)
  await together(all, 60)
  await net.stop()
  say('all stop; nothing above the first blocks is final yet')

  // A node comes back to the peers that it kept, so a split needs them forgotten.
  await Promise.all(net.nodes.map(n => rm(join(n.dir, 'peers'), { recursive: true, force: true })))
  await Promise.all(all.map(i => run(i, halves[i < 2 ? 0 : 1])))
  const fork = Math.min(...(await Promise.all(all.map(status))).map(s => s.height))
  say(`they start again in two halves, from height ${fork}`)
  if (fork < 5) throw new Error('blocks that were not final are gone')
  const transactions = [[], []]
  const end = Date.now() + apart * 1000
  for (let n = 0; n < 3; n++) {
    for (const half of [0, 1]) transactions[half].push(await put(half, `half-${half}-${n}`))
  }
  await pause(Math.max(0, end - Date.now()))
  const seen = await Promise.all(halves.map(([first]) => workAbove(first, fork - 5)))
  seen.forEach((s, half) => say(`half ${half}: height ${s.height}, work ${s.work} above height ${fork - 5}, head ${s.head.slice(-12)}`))
  if (seen[0].head === seen[1].head) throw new Error('the halves did not part')

  await Promise.all(halves[1].map(stop))
  await Promise.all(halves[1].map(i => run(i, all)))
  say('the second half hears of the first again')
  const one = await together(all, 120)
  const now = await workAbove(0, fork - 5)
  const kept = await Promise.all(seen.map(async s => {
    try { return (await block(0, { id: s.head })).confirmations > 0 } catch { return false }
  }))
  const loser = kept.indexOf(false)
  say(`one head at height ${one.height}, work ${now.work}; it has the head of half ${1 - loser}, and half ${loser} gave way`)
  if (kept[0] === kept[1]) throw new Error(`the chain has ${kept}`)
  if (now.work < seen[0].work || now.work < seen[1].work) throw new Error('the chain has less work than a half had')

  for (const i of all) {
    for (const id of transactions.flat()) {
      await until(`node${i} has ${id} final`, async () => (await rpc(urls[i], 'tx_get', { tx: id })).status === 'final', { seconds: 240 })
    }
  }
  const finals = await Promise.all(all.map(status))
  say(`all ${transactions.flat().length} transactions of both halves are final on all four; heights ${finals.map(s => s.height)}, final ${finals.map(s => s.finalized)}`)
  const height = Math.min(...finals.map(s => s.finalized))
  const same = await Promise.all(all.map(async i => (await block(i, { height })).id))
  if (new Set(same).size !== 1) throw new Error(`different final blocks at ${height}: ${same}`)
  say('ok')
} catch (e) {
  failed = e
  console.error(e)
} finally {
  for (const child of nodes) if (child?.exitCode === null) { child.kill('SIGTERM'); await child.ended }
  if (!net.child.killed) await net.stop()
  if (failed) console.error(`the folder stays: ${home.path}`)
  else await home.remove()
  process.exitCode = failed ? 1 : 0
}
